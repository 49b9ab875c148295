"""A text to read above a screen: the source of a mail, a text attachment, why a message is here, a delivery report."""

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
from tui_desk.widgets.text_pager import TextPager


class ReaderDialog(Dialog[None]):
    """A text (plain, of any length; or styled) with a title; j/k and pages scroll, Esc closes. ``exact``: of a plain one no blank
    is lost where lines are folded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("q,enter", "dismiss_empty", ""),
        ("j,down", "scroll(1)", ""),
        ("k,up", "scroll(-1)", ""),
        ("ctrl+d,pagedown,space", "scroll(15)", ""),
        ("ctrl+u,pageup", "scroll(-15)", ""),
    ]

    def __init__(self, title: str, text: Content | str, exact: bool = False) -> None:
        super().__init__()
        self._title, self._text, self._exact = title, text, exact

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            if isinstance(self._text, str):
                yield TextPager(self._text, id="reader-text", exact=self._exact)
            else:
                yield VerticalScroll(Static(self._text, markup=False), id="reader-text", can_focus=False)
            yield Static("", id="reader-hint", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self.watch(self.query_one("#reader-text"), "show_vertical_scrollbar", self._hint)

    def _hint(self, scrolls: bool) -> None:
        hint = _("j/k scroll · Esc closes") if scrolls else _("Esc closes")
        self.query_one("#reader-hint", Static).update(hint)

    def action_scroll(self, lines: int) -> None:
        """Move the text by ``lines``."""
        self.query_one("#reader-text").scroll_relative(y=lines, animate=False)
