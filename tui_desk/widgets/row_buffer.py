"""The part of a long list that is in memory: one contiguous run of rows, a view into it, and a cursor on a key.

No Textual here: values in, values out. The list behind may have a thousand rows or a million; the buffer holds at most
:data:`KEEP`. It grows at the end one comes near to, forgets the far end, and after a refresh stands on the same key.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

Direction = Literal["top", "end", "after", "before", "around"]

PAGE = 150
"""Rows asked for at a time."""
KEEP = 900
"""Rows held at most."""


class Cell(NamedTuple):
    """One field of a row. ``style`` is one of ``virtual_table.CELL_STYLES`` or empty."""

    text: str
    style: str = ""


class TableRow(NamedTuple):
    """One row. ``key`` says which thing it is, ``anchor`` where in the order it stands (handed back to the source)."""

    key: Hashable
    cells: tuple[Cell | str, ...]
    anchor: Any = None
    style: str = ""
    stale: bool = False
    """The thing left the list; the row stays only until the cursor leaves it."""


class RowWindow(NamedTuple):
    """A contiguous run of rows and whether there are more on either side."""

    rows: Sequence[TableRow]
    has_before: bool = False
    has_after: bool = False


class RowSource(Protocol):
    """Where rows come from, by keyset: places in the order, never offsets."""

    async def window(self, anchor: Any | None, direction: Direction, limit: int) -> RowWindow:
        """At most ``limit`` rows, in list order.

        ``top``/``end``: the first or last ones (``anchor`` is None). ``after``/``before``: those next to ``anchor``,
        without it. ``around``: those from ``anchor`` on, with it. Errors for people are raised as ``DeskError``.
        """
        ...


@dataclass(slots=True)
class RowBuffer:
    """Rows in memory. Indexes are into ``rows``."""

    rows: list[TableRow] = field(default_factory=list)
    has_before: bool = False
    has_after: bool = False
    top: int = 0
    cursor: int = 0
    height: int = 1

    @property
    def current(self) -> TableRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def index_of(self, key: Hashable) -> int | None:
        """Where ``key`` stands, if it is in memory."""
        return next((index for index, row in enumerate(self.rows) if row.key == key), None)

    def load(self, window: RowWindow, direction: Direction) -> None:
        """Begin anew at the top or the end."""
        self.rows = list(window.rows)
        self.has_before, self.has_after = window.has_before, window.has_after
        self.cursor = max(0, len(self.rows) - 1) if direction == "end" else 0
        self.top = 0
        self.reveal()

    def add_after(self, window: RowWindow) -> None:
        """Append the rows behind the last one; forget the first ones beyond :data:`KEEP`."""
        known = {row.key for row in self.rows}
        self.rows.extend(row for row in window.rows if row.key not in known)
        self.has_after = window.has_after
        excess = min(len(self.rows) - KEEP, self.top - PAGE, self.cursor - PAGE)
        if excess > 0:
            del self.rows[:excess]
            self.top -= excess
            self.cursor -= excess
            self.has_before = True

    def add_before(self, window: RowWindow) -> None:
        """Put the rows ahead of the first one; forget the last ones beyond :data:`KEEP`."""
        known = {row.key for row in self.rows}
        fresh = [row for row in window.rows if row.key not in known]
        self.rows[:0] = fresh
        self.top += len(fresh)
        self.cursor += len(fresh)
        self.has_before = window.has_before
        end = max(KEEP, max(self.top + self.height, self.cursor) + PAGE)
        if len(self.rows) > end:
            del self.rows[end:]
            self.has_after = True

    def move(self, delta: int) -> int:
        """Move the cursor; the answer is how far it could not go because the rows are not in memory yet.

        A step beyond the view brings half a page, so that the next steps move the cursor alone.
        """
        self.drop_stale(delta)
        if not self.rows:
            return 0
        wanted = self.cursor + delta
        self.cursor = max(0, min(len(self.rows) - 1, wanted))
        old_top = self.top
        self.reveal()
        if abs(delta) == 1 and self.top != old_top:
            half = self.height // 2
            self.top = min(self.top + half, self.cursor) if delta > 0 else self.top - half
            self.top = max(0, min(self.top, len(self.rows) - self.height))
        owed = wanted - self.cursor
        return owed if (owed > 0 and self.has_after) or (owed < 0 and self.has_before) else 0

    def reveal(self) -> None:
        """Scroll as little as needed to show the cursor and to leave no empty lines below the last row."""
        self.top = min(self.top, self.cursor)
        self.top = max(self.top, self.cursor - self.height + 1)
        self.top = max(0, min(self.top, len(self.rows) - self.height))

    def scroll(self, delta: int) -> None:
        """Move the view; the cursor comes along when it would be left behind."""
        self.top = max(0, min(self.top + delta, len(self.rows) - self.height))
        inside = max(self.top, min(self.cursor, self.top + self.height - 1))
        if inside != self.cursor:
            self.drop_stale(0)
            self.cursor = max(0, min(inside, len(self.rows) - 1))

    def drop_stale(self, delta: int) -> None:
        """Take away a row that had left the list, since the cursor is about to leave it."""
        row = self.current
        if row is None or not row.stale:
            return
        del self.rows[self.cursor]
        if delta > 0:
            self.cursor -= 1  # the next row has moved into its place: moving down by one lands there
        self.cursor = max(0 if delta <= 0 else -1, min(self.cursor, len(self.rows) - 1))
        if delta == 0 or not self.rows:
            self.cursor = max(0, self.cursor)

    def refresh_request(self) -> tuple[Any | None, Direction, int]:
        """What to ask the source for so that :meth:`refreshed` can renew what is on screen."""
        start = max(0, self.top - PAGE // 3)
        limit = self.height + PAGE
        while start < len(self.rows) and self.rows[start].stale:
            start += 1
        if start >= len(self.rows) or (start == 0 and not self.has_before):
            return None, "top", limit
        return self.rows[start].anchor, "around", limit

    def refreshed(self, window: RowWindow) -> bool:
        """Renew the rows around the view and stay on the same key, on the same line of the screen.

        At the very top the list stays at the top, and the cursor goes along with its row. Where the row has left the
        list it is kept, marked stale, until the cursor moves: a key pressed now must not hit its neighbour. Answers whether it has.
        """
        old, line, at_top = self.rows, self.cursor - self.top, self.top == 0 and not self.has_before
        row = self.current
        self.rows = list(window.rows)
        self.has_before, self.has_after = window.has_before, window.has_after
        if row is None:
            self.cursor = self.top = 0
            return False
        found = self.index_of(row.key)
        if found is None:
            self.cursor = self._neighbour(old, line)
            self.rows.insert(self.cursor, row._replace(stale=True))
        else:
            self.cursor = found
        self.top = 0 if at_top and not self.has_before and self.cursor < self.height else self.cursor - line
        self.reveal()
        return found is None

    def _neighbour(self, old: list[TableRow], line: int) -> int:
        """Where a row that is gone stood, judged by the rows that were around it."""
        place = {row.key: index for index, row in enumerate(self.rows)}
        here = self.cursor
        for row in old[here + 1 :]:
            if row.key in place:
                return place[row.key]
        for row in reversed(old[:here]):
            if row.key in place:
                return place[row.key] + 1
        return min(line, len(self.rows))
