"""One value out of a few, on one line: every choice is in sight where there is room, the chosen one has the full dot."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

_MORE = "  ▾"
"""Says that there is a list, however long the chosen words are."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value and the words for it."""

    value: str
    label: str


class ChoiceField(Widget, can_focus=True):
    """Left, right and space change it. Where the choices do not fit on the line, space asks for a list of them."""

    DEFAULT_CSS = """
    ChoiceField { height: 1; width: 1fr; padding: 0 1; background: $background; }
    ChoiceField:focus { background: $boost; }
    """

    @dataclass
    class Changed(Message):
        """Another value was chosen by the person."""

        field: ChoiceField
        value: str

        @property
        def control(self) -> ChoiceField:
            """The field."""
            return self.field

    @dataclass
    class ListWanted(Message):
        """The choices do not fit on the line: show them as a list."""

        field: ChoiceField

        @property
        def control(self) -> ChoiceField:
            """The field."""
            return self.field

    def __init__(self, options: tuple[Option, ...], value: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.options = options
        self._value = value

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.refresh()

    def set_options(self, options: tuple[Option, ...]) -> None:
        """Offer other choices; the value stays."""
        self.options = options
        self.refresh()

    def choose(self, value: str) -> None:
        """Choose as if the person had done it here."""
        if value != self._value:
            self.value = value
            self.post_message(self.Changed(self, value))

    def on_key(self, event: events.Key) -> None:
        """Change the value."""
        if event.key not in ("left", "right", "space"):
            return
        event.stop()
        event.prevent_default()
        if not self._fits():
            self.post_message(self.ListWanted(self))
            return
        values = [option.value for option in self.options]
        step = -1 if event.key == "left" else 1
        at = values.index(self._value) if self._value in values else -step if step > 0 else 0
        self.choose(values[(at + step) % len(values)])

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        if not self._fits():
            self.post_message(self.ListWanted(self))
            return
        at = event.get_content_offset_capture(self).x
        for option in self.options:
            width = cell_len(option.label) + 2
            if 0 <= at < width:
                self.choose(option.value)
            at -= width + 2

    def on_focus(self) -> None:
        """The chosen value stands out while keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """And no longer."""
        self.refresh()

    @property
    def how(self) -> str:
        """What changes the value, told to a person."""
        return _("← → or Space changes it.") if self._fits() else _("Space lists the choices.")

    def _fits(self) -> bool:
        wide = sum(cell_len(option.label) + 4 for option in self.options) - 2
        return wide <= max(1, self.content_size.width)

    def render(self) -> RenderResult:
        """The line."""
        if not self._fits():
            label = next((o.label for o in self.options if o.value == self._value), self._value)
            style = "bold reverse" if self.has_focus else "bold"
            room = max(1, self.content_size.width - cell_len(_MORE))
            shown = Content.styled(safe_line(label), style).truncate(room, ellipsis=True)
            return Content.assemble(shown, (_MORE, "$muted"))
        parts: list[str | tuple[str, str]] = []
        offered = {option.value for option in self.options}
        gone = () if not self._value or self._value in offered else (Option(self._value, self._value),)
        for option in (*self.options, *gone):  # a value that is offered no more is shown as long as it stays
            chosen = option.value == self._value
            if parts:
                parts.append("  ")
            label = safe_line(option.label)
            bold = "$text-accent bold reverse" if self.has_focus else "$text-accent bold"
            parts.append((f"● {label}", bold) if chosen else (f"○ {label}", "$muted"))
        return Content.assemble(*parts)
