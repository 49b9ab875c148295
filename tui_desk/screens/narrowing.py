"""A dialog with a line to type in and the list of what fits: picking a value, finding an action."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.core.i18n import _
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field
from tui_desk.widgets.hanging import Hanging

V = TypeVar("V")

_AROUND = 9
"""Rows of the dialog that are not the list, with a hint of two lines."""
_HANG = 4
"""Cells that a long line goes on from: further right than where the next one begins."""
_STEPS = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1}


class NarrowingDialog(Dialog[V], Generic[V]):
    """Arrows move, typing narrows, Enter takes what is under the cursor.

    A dialog says what fits (:meth:`found`) and how it is shown (:meth:`label`).
    """

    title_text = ""
    placeholder = ""
    hint = ""
    wide = False

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[V, ...] = ()

    @abstractmethod
    def found(self, typed: str) -> tuple[Sequence[V], int]:
        """What fits, best first, and the place of the one to stand on."""

    @abstractmethod
    def label(self, value: V) -> Content:
        """One line of the list."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide" if self.wide else "dialog"):
            if self.title_text:
                yield Static(self.title_text, classes="dialog-title", markup=False)
            yield Field(placeholder=self.placeholder, id="narrow")
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static(self.hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        self.query_one(Input).focus()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._fill_again)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._take(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_index)

    def on_key(self, event: events.Key) -> None:
        if event.key in _STEPS:
            event.stop()
            event.prevent_default()
            options = self.query_one(OptionList)
            if _STEPS[event.key] > 0:
                options.action_cursor_down()
            else:
                options.action_cursor_up()

    def room(self) -> int:
        """Cells a line of the list may take without being wrapped."""
        options = self.query_one(OptionList)
        padding = options.get_component_styles("option-list--option").padding
        return max(20, options.scrollable_content_region.width - padding.width)

    def _take(self, index: int | None) -> None:
        if index is not None and 0 <= index < len(self._shown):
            self.dismiss(self._shown[index])

    def _fill(self, typed: str) -> None:
        values, at = self.found(typed.strip())
        self._shown = tuple(values)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Hanging(self.label(value), _HANG)) for value in self._shown])
        if self._shown:
            options.highlighted = at
        elif typed:
            options.add_option(Option(_("nothing fits"), disabled=True))

    def _fill_again(self) -> None:
        """The same lines for another size."""
        options = self.query_one(OptionList)
        tallest = self.app.size.height * 9 // 10  # as the styles of a dialog have it
        options.styles.max_height = max(3, tallest - _AROUND)
        at = options.highlighted
        self._fill(self.query_one(Input).value)
        options.highlighted = at
        options.call_after_refresh(options.scroll_to_highlight)
