"""A text to scroll through; lines are wrapped to the width, and only those in view are painted.

Nothing in the text is markup, and no control character of it is painted.
"""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_desk.core.safe_text import safe_block
from tui_desk.widgets.wrapped_text import WrappedText


class TextPager(ScrollView, can_focus=True):
    """Shows one text, long lines folded at the edge; ``exact``: without losing a blank there."""

    DEFAULT_CSS = "TextPager { height: 1fr; width: 1fr; scrollbar-size-vertical: 1; }"

    def __init__(self, text: str = "", id: str | None = None, exact: bool = False) -> None:
        super().__init__(id=id)
        self._exact = exact
        self._text = safe_block(text)
        self._wrapped = WrappedText(self._text, 80, exact)
        self._folded_for = (self._text, 80)

    def set_text(self, text: str) -> None:
        """Show ``text`` from its beginning."""
        self._text = safe_block(text)
        self._lay_out()
        self.scroll_to(y=0, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Fold the lines anew."""
        self._lay_out()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All lines, where the height is that of the text: without one it would never be laid out at all."""
        self._fold(width)
        return self._wrapped.count()

    def _fold(self, width: int) -> None:
        if self._folded_for != (self._text, width):
            self._folded_for = (self._text, width)
            self._wrapped = WrappedText(self._text, max(1, width), self._exact)

    def _lay_out(self) -> None:
        width = max(1, self.scrollable_content_region.width)
        self._fold(width)
        self.virtual_size = Size(width, self._wrapped.count())
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        style = self.rich_style
        text = self._wrapped.line(y + self.scroll_offset.y) or ""
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)
