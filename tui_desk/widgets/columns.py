"""How wide the columns of a table are, which of them there is room for, and a text cut to a number of cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from tui_desk.core.safe_text import safe_line
from tui_desk.core.values import dataclass

GAP = 1
"""Blank cells between columns."""


NEEDED = 3
"""Columns up to this priority go only when the others are at their least."""


class Column(NamedTuple):
    """One column. ``width`` in cells is what it needs to be read with ease, never less than its title; ``flex`` its share
    of what is left over; ``least`` how far it gives way so that a needed column need not go (0: not at all).

    Where the table is too narrow, columns with the highest ``priority`` go first; 0 never goes.
    """

    id: str
    title: str
    width: int
    flex: int = 0
    priority: int = 0
    align: Literal["left", "right"] = "left"
    least: int = 0
    exact: bool = False
    """A person said how wide it is: its title is cut, too."""
    names: bool = False
    """Its text names the thing: it is what the cursor colours."""
    cell: int = -1
    """Which of a row's cells it shows; below 0 the one at its own place."""

    @property
    def wanted(self) -> int:
        """Cells for its cells and its title."""
        return self.width if self.exact else max(self.width, cell_len(self.title))


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is shown: the index of its cell in a row, and its width now."""

    index: int
    column: Column
    width: int


def place_columns(columns: Sequence[Column], width: int) -> tuple[Placed, ...]:
    """The columns that fit into ``width`` cells, in order, and how wide each one is.

    Columns give way to their ``least`` before a needed one goes. When not even those that never go fit, they shrink from the
    widest on, to three cells at least.
    """
    shown = list(enumerate(columns))

    def least(column: Column) -> int:
        return min(column.least or column.wanted, column.wanted)

    def too_wide(size: Callable[[Column], int]) -> bool:
        return sum(size(column) for _, column in shown) + GAP * (len(shown) - 1) > width

    def drop(above: int, size: Callable[[Column], int]) -> None:
        while too_wide(size) and (going := [pair for pair in shown if pair[1].priority > above]):
            shown.remove(max(going, key=lambda pair: (pair[1].priority, pair[0])))

    drop(NEEDED, lambda column: column.wanted)
    drop(0, least)
    widths = {index: column.wanted for index, column in shown}
    floors = {index: least(column) for index, column in shown}
    spare = width - sum(widths.values()) - GAP * (len(shown) - 1)
    spare += _shrink(widths, floors, -spare)
    spare += _shrink(widths, dict.fromkeys(widths, 3), -spare)
    shares = sum(column.flex for _, column in shown)
    for index, column in shown:
        if column.flex and spare > 0:
            extra = spare * column.flex // shares
            widths[index] += extra
            spare -= extra
            shares -= column.flex
    return tuple(
        Placed(column.cell if column.cell >= 0 else index, column, widths[index]) for index, column in shown
    )


def _shrink(widths: dict[int, int], floors: dict[int, int], by: int) -> int:
    """Take ``by`` cells from ``widths``, always from the widest above its floor; answers how many were taken."""
    taken = 0
    while taken < by:
        going = [index for index in widths if widths[index] > floors[index]]
        if not going:
            break
        widths[max(going, key=lambda index: widths[index])] -= 1
        taken += 1
    return taken


@lru_cache(maxsize=4096)
def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """``text`` made safe and exactly ``width`` cells wide; ended with ``…`` where it was cut."""
    if width <= 0:
        return ""
    text = safe_line(text, width * 2 + 8)
    if text.isascii():
        if len(text) > width:
            return text[: width - 1] + "…"
        return text.rjust(width) if align == "right" else text.ljust(width)
    cells = cell_len(text)
    if cells > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    return " " * (width - cells) + text if align == "right" else text + " " * (width - cells)
