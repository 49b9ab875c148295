"""A screen that is one page of text, moved over line by line or page by page (the actions of ``PAGER``)."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.visual import VisualType
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.screens.base import BaseScreen


class OnePage(BaseScreen):
    """Shows what :meth:`show_page` was given last."""

    CSS_PATH = "styles/record.tcss"

    def compose_body(self) -> Iterable[Widget]:
        box = VerticalScroll(Static("", id="record", markup=False), id="record-box", can_focus=True)
        box.styles.height = "1fr"
        box.styles.max_height = "100%"
        yield box

    def start(self) -> None:
        self._box().focus()
        self.reload()

    def show_page(self, content: VisualType) -> None:
        self.query_one("#record", Static).update(content)

    def do_line_down(self, argument: str) -> None:
        self._box().scroll_relative(y=1, animate=False)

    def do_line_up(self, argument: str) -> None:
        self._box().scroll_relative(y=-1, animate=False)

    def do_page_down(self, argument: str) -> None:
        self._box().scroll_page_down(animate=False)

    def do_page_up(self, argument: str) -> None:
        self._box().scroll_page_up(animate=False)

    def do_first(self, argument: str) -> None:
        self._box().scroll_home(animate=False)

    def do_last(self, argument: str) -> None:
        self._box().scroll_end(animate=False)

    def _box(self) -> VerticalScroll:
        return self.query_one("#record-box", VerticalScroll)
