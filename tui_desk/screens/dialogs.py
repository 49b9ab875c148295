"""Small questions above a screen: choose one, confirm, type a line. Each answers a value and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens.choices import Choice
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field
from tui_desk.screens.narrowing import NarrowingDialog

__all__ = ["Choice", "ChoiceDialog", "ConfirmDialog", "Dialog", "PromptDialog"]


_COLUMN = 30
"""Cells: the longest label beside which the details of all choices stand in a column."""


class ChoiceDialog(NarrowingDialog[str]):
    """Pick a value: arrows, or type a part of it; Enter takes it. Where there is none now, "none" stands first: the list is
    seen from its beginning. ``changes``: something stays as it is where nothing is picked."""

    def __init__(
        self, title: str, choices: tuple[Choice, ...], current: str, new: str, changes: bool = True
    ) -> None:
        super().__init__()
        self.title_text = safe_line(title)
        self.placeholder = _("type to narrow")
        self.hint = (
            _("Enter takes it · Esc leaves it as it is") if changes else _("Enter takes it · Esc closes")
        )
        none_first = sorted(choices, key=lambda choice: bool(choice.value or current))
        self._choices = {choice.value: choice for choice in none_first}
        self._current, self._new = current, new
        self._column = max([cell_len(safe_line(c.label)) for c in choices if c.detail], default=0)
        """Where labels differ little in length, their details stand below one another."""

    def found(self, typed: str) -> tuple[Sequence[str], int]:
        wanted = typed.casefold()
        fitting = [c for c in self._choices.values() if wanted in f"{c.label} {c.value}".casefold()]
        fitting.sort(key=lambda c: not c.label.casefold().startswith(wanted))
        values = [choice.value for choice in fitting]
        if self._new and wanted and typed not in values:
            values.append(typed)
        return values, values.index(self._current) if not wanted and self._current in values else 0

    def label(self, value: str) -> Content:
        choice = self._choices.get(value)
        if choice is None:
            return Content(self._new.format(value=safe_line(value)))
        mark = "• " if value == self._current else "  "
        parts: list[str | tuple[str, str]] = [(mark, "$text-accent")]
        if choice.sign:
            parts.append((f"{choice.sign} ", choice.style))
        parts.append(safe_line(choice.label))
        if choice.detail:
            gap = self._column - cell_len(safe_line(choice.label)) if self._column <= _COLUMN else 0
            parts.append((f"{' ' * gap}  {safe_line(choice.detail)}", "$muted"))
        return Content.assemble(*parts)


class ConfirmDialog(Dialog[bool]):
    """A question with a deed. ``y`` does it; Enter, Esc, ``n`` and ``q`` do not: a doubled key never destroys."""

    def __init__(self, question: str, detail: str, yes: str, dangerous: bool) -> None:
        super().__init__()
        self._question, self._detail, self._dangerous = question, detail, dangerous
        self._yes = yes or _("Do it")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog danger" if self._dangerous else "dialog"):
            yield Static(safe_line(self._question), classes="dialog-title", markup=False)
            if self._detail:
                yield Static(safe_block(self._detail), classes="dialog-detail", markup=False)
            answers = Content.assemble(
                ("y", "$text-accent bold"),
                f" {self._yes}    ",
                ("n", "$text-accent bold"),
                f" {_('Leave it')}",
            )
            yield Static(answers, classes="dialog-answers")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key == "y":
            self.dismiss(True)
        elif event.key in ("n", "q", "escape", "enter"):
            self.dismiss(False)


class PromptDialog(Dialog[str]):
    """One line of text; Tab completes where there is something to complete."""

    def __init__(
        self, title: str, value: str, detail: str, complete: Callable[[str], list[str]] | None
    ) -> None:
        super().__init__()
        self._title, self._value, self._detail, self._complete = title, value, detail, complete

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            yield Field(self._value, id="typed")
            yield Static(safe_block(self._detail), classes="dialog-detail", id="completions", markup=False)
            hint = (
                _("Enter takes it · Esc leaves")
                if not self._complete
                else _("Tab completes · Enter takes it · Esc leaves")
            )
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+s":  # as a reply, a note and a form are finished
            event.stop()
            event.prevent_default()
            self.dismiss(self.query_one(Input).value)
        if event.key != "tab" or self._complete is None:
            return
        event.stop()
        event.prevent_default()
        field = self.query_one(Input)
        found = self._complete(field.value)
        common = common_beginning(found)
        if len(common) > len(field.value):
            field.value = common
            field.cursor_position = len(common)
        shown = "\n".join(safe_line(name, 70) for name in found[:8]) if len(found) > 1 else ""
        self.query_one("#completions", Static).update(shown or safe_block(self._detail))


def common_beginning(names: list[str]) -> str:
    """What all of ``names`` begin with."""
    if not names:
        return ""
    first, last = min(names), max(names)
    size = next((i for i, char in enumerate(first) if i >= len(last) or char != last[i]), len(first))
    return first[:size]
