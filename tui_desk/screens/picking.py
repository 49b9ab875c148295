"""A dialog that finds one of many by a few letters and shows below the list what the one under the cursor is."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from tui_desk.screens.fields import Field
from tui_desk.screens.narrowing import NarrowingDialog

V = TypeVar("V")

_ROWS_OF_LIST = 8


class PickingDialog(NarrowingDialog[V]):
    """As :class:`NarrowingDialog`, with a few lines about what the cursor is on."""

    wide = True

    @abstractmethod
    def about(self, value: V) -> Content:
        """What is shown below the list."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(self.title_text, classes="dialog-title", markup=False)
            yield Field(placeholder=self.placeholder, id="narrow")
            yield OptionList(markup=False, compact=True, id="choices")
            with VerticalScroll(id="picked-box", can_focus=False):
                yield Static("", id="picked", markup=False)
            yield Static(self.hint, classes="dialog-hint", markup=False)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("pagedown", "pageup"):
            event.stop()
            event.prevent_default()
            box = self.query_one("#picked-box", VerticalScroll)
            box.scroll_relative(y=4 if event.key == "pagedown" else -4, animate=False)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.show_about()

    def show_about(self) -> None:
        """Paint what the cursor is on anew."""
        value = self.current()
        self.query_one("#picked", Static).update(Content("") if value is None else self.about(value))

    def current(self) -> V | None:
        """What the cursor is on."""
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def _fill(self, typed: str) -> None:
        super()._fill(typed)
        self.show_about()

    def _fill_again(self) -> None:
        super()._fill_again()
        rows = max(3, min(_ROWS_OF_LIST, (self.app.size.height - 12) // 2))
        self.query_one(OptionList).styles.max_height = rows
        self.query_one("#picked-box").styles.max_height = max(4, self.app.size.height - rows - 12)
