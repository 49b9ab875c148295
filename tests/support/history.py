"""Whether the history of a ticket is whole."""

from __future__ import annotations

from collections.abc import Iterable

from tui_desk.models import Event
from tui_desk.services.events import follows


def first_broken(events: Iterable[Event]) -> Event | None:
    """The first event of a stream (in order of position) that does not follow from the one before; None when all agree."""
    previous = ""
    for position, event in enumerate(events, start=1):
        if not follows(event, position, previous):
            return event
        previous = event.hash
    return None
