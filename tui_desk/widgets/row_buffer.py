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
    group: str = ""
    """What stands above the rows of its group; empty where the list has no groups."""
    heading: bool = False
    """No row but the line above a group: the buffer puts it there, and the cursor passes over it."""


class RowWindow(NamedTuple):
    """A contiguous run of rows and whether there are more on either side."""

    rows: Sequence[TableRow]
    has_before: bool = False
    has_after: bool = False
    at: int = 0
    """The row that a list begun anew has its cursor on."""
    left: TableRow | None = None
    """The row that the cursor was on, as it is now, where it is not in the list."""


class Renewed(NamedTuple):
    """What a refresh did to the row under the cursor. ``left``: it is no longer in the list. ``moved``: it changed and stands
    elsewhere among the others; ``group``: its group now, where that is another one. ``lines``: how far it went down on the screen
    although it did not move, since rows came or went above it."""

    left: bool = False
    moved: bool = False
    group: str = ""
    lines: int = 0


class RowSource(Protocol):
    """Where rows come from, by keyset: places in the order, never offsets."""

    async def window(self, anchor: Any | None, direction: Direction, limit: int) -> RowWindow:
        """At most ``limit`` rows, in list order.

        ``top``/``end``: the first or last ones (``anchor`` is None). ``after``/``before``: those next to ``anchor``,
        without it. ``around``: those from ``anchor`` on, with it. Errors for people are raised as ``DeskError``.
        """
        ...


@dataclass(slots=True, eq=False, repr=False)
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
        last = max(0, len(self.rows) - 1)
        self.cursor = last if direction == "end" else min(window.at, last)
        self.top = 0
        self._head_groups()
        self.top = self.cursor - self.height // 2 if self.cursor >= self.height else 0
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
        self._head_groups()

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
        self._head_groups()

    def move(self, delta: int) -> int:
        """Move the cursor; the answer is how far it could not go because the rows are not in memory yet.

        A step beyond the view brings half a page, so that the next steps move the cursor alone.
        """
        self.drop_stale(delta)
        if not self.rows:
            return 0
        wanted = self.cursor + delta
        reached = max(0, min(len(self.rows) - 1, wanted))
        self.cursor = self._beside_heading(reached, delta)
        old_top = self.top
        self.reveal()
        if abs(delta) == 1 and self.top != old_top:
            half = self.height // 2
            self.top = min(self.top + half, self.cursor) if delta > 0 else self.top - half
            self.top = max(self.top, self.cursor - self.height + 1)
            self.top = max(0, min(self.top, len(self.rows) - self.height))
        owed = wanted - reached
        return owed if (delta > 0 < owed and self.has_after) or (owed < 0 and self.has_before) else 0

    def reveal(self) -> None:
        """Scroll as little as needed to show the cursor, with the heading right above it, and to leave no empty lines below the last row."""
        headed = 0 < self.cursor <= len(self.rows) and self.rows[self.cursor - 1].heading and self.height > 1
        self.top = min(self.top, self.cursor - headed)
        self.top = max(self.top, self.cursor - self.height + 1)
        self.top = max(0, min(self.top, len(self.rows) - self.height))

    def scroll(self, delta: int) -> None:
        """Move the view; the cursor comes along when it would be left behind."""
        self.top = max(0, min(self.top + delta, len(self.rows) - self.height))
        inside = max(self.top, min(self.cursor, self.top + self.height - 1))
        if inside != self.cursor:
            self.drop_stale(0)
            inside = max(0, min(inside, len(self.rows) - 1))
            self.cursor = self._beside_heading(inside, 1 if inside == self.top else -1)

    def drop_stale(self, delta: int) -> None:
        """Take away a row that had left the list, since the cursor is about to leave it."""
        row = self.current
        if row is None or not row.stale:
            return
        del self.rows[self.cursor]
        ahead = self.cursor - 1
        ends_here = self.cursor == len(self.rows) or self.rows[self.cursor].heading
        if ahead >= 0 and self.rows[ahead].heading and ends_here:
            del self.rows[ahead]  # it was the only one of its group
            if delta >= 0:
                self.cursor -= 1  # what stands above keeps its place, what stands below comes two lines up
        if delta > 0:
            self.cursor -= 1  # the next row has moved into its place: moving down by one lands there
        elif delta == 0 or not self.rows:
            self.cursor = max(0, min(self.cursor, len(self.rows) - 1))
            self.cursor = self._beside_heading(self.cursor, 1)

    def refresh_request(self) -> tuple[Any | None, Direction, int]:
        """What to ask the source for so that :meth:`refreshed` can renew what is on screen."""
        start = max(0, self.top - PAGE // 3)
        limit = self.height + PAGE
        while start < len(self.rows) and self.rows[start].stale:
            start += 1
        if start >= len(self.rows) or (start == 0 and not self.has_before):
            return None, "top", limit
        return self.rows[start].anchor, "around", limit

    def refreshed(self, window: RowWindow) -> Renewed:
        """Renew the rows around the view and stay on the same key, on the same line of the screen.

        At the very top the list stays at the top, and the cursor goes along with its row. Where the row has left the
        list it is kept, marked stale, until the cursor moves: a key pressed now must not hit its neighbour. It says what holds
        now (``RowWindow.left``), since the key goes by it.
        """
        line, at_top = self.cursor - self.top, self.top == 0 and not self.has_before
        row = self.current
        old = [one for one in self.rows if not one.heading]
        here = next((index for index, one in enumerate(old) if row is not None and one.key == row.key), 0)
        self.rows = list(window.rows)
        self.has_before, self.has_after = window.has_before, window.has_after
        if row is None:
            self.cursor = self.top = 0
            self._head_groups()
            self.top = 0
            return Renewed()
        found = self.index_of(row.key)
        renewed = Renewed(left=True)
        if found is None:
            self.cursor = self._neighbour(old, here, line)
            now = window.left if window.left is not None and window.left.key == row.key else row
            self.rows.insert(self.cursor, now._replace(anchor=row.anchor, group=row.group, stale=True))
        else:
            self.cursor = found
            now = self.rows[found]
            moved = now.anchor != row.anchor and (now.group != row.group or self._passed(old, here))
            renewed = Renewed(moved=moved, group=now.group if moved and now.group != row.group else "")
        self._head_groups()
        self.top = 0 if at_top and not self.has_before and self.cursor < self.height else self.cursor - line
        self.reveal()
        if not renewed.left and not renewed.moved:
            renewed = Renewed(lines=self.cursor - self.top - line)
        return renewed

    def key_beside(self, delta: int) -> Hashable | None:
        """The key ``delta`` rows from the cursor, if it is in memory; headings do not count."""
        at, step = self.cursor, 1 if delta > 0 else -1
        for _each in range(abs(delta)):
            at = self._beside_heading(at + step, step) if 0 <= at + step < len(self.rows) else -1
            if at < 0:
                return None
        return self.rows[at].key if 0 <= at < len(self.rows) and not self.rows[at].heading else None

    def _passed(self, old: list[TableRow], here: int) -> bool:
        """Whether the row under the cursor, which stood ``here``, stands on the other side of one of its neighbours now."""
        place = {row.key: index for index, row in enumerate(self.rows)}
        ahead = next((place[row.key] for row in reversed(old[:here]) if row.key in place), -1)
        behind = next((place[row.key] for row in old[here + 1 :] if row.key in place), len(self.rows))
        return not ahead < self.cursor < behind

    def _neighbour(self, old: list[TableRow], here: int, line: int) -> int:
        """Where a row that is gone stood (``here``), judged by the rows that were around it."""
        place = {row.key: index for index, row in enumerate(self.rows)}
        for row in old[here + 1 :]:
            if row.key in place:
                return place[row.key]
        for row in reversed(old[:here]):
            if row.key in place:
                return place[row.key] + 1
        return min(line, len(self.rows))

    # Groups.

    def _head_groups(self) -> None:
        """Put a heading above each group that begins here; the cursor stays on its row, and that on its line."""
        if not any(row.group or row.heading for row in self.rows):
            return
        line, cursor = self.cursor - self.top, self.cursor
        found: list[TableRow] = []
        known = ""
        for index, row in enumerate(self.rows):
            if row.heading:
                continue
            if row.group != known and (found or not self.has_before):
                found.append(TableRow(("group", row.group), (), row.anchor, group=row.group, heading=True))
            known = row.group
            if index == cursor:
                self.cursor = len(found)
            found.append(row)
        self.rows = found
        self.top = max(0, self.cursor - line)

    def _beside_heading(self, index: int, delta: int) -> int:
        """``index``, or the row next to it in the direction of ``delta`` where a heading is; at the top the one below."""
        if not (0 <= index < len(self.rows)) or not self.rows[index].heading:
            return index
        beside = index + (1 if delta >= 0 else -1)
        return beside if 0 <= beside < len(self.rows) else index + 1
