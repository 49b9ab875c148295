"""A line to type in whose cursor does not blink: over SSH every blink is traffic."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import Input

from tui_desk.screens.chrome import Hint

_REMEMBERED = 200


class Field(Input):
    """One line of text. Ctrl+Z takes back what was typed, a word at a time, and Ctrl+Y brings it back, as in a text of several lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("ctrl+z,super+z", "undo_typing", ""),
        ("ctrl+y,super+y", "redo_typing", ""),
    ]

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        self._undone_to: list[str] = []
        self._redone_to: list[str] = []
        self._touched = False
        """Whether a person has done anything here: what was filled in before is not taken back."""
        self._in_word = False
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def hints(self) -> tuple[Hint, ...]:
        """For a line whose own keys are worth naming in the footer: they come before what the screen offers."""
        return ()

    def on_key(self, event: events.Key) -> None:
        self._touched = True

    def on_paste(self, event: events.Paste) -> None:
        self._touched = True

    def watch_value(self, old: str, new: str) -> None:
        """Remember what stood there; letters of one word are one step."""
        if not self._touched or old == new:
            return
        one_more = len(new) == len(old) + 1 and new[:-1] == old and not new[-1].isspace()
        if not (one_more and self._in_word):
            self._undone_to = [*self._undone_to[1 - _REMEMBERED :], old]
        self._in_word = one_more
        self._redone_to.clear()

    def action_undo_typing(self) -> None:
        """Take back what was typed last."""
        self._swap(self._undone_to, self._redone_to)

    def action_redo_typing(self) -> None:
        """Bring back what was taken back last."""
        self._swap(self._redone_to, self._undone_to)

    def _swap(self, source: list[str], other: list[str]) -> None:
        if not source:
            return
        other.append(self.value)
        value = source.pop()
        self._touched = self._in_word = False
        self.value = value
        self._touched = True
        self.cursor_position = len(value)
