"""Something to read and close."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.dialogs import Dialog


class NoticeDialog(Dialog[None]):
    """A title and a text; Enter, Esc or q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,enter,space", "dismiss_empty", ""),
        ("j,down", "scroll(1)", ""),
        ("k,up", "scroll(-1)", ""),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            with VerticalScroll(id="check-box", can_focus=False):
                yield Static(self._text, markup=False)
            yield Static(_("Enter closes"), classes="dialog-hint", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self.query_one("#check-box").scroll_relative(y=lines, animate=False)
