"""Keys as they come in: sequences, counts, and what a text field takes for itself. Knows no screen."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tui_desk.actions.keys import is_digit
from tui_desk.actions.registry import Action, Registry

MOST = 99
"""The highest count: further than that one searches."""

_ALT_DIGITS = dict(zip("º¡™£¢∞§¶•ª", "0123456789", strict=True))
"""What Textual takes Alt and a digit for where the terminal sends ESC and the digit."""

Kind = Literal["none", "action", "begun", "lost"]


class Read(NamedTuple):
    """What a key came to: nothing of ours, an ``action`` to do ``times``, the beginning of something, or the end of what was begun."""

    kind: Kind
    action: Action | None = None
    times: int = 1


class Continuation(NamedTuple):
    """A key that goes on with what was begun; ``action`` is None where further keys follow."""

    key: str
    action: Action | None


class KeyReader:
    """Reads the keys of one screen."""

    def __init__(self) -> None:
        self.keymap: dict[tuple[str, ...], Action] = {}
        self.begun: tuple[str, ...] = ()
        """Keys of a sequence that is not complete."""
        self._counts = self._alt_counts = False
        self._digits = ""

    def use(self, registry: Registry, scopes: tuple[str, ...]) -> None:
        """Go by the keys of these scopes from now on."""
        self.keymap = registry.keymap(scopes)
        self._counts, self._alt_counts = registry.counts, registry.alt_counts

    @property
    def is_open(self) -> bool:
        """Whether the next key goes on with something."""
        return bool(self.begun or self._digits)

    @property
    def shown(self) -> str:
        """What was typed of it."""
        return " ".join(part for part in (self._digits, *self.begun) if part)

    def forget(self) -> None:
        """What was begun counts no more."""
        self.begun, self._digits = (), ""

    def is_whole(self, key: str) -> bool:
        """Whether the key by itself is an action, whatever comes behind it."""
        return not self.is_open and (key,) in self.keymap

    def read(self, key: str, typing: bool) -> Read:
        """Take one key. While one is ``typing``, only keys that are no text and actions that work then."""
        sequence = (*self.begun, key)
        action = self.keymap.get(sequence)
        if typing:
            return self._read_typing(sequence, action)
        counting = self._alt_counts and not self.begun and (action is None or self._digits)
        if counting and (digit := self._alt_digit(key)):
            self._digits = (self._digits + digit)[-4:]
            return Read("begun")
        if action is not None:
            times = min(MOST, int(self._digits or 1)) if action.counted else 1
            self.forget()
            return Read("action", action, times)
        if any(known[: len(sequence)] == sequence for known in self.keymap):
            self.begun = sequence
            return Read("begun")
        if self._counts and not self.begun and is_digit(key) and (self._digits or key != "0"):
            self._digits = (self._digits + key)[-4:]
            return Read("begun")
        return self._lost()

    def _alt_digit(self, key: str) -> str:
        """The digit that begins a count with Alt held, or goes on with one; empty where it does neither."""
        digit = _ALT_DIGITS.get(key) or key.removeprefix("alt+")
        goes_on = bool(self._digits)
        return digit if is_digit(digit) and (goes_on or (digit != key and digit != "0")) else ""

    def _read_typing(self, sequence: tuple[str, ...], action: Action | None) -> Read:
        if any(len(part) == 1 for part in sequence):
            return self._lost(swallowed=False)
        if action is not None and action.while_typing:
            self.forget()
            return Read("action", action)
        begins = any(
            known[: len(sequence)] == sequence and later.while_typing and all(len(part) > 1 for part in known)
            for known, later in self.keymap.items()
            if len(known) > len(sequence)
        )
        if begins:
            self.begun = sequence
            return Read("begun")
        return self._lost(swallowed=False)

    def _lost(self, swallowed: bool = True) -> Read:
        was_open = self.is_open
        self.forget()
        return Read("lost" if was_open and swallowed else "none")

    def continuations(self, typing: bool = False) -> tuple[Continuation, ...]:
        """What may follow what was begun, in the order of the map; while one is ``typing``, only what works then."""
        size = len(self.begun)
        found: dict[str, Continuation] = {}
        for known, action in self.keymap.items():
            if typing and not (action.while_typing and all(len(part) > 1 for part in known)):
                continue
            if size and len(known) > size and known[:size] == self.begun:
                found.setdefault(
                    known[size], Continuation(known[size], action if len(known) == size + 1 else None)
                )
        return tuple(found.values())
