"""Messages that leave at a time somebody named, if the conversation is then still the one they were written in.

They are *held* until then. Whatever speaks against them meanwhile (somebody wrote, the ticket was ended or is spam) keeps them
held without a time: a person looks again. What was looked at is in the event of that decision, so it is not asked twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import GuardFinding, Reschedule, Rescheduled
from tui_desk.core.enums import DeliveryState, Direction, DraftKind, MessageKind, TicketStatus
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.blobs import load_blob, store_blob
from tui_desk.mail.compose import with_date
from tui_desk.models import Agent, Delivery, Event, Message, OutboxItem, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services import context
from tui_desk.services.actor import MAIL, Actor
from tui_desk.services.answered import NOT_WAITING_FOR_ANSWER
from tui_desk.services.context import known, require, ticket_to_change, touch
from tui_desk.services.event_text import status_name
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.message_view import views
from tui_desk.services.notify import notify
from tui_desk.services.outgoing_view import deliveries_of
from tui_desk.services.returned import kind_of
from tui_desk.services.send_queue import IS_WAITING, is_scheduled, leaves_later
from tui_desk.services.sending import locked_item

RESCHEDULED = "send_rescheduled"
STOPPED = "send_stopped"
NEWER_MESSAGE = "newer_message"
TICKET_ENDED = "ticket_ended"
AT_ONCE = 100
"""Messages that one transaction lets leave: nobody else writes meanwhile (SQLite)."""
_ENDED = (TicketStatus.RESOLVED.value, TicketStatus.CLOSED.value)


class Objection(NamedTuple):
    """Why a message should not leave by itself. ``code`` is that of a finding of the send guard."""

    code: str
    sentence: str
    newer: tuple[Message, ...] = ()


class _Looked(NamedTuple):
    """What an agent has seen who wanted it to leave: messages up to this id, the ticket as it was then."""

    message_id: int
    at: datetime


def from_others(author_id: Any) -> ColumnElement[bool]:
    """Messages that change a conversation for an agent (an id, or the column that has it): people's mail, calls, and what
    colleagues write; no machine's."""
    from_outside = and_(
        col(Message.direction) == Direction.IN.value, col(Message.mail_kind).not_in(NOT_WAITING_FOR_ANSWER)
    )
    of_colleague = and_(
        col(Message.author_agent_id).is_not(None), col(Message.author_agent_id).is_distinct_from(author_id)
    )
    return and_(col(Message.kind) != MessageKind.SYSTEM.value, or_(from_outside, of_colleague))


def objection(session: Session, item: OutboxItem) -> Objection | None:
    """What speaks against ``item`` leaving by itself; None when its conversation is as its author left it."""
    message = session.get(Message, item.message_id) if item.message_id is not None else None
    ticket = session.get(Ticket, item.ticket_id) if item.ticket_id is not None else None
    if message is None or ticket is None:
        return None
    looked = _looked(session, item, message)
    newer = session.exec(
        select(Message)
        .where(
            Message.ticket_id == ticket.id,
            col(Message.id) > looked.message_id,
            from_others(message.author_agent_id),
        )
        .order_by(col(Message.id))
    ).all()
    if newer:
        who = ", ".join(dict.fromkeys(_author(one) for one in newer[-3:]))
        return Objection(NEWER_MESSAGE, _("{who} has written since.").format(who=who), tuple(newer))
    return _ended(session, ticket, message, looked)


def _author(message: Message) -> str:
    return safe_line(message.author_name, 60) or visible_address(message.author_address)


def _ended(session: Session, ticket: Ticket, message: Message, looked: _Looked) -> Objection | None:
    """The ticket was ended or marked as spam by somebody else than the author."""
    if ticket.status not in _ENDED and not ticket.spam:
        return None
    change = session.exec(
        select(Event)
        .where(
            Event.stream == ticket_stream(known(ticket.id)),
            col(Event.field).in_(("status", "spam")),
            Event.at > looked.at,
            col(Event.actor_id).is_not(None),
            Event.actor_id != message.author_agent_id,
        )
        .order_by(col(Event.position).desc())
        .limit(1)
    ).first()
    if change is None:
        return None
    if ticket.spam:
        return Objection(TICKET_ENDED, _("The ticket was marked as spam since."))
    who = session.exec(select(Agent.name).where(Agent.id == change.actor_id)).first()
    return Objection(
        TICKET_ENDED,
        _("{who} has ended the ticket since: {status}.").format(
            who=safe_line(who or change.actor, 60), status=status_name(ticket.status)
        ),
    )


def _looked(session: Session, item: OutboxItem, message: Message) -> _Looked:
    decisions = session.exec(
        select(Event)
        .where(Event.stream == ticket_stream(message.ticket_id), Event.action == RESCHEDULED)
        .order_by(col(Event.position).desc())
    )
    for event in decisions:
        if event.after.get("outbox_id") == item.id:
            return _Looked(max(known(message.id), int(event.after["seen"])), event.at)
    return _Looked(known(message.id), message.at)


# -- what time and others bring about ------------------------------------------------------------------------------------


def _held_later() -> Select[int | None, int | None]:
    return rows_of(col(OutboxItem.id), col(OutboxItem.ticket_id)).where(
        IS_WAITING, leaves_later(OutboxItem), col(OutboxItem.held_until).is_not(None)
    )


def doubtful(session: Session) -> list[int]:
    """Messages waiting for their time that something speaks against (a read), in the order in which tickets are locked."""
    own = aliased(Message)
    newer = exists().where(
        col(own.id) == OutboxItem.message_id,
        col(Message.ticket_id) == OutboxItem.ticket_id,
        col(Message.id) > col(own.id),
        from_others(own.author_agent_id),
    )
    ended = exists().where(
        col(Ticket.id) == OutboxItem.ticket_id,
        or_(
            col(Ticket.spam),
            and_(col(Ticket.status).in_(_ENDED), col(Ticket.resolved_at) > OutboxItem.created_at),
        ),
    )
    rows = session.execute(_held_later().where(or_(newer, ended))).all()
    found = []
    for outbox_id, ticket_id in rows:
        item = session.get_one(OutboxItem, outbox_id)
        if objection(session, item) is not None:
            found.append((ticket_id or 0, known(item.id)))
    return [outbox_id for _ticket, outbox_id in sorted(found)]


def stop_doubtful(session: Session, outbox_ids: Sequence[int], now: datetime) -> int:
    """What speaks against a message that waits for its time is told at once, not when the time comes. Answers how many."""
    stopped = 0
    for outbox_id in outbox_ids:
        item = locked_item(session, outbox_id)
        if is_scheduled(item) and item.held_until is not None:
            stopped += _stop_if(session, item, now)
    return stopped


def release_scheduled(session: Session, now: datetime) -> int:
    """Messages whose time has come may leave, unless something speaks against them now: some of them, those due for longest.

    Answers how many were looked at; with AT_ONCE there may be more.
    """
    due_first = col(OutboxItem.held_until), col(OutboxItem.id)
    rows = session.execute(
        _held_later().where(col(OutboxItem.held_until) <= now).order_by(*due_first).limit(AT_ONCE)
    ).all()
    for _ticket, outbox_id in sorted((ticket_id or 0, known(row_id)) for row_id, ticket_id in rows):
        item = locked_item(session, outbox_id)
        due = is_scheduled(item) and item.held_until is not None and item.held_until <= now
        if due and not _stop_if(session, item, now):
            _release(session, item, now)
    return len(rows)


def _stop_if(session: Session, item: OutboxItem, now: datetime) -> bool:
    """Hold it without a time where something speaks against it; its ticket tells."""
    why = objection(session, item)
    if why is None:
        return False
    item.held_until, item.cause = None, why.sentence
    session.add(item)
    if item.ticket_id is not None:
        to = ", ".join(visible_address(one.address) for one in _open(session, item))
        text = _("The message to {to} does not leave by itself: {why}").format(to=to, why=why.sentence)
        stream = ticket_stream(item.ticket_id)
        record(session, MAIL, stream, STOPPED, now, after={"outbox_id": item.id, "sentence": text})
        message = session.get(Message, item.message_id) if item.message_id is not None else None
        if message is not None and message.author_agent_id is not None:
            author = message.author_agent_id
            notify(
                session,
                MAIL,
                author,
                STOPPED,
                now,
                ticket=item.ticket_id,
                message_id=message.id,
                text=why.sentence,
            )
    session.flush()
    return True


def _release(session: Session, item: OutboxItem, now: datetime) -> None:
    """It may leave; only now the ticket has been answered."""
    for delivery in _open(session, item):
        delivery.state, delivery.updated_at = DeliveryState.QUEUED.value, now
        session.add(delivery)
    item.state, item.next_attempt_at, item.cause = DeliveryState.QUEUED.value, now, ""
    item.epoch += 1
    session.add(item)
    session.flush()
    message = session.get(Message, item.message_id) if item.message_id is not None else None
    ticket = session.get(Ticket, item.ticket_id) if item.ticket_id is not None else None
    if message is None or ticket is None or ticket.first_response_at is not None:
        return
    if kind_of(session, message) is not DraftKind.FORWARD:
        ticket.first_response_at = now
        session.add(ticket)


def _open(session: Session, item: OutboxItem) -> list[Delivery]:
    deliveries = deliveries_of(session, [known(item.id)]).get(known(item.id), [])
    return [one for one in deliveries if one.state == DeliveryState.HELD.value]


# -- what an agent decides -----------------------------------------------------------------------------------------------


def reschedule(session: Session, actor: Actor, request: Reschedule) -> Rescheduled:
    """Let a held message leave now or at another time. With findings that are not confirmed nothing is changed.

    Raises NotFound, UsageError (a time that is over), Refused (it is not held any more).
    """
    require(actor, Permission.WRITE)
    item = locked_item(session, request.outbox_id)
    now = context.now(session)
    if item.state != DeliveryState.HELD.value or not _open(session, item):
        raise Refused(
            _("Message {id} is not held: it has no time that could be changed.").format(id=request.outbox_id)
        )
    if request.leave_at is not None and request.leave_at <= now:
        raise UsageError(_("That time is over."), _("Say “now” to send it at once."))
    why = objection(session, item)
    if why is not None and why.code not in request.confirmed:
        number = item.ticket_id or 0
        return Rescheduled(
            item.id or 0, None, (GuardFinding(why.code, why.sentence, views(session, why.newer, number)),)
        )
    _date(session, item, request.leave_at or now)
    if request.leave_at is None:
        _release(session, item, now)
        item.held_until = None
    else:
        item.held_until = item.next_attempt_at = request.leave_at
        item.cause = ""
    session.add(item)
    _tell_decision(session, actor, item, request.leave_at, now)
    return Rescheduled(known(item.id), request.leave_at, ())


def _date(session: Session, item: OutboxItem, at: datetime) -> None:
    """The Date field names when it leaves: nothing was sent yet, so its bytes may change."""
    item.mime_sha256 = store_blob(session, with_date(load_blob(session, item.mime_sha256), at))
    message = session.get(Message, item.message_id) if item.message_id is not None else None
    if message is not None:
        message.raw_sha256 = item.mime_sha256
        session.add(message)


def _tell_decision(
    session: Session, actor: Actor, item: OutboxItem, leave_at: datetime | None, now: datetime
) -> None:
    if item.ticket_id is None:
        return
    ticket = ticket_to_change(session, item.ticket_id)
    seen = session.exec(select(func.max(Message.id)).where(Message.ticket_id == item.ticket_id)).one()
    record(
        session,
        actor,
        ticket_stream(item.ticket_id),
        RESCHEDULED,
        now,
        after={
            "outbox_id": item.id,
            "to": [one.address for one in deliveries_of(session, [known(item.id)])[known(item.id)]],
            "leave_at": leave_at.isoformat() if leave_at is not None else "",
            "seen": seen or 0,
        },
    )
    touch(session, ticket, now)
