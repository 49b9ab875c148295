"""What a conversation is made of: a mailbox, a ticket, mails that came in as intake stores them, and what was queued for an answer."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from tests.services.desk import Desk
from tui_desk.contracts.conversation import SentResult
from tui_desk.contracts.tickets import NewTicket
from tui_desk.db.blobs import load_blob, store_blob
from tui_desk.mail.parse import parse
from tui_desk.models import Attachment, Mailbox, MailboxAddress, Message, OutboxItem
from tui_desk.services.people import person_for_address


def add_mailbox(desk: Desk, address: str = "help@desk.test", **fields: Any) -> int:
    with desk.writing() as session:
        given = {"name": "Help desk", "smtp_host": "smtp.desk.test", **fields}
        mailbox = Mailbox(address=address, created_at=desk.now, **given)
        session.add(mailbox)
        session.flush()
        session.add(MailboxAddress(mailbox_id=mailbox.id, address="sales@desk.test", name="Sales"))
        return int(mailbox.id or 0)


def mail(**headers: str) -> bytes:
    built = EmailMessage(policy=policy.SMTP)
    given = {"From": "Otto <otto@client.test>", "To": "help@desk.test", "Subject": "Printer", **headers}
    for name, value in given.items():
        built[name.replace("_", "-")] = value
    built.set_content("It burns.\n")
    return built.as_bytes()


def received(desk: Desk, number: int, raw: bytes, *marks: str) -> int:
    """A mail that joined the ticket, as intake stores it."""
    parsed = parse(raw)
    author = parsed.from_[0]
    with desk.writing() as session:
        person = person_for_address(session, author.address, author.name, desk.later())
        message = Message(
            ticket_id=number,
            kind="email",
            direction="in",
            mail_kind=parsed.kind,
            author_person_id=person.id,
            author_name=author.name,
            author_address=author.address,
            at=desk.now,
            subject=parsed.subject,
            recipients_to=[[each.name, each.address] for each in parsed.to],
            recipients_cc=[[each.name, each.address] for each in parsed.cc],
            text=parsed.text,
            segments=[[part.kind, len(part.text)] for part in parsed.segments],
            rfc_message_id=parsed.message_id or "",
            references=list(parsed.references),
            raw_sha256=store_blob(session, raw),
            marks=list(marks),
        )
        session.add(message)
        session.flush()
        for position, file in enumerate(parsed.attachments):
            session.add(
                Attachment(
                    message_id=message.id,
                    position=position,
                    filename=file.filename,
                    content_type=file.content_type,
                    size=file.size,
                    sha256=file.sha256,
                    part=position,
                )
            )
        return int(message.id or 0)


def ticket(desk: Desk, **fields: str) -> int:
    return desk.ask(
        NewTicket(**{"subject": "Printer", "requester": "otto@client.test", "body": "It burns.", **fields})
    )


def outgoing(desk: Desk, result: SentResult) -> EmailMessage:
    """What was queued, as a standard library message."""
    with desk.database.reading() as session:
        item = session.get_one(OutboxItem, result.outbox_id)
        built = message_from_bytes(load_blob(session, item.mime_sha256), policy=policy.default)
        assert isinstance(built, EmailMessage)
        return built


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
