"""Screens that scroll through one long text."""

from __future__ import annotations

from textual.widget import Widget

from tui_desk.screens.base import BaseScreen
from tui_desk.widgets.text_pager import TextPager


class PagerScreen(BaseScreen):
    """The movement keys of a text."""

    def pager(self) -> Widget:
        """The text that moves."""
        return self.query_one(TextPager)

    def do_line_down(self, argument: str) -> None:
        self.pager().scroll_relative(y=1, animate=False)

    def do_line_up(self, argument: str) -> None:
        self.pager().scroll_relative(y=-1, animate=False)

    def do_page_down(self, argument: str) -> None:
        self.pager().scroll_relative(y=max(1, self.pager().size.height - 1), animate=False)

    def do_page_up(self, argument: str) -> None:
        self.pager().scroll_relative(y=-max(1, self.pager().size.height - 1), animate=False)

    def do_first(self, argument: str) -> None:
        self.pager().scroll_home(animate=False)

    def do_last(self, argument: str) -> None:
        self.pager().scroll_end(animate=False)
