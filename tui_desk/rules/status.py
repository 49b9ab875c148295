"""The life of a ticket: which status may follow which, and what follows from a change. Pure; the clock is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tui_desk.core.enums import TicketStatus

_WORKING = frozenset({TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.ON_HOLD})
_ENDED = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED})

TRANSITIONS: dict[TicketStatus, frozenset[TicketStatus]] = {
    TicketStatus.NEW: _WORKING | _ENDED,
    TicketStatus.OPEN: frozenset(TicketStatus) - {TicketStatus.OPEN},
    TicketStatus.PENDING: frozenset({TicketStatus.OPEN, TicketStatus.ON_HOLD}) | _ENDED,
    TicketStatus.ON_HOLD: frozenset({TicketStatus.OPEN, TicketStatus.PENDING}) | _ENDED,
    TicketStatus.RESOLVED: _WORKING | {TicketStatus.CLOSED},
    TicketStatus.CLOSED: _WORKING | {TicketStatus.RESOLVED},
}
"""Only an open ticket goes back to new (it was taken by mistake)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """When a ticket was resolved and closed; None while it is not."""

    resolved_at: datetime | None
    closed_at: datetime | None


def may_follow(before: TicketStatus, after: TicketStatus) -> bool:
    """Whether a person may set ``after`` on a ticket that is ``before`` (staying is always allowed)."""
    return before is after or after in TRANSITIONS[before]


def ended_after(now: datetime, after: TicketStatus, earlier: Ended) -> Ended:
    """What resolved_at and closed_at become: kept where they still hold, cleared by reopening."""
    if after is TicketStatus.RESOLVED:
        return Ended(earlier.resolved_at or now, None)
    if after is TicketStatus.CLOSED:
        return Ended(earlier.resolved_at or now, earlier.closed_at or now)
    return Ended(None, None)


def after_taking(status: TicketStatus) -> TicketStatus:
    """A ticket that somebody takes is no longer new."""
    return TicketStatus.OPEN if status is TicketStatus.NEW else status


def after_answer(status: TicketStatus, wanted: TicketStatus | None) -> TicketStatus:
    """The status after an agent's reply: as wanted, else a new ticket is open now."""
    return wanted if wanted is not None else after_taking(status)
