"""A text of any length to scroll through: lines are cut to the width when they are painted, and only those in view.

Nothing in the text is markup and no control character of it is painted.
"""

from __future__ import annotations

from bisect import bisect_right

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_desk.core.safe_text import safe_block

_LONGEST = 20_000
"""Characters of one line that are shown; the rest of it is named by an ellipsis."""


class TextPager(ScrollView, can_focus=True):
    """Shows one text, long lines folded at the edge."""

    DEFAULT_CSS = "TextPager { height: 1fr; width: 1fr; scrollbar-size-vertical: 1; }"

    def __init__(self, text: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[str] = []
        self._starts: list[int] = []
        self._width = 0
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show ``text`` from its beginning."""
        self._lines = safe_block(text).split("\n") if text else []
        self._lay_out()
        self.scroll_to(y=0, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Fold the lines anew."""
        if self.scrollable_content_region.width != self._width:
            self._lay_out()

    def _lay_out(self) -> None:
        self._width = width = max(1, self.scrollable_content_region.width)
        self._starts, rows = [], 0
        for line in self._lines:
            self._starts.append(rows)
            rows += 1 if len(line) * 2 <= width else len(self._fold(line))
        self.virtual_size = Size(width, rows)
        self.refresh()

    def _fold(self, line: str) -> list[str]:
        if cell_len(line) <= self._width:
            return [line]
        shown = line if len(line) <= _LONGEST else line[:_LONGEST] + " …"
        return chop_cells(shown, self._width)

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        row = y + self.scroll_offset.y
        index = bisect_right(self._starts, row) - 1
        style = self.rich_style
        if index < 0 or row >= self.virtual_size.height:
            return Strip.blank(self.size.width, style)
        folded = self._fold(self._lines[index])
        part = row - self._starts[index]
        text = folded[part] if part < len(folded) else ""
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)
