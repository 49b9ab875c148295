"""The tickets that go on with a closed one: further answers to it belong there, not in a new ticket each."""

from __future__ import annotations

from sqlmodel import col, select

from tui_desk.core.enums import LinkKind, TicketStatus
from tui_desk.models import TicketLink
from tui_desk.services.intake_batch import Batch

MAX_FOLLOWED = 20
"""Follow-ups of follow-ups that are looked through, the newest first."""


def still_open_follow_ups(batch: Batch, closed: int) -> tuple[int, ...]:
    """The tickets that follow up ``closed``, or one that did, and are not closed themselves; the newest first.

    They are looked up, those that this very batch makes included.
    """
    found: list[int] = []
    waiting, seen = [closed], {closed}
    while waiting and len(seen) <= MAX_FOLLOWED:
        numbers = _follow_ups(batch, waiting.pop(0))
        batch.look_up_tickets(numbers)
        for number in (_where_it_went(batch, number) for number in numbers):
            state = batch.tickets.get(number)
            if number in seen or state is None:
                continue
            seen.add(number)
            if state.status == TicketStatus.CLOSED.value:
                waiting.append(number)
            else:
                found.append(number)
    return tuple(sorted(found, reverse=True))


def _where_it_went(batch: Batch, number: int) -> int:
    """The ticket that the conversation of this one was joined to, else itself."""
    for _step in range(MAX_FOLLOWED):
        state = batch.tickets.get(number)
        if state is None or state.moved_to is None:
            break
        number = state.moved_to
    return number


def _follow_ups(batch: Batch, number: int) -> list[int]:
    rows = batch.session.execute(
        select(TicketLink.from_id)
        .where(TicketLink.to_id == number, TicketLink.kind == LinkKind.FOLLOW_UP.value)
        .order_by(col(TicketLink.from_id).desc())
        .limit(MAX_FOLLOWED)
    ).all()
    planned = [
        int(row["from_id"])
        for row in batch.rows[TicketLink]
        if row["to_id"] == number and row["kind"] == LinkKind.FOLLOW_UP.value
    ]
    return sorted({int(row[0]) for row in rows} | set(planned), reverse=True)
