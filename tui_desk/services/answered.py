"""Taking back what an answer did to its ticket, when the answer is stopped before it left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from tui_desk.core.enums import DeliveryState, Direction, MailKind, MessageKind
from tui_desk.models import Event, Message, OutboxItem, Purchase, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, touch
from tui_desk.services.events import ticket_stream
from tui_desk.services.fields import CHANGED, FIELDS, same
from tui_desk.services.send_queue import IS_WAITING, leaves_later
from tui_desk.services.undo_gates import lacks_for

NOT_WAITING_FOR_ANSWER = (
    MailKind.AUTO_REPLY.value,
    MailKind.BOUNCE.value,
    MailKind.REPORT.value,
    MailKind.LOOP.value,
)
"""Kinds of mail that no person wrote."""
ORDERS = select(Purchase.order_message_id).where(col(Purchase.order_message_id).is_not(None))
"""Orders to suppliers: no word to who asked."""


def take_back_answer(
    session: Session, actor: Actor, ticket: Ticket, message: Message, outbox_id: int, at: datetime
) -> None:
    """Undo the effects of ``message``, whose outbox item was just cancelled whole, on its locked ticket.

    The status goes back where nobody has changed it since, and the ticket has what it must have then; the first response and "the requester waits" are found out anew.
    """
    session.flush()
    replied = session.exec(
        select(Event)
        .where(
            Event.stream == ticket_stream(known(ticket.id)), Event.action == "replied", Event.at == message.at
        )
        .order_by(col(Event.position).desc())
    ).all()
    event = next((one for one in replied if one.after.get("outbox_id") == outbox_id), None)
    if event is not None:
        _status_back(session, actor, ticket, event, at)
    if ticket.first_response_at is not None and ticket.first_response_at >= message.at:
        ticket.first_response_at = _first_response(session, ticket)
    ticket.requester_waiting = requester_waits(session, ticket)
    touch(session, ticket, at)


def _status_back(session: Session, actor: Actor, ticket: Ticket, replied: Event, at: datetime) -> None:
    change = session.exec(
        select(Event).where(
            Event.stream == replied.stream,
            Event.position == replied.position + 1,
            Event.action == CHANGED,
            Event.field == "status",
            Event.at == replied.at,
        )
    ).first()
    if change is None or not same(FIELDS["status"].read(session, ticket), change.after):
        return
    undone = session.exec(
        select(Event.id).where(Event.stream == change.stream, Event.undoes == change.id)
    ).first()
    if undone is None and not lacks_for(session, ticket, str(change.before)):
        set_fields(session, actor, ticket, {"status": change.before}, at, undoes={"status": known(change.id)})


def _answers(ticket: Ticket) -> tuple[ColumnElement[bool], ...]:
    """Conditions for messages that count as an answer: mail that was not stopped, calls and chats that agents logged."""
    stopped = select(OutboxItem.message_id).where(
        OutboxItem.ticket_id == ticket.id,
        OutboxItem.state == DeliveryState.CANCELLED.value,
        col(OutboxItem.message_id).is_not(None),
    )
    return (
        col(Message.ticket_id) == ticket.id,
        col(Message.author_agent_id).is_not(None),
        or_(
            col(Message.direction) == Direction.OUT.value,
            col(Message.kind).in_((MessageKind.PHONE.value, MessageKind.CHAT.value)),
        ),
        col(Message.id).not_in(stopped),
        col(Message.id).not_in(ORDERS),
    )


def _first_response(session: Session, ticket: Ticket) -> datetime | None:
    waiting = select(OutboxItem.message_id).where(
        OutboxItem.ticket_id == ticket.id,
        IS_WAITING,
        leaves_later(OutboxItem),
        col(OutboxItem.message_id).is_not(None),
    )
    first: datetime | None = session.execute(
        select(Message.at)
        .where(*_answers(ticket), col(Message.id).not_in(waiting))
        .order_by(col(Message.id))
        .limit(1)
    ).scalar()
    return first


def requester_waits(session: Session, ticket: Ticket) -> bool:
    """Whether the last word is from outside."""
    asked = session.execute(
        select(func.max(col(Message.id))).where(
            Message.ticket_id == ticket.id,
            Message.direction == Direction.IN.value,
            col(Message.mail_kind).not_in(NOT_WAITING_FOR_ANSWER),
        )
    ).scalar()
    answered = session.execute(
        select(func.max(col(Message.id))).where(
            *_answers(ticket), col(Message.direction) == Direction.OUT.value
        )
    ).scalar()
    return asked is not None and (answered is None or asked > answered)
