"""Some messages of a ticket into a new one, with their files, their identifiers and the people they brought. It can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.contracts.merging import SplitTicket
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import Channel, Direction, LinkKind, MessageKind, TicketStatus
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Message, Person, Ticket, Watcher
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.rules.subjects import base_subject, thread_key
from tui_desk.services.actor import Actor
from tui_desk.services.answered import requester_waits
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, now, require, ticket_to_change, touch
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.fields import requester_label
from tui_desk.services.joining import Content, carry, part_of, tell_moved, watcher
from tui_desk.services.people import person_for_address, person_without_address
from tui_desk.services.ticket_links import make_link

SUBJECT_LIMIT = 300
_CHANNELS = {
    MessageKind.EMAIL.value: Channel.EMAIL,
    MessageKind.PHONE.value: Channel.PHONE,
    MessageKind.CHAT.value: Channel.CHAT,
}


def split(session: Session, actor: Actor, request: SplitTicket) -> FieldChanged:
    """Give some messages a ticket of their own; answers its number.

    Raises UsageError (none named), NotFound, Refused for messages of several tickets and where nothing would stay.
    """
    require(actor, Permission.CHANGE_TICKETS)
    numbers = tuple(dict.fromkeys(request.message_ids))
    if not numbers:
        raise UsageError(_("Name the messages that are to have a ticket of their own."))
    ticket, messages = locked_messages(session, numbers)
    if not others(session, ticket, messages):
        raise Refused(
            _("These are all messages of #{number}; nothing would stay there.").format(number=ticket.id)
        )
    own, events = part(session, actor, ticket, messages, request.subject)
    told = ngettext(
        "{count} message of #{old} is now #{new}", "{count} messages of #{old} are now #{new}", len(messages)
    ).format(count=len(messages), old=ticket.id, new=own)
    return FieldChanged(own, events, told)


def locked_messages(session: Session, numbers: Sequence[int]) -> tuple[Ticket, list[Message]]:
    """Some messages, oldest first, and their ticket, locked. Raises NotFound, and Refused where they are of several tickets."""
    wanted = col(Message.id).in_(numbers)
    while True:
        rows = session.exec(select(Message.id, Message.ticket_id).where(wanted)).all()
        tickets = sorted({ticket for _message, ticket in rows})
        if len(rows) != len(numbers):
            raise NotFound(_("There is no such message any more."))
        if len(tickets) > 1:
            named = ", ".join(f"#{number}" for number in tickets)
            raise Refused(_("These messages are in different tickets: {numbers}.").format(numbers=named))
        with session.begin_nested() as attempt:
            ticket = ticket_to_change(session, tickets[0])
            statement = select(Message).where(wanted).order_by(col(Message.at), col(Message.id))
            messages = session.exec(statement.execution_options(populate_existing=True)).all()
            if all(message.ticket_id == ticket.id for message in messages):
                return ticket, list(messages)
            # They were moved while we waited: the lock is given back, so that the next one is taken alone.
            attempt.rollback()


def others(session: Session, ticket: Ticket, messages: Sequence[Message]) -> bool:
    """Whether the ticket has more messages than these."""
    moved = [message.id for message in messages]
    statement = select(Message.id).where(Message.ticket_id == ticket.id, col(Message.id).not_in(moved))
    return session.exec(statement.limit(1)).first() is not None


def part(
    session: Session, actor: Actor, ticket: Ticket, messages: Sequence[Message], subject: str
) -> tuple[int, tuple[int, ...]]:
    """Carry messages of a locked ticket into a new one; answers its number and the ids of the events."""
    at = now(session)
    waited = ticket.requester_waiting
    own = _new_ticket(session, actor, ticket, messages, subject, at)
    number = known(own.id)
    leaving = _people_brought(session, ticket, messages)
    make = _people_for(own, messages, leaving)
    rows = part_of(session, [known(message.id) for message in messages])
    value = carry(session, ticket, own, rows, make=make, drop=leaving)
    events = tell_moved(session, actor, ticket, own, at, value)
    events += make_link(session, actor, own, ticket, LinkKind.RELATED, at)
    # It is opened here, so that the undo closes it and lets it lead to where its messages are.
    events += set_fields(session, actor, own, {"status": TicketStatus.OPEN.value, "merged_into": None}, at)
    own.requester_waiting = requester_waits(session, own)
    ticket.requester_waiting = waited and requester_waits(session, ticket)
    touch(session, ticket, at)
    return number, events


def _new_ticket(
    session: Session, actor: Actor, ticket: Ticket, messages: Sequence[Message], subject: str, at: datetime
) -> Ticket:
    lead = next((one for one in messages if one.direction == Direction.IN.value), messages[0])
    person = _requester(session, ticket, lead, at)
    subject = safe_line(subject, SUBJECT_LIMIT).strip() or _subject_of(lead, ticket)
    own = Ticket(
        subject=subject,
        thread_subject=thread_key(subject),
        status=TicketStatus.CLOSED.value,
        channel=_CHANNELS.get(lead.kind, Channel(ticket.channel)).value,
        team_id=ticket.team_id,
        requester_id=known(person.id),
        requester_name=requester_label(session, person),
        mailbox_id=ticket.mailbox_id,
        company_address=ticket.company_address,
        created_at=messages[0].at,
        updated_at=at,
        resolved_at=at,
        closed_at=at,
        merged_into_id=ticket.id,
    )
    session.add(own)
    session.flush()
    told = {"channel": own.channel, "subject": own.subject, "message_id": lead.id, "status": own.status}
    record(session, actor, ticket_stream(known(own.id)), "created", at, after=told)
    return own


def _subject_of(lead: Message, ticket: Ticket) -> str:
    subject = safe_line(base_subject(lead.subject) or lead.subject, SUBJECT_LIMIT).strip()
    return subject or ticket.subject or _("(no subject)")


def _requester(session: Session, ticket: Ticket, lead: Message, at: datetime) -> Person:
    """Who wrote the first of them that came in; of what agents wrote, the requester stays the requester."""
    if lead.direction != Direction.IN.value:
        return session.get_one(Person, ticket.requester_id)
    name = safe_line(lead.author_name, 200).strip()
    if lead.author_address:
        return person_for_address(session, lead.author_address, name, at)
    if lead.author_person_id is not None and lead.kind != MessageKind.EMAIL.value:
        return session.get_one(Person, lead.author_person_id)
    return person_without_address(session, name or _("unknown sender"), at)


def _people_brought(session: Session, ticket: Ticket, messages: Sequence[Message]) -> list[Content]:
    """Those who take part only because these messages named them: they leave with them."""
    moved = [message.id for message in messages]
    rest = session.exec(
        select(Message.author_address, Message.recipients_to, Message.recipients_cc).where(
            Message.ticket_id == ticket.id, col(Message.id).not_in(moved)
        )
    ).all()
    staying = {address for author, to, cc in rest for address in _named(author, to, cc)}
    named = {
        address
        for one in messages
        for address in _named(one.author_address, one.recipients_to, one.recipients_cc)
    }
    rows = session.exec(
        select(Watcher).where(Watcher.ticket_id == ticket.id, Watcher.role == "cc").order_by(col(Watcher.id))
    ).all()
    return [
        watcher(row.ticket_id, row.person_id, row.agent_id, row.address, row.role)
        for row in rows
        if row.address and address_key(row.address) in named - staying
    ]


def _people_for(own: Ticket, messages: Sequence[Message], leaving: Sequence[Content]) -> list[Content]:
    """Who takes part in the new ticket: whom the messages brought, and who else wrote them."""
    number = known(own.id)
    people = {
        one.author_person_id: watcher(number, one.author_person_id, None, one.author_address, "cc")
        for one in messages
        if one.author_person_id is not None and one.author_agent_id is None
    }
    people |= {told["person_id"]: (table, {**told, "ticket_id": number}) for table, told in leaving}
    people.pop(own.requester_id, None)
    return list(people.values())


def _named(author: str, to: Sequence[Sequence[str]], cc: Sequence[Sequence[str]]) -> set[str]:
    return {address_key(author), *(address_key(str(address)) for _name, address in (*to, *cc))}
