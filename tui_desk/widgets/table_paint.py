"""The lines of a table: header, row, skeleton and message, as strips of an exact width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_desk.widgets.columns import GAP, Placed, fit
from tui_desk.widgets.row_buffer import TableRow

GUTTER = 2
"""Cells before the first column: the cursor's bar, and the sign of a row that has left the list."""

LEFT = "×"
"""The sign of a row that has left the list."""

MARK = "*"
"""The sign of a marked row."""

HEADING = "──"
"""What begins the line above a group, so that it is no row without colours either."""

StyleOf = Callable[[str], Style]
"""The style of a component class of the table, by its short name; ``""`` is the table's own."""


class Look(IntEnum):
    """Whether the cursor is on a row, and whether keys go to its table."""

    PLAIN = 0
    CURSOR_UNFOCUSED = 1
    CURSOR = 2


_CURSOR_STYLE = {Look.CURSOR: "cursor", Look.CURSOR_UNFOCUSED: "cursor-unfocused"}
_CURSOR_BAR = {Look.PLAIN: " ", Look.CURSOR_UNFOCUSED: "▏", Look.CURSOR: "▌"}


def header_strip(placed: Sequence[Placed], width: int, style_of: StyleOf) -> Strip:
    """The line with the titles of the columns."""
    titles = (" " * GAP).join(fit(place.column.title, place.width, place.column.align) for place in placed)
    return message_strip(titles, width, style_of("header"))


def column_at(placed: Sequence[Placed], x: int) -> str:
    """The id of the column that stands at the cell ``x`` of a line; empty beside and between them."""
    begin = GUTTER
    for place in placed:
        if begin <= x < begin + place.width:
            return place.column.id
        begin += place.width + GAP
    return ""


def lit_column(placed: Sequence[Placed]) -> int:
    """The column that the cursor colours: the text that names the thing, else the first that takes what room is left over.

    Colouring a whole row costs four times the bytes at every move, and hides what the other columns say by their colour.
    """
    named = [place.index for place in placed if place.column.names]
    flexible = [place.index for place in placed if place.column.flex]
    return next(iter((*named, *flexible, *(place.index for place in placed[:1]))), 0)


def row_strip(
    row: TableRow,
    placed: Sequence[Placed],
    width: int,
    look: Look,
    style_of: StyleOf,
    marked: bool = False,
) -> Strip:
    """One row. Where the cursor is, its bar and the text that names the thing stand out."""
    over = style_of(_CURSOR_STYLE[look]) if look else None
    base = style_of(row.style or ("muted" if row.stale else ""))
    lit = lit_column(placed) if over else -1
    sign = LEFT if row.stale else MARK if marked else " "
    bar = base + Style(color=over.bgcolor) if over and over.bgcolor else base
    segments = [Segment(_CURSOR_BAR[look], bar), Segment(sign, base)]
    used = GUTTER
    for place in placed:
        cell = row.cells[place.index] if place.index < len(row.cells) else ""
        text, name = (cell, "") if isinstance(cell, str) else (cell.text, cell.style)
        style = base if row.stale or not name else style_of(name)
        shown = fit(text, place.width, place.column.align) + " " * GAP
        used += place.width + GAP
        if over and place.index == lit:
            end = len(shown.rstrip())
            segments.append(Segment(shown[:end], over))
            shown, style = shown[end:], base
        segments.append(Segment(shown, style))
    return Strip(segments, used).adjust_cell_length(width, base)


def heading_strip(row: TableRow, width: int, style: Style, count: str = "") -> Strip:
    """The line above the rows of a group; ``count``: how many there are."""
    told = f"{HEADING} {row.group}"
    return Strip([Segment(fit(f"{told} · {count}" if count else told, width), style)], width)


def skeleton_strip(line: int, placed: Sequence[Placed], width: int, style_of: StyleOf) -> Strip:
    """A line of the shape that rows will have, while the first ones are being read."""
    if line % 2 == 0 or line > 11:
        return Strip.blank(width, style_of(""))
    bars = (" " * GAP).join(fit("╌" * max(1, place.width * 2 // 3), place.width) for place in placed)
    return message_strip(bars, width, style_of("empty"))


def message_strip(text: str, width: int, style: Style) -> Strip:
    """A line of text that begins where the first column begins."""
    return Strip([Segment(fit(" " * GUTTER + text, width), style)], width)
