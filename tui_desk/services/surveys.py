"""Asking requesters how content they were: one mail in the ticket's thread after its end, answered in the mail itself.

The mail is written by nobody, so it keeps to the rules of automatic answers (RFC 3834): it goes to the person who wrote, never to a
machine, a list or an address that takes no mail, says that it is automatic, and nobody gets two within the desk's pause.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from tui_desk.core.enums import DeliveryState, Direction, MailKind, MessageKind, TicketStatus
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.blobs import load_blob
from tui_desk.db.search import index_message
from tui_desk.mail.approval_token import token_message_id
from tui_desk.mail.compose import OutgoingMail, compose, reply_subject
from tui_desk.mail.message import Address, UnreadableMail
from tui_desk.mail.parse import parse
from tui_desk.mail.survey_token import make_token
from tui_desk.models import Agent, Delivery, MailIdentifier, Message, OutboxItem, Person, Satisfaction, Ticket
from tui_desk.rules.addresses import address_key
from tui_desk.services.acknowledge import may_be_written_to, written_by_a_person
from tui_desk.services.actor import CLOCK
from tui_desk.services.context import known, ticket_to_change
from tui_desk.services.desk_facts import desk_facts
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.exchange import thread_of
from tui_desk.services.identity import desk_id, message_secret
from tui_desk.services.outbox import enqueue
from tui_desk.services.outgoing_mail import reply_address
from tui_desk.services.people import addresses_of
from tui_desk.services.rows import add_row
from tui_desk.services.senders import MAILBOX, Sender, sender_for
from tui_desk.services.settings_store import (
    CLOSED,
    OFF,
    SURVEY,
    SURVEY_HOURS,
    SURVEY_PAUSE_DAYS,
    SURVEY_SINCE,
    read_setting,
)

ASKED = "survey_asked"
WINDOW = timedelta(days=3)
"""A survey that could not be sent so long after it was due is not sent any more: nobody remembers."""
_PAGE = 200
_MOST = 2_000


def due(session: Session, now: datetime) -> list[int]:
    """The tickets whose requesters are to be asked now; never writes."""
    if read_setting(session, SURVEY) == OFF:
        return []
    return [known(one.id) for one in _ended(session, now) if _addressee(session, one) is not None]


def _ended(session: Session, now: datetime) -> Iterator[Ticket]:
    """Tickets that ended long enough ago, were answered by somebody, and about which nobody was asked yet."""
    closed = read_setting(session, SURVEY) == CLOSED
    ended = col(Ticket.closed_at) if closed else col(Ticket.resolved_at)
    until = now - timedelta(hours=int(read_setting(session, SURVEY_HOURS)))
    since = read_setting(session, SURVEY_SINCE)
    begin = max(until - WINDOW, datetime.fromisoformat(since)) if since else until - WINDOW
    statuses = (
        [TicketStatus.CLOSED.value] if closed else [TicketStatus.RESOLVED.value, TicketStatus.CLOSED.value]
    )
    asked = exists().where(col(Satisfaction.ticket_id) == Ticket.id)
    statement = (
        select(Ticket)
        .where(
            Ticket.updated_at >= begin,  # the index; a ticket's last change is no earlier than its end
            col(Ticket.status).in_(statuses),
            ended >= begin,
            ended <= until,
            col(Ticket.spam).is_(False),
            col(Ticket.imported).is_(False),
            col(Ticket.merged_into_id).is_(None),
            col(Ticket.first_response_at).is_not(None),
            ~asked,
            *_not_asked_lately(session, now),
        )
        .order_by(ended, col(Ticket.id))
        .limit(_PAGE)
    )
    looked_at = 0
    while looked_at < _MOST:
        tickets = session.exec(statement.offset(looked_at)).all()
        yield from tickets
        looked_at += len(tickets)
        if len(tickets) < _PAGE:
            return


def _not_asked_lately(session: Session, now: datetime) -> list[ColumnElement[bool]]:
    days = int(read_setting(session, SURVEY_PAUSE_DAYS))
    lately = exists().where(
        col(Satisfaction.person_id) == Ticket.requester_id,
        col(Satisfaction.asked_at) > now - timedelta(days=days),
    )
    return [~lately] if days else []


def _addressee(session: Session, ticket: Ticket) -> tuple[Person, str] | None:
    """Who is asked, and where; None where nobody is: blocked, an agent, no address that mail reaches, no person who wrote."""
    person = session.get_one(Person, ticket.requester_id)
    if person.blocked:
        return None
    address = _address(session, ticket, person)
    facts = desk_facts(session)
    if not address or not may_be_written_to(address, facts.own_addresses):
        return None
    if _came_back(session, ticket, address):
        return None
    agents = session.exec(select(Agent.email).where(Agent.email != "")).all()
    if address_key(address) in {address_key(email) for email in agents}:
        return None
    first = session.exec(
        select(Message)
        .where(
            Message.ticket_id == ticket.id,
            Message.author_person_id == person.id,
            Message.direction == Direction.IN.value,
        )
        .order_by(col(Message.id))
        .limit(1)
    ).first()
    return (person, address) if first is not None and _by_a_person(session, first) else None


def _address(session: Session, ticket: Ticket, person: Person) -> str:
    """The address the requester wrote from last in this ticket, while it is still theirs, else their first one."""
    theirs = addresses_of(session, [known(person.id)])[known(person.id)]
    last = session.exec(
        select(Message.author_address)
        .where(
            Message.ticket_id == ticket.id,
            Message.author_person_id == person.id,
            Message.direction == Direction.IN.value,
            Message.author_address != "",
        )
        .order_by(col(Message.id).desc())
        .limit(1)
    ).first()
    if last and address_key(last) in theirs:
        return last
    return theirs[0] if theirs else ""


def _came_back(session: Session, ticket: Ticket, address: str) -> bool:
    """Whether the last mail of this ticket to that address did not arrive."""
    rows = session.exec(
        select(Delivery.address, Delivery.state)
        .join(OutboxItem, col(OutboxItem.id) == Delivery.outbox_id)
        .where(OutboxItem.ticket_id == ticket.id)
        .order_by(col(Delivery.id).desc())
    ).all()
    last = next((state for one, state in rows if address_key(one) == address_key(address)), "")
    return last in (DeliveryState.BOUNCED.value, DeliveryState.FAILED.value)


def _by_a_person(session: Session, message: Message) -> bool:
    """Whether a person wrote it: on the phone, at the desk, or by a mail that no machine and no list has sent."""
    if message.kind != MessageKind.EMAIL.value:
        return True
    if message.mail_kind not in ("", MailKind.PERSONAL.value):
        return False
    if not message.raw_sha256:
        return True
    try:
        return written_by_a_person(parse(load_blob(session, message.raw_sha256)))
    except (UnreadableMail, NotFound):
        return False


def ask(session: Session, number: int, now: datetime) -> bool:
    """Send the survey of one ticket, where that is still right. Answers whether it leaves."""
    ticket = ticket_to_change(session, number)
    if not any(known(one.id) == number for one in _ended(session, now)):
        return False
    found = _addressee(session, ticket)
    if found is None:
        return False
    try:
        sender = sender_for(session, ticket)
    except Refused:
        return False
    if sender.way != MAILBOX:  # no answer would come back
        return False
    person, address = found
    _send(session, ticket, person, address, sender, now)
    return True


def _send(
    session: Session, ticket: Ticket, person: Person, address: str, sender: Sender, now: datetime
) -> None:
    number = known(ticket.id)
    message = Message(
        ticket_id=number,
        kind=MessageKind.SYSTEM.value,
        direction=Direction.OUT.value,
        author_name=sender.name,
        author_address=sender.address,
        at=now,
        subject=reply_subject(ticket.subject, number),
        recipients_to=[[person.name, address]],
        text=survey_text(ticket, address),
    )
    session.add(message)
    session.flush()
    index_message(session, known(message.id), number, message.subject, message.text, address)
    survey = Satisfaction(
        ticket_id=number, person_id=known(person.id), asked_at=now, question_message_id=message.id
    )
    add_row(session, CLOCK, ticket_stream(number), survey, now, name=f"#{number}")
    token = make_token(known(survey.id), address_key(address), message_secret(session))
    thread = thread_of(session, ticket)
    composed = compose(
        OutgoingMail(
            sender=Address(sender.name, sender.address),
            to=(Address(person.name, address),),
            subject=message.subject,
            body=f"{message.text}\n\n{_('Code: {token}').format(token=token)}",
            message_id=token_message_id(token, sender.address.rpartition("@")[2]),
            date=now,
            desk_id=desk_id(session),
            reply_to=reply_address(session, sender, number),
            in_reply_to=thread.in_reply_to,
            references=thread.references,
            automatic=True,
        )
    )
    # The Message-ID holds the code: it is known by it, but no colleague reads it in the ticket.
    session.add(
        MailIdentifier(
            rfc_message_id=composed.message_id, ticket_id=number, message_id=message.id, origin="sent"
        )
    )
    outbox_id = enqueue(
        session,
        mime=composed.raw,
        rfc_message_id=composed.message_id,
        envelope_from=sender.address,
        recipients=composed.recipients,
        now=now,
        ticket_id=number,
        message_id=message.id,
        mailbox_id=sender.mailbox_id,
        sender=sender.way,
        automatic=True,
    )
    told = {"to": [address], "message_id": message.id, "outbox_id": outbox_id}
    record(session, CLOCK, ticket_stream(number), ASKED, now, after=told)


def survey_text(ticket: Ticket, address: str) -> str:
    """What is asked and how to answer. It begins with no word that could be an answer."""
    return _(
        "Your request “{subject}” (#{number}) has been dealt with. How content are you with how that was done?\n\n"
        "Please answer this mail with one word at the very top: **GOOD** or **BAD**. Below it there is room for a comment. "
        "If you have a question instead, just write it: somebody will look at it.\n\n"
        "The answer counts from {address} only."
    ).format(subject=safe_line(ticket.subject, 200), number=ticket.id, address=visible_address(address))
