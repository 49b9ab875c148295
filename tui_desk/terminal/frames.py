"""What Textual painted, as runs of text in one style, without writing it as terminal sequences first and reading those back.

Both cost as much as the painting itself. The runs are what ``Strip.render`` would write: they pass the same choke point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from tui_desk.terminal.choke import TRUE_LINK, clean, may_open
from tui_desk.terminal.grid import LINK, Piece, Run


def pieces_of(frame: LayoutUpdate | ChopsUpdate, colors: ColorSystem) -> Iterator[Piece]:
    """A frame piece by piece, as it would be written: a whole screen, or the spans that changed."""
    if isinstance(frame, LayoutUpdate):
        for y, strips in enumerate(frame.strips, frame.region.y):
            yield Piece(frame.region.x, y, runs_of(strips, colors))
        return
    for y, begin, end in frame.spans:
        for stop, (x, strip) in zip(frame.chop_ends[y], frame.chops[y].items(), strict=False):
            if strip is None or x > end or stop <= begin:
                continue
            if not (begin <= x < end and stop <= end):
                strip = strip.crop(0, min(stop, end) - x)
            yield Piece(x, y, runs_of((strip,), colors))


def runs_of(strips: Iterable[Strip], colors: ColorSystem) -> list[Run]:
    """The text of strips and its styles, clean and with no links but true ones."""
    runs: list[Run] = []
    for strip in strips:
        for text, style, _control in strip:
            text = clean(text)
            if style is None:
                runs.append((text, ""))
                continue
            look = style._ansi
            if look is None:
                look = Strip.render_ansi(style, colors)
            url = style._meta is not None and style.meta.get(TRUE_LINK)
            runs.append((text, f"{look}{LINK}{url}" if url and may_open(url) else look))
    return runs
