"""What has become of marked tickets, for the list they were marked in."""

from __future__ import annotations

from tui_desk.contracts.gateway import Request
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class MarksSeen:
    shown: frozenset[int]
    """Those that are in the view and fit its query."""
    gone: tuple[tuple[int, int | None], ...]
    """Those that are no tickets of their own any more, and which one each was merged into (None: it is not there at all)."""


@dataclass(frozen=True, slots=True)
class LookAtMarks(Request[MarksSeen]):
    """``view`` and ``query`` as in ``ListTickets``."""

    numbers: tuple[int, ...]
    view: str = "all"
    query: str = ""
