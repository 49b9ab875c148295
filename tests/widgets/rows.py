"""A list of any length for the tables under test: integer keys, ordered by them, read by keyset."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Direction, RowWindow, TableRow

COLUMNS = (
    Column("number", "#", 8, align="right"),
    Column("subject", "Subject", 20, flex=3),
    Column("requester", "Requester", 14, flex=1, priority=2),
    Column("age", "Age", 5, priority=1, align="right"),
)


def row(key: int) -> TableRow:
    """The row that belongs to ``key``."""
    return TableRow(key, (f"#{key}", f"Subject of {key}", f"Person {key % 97}", f"{key % 60}m"), anchor=key)


class Numbers:
    """Keys ``0 … count-1`` without those removed, plus those added; a real source over a plain list when small."""

    def __init__(self, count: int, make: Callable[[int], TableRow] = row) -> None:
        self.count = count
        self.make = make
        self.removed: set[int] = set()
        self.asked: list[tuple[Any, Direction, int]] = []
        self.gate: asyncio.Event | None = None

    def _keys(self, start: int, limit: int, step: int) -> list[int]:
        keys: list[int] = []
        while 0 <= start < self.count and len(keys) < limit:
            if start not in self.removed:
                keys.append(start)
            start += step
        return keys

    async def window(self, anchor: Any | None, direction: Direction, limit: int) -> RowWindow:
        """The rows asked for."""
        self.asked.append((anchor, direction, limit))
        if self.gate is not None:
            await self.gate.wait()
        match direction:
            case "top":
                keys = self._keys(0, limit, 1)
            case "end":
                keys = self._keys(self.count - 1, limit, -1)[::-1]
            case "after":
                keys = self._keys(anchor + 1, limit, 1)
            case "before":
                keys = self._keys(anchor - 1, limit, -1)[::-1]
            case "around":
                keys = self._keys(anchor, limit, 1)
        if not keys:
            return RowWindow((), False, False)
        before = bool(self._keys(keys[0] - 1, 1, -1))
        after = bool(self._keys(keys[-1] + 1, 1, 1))
        return RowWindow([self.make(key) for key in keys], before, after)
