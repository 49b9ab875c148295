"""What was exchanged so far in a ticket: who wrote last, where they want answers, who takes part, which ids hold the thread."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import load_only
from sqlmodel import Session, col, func, select

from tui_desk.core.enums import Direction, MailKind, MessageKind
from tui_desk.core.errors import NotFound
from tui_desk.db.blobs import load_blob
from tui_desk.mail.message import UnreadableMail
from tui_desk.mail.parse import parse
from tui_desk.models import Agent, Delivery, Message, OutboxItem, Person, Purchase, Ticket, Watcher
from tui_desk.rules.addresses import address_key
from tui_desk.rules.recipients import Exchange, Pair, Recipients, for_reply, for_reply_all
from tui_desk.services.context import known
from tui_desk.services.people import addresses_of
from tui_desk.services.senders import own_addresses

MAX_HEADER = 256 * 1024
_HEADERS = load_only(
    *(
        getattr(Message, name)
        for name in (
            "direction",
            "mail_kind",
            "author_address",
            "recipients_to",
            "recipients_cc",
            "rfc_message_id",
            "references",
            "marks",
        )
    )
)
"""Long texts stay in the database."""
_MACHINES = (MailKind.BOUNCE.value, MailKind.REPORT.value)
UNVERIFIED = "unverified"
_DOUBTFUL = frozenset({UNVERIFIED, "colleague", "outsider"})
_NO_ANSWER = (*_MACHINES, MailKind.AUTO_REPLY.value, MailKind.LOOP.value)


NOBODY: frozenset[str] = frozenset()


def ordered_from(session: Session, ticket: Ticket) -> frozenset[str]:
    """The addresses (compared form) that orders of this ticket went to: what they answer is between them and the desk."""
    orders = select(Purchase.order_message_id).where(Purchase.ticket_id == ticket.id)
    rows = session.exec(select(Message.recipients_to).where(col(Message.id).in_(orders))).all()
    return frozenset(address_key(address) for pairs in rows for _name, address in _pairs(pairs))


def last_mail(
    session: Session, ticket: Ticket, *, of_requester: bool, without: frozenset[str] = NOBODY
) -> Message | None:
    """The newest mail that came in and that a person wrote, but none of ``without``."""
    statement = select(Message).where(
        Message.ticket_id == ticket.id,
        Message.direction == Direction.IN.value,
        Message.kind == MessageKind.EMAIL.value,
        col(Message.mail_kind).not_in(_NO_ANSWER),
    )
    if of_requester:
        statement = statement.where(Message.author_person_id == ticket.requester_id)
    if without:
        statement = statement.where(func.lower(Message.author_address).not_in(without))
    return session.exec(statement.order_by(col(Message.id).desc()).limit(1)).first()


def reply_to_of(session: Session, message: Message) -> tuple[Pair, ...]:
    """Where the author of a mail wants answers (its Reply-To); empty where it does not say, or nobody knows who wrote it."""
    if not message.raw_sha256 or UNVERIFIED in message.marks:
        return ()
    try:
        raw = load_blob(session, message.raw_sha256)
        header = raw.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in raw else raw.partition(b"\n\n")[0]
        parsed = parse(header[:MAX_HEADER] + b"\r\n\r\n")
    except (NotFound, UnreadableMail):
        return ()
    return tuple((one.name, one.address) for one in parsed.reply_to)


def _pairs(value: object) -> tuple[Pair, ...]:
    return tuple((str(name), str(address)) for name, address in value) if isinstance(value, list) else ()


def requester_pair(session: Session, ticket: Ticket) -> Pair | None:
    """Name and first address of the requester; None for somebody without an address."""
    addresses = addresses_of(session, [ticket.requester_id])[ticket.requester_id]
    if not addresses:
        return None
    return session.get_one(Person, ticket.requester_id).name, addresses[0]


def watcher_pairs(session: Session, ticket: Ticket) -> tuple[Pair, ...]:
    """The people (not agents) who take part."""
    rows = session.exec(
        select(Watcher, Person)
        .join(Person, col(Person.id) == Watcher.person_id)
        .where(Watcher.ticket_id == ticket.id)
        .order_by(col(Watcher.id))
    ).all()
    addresses = addresses_of(session, [known(person.id) for _watcher, person in rows])
    pairs = []
    for watcher, person in rows:
        address = watcher.address or next(iter(addresses[known(person.id)]), "")
        if address:
            pairs.append((person.name, address))
    return tuple(pairs)


def default_recipients(session: Session, ticket: Ticket, *, to_all: bool) -> Recipients:
    """Whom an answer goes to by itself."""
    requester = requester_pair(session, ticket)
    mail = last_mail(session, ticket, of_requester=True)
    exchange = Exchange()
    if mail is not None:
        exchange = Exchange(
            author=(mail.author_name, mail.author_address), reply_to=reply_to_of(session, mail)
        )
    own = own_addresses(session)
    if not to_all:
        return for_reply(requester, exchange, own)
    suppliers = ordered_from(session, ticket)
    newest = last_mail(session, ticket, of_requester=False, without=suppliers)
    others: tuple[Pair, ...] = ()
    if newest is not None:
        others = (
            (newest.author_name, newest.author_address),
            *_pairs(newest.recipients_to),
            *_pairs(newest.recipients_cc),
        )
    both = Exchange(exchange.author, exchange.reply_to, others)
    watchers = tuple(pair for pair in watcher_pairs(session, ticket) if address_key(pair[1]) not in suppliers)
    return for_reply_all(requester, both, watchers, own)


def participants(session: Session, ticket: Ticket) -> frozenset[str]:
    """Who belongs to the conversation (compared form): requester, agents, watchers, whom we wrote to, and who was named by them.

    Whoever was only brought in by a mail of doubtful origin (unverified, from a colleague) does not, nor does a Reply-To
    elsewhere that a later mail begins to ask for (anybody can write a From): an agent looks first.
    """
    rows = session.exec(
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.direction == Direction.IN.value)
        .order_by(col(Message.id))
        .options(_HEADERS)
    ).all()
    rows = [row for row in rows if row.mail_kind not in _MACHINES]
    doubtful = [row for row in rows if _DOUBTFUL & set(row.marks)]
    brought_in = {address for row in doubtful for address in _people_of(row)}
    found = {address for _name, address in watcher_pairs(session, ticket)} - brought_in
    found |= {address for row in rows if row not in doubtful for address in _people_of(row)}
    found |= set(addresses_of(session, [ticket.requester_id])[ticket.requester_id])
    found |= set(session.exec(select(Agent.email).where(col(Agent.active), Agent.email != "")))
    found |= set(
        session.exec(
            select(Delivery.address)
            .join(OutboxItem, col(OutboxItem.id) == Delivery.outbox_id)
            .where(
                OutboxItem.ticket_id == ticket.id, Delivery.state != "cancelled", ~col(OutboxItem.automatic)
            )
        )
    )
    mail = last_mail(session, ticket, of_requester=True)
    if mail is not None and mail not in doubtful:
        first = mail.id == rows[0].id
        found |= {
            address
            for _name, address in reply_to_of(session, mail)
            if first or _domain(address) == _domain(mail.author_address)
        }
    return frozenset(address_key(address) for address in found if address)


def _domain(address: str) -> str:
    return address_key(address).rpartition("@")[2]


def _people_of(message: Message) -> tuple[str, ...]:
    """Author and recipients of a mail."""
    named = (*_pairs(message.recipients_to), *_pairs(message.recipients_cc))
    return (message.author_address, *(address for _name, address in named))


@dataclass(frozen=True, slots=True)
class Thread:
    """The ids that make an answer part of the requester's conversation (RFC 5322, 3.6.4), without brackets."""

    in_reply_to: str | None
    references: tuple[str, ...]


def thread_of(session: Session, ticket: Ticket, without: frozenset[str] = NOBODY) -> Thread:
    """In-Reply-To: the last mail from outside, else our own last one. References: the chain so far, oldest first.

    ``without``: mail from and to these addresses is a conversation of its own.
    """
    rows = session.exec(
        select(Message)
        .where(
            Message.ticket_id == ticket.id,
            Message.rfc_message_id != "",
            Message.direction != Direction.INTERNAL.value,
        )
        .order_by(col(Message.id))
        .options(_HEADERS)
    ).all()
    rows = [row for row in rows if row.mail_kind not in _NO_ANSWER and not _between(row, without)]
    inbound = [row for row in rows if row.direction == Direction.IN.value]
    parent = inbound[-1] if inbound else (rows[-1] if rows else None)
    if parent is None:
        return Thread(None, ())
    chain: dict[str, None] = {}
    for row in rows:
        if row is parent:
            chain.update(dict.fromkeys(map(str, row.references)))
        chain.setdefault(row.rfc_message_id)
    chain.pop(parent.rfc_message_id)
    return Thread(parent.rfc_message_id, (*chain, parent.rfc_message_id))


def _between(row: Message, others: frozenset[str]) -> bool:
    """Whether a mail was exchanged with ``others`` alone."""
    if row.direction == Direction.IN.value:
        return address_key(row.author_address) in others
    to = [address_key(address) for _name, address in (*_pairs(row.recipients_to), *_pairs(row.recipients_cc))]
    return bool(to) and all(one in others for one in to)


def passed_on(session: Session, ticket: Ticket) -> Message | None:
    """What a forward passes on: the last mail that came in, else the first thing the requester said. Never a note."""
    mail = last_mail(session, ticket, of_requester=False)
    if mail is not None:
        return mail
    return session.exec(
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.direction == Direction.IN.value)
        .order_by(col(Message.id))
        .limit(1)
    ).first()
