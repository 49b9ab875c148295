"""A table that costs the same at a thousand rows as at a million: it paints the rows in view and holds one window of them.

Rows come from a :class:`RowSource` by keyset, off the event loop; a cursor move inside the window is immediate and
repaints two lines. Text is made safe and cut to its column here too, and markup is never read.
"""

from __future__ import annotations

from collections.abc import Coroutine, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_desk.core.errors import DeskError
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import PAGE, Cell, Renewed, RowBuffer, RowSource, RowWindow, TableRow
from tui_desk.widgets.row_feed import Fetch, RowFeed
from tui_desk.widgets.table_paint import column_at
from tui_desk.widgets.table_view import CELL_STYLES, TableView

__all__ = ["CELL_STYLES", "Cell", "Column", "RowSource", "RowWindow", "TableRow", "VirtualTable"]

_WHEEL_ROWS = 3


class VirtualTable(TableView, can_focus=True):
    """A list of rows with a cursor.

    Give it a source (or call :meth:`show_source`), call :meth:`refresh_rows` when the data changed, read ``current_key``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", show=False, id="table.down"),
        Binding("k,up", "move(-1)", show=False, id="table.up"),
        Binding("pagedown,ctrl+f", "page(1)", show=False, id="table.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", show=False, id="table.page_up"),
        Binding("ctrl+d", "page(0.5)", show=False, id="table.half_page_down"),
        Binding("ctrl+u", "page(-0.5)", show=False, id="table.half_page_up"),
        Binding("G,end", "last", show=False, id="table.last"),
        Binding("home", "first", show=False, id="table.first"),
        Binding("enter", "select", show=False, id="table.select"),
    ]

    @dataclass
    class RowHighlighted(Message):
        """The cursor stands on another row. ``key`` is None where the table is empty."""

        table: VirtualTable
        key: Hashable | None

        @property
        def control(self) -> VirtualTable:
            """The table."""
            return self.table

    @dataclass
    class RowSelected(RowHighlighted):
        """The row under the cursor was chosen (enter, or a second click)."""

    @dataclass
    class HeadingClicked(Message):
        """The title of a column was clicked."""

        table: VirtualTable
        column: str

        @property
        def control(self) -> VirtualTable:
            """The table."""
            return self.table

    @dataclass
    class RowLeft(RowHighlighted):
        """The row under the cursor is no longer in the list; it stays in its place until the cursor moves."""

    @dataclass
    class RowMoved(RowHighlighted):
        """The row under the cursor stands elsewhere after a refresh; see :class:`Renewed`."""

        renewed: Renewed

    @dataclass
    class RowsRefreshed(RowHighlighted):
        """Rows were read."""

    @dataclass
    class LoadFailed(Message):
        """The source could not answer; what was shown stays."""

        table: VirtualTable
        error: DeskError

        @property
        def control(self) -> VirtualTable:
            """The table."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource | None = None,
        *,
        initial: RowWindow | None = None,
        empty_text: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``initial``: rows to paint at once, before the source is asked (the list as it was last seen)."""
        super().__init__(columns, empty_text=empty_text, id=id, classes=classes)
        self._feed = RowFeed(self._spawn, self._take, self._failed)
        self._feed.connect(source)
        self._loading_rows = initial is None
        self._owed = 0
        self._g_pressed = False
        self._highlighted: Hashable | None = None
        if initial is not None:
            self._buffer.load(initial, "top")

    # What screens read and call.

    @property
    def current_key(self) -> Hashable | None:
        """The key under the cursor, or None."""
        row = self._buffer.current
        return row.key if row else None

    @property
    def current_row(self) -> TableRow | None:
        """The row under the cursor, or None."""
        return self._buffer.current

    @property
    def is_unread(self) -> bool:
        """Whether there is nothing to stand on because rows are still to come, or could not be read."""
        return not self._buffer.rows and (self._loading_rows or bool(self._failure))

    @property
    def is_reading(self) -> bool:
        """Whether the first rows are on their way."""
        return not self._buffer.rows and (self._loading_rows or self._feed.busy)

    @property
    def is_renewing(self) -> bool:
        """Whether the rows shown are being read again: what they say may be over."""
        return self._feed.renewing

    def neighbour_key(self, delta: int) -> Hashable | None:
        """The key ``delta`` rows from the cursor, if it is in memory (for "next ticket" while reading)."""
        return self._buffer.key_beside(delta)

    def show_source(self, source: RowSource, *, initial: RowWindow | None = None) -> None:
        """Show another list from its top. Until rows come a skeleton shows, or ``initial``."""
        self._feed.connect(source)
        self._owed, self._failure = 0, ""
        self._loading_rows = initial is None
        self._buffer = RowBuffer(height=self._buffer.height)
        if initial is not None:
            self._buffer.load(initial, "top")
        self._repaint_all()
        self._ask(Fetch("load", None, "top", PAGE))

    def refresh_rows(self) -> None:
        """Read the rows in view again. The cursor stays on its key and, where possible, on its line."""
        if self._loading_rows or not self._buffer.rows:
            self._ask(Fetch("load", None, "top", PAGE))
            return
        anchor, direction, limit = self._buffer.refresh_request()
        self._ask(Fetch("refresh", anchor, direction, limit))

    def keys_between(self, one: Hashable, other: Hashable) -> list[Hashable] | None:
        """The keys from one row to another, both included, from the top; None where either is not in memory."""
        ends = self._buffer.index_of(one), self._buffer.index_of(other)
        if ends[0] is None or ends[1] is None:
            return None
        rows = self._buffer.rows[min(ends[0], ends[1]) : max(ends[0], ends[1]) + 1]
        return [row.key for row in rows if not (row.stale or row.heading)]

    def move_to_key(self, key: Hashable) -> bool:
        """Put the cursor on ``key`` if it is in memory."""
        index = self._buffer.index_of(key)
        if index is None:
            return False
        self._moved(index - self._buffer.cursor)
        return True

    # Keys and mouse.

    def action_move(self, delta: int) -> None:
        """One row down or up."""
        self._moved(delta)

    def action_page(self, pages: float) -> None:
        """Pages or half pages down or up."""
        rows = max(1, int((self._buffer.height - 1) * abs(pages)))
        self._moved(rows if pages > 0 else -rows)

    def action_first(self) -> None:
        """To the first row of the whole list."""
        if self._buffer.has_before:
            self._ask(Fetch("load", None, "top", PAGE))
        else:
            self._moved(-len(self._buffer.rows))

    def action_last(self) -> None:
        """To the last row of the whole list."""
        if self._buffer.has_after:
            self._ask(Fetch("load", None, "end", PAGE))
        else:
            self._moved(len(self._buffer.rows))

    def action_select(self) -> None:
        """Choose the row under the cursor."""
        if self._buffer.current is not None:
            self._tell(self.RowSelected(self, self.current_key))

    def on_key(self, event: events.Key) -> None:
        """``g g``: the first ``g`` is only remembered, so that an application may use it as a prefix too."""
        if event.character == "g" and self._g_pressed:
            event.stop()
            self._g_pressed = False
            self.action_first()
        else:
            self._g_pressed = event.character == "g"

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one on the same row chooses it; the title of a column is told."""
        if event.y == 0:
            column = column_at(self.placed, event.x)
            if column:
                self.post_message(self.HeadingClicked(self, column))
            return
        index = self._buffer.top + event.y - 1
        if index >= len(self._buffer.rows) or self._buffer.rows[index].heading:
            return
        again = index == self._buffer.cursor and event.chain >= 2
        self._moved(index - self._buffer.cursor)
        if again:
            self.action_select()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the view."""
        event.stop()
        self._scrolled(_WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the view."""
        event.stop()
        self._scrolled(-_WHEEL_ROWS)

    # Reading rows.

    def on_mount(self) -> None:
        """Ask the source for the first rows (or renew those that were shown at once)."""
        if self._loading_rows:
            self._ask(Fetch("load", None, "top", PAGE))
        else:  # what was shown at once is painted before it is renewed
            self.call_after_refresh(self._ask, Fetch("refresh", None, "top", PAGE))
        self._announce()

    def _ask(self, fetch: Fetch) -> None:
        if self.is_attached:
            self._feed.ask(fetch)

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self.run_worker(coroutine, group="rows")

    def _failed(self, error: DeskError) -> None:
        self._owed = 0
        self._loading_rows, self._failure = False, str(error)
        self.post_message(self.LoadFailed(self, error))
        self._repaint_all()

    def _take(self, fetch: Fetch, window: RowWindow) -> None:
        buffer, renewed, before = self._buffer, Renewed(), self._in_view()
        self._loading_rows, self._failure = False, ""
        if fetch.reason == "load":
            buffer.load(window, fetch.direction)
        elif fetch.reason == "refresh":
            renewed = buffer.refreshed(window)
        elif fetch.direction == "after":
            buffer.add_after(window)
        else:
            buffer.add_before(window)
        owed, self._owed = self._owed, 0
        if fetch.reason == "more" and owed:
            self._moved(owed)
        self._repaint_changed(before)
        self.post_message(self.RowsRefreshed(self, self.current_key))
        if renewed.left:
            self.post_message(self.RowLeft(self, self.current_key))
        elif renewed.moved or renewed.lines:
            self.post_message(self.RowMoved(self, self.current_key, renewed))
        self._announce()
        self._prefetch()

    def _prefetch(self) -> None:
        buffer = self._buffer
        if not buffer.rows or self._feed.busy:
            return
        ahead = len(buffer.rows) - max(buffer.cursor, buffer.top + buffer.height)
        if buffer.has_after and ahead < PAGE // 2:
            self._ask(Fetch("more", buffer.rows[-1].anchor, "after", PAGE))
        elif buffer.has_before and min(buffer.cursor, buffer.top) < PAGE // 2:
            self._ask(Fetch("more", buffer.rows[0].anchor, "before", PAGE))

    # Moving.

    def _moved(self, delta: int) -> None:
        buffer = self._buffer
        old_cursor, old_top, old_count = buffer.cursor, buffer.top, len(buffer.rows)
        owed = buffer.move(delta)
        if owed:  # keys that ran ahead of the rows are made good when the rows come, a page at most
            self._owed = max(-buffer.height, min(buffer.height, self._owed + owed))
        if buffer.top != old_top or len(buffer.rows) != old_count:
            self._repaint_body()
        elif buffer.cursor != old_cursor:
            self._repaint_row(old_cursor)
            self._repaint_row(buffer.cursor)
        self._announce()
        self._prefetch()

    def _scrolled(self, delta: int) -> None:
        old = (self._buffer.top, self._buffer.cursor)
        self._buffer.scroll(delta)
        if (self._buffer.top, self._buffer.cursor) != old:
            self._repaint_body()
            self._announce()
            self._prefetch()

    def _announce(self) -> None:
        key = self.current_key
        if key != self._highlighted:
            self._highlighted = key
            self._tell(self.RowHighlighted(self, key))

    def _tell(self, message: RowHighlighted) -> None:
        self.post_message(message)

    def on_resize(self, event: events.Resize) -> None:
        """Place the columns anew and keep the cursor in view."""
        self._place()
        self._buffer.height = max(1, event.size.height - 1)
        self._buffer.reveal()
        self._prefetch()
