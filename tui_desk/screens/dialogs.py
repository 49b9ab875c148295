"""Small questions above a screen: choose one, confirm, type a line. Each answers a value and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens.choices import Choice
from tui_desk.screens.cover import TooSmall, cover_when_too_small
from tui_desk.screens.fields import Field

__all__ = ["Choice", "ChoiceDialog", "ConfirmDialog", "Dialog", "PromptDialog"]

R = TypeVar("R")


class Dialog(ModalScreen[R | None]):
    """A box in the middle; Esc changes one's mind."""

    CSS_PATH = "styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss_empty", "")]
    AUTO_FOCUS = ""

    def on_mount(self) -> None:
        self.mount(TooSmall())

    def on_resize(self, event: events.Resize) -> None:
        cover_when_too_small(self, event)

    def action_dismiss_empty(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class ChoiceDialog(Dialog[str]):
    """Pick a value: arrows, or type a part of it; Enter takes it."""

    def __init__(self, title: str, choices: tuple[Choice, ...], current: str, new: str) -> None:
        super().__init__()
        self._title, self._choices, self._current, self._new = title, choices, current, new
        self._shown: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            yield Field(placeholder=_("type to narrow"), id="narrow")
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static(_("Enter takes it · Esc leaves it as it is"), classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._take(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_index)

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            options = self.query_one(OptionList)
            if steps[event.key] > 0:
                options.action_cursor_down()
            else:
                options.action_cursor_up()

    def _take(self, index: int | None) -> None:
        if index is not None and 0 <= index < len(self._shown):
            self.dismiss(self._shown[index])

    def _fill(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        found = [c for c in self._choices if wanted in f"{c.label} {c.value}".casefold()]
        found.sort(key=lambda c: not c.label.casefold().startswith(wanted))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._label(choice)) for choice in found])
        values = [choice.value for choice in found]
        if self._new and wanted and all(typed.strip() != value for value in values):
            options.add_option(Option(Content(self._new.format(value=safe_line(typed.strip())))))
            values.append(typed.strip())
        self._shown = tuple(values)
        if values:
            at = values.index(self._current) if not wanted and self._current in values else 0
            options.highlighted = at

    def _label(self, choice: Choice) -> Content:
        mark = "• " if choice.value == self._current else "  "
        parts: list[str | tuple[str, str]] = [(mark, "$text-accent")]
        if choice.sign:
            parts.append((f"{choice.sign} ", choice.style))
        parts.append(safe_line(choice.label))
        if choice.detail:
            parts.append((f"  {safe_line(choice.detail)}", "$muted"))
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
        if event.key != "tab" or self._complete is None:
            return
        event.stop()
        event.prevent_default()
        field = self.query_one(Input)
        found = self._complete(field.value)
        common = _common_beginning(found)
        if len(common) > len(field.value):
            field.value = common
            field.cursor_position = len(common)
        shown = "\n".join(safe_line(name, 70) for name in found[:8]) if len(found) > 1 else ""
        self.query_one("#completions", Static).update(shown or safe_block(self._detail))


def _common_beginning(names: list[str]) -> str:
    if not names:
        return ""
    first, last = min(names), max(names)
    size = next((i for i, char in enumerate(first) if i >= len(last) or char != last[i]), len(first))
    return first[:size]
