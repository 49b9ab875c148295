"""Painting no more than changed: of a partial update only the lines that are dirty, and of those only what is in front.

Textual renders every widget whose container meets the dirty lines, whole, and behind widgets that cover them too: ten widgets of forty
lines for a cursor that moved by one row. :func:`install_thin_repaint` takes the place of the one method that chooses them.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip

_every_widget = Compositor._get_renders


def _dirty_renders(
    self: Compositor, crop: Region | None = None
) -> Iterable[tuple[Region, Region, list[Strip]]]:
    """Widgets from front to back with the lines of them that lie in ``crop``, until it is covered."""
    if not crop:
        yield from _every_widget(self, crop)
        return
    for widget, (region, clip) in self.visible_widgets.items():
        shown = region.intersection(clip)
        top, bottom = max(shown.y, crop.y), min(shown.bottom, crop.bottom)
        if top >= bottom or not shown.width:
            continue
        part = Region(shown.x, top, shown.width, bottom - top)
        yield region, part, widget.render_lines(part.translate((-region.x, -region.y)))
        if part.contains_region(crop):
            return


def install_thin_repaint() -> None:
    """Let every screen of this process repaint so. Calling it again changes nothing."""
    Compositor._get_renders = _dirty_renders  # type: ignore[method-assign] # the one place where Textual chooses what to render
