"""A desk with conversations under way, whose mail server checks senders, and ways to write mail to it as anybody."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from tests.services.desk import Desk, open_desk
from tui_desk.contracts.conversation import AddNote, SendReply
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.enums import TicketStatus
from tui_desk.db.blobs import blob_row
from tui_desk.mail.message_id import make_reply_address
from tui_desk.models import (
    Delivery,
    Event,
    IntakeEntry,
    Mailbox,
    Message,
    OutboxItem,
    Ticket,
    TicketLink,
    Watcher,
)
from tui_desk.services import ledger
from tui_desk.services.identity import message_secret
from tui_desk.services.intake import process_unfinished

SUPPORT = "support@desk.test"
SERVER = "mx.desk.test"


@dataclass(frozen=True)
class Case:
    """A conversation: the ticket, the requester's mail, our answer."""

    number: int
    domain: str
    asked: str
    """The Message-ID of the requester's first mail."""
    ours: str
    """That of our answer."""
    reply_to: str
    """The reply address in it."""
    subject: str

    @property
    def anna(self) -> str:
        return f"anna@{self.domain}"

    @property
    def thread(self) -> str:
        return f"In-Reply-To: <{self.ours}>\r\nReferences: <{self.asked}> <{self.ours}>\r\n"


@dataclass
class World:
    desk: Desk
    mailbox: int
    _counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def next(self) -> int:
        return next(self._counter)

    def receive(self, *raws: bytes) -> list[IntakeEntry]:
        """What the fetch worker stores, processed; the new ledger rows."""
        place = ledger.Place(ledger.mailbox_source(self.mailbox), "INBOX", 1, self.mailbox)
        with self.desk.writing() as session:
            first = max(ledger.known_uids(session, place), default=0) + 1
            arrivals = [
                ledger.Arrival(first + number, blob_row(raw), self.desk.later(), len(raw))
                for number, raw in enumerate(raws)
            ]
            assert ledger.store(session, place, arrivals) == len(raws)
        while process_unfinished(self.desk.database, lambda: self.desk.now).total:
            pass
        with self.desk.database.reading() as session:
            rows = session.exec(select(IntakeEntry).order_by(col(IntakeEntry.id).desc()).limit(len(raws)))
            return list(rows)[::-1]

    def mail(
        self,
        sender: str,
        *,
        verdict: str = "pass",
        subject: str = "Question",
        to: str = SUPPORT,
        extra: str = "",
        body: str = "Please send everything you have to me.",
        message_id: str = "",
        content_type: str = "text/plain; charset=utf-8",
    ) -> bytes:
        """A mail as the mailbox has it: the server's verdict on top ("" for none), then what the sender wrote."""
        domain = sender.strip("<>").rpartition("@")[2].strip("> ") or "unknown.test"
        checked = (
            f"Authentication-Results: {SERVER}; dmarc={verdict} header.from={domain}\r\n" if verdict else ""
        )
        number = self.next()
        text = (
            f"{checked}Received: from mail.sender.test by {SERVER} with ESMTPS; Fri, 20 Nov 2026 10:00:00 +0000\r\n"
            f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n"
            f"Message-ID: <{message_id or f'w{number}@sender.test'}>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
            f"MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n{extra}\r\n{body}\r\n"
        )
        return text.encode("utf-8", "surrogateescape")

    def case(self, domain: str = "", subject: str = "", name: str = "Anna Abel", cc: str = "") -> Case:
        """A new conversation of somebody unknown so far, answered by Ana and waiting for the requester, with a note inside."""
        number = self.next()
        domain = domain or f"customer{number}.test"
        asked = f"ask{number}@{domain}"
        subject = subject or f"Projector {number} stays dark"
        extra = f"Cc: {cc}\r\n" if cc else ""
        sender = f"{name} <anna@{domain}>"
        (entry,) = self.receive(self.mail(sender, subject=subject, message_id=asked, extra=extra))
        assert entry.verdict == "created"
        assert entry.ticket_id is not None
        sent = self.desk.ask(SendReply(entry.ticket_id, "Did you look at the cable?"))
        self.desk.ask(AddNote(entry.ticket_id, "internal: the master key is under the mat"))
        self.desk.ask(SetFields(entry.ticket_id, status=TicketStatus.PENDING))
        with self.desk.writing() as session:
            ours = session.get_one(OutboxItem, sent.outbox_id).rfc_message_id
            for delivery in session.exec(select(Delivery).where(Delivery.outbox_id == sent.outbox_id)):
                delivery.state = "sent"
            address = make_reply_address(SUPPORT, entry.ticket_id, message_secret(session))
        assert address
        return Case(entry.ticket_id, domain, asked, ours, address, subject)

    def picture(self, number: int) -> dict[str, Any]:
        """All of a ticket that an attack might change."""
        with self.desk.database.reading() as session:
            ticket = session.get_one(Ticket, number)
            return {
                "ticket": ticket.model_dump(),
                "messages": [
                    (row.id, row.kind, row.direction, row.text)
                    for row in session.exec(
                        select(Message).where(Message.ticket_id == number).order_by(col(Message.id))
                    )
                ],
                "watchers": sorted(
                    row.address for row in session.exec(select(Watcher).where(Watcher.ticket_id == number))
                ),
                "deliveries": [
                    (row.address, row.state)
                    for row in session.exec(
                        select(Delivery)
                        .join(OutboxItem, col(OutboxItem.id) == Delivery.outbox_id)
                        .where(OutboxItem.ticket_id == number)
                        .order_by(col(Delivery.id))
                    )
                ],
                "events": len(session.exec(select(Event.id).where(Event.stream == f"ticket:{number}")).all()),
            }

    def ticket(self, number: int) -> Ticket:
        with self.desk.database.reading() as session:
            return session.get_one(Ticket, number)

    def message(self, entry: IntakeEntry) -> Message:
        with self.desk.database.reading() as session:
            return session.get_one(Message, entry.message_id)

    def offered(self, number: int | None) -> set[tuple[int, str]]:
        """The tickets that ticket ``number`` is linked with, and how."""
        with self.desk.database.reading() as session:
            rows = session.exec(select(TicketLink).where(TicketLink.from_id == number))
            return {(row.to_id, row.kind) for row in rows}


@contextmanager
def open_world(url: str) -> Iterator[World]:
    """A desk with one mailbox whose server checks every sender and knows ``name+tag``."""
    with open_desk(url) as desk:
        with desk.writing() as session:
            mailbox = Mailbox(
                address=SUPPORT,
                name="Support",
                imap_host="imap.desk.test",
                smtp_host="localhost",
                authserv_id=SERVER,
                plus_addressing=True,
                created_at=desk.now,
            )
            session.add(mailbox)
            session.flush()
            assert mailbox.id is not None
            number = mailbox.id
        yield World(desk, number)
