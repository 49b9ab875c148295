"""A mail that does not belong to the ticket it joined: into a ticket of its own, with the people it brought. It can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from tui_desk.contracts.tickets import MoveOut
from tui_desk.core.enums import Channel, Direction, LinkKind, MessageKind, TicketStatus
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.search import move_messages
from tui_desk.models import IntakeEntry, MailIdentifier, Message, Ticket, Watcher
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.rules.subjects import base_subject, thread_key
from tui_desk.services.actor import Actor
from tui_desk.services.answered import requester_waits
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, now, require, ticket_to_change, touch
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.joining import tell_moved
from tui_desk.services.people import person_for_address, person_without_address
from tui_desk.services.ticket_links import make_link

SUBJECT_LIMIT = 300


def move_out(session: Session, actor: Actor, request: MoveOut) -> int:
    """Give the mail a ticket of its own; answers its number.

    Raises NotFound, and Refused for what is no mail from outside and for the only message of its ticket.
    """
    require(actor, Permission.CHANGE_TICKETS)
    ticket, message = locked_message(session, request.message_id)
    if message.kind != MessageKind.EMAIL.value or message.direction != Direction.IN.value:
        raise Refused(_("Only a mail that came in can be moved out of its ticket."))
    if not _others(session, message):
        raise Refused(_("It is the only message of #{number}.").format(number=ticket.id))
    at = now(session)
    own = _new_ticket(session, actor, ticket, message, at)
    left = _people_brought(session, ticket, message)
    waiting = [ticket.requester_waiting, True]
    moved: dict[str, Any] = {
        "from": ticket.id,
        "to": own.id,
        "messages": [message.id],
        "outbox": [],
        **_move(session, message, own),
        "dropped": [],
        "watchers": [],
        "routes": [],
        "suggested": [],
        "waiting": waiting,
        "left": left,
    }
    tell_moved(session, actor, ticket, own, at, moved)
    make_link(session, actor, own, ticket, LinkKind.RELATED, at)
    # Opened in the same moment, so that the undo closes it.
    set_fields(session, actor, own, {"status": TicketStatus.OPEN.value}, at)
    ticket.requester_waiting = ticket.requester_waiting and requester_waits(session, ticket)
    touch(session, ticket, at)
    return known(own.id)


def locked_message(session: Session, message_id: int) -> tuple[Ticket, Message]:
    """A message and its ticket, locked. Raises NotFound."""
    while True:
        number = session.exec(select(Message.ticket_id).where(Message.id == message_id)).first()
        if number is None:
            raise NotFound(_("There is no such message any more."))
        with session.begin_nested() as attempt:
            ticket = ticket_to_change(session, number)
            message = session.exec(
                select(Message).where(Message.id == message_id).execution_options(populate_existing=True)
            ).one()
            if message.ticket_id == number:
                return ticket, message
            # It was moved while we waited: the lock is given back, so that the next one is taken alone.
            attempt.rollback()


def _others(session: Session, message: Message) -> bool:
    statement = select(Message.id).where(Message.ticket_id == message.ticket_id, Message.id != message.id)
    return session.exec(statement.limit(1)).first() is not None


def _new_ticket(session: Session, actor: Actor, ticket: Ticket, message: Message, at: datetime) -> Ticket:
    name = safe_line(message.author_name, 200).strip()
    if message.author_address:
        person = person_for_address(session, message.author_address, name, at)
    else:
        person = person_without_address(session, name or _("unknown sender"), at)
    subject = safe_line(base_subject(message.subject) or message.subject, SUBJECT_LIMIT).strip()
    own = Ticket(
        subject=subject or _("(no subject)"),
        thread_subject=thread_key(message.subject),
        status=TicketStatus.CLOSED.value,
        channel=Channel.EMAIL.value,
        team_id=ticket.team_id,
        requester_id=known(person.id),
        requester_name=person.name or safe_line(message.author_address, 200),
        mailbox_id=ticket.mailbox_id,
        company_address=ticket.company_address,
        created_at=message.at,
        updated_at=at,
        resolved_at=at,
        closed_at=at,
        requester_waiting=True,
    )
    session.add(own)
    session.flush()
    record(
        session,
        actor,
        ticket_stream(known(own.id)),
        "created",
        at,
        after={
            "channel": own.channel,
            "subject": own.subject,
            "message_id": message.id,
            "status": own.status,
        },
    )
    return own


def _move(session: Session, message: Message, own: Ticket) -> dict[str, list[int]]:
    """The mail, its ledger rows and its own identifiers. Answers their ids, as the undo needs them."""
    entries = session.exec(select(IntakeEntry.id).where(IntakeEntry.message_id == message.id)).all()
    identifiers = session.exec(
        select(MailIdentifier.id).where(
            MailIdentifier.message_id == message.id, MailIdentifier.ticket_id == message.ticket_id
        )
    ).all()
    for table, ids in ((IntakeEntry, entries), (MailIdentifier, identifiers)):
        session.execute(
            update(table)
            .where(col(table.id).in_(ids))
            .values(ticket_id=own.id)
            .execution_options(synchronize_session="fetch")
        )
    message.ticket_id = known(own.id)
    session.add(message)
    session.flush()
    move_messages(session, [known(message.id)], known(own.id))
    return {"intake": list(map(known, entries)), "identifiers": list(map(known, identifiers))}


def _people_brought(session: Session, ticket: Ticket, message: Message) -> list[list[Any]]:
    """Those who take part only because this mail named them leave with it. Answers who they were."""
    rest = session.exec(
        select(Message.author_address, Message.recipients_to, Message.recipients_cc).where(
            Message.ticket_id == ticket.id, Message.id != message.id
        )
    ).all()
    staying = {address for author, to, cc in rest for address in _named(author, to, cc)}
    leaving = _named(message.author_address, message.recipients_to, message.recipients_cc) - staying
    gone = []
    for row in session.exec(
        select(Watcher).where(Watcher.ticket_id == ticket.id, Watcher.role == "cc")
    ).all():
        if row.address and address_key(row.address) in leaving:
            gone.append([row.person_id, row.agent_id, row.address, row.role])
            session.delete(row)
    session.flush()
    return gone


def _named(author: str, to: Sequence[Sequence[str]], cc: Sequence[Sequence[str]]) -> set[str]:
    return {address_key(author), *(address_key(str(address)) for _name, address in (*to, *cc))}
