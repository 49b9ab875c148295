"""What the terminal says of itself: its background (xterm's OSC 11) and what it can draw (primary device attributes, DA1).

It is asked once, never waited for, and what it answers is kept from being taken for keys. Textual's parser knows neither: the answer
``ESC ] 11 ; rgb:ffff/ffff/ffff ESC \\`` would press ``]``, ``1``, ``r``, ``g`` …. So they are taken out before the parser sees them, also
where they come in pieces over a slow line. Every terminal answers DA1, and answers come in the order of the questions: what is asked
last ends the waiting for the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import NamedTuple

from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.message import Message

from tui_desk.rules.colours import is_light

QUESTION = "\x1b]11;?\x07"
"""What is the background's colour? BEL ends it, which also terminals understand that do not know the question."""
ATTRIBUTES = "\x1b[0c"
"""What are you? (DA1, with its parameter written out: so it is told from the shorter form that text from outside may hold.)
Sixel is the attribute 4."""
_ANSWER = re.compile(r"\x1b\]1[01];([^\x07\x1b]{0,64})(?:\x07|\x1b\\)")
_ATTRIBUTES = re.compile(r"\x1b\[\?([\d;]{1,64})c")
_SIXEL = "4"
_BEGUN = re.compile(r"\x1b(?:\](?:1(?:[01](?:;[^\x07\x1b]{0,64}\x1b?)?)?)?|\[(?:\?[\d;]{0,64})?)?\Z")
"""The beginning of an answer at the end of what was read; it may also be the key Esc."""
_CHANNELS = re.compile(r"rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")
_EXPECTED = 5.0
"""Seconds in which an answer may come in pieces; a whole one is recognised at any time."""
_KEY_AFTER = (0.05, 1.0)
"""Seconds after which what looked like the beginning of an answer is a key after all: a bare Esc, Esc and a bracket. More than that
nobody types: it is waited for as long as an answer is."""
_MUTE = ("linux", "dumb", "vt", "screen")
"""Terminals that show or ring what they do not understand, or let nobody answer; tmux answers itself."""


class BackgroundTold(Message):
    """The terminal answered."""

    def __init__(self, light: bool) -> None:
        super().__init__()
        self.light = light


class SixelTold(Message):
    """The terminal said what it can do: whether it draws Sixel."""

    def __init__(self, sixel: bool) -> None:
        super().__init__()
        self.sixel = sixel


class Told(NamedTuple):
    """What an answer said; None: nothing of it was told."""

    light: bool | None = None
    sixel: bool | None = None


def may_be_asked(environment: Mapping[str, str]) -> bool:
    """Whether the questions do no harm on this terminal."""
    return bool(environment.get("TMUX")) or not environment.get("TERM", "dumb").startswith(_MUTE)


class Answers:
    """Takes answers out of what is typed. ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held = ""
        self._held_at = 0.0
        self._expected_until = clock() + _EXPECTED

    def take(self, data: str) -> tuple[str, Told]:
        """What is left for the keys, and what was answered."""
        if not self._held and "\x1b" not in data:
            return data, Told()
        data, self._held = self._held + data, ""
        light = sixel = None
        for found in _ANSWER.finditer(data):
            light = _light(found[1])
        for found in _ATTRIBUTES.finditer(data):
            sixel = _SIXEL in found[1].split(";")[1:]
        data = _ATTRIBUTES.sub("", _ANSWER.sub("", data))
        begun = _BEGUN.search(data) if self._clock() < self._expected_until else None
        if begun is not None:
            self._held, self._held_at = begun[0], self._clock()
            data = data[: begun.start()]
        if sixel is not None:
            self._expected_until = 0.0
        return data, Told(light, sixel)

    def give_back(self) -> str:
        """What was held and is a key after all."""
        left = self.due()
        if left is None or left > 0:
            return ""
        held, self._held = self._held, ""
        return held

    def due(self) -> float | None:
        """Seconds until what is held is a key; None where nothing is."""
        if not self._held:
            return None
        patience = _KEY_AFTER[len(self._held) - 1] if len(self._held) <= len(_KEY_AFTER) else _EXPECTED
        return max(0.0, self._held_at + patience - self._clock())


class AnswerParser(XTermParser):
    """Textual's parser, behind :class:`Answers`."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._answers = Answers()

    def feed(self, data: str) -> Iterable[Message]:
        """The events of what was read; empty data is its end."""
        if not data:
            yield from super().feed(data)
            return
        typed, told = self._answers.take(data)
        if typed:
            yield from super().feed(typed)
        if told.light is not None:
            yield BackgroundTold(told.light)
        if told.sixel is not None:
            yield SixelTold(told.sixel)

    def tick(self) -> Iterable[Message]:
        """Called when it is :meth:`due`, or sooner."""
        if held := self._answers.give_back():
            yield from super().feed(held)
        yield from super().tick()

    def due(self) -> float | None:
        """Seconds until time alone makes a key of what was read; None where nothing waits."""
        lone = self._timeout_time
        waits = (self._answers.due(), None if lone is None else max(0.0, lone - get_time()))
        return min((wait for wait in waits if wait is not None), default=None)


def _light(said: str) -> bool | None:
    channels = _CHANNELS.match(said)
    if channels is None:
        return None
    return is_light(
        "#" + "".join(f"{round(int(one, 16) * 255 / (16 ** len(one) - 1)):02x}" for one in channels.groups())
    )
