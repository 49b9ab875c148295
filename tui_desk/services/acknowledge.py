"""The acknowledgement of a new ticket: its number, our words, nothing of the stranger's, at most one an hour.

An automatic answer that repeats what a stranger wrote is a way to send that stranger's words to a third party, so the text
may name the ticket and the desk only (RFC 3834, section 4).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from tui_desk.core.enums import Direction, MailKind, MessageKind
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.db.search import index_message
from tui_desk.mail.compose import OutgoingMail, compose
from tui_desk.mail.message import Address, ParsedMail
from tui_desk.mail.message_id import make_message_id
from tui_desk.mail.smtp_values import envelope_address
from tui_desk.models import Acknowledged, Delivery, MailIdentifier, Message, OutboxItem, Ticket
from tui_desk.models.base import table_of
from tui_desk.rules.addresses import address_key
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.services.desk_facts import MailboxFacts
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.identity import desk_id, message_secret
from tui_desk.services.intake_batch import Batch, TicketState
from tui_desk.services.intake_values import PreparedMail
from tui_desk.services.outbox import enqueue
from tui_desk.services.outgoing_mail import reply_address
from tui_desk.services.senders import MAILBOX, Sender, sender_for

PAUSE = timedelta(hours=1)
PER_DOMAIN = 10
"""Automatic answers an hour to the addresses of one domain, unless anybody may have an address there: a machine that writes
under a new address each time is answered no more often."""
_LOOKED_AT = 2_000
"""So many of the last outgoing messages are looked at for that."""
_BULK = ("bulk", "list", "junk", "auto_reply")
_NOBODY = (
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "mailer-daemon",
    "postmaster",
    "bounce",
    "bounces",
)
_TABLE = table_of(Acknowledged)


def acknowledge(batch: Batch, mail: PreparedMail, ticket: TicketState, address: str) -> bool:
    """Put the acknowledgement of a new ticket into the outbox where its mailbox wants one and nothing speaks against it.

    The ticket's rows are written already; this is in the same transaction. Answers whether one leaves.
    """
    mailbox = batch.facts.mailboxes.get(mail.mailbox_id) if mail.mailbox_id is not None else None
    if mailbox is None or not mailbox.acknowledge or not may_answer(batch, mail, address):
        return False
    if _domain_has_enough(batch, address_key(address)) or not _first_this_hour(batch, address_key(address)):
        return False
    _send(batch, mail, ticket, address, mailbox)
    return True


def may_answer(batch: Batch, mail: PreparedMail, address: str) -> bool:
    """Whether a machine may write to the author of this mail (RFC 3834, section 2)."""
    parsed = mail.parsed
    if parsed is None or mail.imported or not may_be_written_to(address, batch.facts.own_addresses):
        return False
    return written_by_a_person(parsed)


def written_by_a_person(parsed: ParsedMail) -> bool:
    """Whether nothing says that a machine or a list has sent this mail."""
    if (
        parsed.kind != MailKind.PERSONAL.value
        or parsed.is_automatic
        or parsed.monitoring_key is not None
        or parsed.list_id
        or parsed.precedence in _BULK
    ):
        return False
    headers = {name.lower(): value.lower() for name, value in parsed.headers}
    if "all" in headers.get("x-auto-response-suppress", "") or "list-unsubscribe" in headers:
        return False
    return headers.get("return-path", "").strip() != "<>"


def may_be_written_to(address: str, own_addresses: frozenset[str]) -> bool:
    """Whether a machine may write to an address at all: one that SMTP can name, not ours, and none that nobody reads."""
    local = address.rpartition("@")[0].lower()
    return (
        _can_be_written_to(address)
        and address_key(address) not in own_addresses
        and not local.startswith(_NOBODY)
    )


def _can_be_written_to(address: str) -> bool:
    """A From field may hold what no SMTP command can name (``a@b@c.example``): such an author gets no answer."""
    try:
        envelope_address(address)
    except UsageError:
        return False
    return True


def _first_this_hour(batch: Batch, key: str) -> bool:
    """Note that this address is answered now; False where it was within the hour."""
    insert: Any = sqlite.insert(_TABLE) if batch.sqlite else postgresql.insert(_TABLE)
    statement = (
        insert.values(address=key, at=batch.now)
        .on_conflict_do_update(
            index_elements=["address"],
            set_={"at": insert.excluded.at},
            where=_TABLE.c.at <= batch.now - PAUSE,
        )
        .returning(_TABLE.c.address)
    )
    return batch.session.execute(statement).first() is not None


def _domain_has_enough(batch: Batch, key: str) -> bool:
    domain = key.rpartition("@")[2]
    if is_public_domain(domain):
        return False
    last = batch.session.execute(select(func.max(col(OutboxItem.id)))).scalar() or 0
    written = batch.session.execute(
        select(col(Delivery.address))
        .join(OutboxItem, col(OutboxItem.id) == Delivery.outbox_id)
        .where(
            col(OutboxItem.id) > last - _LOOKED_AT,
            col(OutboxItem.automatic),
            col(OutboxItem.created_at) > batch.now - PAUSE,
        )
    ).scalars()
    return sum(address_key(each).rpartition("@")[2] == domain for each in written) >= PER_DOMAIN


def _send(batch: Batch, mail: PreparedMail, ticket: TicketState, address: str, mailbox: MailboxFacts) -> None:
    session, now = batch.session, batch.now
    sender = sender_for(session, session.get_one(Ticket, ticket.id))
    body = acknowledgement_text(mailbox, ticket.id, answerable=sender.way == MAILBOX)
    subject = _("We have received your message")
    message_id = _message_row(batch, ticket, mail, body, subject, sender, address)
    composed = compose(
        OutgoingMail(
            sender=Address(sender.name, sender.address),
            to=(Address("", address),),
            subject=f"{subject} [#{ticket.id}]",
            body=body,
            message_id=make_message_id(
                ticket.id, message_id, message_secret(session), sender.address.rpartition("@")[2]
            ),
            date=now,
            desk_id=desk_id(session),
            reply_to=reply_address(session, sender, ticket.id),
            in_reply_to=mail.message_id or None,
            references=(mail.message_id,) if mail.message_id else (),
            automatic=True,
        )
    )
    _known_by(batch, ticket, message_id, composed.message_id)
    outbox_id = enqueue(
        session,
        mime=composed.raw,
        rfc_message_id=composed.message_id,
        envelope_from=sender.address,
        recipients=composed.recipients,
        now=now,
        ticket_id=ticket.id,
        message_id=message_id,
        mailbox_id=mailbox.id,
        sender=sender.way,
        automatic=True,
    )
    # The ticket was born in this transaction: nobody else can write its events.
    record(
        session,
        batch.actor,
        ticket_stream(ticket.id),
        "acknowledged",
        now,
        after={"to": [address], "message_id": message_id, "outbox_id": outbox_id},
    )


def acknowledgement_text(mailbox: MailboxFacts, number: int, *, answerable: bool) -> str:
    """The text of the mailbox, or ours. Only the ticket's number and the mailbox can be named in it.

    ``answerable`` False: it leaves (or may leave) by the no-reply sender, so ours names the address that is read.
    """
    text = mailbox.acknowledgement.strip() or (_answerable() if answerable else _one_way())
    values = {
        "{ticket.number}": str(number),
        "{mailbox.name}": mailbox.name,
        "{mailbox.address}": mailbox.address,
        "{ticket.subject}": f"#{number}",
    }
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _answerable() -> str:
    return _(
        "Thank you for your message. We have received it; its number is #{ticket.number}.\n\n"
        "You need not do anything. If you want to add something, answer this mail."
    )


def _one_way() -> str:
    return _(
        "Thank you for your message. We have received it; its number is #{ticket.number}.\n\n"
        "You need not do anything. If you want to add something, write to {mailbox.address} with "
        "[#{ticket.number}] in the subject: an answer to this mail may not reach us."
    )


def _message_row(
    batch: Batch,
    ticket: TicketState,
    mail: PreparedMail,
    body: str,
    subject: str,
    sender: Sender,
    address: str,
) -> int:
    message = Message(
        ticket_id=ticket.id,
        kind=MessageKind.SYSTEM.value,
        direction=Direction.OUT.value,
        author_name=sender.name,
        author_address=sender.address,
        at=batch.now,
        subject=subject,
        recipients_to=[["", address]],
        text=body,
        in_reply_to=mail.message_id,
    )
    batch.session.add(message)
    batch.session.flush()
    assert message.id is not None
    index_message(batch.session, message.id, ticket.id, subject, body, address)
    return message.id


def _known_by(batch: Batch, ticket: TicketState, message_id: int, rfc_message_id: str) -> None:
    message = batch.session.get_one(Message, message_id)
    message.rfc_message_id = rfc_message_id
    batch.session.add(message)
    batch.session.add(
        MailIdentifier(
            rfc_message_id=rfc_message_id, ticket_id=ticket.id, message_id=message_id, origin="sent"
        )
    )
    batch.session.flush()
