"""A picture in half-blocks: two pixels in each cell, the upper one as ``▀`` and the lower one as its background.

Without colour a cell is as dark or light as its two pixels.
"""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.filter import NoColor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_UPPER = "▀"
_SHADES = " ░▒▓█"
_STEP = 0xFC
"""Colours are told apart by six bits: nobody sees the others, and equal neighbours cost no bytes."""


class PictureView(Widget):
    """Shows pixels (three bytes each, row by row), or holds their place for a terminal that draws pictures itself."""

    DEFAULT_CSS = "PictureView { height: 1fr; width: 1fr; }"

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Strip] = []
        self._shades: list[Strip] = []
        self._place = (0, 0)

    def show_pixels(self, width: int, height: int, rgb: bytes) -> None:
        """Show these pixels; every second line of them is the lower half of a cell."""
        self._lines = [_line(rgb, y, width, height) for y in range(0, height, 2)]
        self._shades = [_shade(rgb, y, width) for y in range(0, height, 2)]
        self._place = (width, len(self._lines))
        self.refresh()

    def hold(self, columns: int, rows: int) -> Region:
        """Leave so many cells blank; answers where they are on the screen."""
        self._lines, self._shades = [], []
        self._place = (min(columns, self.size.width), min(rows, self.size.height))
        self.refresh()
        return Region(self.content_region.x, self.content_region.y, *self._place)

    def render_line(self, y: int) -> Strip:
        """One line of cells."""
        style, width = self.rich_style, self.size.width
        without = self.app.no_color or any(isinstance(one, NoColor) for one in self.app._filters)
        lines = self._shades if without else self._lines
        if y >= len(lines):
            return Strip.blank(width, style)
        return lines[y].adjust_cell_length(width, style)


def _line(rgb: bytes, y: int, width: int, height: int) -> Strip:
    """The cells of the pixel rows ``y`` and ``y + 1``; cells that look alike in one run."""
    upper = rgb[3 * y * width : 3 * (y + 1) * width]
    lower = rgb[3 * (y + 1) * width : 3 * (y + 2) * width] if y + 1 < height else b""
    segments: list[Segment] = []
    begun, before = 0, None
    for x in range(width + 1):
        cell = (_pixel(upper, x), _pixel(lower, x)) if x < width else None
        if cell != before or cell is None:
            if before is not None:
                segments.append(_run(before, x - begun))
            begun, before = x, cell
    return Strip(segments, width)


def _shade(rgb: bytes, y: int, width: int) -> Strip:
    """The cells of the same two rows, told apart by how light they are."""
    rows = [row for row in (rgb[3 * at * width : 3 * (at + 1) * width] for at in (y, y + 1)) if row]
    text = ""
    for x in range(0, 3 * width, 3):
        light = sum(299 * row[x] + 587 * row[x + 1] + 114 * row[x + 2] for row in rows)
        text += _SHADES[light * len(_SHADES) // (256_000 * len(rows))]
    return Strip([Segment(text)], width)


Pixel = tuple[int, int, int] | None


def _pixel(row: bytes, x: int) -> Pixel:
    if not row:
        return None
    red, green, blue = row[3 * x : 3 * x + 3]
    return red & _STEP, green & _STEP, blue & _STEP


def _run(cell: tuple[Pixel, Pixel], count: int) -> Segment:
    upper, lower = cell
    if upper == lower and upper is not None:
        return Segment(" " * count, Style(bgcolor=Color.from_rgb(*upper)))
    front = Color.from_rgb(*upper) if upper is not None else None
    behind = Color.from_rgb(*lower) if lower is not None else None
    return Segment(_UPPER * count, Style(color=front, bgcolor=behind))
