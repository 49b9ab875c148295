"""The answer to a change; apart from what is changed, since the queue starts without the contracts of a ticket."""

from __future__ import annotations

from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """What one change did, for the message line and the undo."""

    number: int
    event_ids: tuple[int, ...]
    sentence: str
