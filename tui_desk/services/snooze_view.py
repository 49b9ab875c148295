"""How a ticket is put off, and the end of that: what a change of its status needs to know (``services.snoozes`` is the use case)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, or_, select

from tui_desk.contracts.queue import SnoozeView
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Agent, Snooze, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import remove_row


def end_snooze(session: Session, actor: Actor, ticket: Ticket, at: datetime) -> tuple[int, ...]:
    """Take the snooze of a locked ticket away, where it has one; answers the event's id."""
    number = known(ticket.id)
    row = locked_snooze(session, number)
    if row is None:
        return ()
    return (remove_row(session, actor, ticket_stream(number), row, at, name=f"#{number}"),)


def snooze_of(session: Session, number: int, at: datetime) -> SnoozeView | None:
    """How a ticket is put off at that moment; None where it is not, or no more."""
    found = session.exec(
        select(Snooze, Agent.name, Agent.login)
        .join(Agent, col(Agent.id) == Snooze.by_agent_id)
        .where(Snooze.ticket_id == number, or_(col(Snooze.until).is_(None), col(Snooze.until) > at))
    ).first()
    if found is None:
        return None
    row, name, login = found
    return SnoozeView(row.until, safe_line(name or login))


def locked_snooze(session: Session, number: int) -> Snooze | None:
    """The snooze of a ticket, locked for change; None where it has none."""
    return session.exec(select(Snooze).where(Snooze.ticket_id == number).with_for_update()).first()
