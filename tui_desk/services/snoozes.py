"""Putting a ticket off: out of the views of work until a moment, or until its requester writes.

The moment itself needs nobody: the queue asks for it (``services.queue``). A worker's clock then ends the snooze and tells who put it off;
whichever worker deletes the row is the one that tells. It ends, too, when a mail of the ticket did not arrive, since then no answer can
come. A ticket that is resolved, closed or merged is put off no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, func, or_, select

from tui_desk.contracts.flow import SnoozeTicket, WakeTicket
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core import moment_text
from tui_desk.core.enums import UNRESOLVED, DeliveryState, Direction
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.models import Delivery, Message, OutboxItem, Snooze, Ticket
from tui_desk.rules.moments import not_too_far
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import CLOCK, Actor
from tui_desk.services.answered import NOT_WAITING_FOR_ANSWER
from tui_desk.services.context import known, now, refuse_merged, require, ticket_to_change
from tui_desk.services.event_text import status_name
from tui_desk.services.events import ticket_stream
from tui_desk.services.notify import notify
from tui_desk.services.rows import add_row, change_row, remove_row
from tui_desk.services.snooze_view import end_snooze, locked_snooze

AT_ONCE = 200
OVER, ANSWERED, RETURNED = "snooze_over", "snooze_answered", "snooze_returned"
"""Kinds of notification: the moment has come, the requester wrote, a mail to the requester did not arrive."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A snooze that is to end now."""

    id: int
    number: int


def snooze(session: Session, actor: Actor, request: SnoozeTicket) -> FieldChanged:
    """Put a ticket off. Raises NotFound, Refused (resolved, closed, merged), UsageError for a moment that is over or too far away."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_change(session, request.number)
    refuse_merged(ticket)
    if ticket.status not in {status.value for status in UNRESOLVED}:
        raise Refused(
            _("#{number} is {status}: there is nothing to put off.").format(
                number=request.number, status=status_name(ticket.status)
            )
        )
    at = now(session)
    until = None if request.until is None else _to_come(request.until, at)
    values: dict[str, Any] = {
        "until": until,
        "after_message_id": _known_to(session, request),
        "by_agent_id": known(actor.agent_id),
        "at": at,
    }
    present = locked_snooze(session, request.number)
    stream, name = ticket_stream(request.number), f"#{request.number}"
    if present is None:
        row = Snooze(ticket_id=request.number, **values)
        events: tuple[int, ...] = (add_row(session, actor, stream, row, at, name=name),)
    else:
        events = change_row(session, actor, stream, present, values, at, name=name)
    if until is None:
        told = _("#{number} is snoozed until the requester writes.").format(number=request.number)
    else:
        told = _("#{number} is snoozed until {when}, or the requester writes.").format(
            number=request.number, when=moment_text.told(until, at)
        )
    return FieldChanged(request.number, events, told)


def _to_come(until: datetime, at: datetime) -> datetime:
    until = until.astimezone(UTC)
    if until <= at:
        raise UsageError(_("That moment is over."), _("Name one that is still to come."))
    return not_too_far(until, at, until.astimezone().strftime("%Y-%m-%d %H:%M"))


def wake(session: Session, actor: Actor, request: WakeTicket) -> FieldChanged:
    """Bring a ticket back now. Raises NotFound, Refused where it is not snoozed."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_change(session, request.number)
    events = end_snooze(session, actor, ticket, now(session))
    if not events:
        raise Refused(_("#{number} is not snoozed.").format(number=request.number))
    return FieldChanged(request.number, events, _("#{number} is back.").format(number=request.number))


def answer_came(
    session: Session, actor: Actor, ticket: Ticket, at: datetime, *, by_others: bool = False
) -> tuple[int, ...]:
    """The requester's word came by another way than a mail: end the snooze of a locked ticket and tell who put it off.

    ``by_others``: only where that was not the acting agent. Answers the ids of the events.
    """
    row = locked_snooze(session, known(ticket.id))
    if row is None or (by_others and row.by_agent_id == actor.agent_id):
        return ()
    agent_id = row.by_agent_id
    events = end_snooze(session, actor, ticket, at)
    notify(session, actor, agent_id, ANSWERED, at, ticket=ticket.id, text=ticket.subject)
    return events


# -- what the clock does ---------------------------------------------------------------------------------------------
def due(session: Session, at: datetime) -> Sequence[Ended]:
    """Snoozes that end now: the moment has come, the requester wrote, or the ticket came to an end. Never writes."""
    rows = session.exec(
        select(Snooze.id, Snooze.ticket_id)
        .join(Ticket, col(Ticket.id) == Snooze.ticket_id)
        .where(
            or_(
                col(Snooze.until) <= at,
                _is_over(),
                _answered() & col(Ticket.requester_waiting),
                _returned(),
            )
        )
        .order_by(col(Snooze.id))
        .limit(AT_ONCE)
    ).all()
    return [Ended(known(row_id), number) for row_id, number in rows]


def end(session: Session, ended: Ended, at: datetime) -> bool:
    """End one of :func:`due`, if it still is, and tell who put the ticket off. Answers whether this call did."""
    ticket = ticket_to_change(session, ended.number)
    statement = select(Snooze).where(Snooze.id == ended.id, Snooze.ticket_id == ticket.id)
    row = session.exec(statement.with_for_update()).first()
    if row is None:
        return False
    over = ticket.status not in {status.value for status in UNRESOLVED}
    this = select(Snooze.id).where(Snooze.id == ended.id)
    answered = ticket.requester_waiting and session.exec(this.where(_answered())).first() is not None
    returned = not answered and session.exec(this.where(_returned())).first() is not None
    if not (over or answered or returned or (row.until is not None and row.until <= at)):
        return False
    agent_id = row.by_agent_id
    remove_row(session, CLOCK, ticket_stream(ended.number), row, at, name=f"#{ended.number}")
    if not over:
        kind = ANSWERED if answered else RETURNED if returned else OVER
        notify(session, CLOCK, agent_id, kind, at, ticket=ended.number, text=ticket.subject)
    return True


def _answered() -> ColumnElement[bool]:
    """A mail came since that no machine wrote; that it is no agent's says ``Ticket.requester_waiting``."""
    return exists().where(
        col(Message.ticket_id) == Snooze.ticket_id,
        col(Message.id) > Snooze.after_message_id,
        col(Message.direction) == Direction.IN.value,
        col(Message.mail_kind).not_in(NOT_WAITING_FOR_ANSWER),
    )


def _returned() -> ColumnElement[bool]:
    """A mail of the ticket failed or came back since."""
    return exists().where(
        col(OutboxItem.ticket_id) == Snooze.ticket_id,
        col(Delivery.outbox_id) == OutboxItem.id,
        col(Delivery.state).in_((DeliveryState.FAILED.value, DeliveryState.BOUNCED.value)),
        col(Delivery.updated_at) > Snooze.at,
    )


def _is_over() -> ColumnElement[bool]:
    return col(Ticket.status).not_in([status.value for status in UNRESOLVED])


def _known_to(session: Session, request: SnoozeTicket) -> int:
    """The newest message of the ticket that the request knows of."""
    newest = (
        session.exec(select(func.max(Message.id)).where(Message.ticket_id == request.number)).first() or 0
    )
    return newest if request.seen_message_id is None else min(newest, request.seen_message_id)
