"""How wide the columns of a table are, which of them there is room for, and a text cut to a number of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from tui_desk.core.safe_text import safe_line

GAP = 1
"""Blank cells between columns."""


class Column(NamedTuple):
    """One column. ``width`` in cells is the least it needs, never less than its title; ``flex`` its share of what is
    left over.

    Where the table is too narrow, columns with the highest ``priority`` go first; 0 never goes.
    """

    id: str
    title: str
    width: int
    flex: int = 0
    priority: int = 0
    align: Literal["left", "right"] = "left"

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", max(self.width, cell_len(self.title)))


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is shown: its index among all columns, and its width now."""

    index: int
    column: Column
    width: int


def place_columns(columns: Sequence[Column], width: int) -> tuple[Placed, ...]:
    """The columns that fit into ``width`` cells, in order, and how wide each one is.

    When not even the columns that never go fit, they shrink from the widest on, to three cells at least.
    """
    shown = list(enumerate(columns))

    def needed() -> int:
        return sum(column.width for _, column in shown) + GAP * (len(shown) - 1)

    while needed() > width:
        expendable = [pair for pair in shown if pair[1].priority > 0]
        if not expendable:
            break
        shown.remove(max(expendable, key=lambda pair: (pair[1].priority, pair[0])))
    widths = {index: column.width for index, column in shown}
    spare = width - needed()
    while spare < 0 and max(widths.values(), default=0) > 3:
        widest = max(widths, key=lambda index: widths[index])
        widths[widest] -= 1
        spare += 1
    shares = sum(column.flex for _, column in shown)
    for index, column in shown:
        if column.flex and spare > 0:
            extra = spare * column.flex // shares
            widths[index] += extra
            spare -= extra
            shares -= column.flex
    return tuple(Placed(index, column, widths[index]) for index, column in shown)


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
