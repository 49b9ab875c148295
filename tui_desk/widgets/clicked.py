"""What a click meant in a line of words: what is painted there is read, so that it says what a person saw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.widget import Widget

T = TypeVar("T")


class Clicked(NamedTuple):
    """The painted row, and which of its characters is under the mouse."""

    text: str
    at: int


def row_under(widget: Widget, event: events.Click) -> Clicked:
    """The row of ``widget`` that was clicked; an empty one where the click was elsewhere."""
    x, y = event.screen_x - widget.region.x, event.screen_y - widget.region.y
    if not (0 <= x < widget.region.width and 0 <= y < widget.region.height):
        return Clicked("", 0)
    text = widget.render_lines(Region(0, y, widget.region.width, 1))[0].text
    at = cells = 0
    for at, sign in enumerate(text):  # noqa: B007 - the place is what is looked for
        cells += cell_len(sign)
        if cells > x:
            break
    return Clicked(text, at)


def meant(clicked: Clicked, labels: Iterable[tuple[str, T]]) -> T | None:
    """What belongs to the label that was clicked; of several under the mouse the longest."""
    found: T | None = None
    longest = 0
    for label, value in labels:
        start = clicked.text.find(label)
        if start >= 0 and start <= clicked.at < start + len(label) and len(label) > longest:
            found, longest = value, len(label)
    return found
