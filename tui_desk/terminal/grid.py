"""What a terminal shows, as cells, and how a frame of Textual's output changes it.

A frame is absolute cursor moves, colours and text: nothing else reaches the grid, whatever the data held. A cell holds a
character with its combining marks; the right half of a wide character is an empty string. Styles are the parameters of
SGR sequences as Textual writes them (each run is followed by a reset, so they never add up).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size, split_graphemes

_TOKEN = re.compile(
    r"\x1b\[(\d*);?(\d*)H"  # 1, 2: cursor position
    r"|\x1b\[([\d;:]*)m"  # 3: style
    r"|(\n)"  # 4: next line, first column
    r"|\x1b\]8;[^;\x07\x1b]*;([^\x07\x1b]*)\x1b\\"  # 5: where the text that follows leads; empty: nowhere
    r"|(\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b.|[\x00-\x1f\x7f-\x9f])"  # 6: anything else
    r"|([^\x00-\x1f\x7f-\x9f]+)"  # 7: text
)
LINK = "\x1f"
"""Parts a style from the address that its text leads to (OSC 8)."""
_UNKNOWN = "\0"
"""What no frame can put into a cell."""
_JOINERS = re.compile("[\u200d\ufe0e\ufe0f]")
Run = tuple[str, str]
"""Text and its style."""


class Piece(NamedTuple):
    """Runs of text that begin at a cell."""

    x: int
    y: int
    runs: Sequence[Run]


@lru_cache(maxsize=8192)
def _width(char: str) -> int:
    return get_character_cell_size(char)


class Grid:
    """A screen of ``height`` lines of ``width`` cells, all blank at first.

    ``chars[y][x]`` and ``styles[y][x]``; ``cursor`` is (column, line), from 0; ``pen`` is the style a terminal writes with now.
    ``touched``: the lines that were written since somebody last emptied it, at first all, with the number of the frame that did.
    """

    __slots__ = ("_frame", "chars", "cursor", "height", "pen", "styles", "touched", "width")

    def __init__(self, width: int, height: int, fill: str = " ") -> None:
        self.width, self.height = width, height
        self.chars = [[fill] * width for _ in range(height)]
        self.styles = [[""] * width for _ in range(height)]
        self.cursor = (0, 0)
        self.pen = ""
        self.touched = dict.fromkeys(range(height), 0)
        self._frame = 0

    def resized(self, width: int, height: int) -> Grid:
        """A grid of another size with what fits of this one."""
        new = Grid(width, height)
        kept = min(width, self.width)
        for y in range(min(height, self.height)):
            new.chars[y][:kept] = self.chars[y][:kept]
            new.styles[y][:kept] = self.styles[y][:kept]
            if kept and kept < self.width and self.chars[y][kept] == "":
                new.chars[y][kept - 1] = " "
        new.cursor = (max(0, min(self.cursor[0], width - 1)), max(0, min(self.cursor[1], height - 1)))
        return new

    def forget(self, x: int, y: int, width: int, height: int) -> None:
        """What these cells show is not known: they differ from whatever is wanted there."""
        for line in range(max(0, y), min(self.height, y + height)):
            self.touched[line] = self._frame
            for column in range(max(0, x), min(self.width, x + width)):
                self.chars[line][column], self.styles[line][column] = _UNKNOWN, ""

    def apply(self, frame: str) -> None:
        """Change the grid by one frame of terminal sequences. What lies outside the grid is cut off."""
        self._frame += 1
        x = y = 0
        style = link = ""
        for match in _TOKEN.finditer(frame):
            kind = match.lastindex
            if kind == 7:
                x = self._write(x, y, match.group(7), f"{style}{LINK}{link}" if link else style)
            elif kind == 3:
                style = match.group(3)
                if style == "0":
                    style = ""
            elif kind == 2:
                y, x = int(match.group(1) or 1) - 1, int(match.group(2) or 1) - 1
            elif kind == 4:
                x, y = 0, y + 1
            elif kind == 5:
                link = match.group(5)
        self.put_cursor(x, y)

    def draw(self, pieces: Iterable[Piece]) -> None:
        """Change the grid by text whose place and style are known. What lies outside the grid is cut off."""
        self._frame += 1
        for x, y, runs in pieces:
            for text, style in runs:
                x = self._write(x, y, text, style)

    def put_cursor(self, x: int, y: int) -> None:
        """Put the cursor on a cell, or on the nearest one to it."""
        self.cursor = (max(0, min(x, self.width - 1)), max(0, min(y, self.height - 1)))

    def _write(self, x: int, y: int, text: str, style: str) -> int:
        """Put ``text`` at a place; the answer is the column behind it."""
        if not 0 <= y < self.height:
            return x
        self.touched[y] = self._frame
        row, row_styles, width = self.chars[y], self.styles[y], self.width
        start = x
        if text.isascii():
            end = x + len(text)
            if x < width:
                shown = text[: width - x]
                row[x : x + len(shown)] = shown
                row_styles[x : x + len(shown)] = [style] * len(shown)
        else:
            end = self._write_wide(x, row, row_styles, text, style)
        if 0 < start < width and row[start - 1] != "" and _is_half(row, start - 1):
            row[start - 1] = " "
        if end < width and row[end] == "" and end > start:
            row[end] = " "
        return end

    def _write_wide(self, x: int, row: list[str], row_styles: list[str], text: str, style: str) -> int:
        width = len(row)
        if x < width and row[x] == "" and x > 0:
            row[x - 1] = " "  # the left half of a wide character cannot stay alone
        for cluster, cells in _clusters(text):
            if cells == 0:
                if 0 < x <= width:
                    base = x - 1 if row[x - 1] != "" else x - 2
                    if base >= 0:
                        row[base] += cluster
                continue
            if x + cells <= width:
                row[x], row_styles[x] = cluster, style
                for right in range(x + 1, x + cells):
                    row[right], row_styles[right] = "", style
            elif x < width:
                row[x], row_styles[x] = " ", style
            x += cells
        return x


def grid_of(rows: Sequence[tuple[list[str], list[tuple[str, int]]]]) -> Grid:
    """The grid of some lines: the characters of their cells, and (style, count) runs."""
    grid = Grid(max((len(cells) for cells, _runs in rows), default=0), len(rows))
    for y, (cells, runs) in enumerate(rows):
        grid.chars[y][: len(cells)] = cells
        grid.styles[y] = [style for style, count in runs for _cell in range(count)]
    grid.cursor = (-1, -1)
    return grid


def _is_half(row: list[str], x: int) -> bool:
    """Whether the cell at ``x`` holds a wide character whose right half was overwritten."""
    cluster = row[x]
    return not cluster.isascii() and _cells(cluster) == 2 and (x + 1 >= len(row) or row[x + 1] != "")


def _cells(cluster: str) -> int:
    return split_graphemes(cluster)[1] if _JOINERS.search(cluster) else _width(cluster[0])


def _clusters(text: str) -> list[tuple[str, int]]:
    """``text`` in characters (or what joiners make one character of) and their widths in cells, as Rich measures."""
    if not _JOINERS.search(text):
        return [(char, _width(char)) for char in text]
    spans, _total = split_graphemes(text)
    return [(text[start:end], cells) for start, end, cells in spans]


_CERTAIN = (
    (0x0020, 0x007E), (0x00A1, 0x00AC), (0x00AE, 0x02FF), (0x0370, 0x0482), (0x048A, 0x052F), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x20A0, 0x20BF), (0x2190, 0x22FF), (0x2400, 0x2421), (0x2500, 0x25B5), (0x25B7, 0x25BF), (0x25C1, 0x25FA), (0x270E, 0x270E),
    (0x2713, 0x2713), (0x2717, 0x2717), (0x3001, 0x3001), (0x3002, 0x3002), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3), (0xFFFD, 0xFFFD),
)  # fmt: skip
"""First and last of characters in order. (A regular expression of them takes a millisecond of every start to compile.)"""
_EDGES = tuple(edge for first, last in _CERTAIN for edge in (first, last + 1))


@lru_cache(maxsize=8192)
def is_certain(cluster: str) -> bool:
    """Whether every terminal gives this character the width that Rich gives it."""
    return all(bisect_right(_EDGES, ord(char)) % 2 for char in cluster)


def changed_rows(want: Grid, have: Grid, looked_at: Iterable[int] | None = None) -> list[int]:
    """The lines that differ between two grids of one size; of those that were touched where nothing else is said."""
    lines = sorted(want.touched.keys() | have.touched.keys()) if looked_at is None else looked_at
    return [y for y in lines if want.chars[y] != have.chars[y] or want.styles[y] != have.styles[y]]
