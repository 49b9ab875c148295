"""What hides a screen that is too small to show what keys would do."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.screen import Screen
from textual.widgets import Static

from tui_desk.terminal.size import too_small, too_small_told


class TooSmall(Static):
    """A sentence over everything; no click reaches what is below it. See :func:`cover_when_too_small`."""

    def __init__(self) -> None:
        super().__init__("", id="too-small", markup=False)


def cover_when_too_small(screen: Screen[Any], event: events.Resize) -> None:
    """Show or hide the cover of ``screen``. Keys are ignored meanwhile by the application."""
    width, height = event.size
    covered = too_small(width, height)
    screen.set_class(covered, "-too-small")
    covers = screen.query(TooSmall)
    if covered and covers:
        covers.first().update(too_small_told(width, height))
