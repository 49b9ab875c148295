"""Tables of HTML mail: which hold data, and how they are set in columns no wider than a terminal.

Most tables in mail only lay a page out; their cells are read one after the other. A table of data has rules or heading
cells, several rows and columns, and nothing but short text in its cells.
"""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from tui_desk.mail.html_tokens import Token

WIDTH: Final = 78
"""Columns of a terminal that a table may take."""
_NARROW: Final = 8
_MAX_CELL: Final = 400
_MAX_COLUMNS: Final = 30
_MAX_CELLS: Final = 20_000
_SEPARATOR: Final = " | "
# What makes a table a means of layout when it stands in a cell.
_NOT_IN_DATA: Final = frozenset(("ul", "ol", "blockquote", "pre", "hr", "h1", "h2", "h3", "form", "center"))
_RULED: Final = (
    "msotablegrid",
    "border:solid",
    "border: solid",
    "1px solid",
    "1.0pt",
    "datagrid",
    "data-table",
)


@dataclass(slots=True)
class _Open:
    start: int
    ruled: bool
    headed: bool = False
    layout: bool = False
    rows: int = 0
    columns: int = 0
    widest: int = 0
    cell: int = 0
    cells: int = 0
    filled: int = 0


def data_tables(tokens: list[Token]) -> frozenset[int]:
    """The numbers of the ``<table>`` tokens that hold data."""
    found: list[int] = []
    stack: list[_Open] = []
    for number, (kind, name, rest) in enumerate(tokens):
        if kind == "text":
            if stack:
                length = len(rest.split()) and len(rest)
                stack[-1].cell += length
                stack[-1].filled += bool(length)
            continue
        if name == "table":
            if kind == "start":
                if stack:
                    stack[-1].layout = True
                lowered = rest[:2_000].lower()
                stack.append(_Open(number, _is_ruled(lowered), layout='role="presentation"' in lowered))
            elif stack:
                _close_row(stack[-1])
                closed = stack.pop()
                if _is_data(closed):
                    found.append(closed.start)
        elif stack:
            _seen(stack[-1], kind, name, rest)
    return frozenset(found)


def _is_ruled(lowered: str) -> bool:
    at = lowered.find("border=")
    if at >= 0 and lowered[at + 7 : at + 9].strip("\"' ")[:1] not in ("", "0"):
        return True
    return any(sign in lowered for sign in _RULED)


def _seen(table: _Open, kind: str, name: str, rest: str) -> None:
    if kind != "start":
        return
    if name == "tr":
        _close_row(table)
        table.rows += 1
    elif name in ("td", "th"):
        _close_cell(table)
        table.columns += 1
        table.cells += 1
        table.headed = table.headed or name == "th"
        if not table.ruled and rest and _is_ruled(rest[:2_000].lower()):
            table.ruled = True
    elif name in _NOT_IN_DATA:
        table.layout = True


def _close_cell(table: _Open) -> None:
    if table.cell > _MAX_CELL:
        table.layout = True
    table.cell = 0


def _close_row(table: _Open) -> None:
    _close_cell(table)
    table.widest = max(table.widest, table.columns)
    table.columns = 0


def _is_data(table: _Open) -> bool:
    return (
        (table.ruled or table.headed)
        and not table.layout
        and table.rows >= 2
        and 2 <= table.widest <= _MAX_COLUMNS
        and table.cells <= _MAX_CELLS
        and table.filled * 3 >= table.cells
    )


@dataclass(slots=True)
class Grid:
    """The rows of a table of data while they are read; a cell is its lines."""

    rows: list[list[list[str]]] = field(default_factory=list)
    headings: int = 0
    at: int = -1
    reaching: dict[int, int] = field(default_factory=dict)
    """Rows that the cells above still take, by column."""

    def row(self) -> None:
        """A new row begins."""
        if self.rows and self.reaching:
            self._leave_room()
            self.reaching = {column: left - 1 for column, left in self.reaching.items() if left > 1}
        self.rows.append([])
        self.at = -1

    def _leave_room(self) -> None:
        """Empty cells where a cell of a row above reaches down."""
        row = self.rows[-1]
        while len(row) in self.reaching:
            row.append([])

    def cell(self, *, heading: bool, span: int, down: int = 1) -> None:
        """A new cell begins; ``span`` columns wide, ``down`` rows high."""
        if not self.rows:
            self.row()
        if self.reaching:
            self._leave_room()
        row = self.rows[-1]
        self.at = len(row)
        row.extend([] for _ in range(max(1, min(span, _MAX_COLUMNS))))
        if down > 1:
            self.reaching.update(dict.fromkeys(range(self.at, len(row)), down))
        if heading and len(self.rows) == 1:
            self.headings += 1

    def add(self, line: str) -> None:
        """A line of text of the cell that began last."""
        if self.at < 0:
            self.cell(heading=False, span=1)
        self.rows[-1][self.at].append(line)

    def lines(self) -> list[str]:
        """The table set in columns, or as one record after the other where it is too wide for that."""
        rows = [row for row in self.rows if any(row)]
        if not rows:
            return []
        count = max(len(row) for row in rows)
        texts = [[" ".join(cell) for cell in row] + [""] * (count - len(row)) for row in rows]
        kept = [number for number in range(count) if any(row[number] for row in texts)]
        texts = [[row[number] for number in kept] for row in texts]
        widths = _widths(texts)
        if widths is None:
            return _records(texts, headed=self.headings > 1)
        return [line for row in texts for line in _set(row, widths)]


def _widths(rows: list[list[str]]) -> list[int] | None:
    """The width of every column, or None where no widths fit."""
    natural = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    room = WIDTH - len(_SEPARATOR) * (len(natural) - 1)
    if sum(natural) <= room:
        return natural
    longest = [
        max((width(word) for cell in column for word in cell.split()), default=0)
        for column in zip(*rows, strict=True)
    ]
    least = [min(wide, max(word, _NARROW)) for wide, word in zip(natural, longest, strict=True)]
    if sum(least) > room:
        return None
    widths = list(least)
    spare = room - sum(least)
    while spare > 0:
        wanting = [number for number, wide in enumerate(natural) if widths[number] < wide]
        if not wanting:
            break
        share = max(1, spare // len(wanting))
        for number in wanting:
            given = min(share, natural[number] - widths[number], spare)
            widths[number] += given
            spare -= given
    return widths


def _set(row: list[str], widths: list[int]) -> list[str]:
    """One row as the lines of its wrapped cells."""
    cells = [_wrapped(cell, wide) for cell, wide in zip(row, widths, strict=True)]
    lines: list[str] = []
    for number in range(max(len(cell) for cell in cells)):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = [part + " " * (wide - width(part)) for part, wide in zip(parts, widths, strict=True)]
        lines.append(_SEPARATOR.join(padded).rstrip())
    return lines


def _wrapped(cell: str, wide: int) -> list[str]:
    if width(cell) <= wide:
        return [cell]
    if cell.isascii():
        return textwrap.wrap(cell, wide, break_long_words=False, break_on_hyphens=False) or [""]
    lines, line = [], ""
    for word in cell.split():
        longer = f"{line} {word}" if line else word
        if line and width(longer) > wide:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _records(rows: list[list[str]], *, headed: bool) -> list[str]:
    """Rows that are too wide for columns: ``heading: value`` line by line, an empty line between rows."""
    headings = rows[0] if headed and len(rows) > 1 else []
    lines: list[str] = []
    for row in rows[1:] if headings else rows:
        if lines:
            lines.append("")
        for number, cell in enumerate(row):
            if cell:
                heading = headings[number] if headings else ""
                lines.append(f"{heading}: {cell}" if heading else cell)
    return lines


def width(text: str) -> int:
    """Columns ``text`` takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(char) or char in "\u200b\u200c\u200d\ufeff"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
