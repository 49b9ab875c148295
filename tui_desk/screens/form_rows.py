"""What stands on a form: a label, a control, and a sentence that says what is wrong or what the value means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from textual import events
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui_desk.core.safe_text import safe_line
from tui_desk.screens import fields, text_field
from tui_desk.widgets.choice_field import ChoiceField, Option

Control = Input | TextArea | ChoiceField


class Answer(NamedTuple):
    """What the desk says about a value: what it means, or what is wrong with it."""

    text: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``heading`` begins a group. ``width`` in cells (0: all there is); ``lines`` is the height of a block.

    ``suggester`` completes what is typed; ``look_up`` asks the desk what a value means, when nobody types for a moment.
    """

    id: str
    label: str
    kind: Literal["text", "secret", "choice", "block"] = "text"
    help: str = ""
    placeholder: str = ""
    options: tuple[Option, ...] = ()
    heading: str = ""
    width: int = 0
    lines: int = 4
    suggester: Suggester | None = None
    look_up: Callable[[str], Awaitable[Answer]] | None = None


class FieldRow(Horizontal):
    """A label, the control, and below it what is wrong with the value."""

    def __init__(self, field: Field) -> None:
        super().__init__(id=f"row-{field.id}", classes=f"field kind-{field.kind}")
        self.field = field
        self._problem = ""

    def compose(self) -> Iterable[Widget]:
        yield Static(f" {self.field.label}", classes="field-label", markup=False)
        yield Vertical(
            self._control(), Static("", classes="field-problem", markup=False), classes="field-value"
        )

    def _control(self) -> Control:
        field, name = self.field, f"field-{self.field.id}"
        control: Control
        if field.kind == "choice":
            control = ChoiceField(field.options, id=name)
        elif field.kind == "block":
            control = text_field.TextField(id=name)
            control.styles.height = field.lines
        else:
            control = fields.Field(placeholder=field.placeholder, id=name)
            control.password = field.kind == "secret"
            control.suggester = field.suggester
        if field.width:
            control.styles.max_width = field.width + 2
        return control

    def show_focus(self, focused: bool) -> None:
        """Point at the row where the cursor is, with and without colours."""
        if focused != self.has_class("-focused"):
            self.set_class(focused, "-focused")
            self.query_one(".field-label", Static).update(
                Content(f"{'›' if focused else ' '}{self.field.label}")
            )

    def show_problem(self, problem: str) -> None:
        """Say what is wrong; empty takes it away."""
        if problem != self._problem:
            self._problem = problem
            self.set_class(bool(problem), "-wrong")
            text = f"✗ {safe_line(problem, 400)}" if problem else ""
            self.query_one(".field-problem", Static).update(Content(text))

    def show_meaning(self, text: str) -> None:
        """Say what the value means, where nothing is wrong with it; empty takes it away."""
        if self._problem:
            return
        self.set_class(bool(text), "-told")
        self.query_one(".field-problem", Static).update(Content(f"✓ {safe_line(text, 200)}" if text else ""))


class FormRows(VerticalScroll):
    """The rows; the one with the cursor stays in view where help or notes below take some of the room."""

    def on_resize(self, event: events.Resize) -> None:
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors:
            self.call_after_refresh(focused.scroll_visible, animate=False)
