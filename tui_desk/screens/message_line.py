"""The message line: what was told last, how long it stays, and what ``u`` takes back meanwhile.

Information and finished deeds pass when they had time to be read; warnings and errors stay until they are answered or replaced.
A notice that offers a key ends when the offer ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple

from textual.app import RenderResult
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from tui_desk.contracts.gateway import Request
from tui_desk.core.clock import Clock
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import line

UNDO_SECONDS = 30
"""How long ``u`` takes back a change after it was made."""

_LEAST_SECONDS, _MOST_SECONDS = 6.0, 20.0
_CHARACTERS_A_SECOND = 12
"""A slow reader's pace, with the eye still elsewhere on the screen."""

PASSING = ("info", "done")
"""Levels whose notices pass by themselves."""


class Told(NamedTuple):
    """What the message line says. ``level``: info, done, warning, error."""

    sentence: str = ""
    hint: str = ""
    level: str = "info"

    @property
    def reading_seconds(self) -> float:
        """How long it should stand to be read."""
        length = len(self.sentence) + len(self.hint)
        return min(_MOST_SECONDS, max(_LEAST_SECONDS, 3 + length / _CHARACTERS_A_SECOND))


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """One's last deed and the way back: ``u`` asks ``request`` until ``until``. ``sentence`` tells it, given the seconds left."""

    request: Request[Any]
    until: datetime
    sentence: Callable[[int], str]
    hint: str
    number: int = 0
    """The ticket, where neither ``request`` nor what it answers names it; 0: there is none to be named."""
    tickets: frozenset[int] = frozenset()
    """Those that were changed, where it were many."""

    def is_about(self, number: int) -> bool:
        """Whether the deed was done to this ticket."""
        return number in self.tickets or number in (self.number, getattr(self.request, "number", None))

    def seconds(self, now: datetime) -> int:
        """Whole seconds that are left, 0 when it is over."""
        return max(0, ceil((self.until - now).total_seconds()))


_SIGNS = {
    "info": ("", ""),
    "done": ("✓ ", "$text-success"),
    "warning": ("! ", "$text-warning"),
    "error": ("✗ ", "$text-error"),
}


class MessageLine(Widget):
    """One line, more when a sentence needs them."""

    DEFAULT_CSS = "MessageLine { height: auto; min-height: 1; max-height: 5; width: 1fr; padding: 0 1; }"

    class Ended(Message):
        """What was told has had its time."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.told = Told()
        self.offer: Offer | None = None
        self._timer: Timer | None = None

    def tell(self, told: Told, stays: bool = False) -> None:
        """Show it instead of what was told before. ``stays``: until something else is told, whatever its level."""
        self._stop()
        if told.sentence and told.level in PASSING and not stays:
            self._timer = self.set_timer(told.reading_seconds, self._end)
        self._paint(told)

    def tell_offer(self, offer: Offer, clock: Clock, calm: bool = False) -> None:
        """Show what was done and can be taken back, counting down, until that is over; ``calm``: with the time when it is."""
        self._stop()
        self.offer = offer
        if calm:
            seconds = offer.seconds(clock())
            self._timer = self.set_timer(max(0.1, seconds), self._end)
            until = f"{offer.until.astimezone():%H:%M:%S}"
            self._paint(Told(f"{offer.sentence(seconds)} ({until})", offer.hint, "done"))
            return

        def count_down() -> None:
            seconds = offer.seconds(clock())
            if seconds:
                self._paint(Told(offer.sentence(seconds), offer.hint, "done"))
            else:
                self._end()

        self._timer = self.set_interval(1, count_down)
        count_down()

    def clear(self) -> None:
        """Say nothing."""
        self.tell(Told())

    def _stop(self) -> None:
        self.offer = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _end(self) -> None:
        asked = self.screen.is_current and self.app.screen is not self.screen
        if self.offer is None and asked:  # who reads a question above does not read it meanwhile
            self._timer = self.set_timer(_LEAST_SECONDS, self._end)
            return
        self.clear()
        self.post_message(self.Ended())

    def _paint(self, told: Told) -> None:
        if told != self.told:
            self.told = told
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        sign, colour = _SIGNS[self.told.level]
        sentence, hint = safe_line(self.told.sentence, 600), safe_line(self.told.hint, 600)
        style = f"{colour} bold" if self.told.level in ("warning", "error") else colour
        return line((sign + sentence, style), (f"  {hint}" if hint else "", "$muted"))
