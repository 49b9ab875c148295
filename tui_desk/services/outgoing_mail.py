"""From a written message to the bytes that leave: composed once, with a Message-ID that never changes, and queued."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.core.enums import SegmentKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.db.blobs import store_blob
from tui_desk.mail.compose import OutgoingAttachment, OutgoingMail, Quoted, compose
from tui_desk.mail.message import Address
from tui_desk.mail.message_id import make_message_id, make_reply_address
from tui_desk.models import Attachment, Mailbox, Message, OutboxItem, Ticket
from tui_desk.rules.addresses import address_key
from tui_desk.rules.recipients import Pair, Recipients
from tui_desk.services.attachments import content_of
from tui_desk.services.context import known
from tui_desk.services.desk_zone import desk_zone
from tui_desk.services.exchange import last_mail, ordered_from, passed_on, thread_of
from tui_desk.services.identity import desk_id, message_secret
from tui_desk.services.message_view import segments_of
from tui_desk.services.outbox import enqueue
from tui_desk.services.senders import MAILBOX, Sender
from tui_desk.services.settings_store import QUOTE_PREVIOUS, read_setting


def queue_mail(
    session: Session,
    ticket: Ticket,
    message: Message,
    recipients: Recipients,
    sender: Sender,
    signature: str,
    *,
    forward: bool,
    alone: bool = False,
    held_until: datetime | None,
    later: bool = False,
) -> int:
    """Compose ``message`` (stored, with its attachments) and put it into the outbox; answers the outbox id.

    ``later``: it leaves at ``held_until``, and its Date says so. ``alone``: it begins a conversation of its own (an order), quotes
    nothing and names no earlier mail.
    """
    number, message_id = known(ticket.id), known(message.id)
    written = outgoing(
        session,
        ticket,
        message,
        recipients,
        sender,
        signature,
        _attachments(session, message),
        forward=forward,
        alone=alone,
        date=held_until if later and held_until is not None else message.at,
    )
    domain = sender.address.rpartition("@")[2]
    mail = replace(
        written,
        message_id=make_message_id(number, message_id, message_secret(session), domain),
        desk_id=desk_id(session),
        reply_to=reply_address(session, sender, number),
    )
    composed = compose(mail)
    message.rfc_message_id = composed.message_id
    message.in_reply_to = mail.in_reply_to or ""
    message.references = list(mail.references)
    outbox_id = enqueue(
        session,
        mime=composed.raw,
        rfc_message_id=composed.message_id,
        envelope_from=sender.address,
        recipients=composed.recipients,
        now=message.at,
        ticket_id=number,
        message_id=message_id,
        mailbox_id=sender.mailbox_id,
        sender=sender.way,
        held_until=held_until,
        later=later,
    )
    message.raw_sha256 = _digest(session, outbox_id)
    session.add(message)
    session.flush()
    return outbox_id


def outgoing(
    session: Session,
    ticket: Ticket,
    message: Message,
    recipients: Recipients,
    sender: Sender,
    signature: str,
    attachments: tuple[OutgoingAttachment, ...],
    *,
    forward: bool,
    alone: bool,
    date: datetime,
) -> OutgoingMail:
    """``message`` as the mail it becomes: with signature, quoted text and the names of earlier mails. Who sends it adds what is made
    of the desk's secrets (its Message-ID, the address for answers): a mail that is only looked at has none."""
    others = ordered_from(session, ticket) - {address_key(one) for one in recipients.everybody}
    thread = thread_of(session, ticket, others)
    apart = forward or alone
    quoted = None if alone else passed_on(session, ticket) if forward else _previous(session, ticket, others)
    body = f"{message.text}\n\n{_forward_heading(quoted)}".strip() if forward and quoted else message.text
    return OutgoingMail(
        sender=Address(sender.name, sender.address),
        to=_addresses(recipients.to),
        cc=_addresses(recipients.cc),
        bcc=_addresses(recipients.bcc),
        subject=message.subject,
        body=body,
        message_id="",
        date=date,
        desk_id="",
        ticket=known(ticket.id),
        in_reply_to=None if apart else thread.in_reply_to,
        references=() if apart else thread.references,
        signature=signature,
        quoted=_quoted(session, quoted) if quoted else None,
        attachments=attachments,
    )


def reply_address(session: Session, sender: Sender, number: int) -> Address | None:
    """Where answers are asked for: the sender with the ticket's signed tag, in a mailbox whose server knows tags."""
    mailbox = session.get(Mailbox, sender.mailbox_id) if sender.mailbox_id is not None else None
    if mailbox is None or not mailbox.plus_addressing or sender.way != MAILBOX:
        return None
    tagged = make_reply_address(sender.address, number, message_secret(session))
    return Address(sender.name, tagged) if tagged else None


def _digest(session: Session, outbox_id: int) -> str:
    return session.get_one(OutboxItem, outbox_id).mime_sha256


def _addresses(pairs: tuple[Pair, ...]) -> tuple[Address, ...]:
    return tuple(Address(name, address) for name, address in pairs)


def _previous(session: Session, ticket: Ticket, others: frozenset[str]) -> Message | None:
    """The mail that is quoted below an answer, none that suppliers sent who do not get it; None where the desk does not quote."""
    if read_setting(session, QUOTE_PREVIOUS) is False:
        return None
    return last_mail(session, ticket, of_requester=False, without=others)


def _quoted(session: Session, message: Message) -> Quoted:
    own = "".join(part.text for part in segments_of(message) if part.kind is SegmentKind.BODY).strip()
    sent_at = (message.sent_at or message.at).astimezone(desk_zone(session))
    return Quoted(sent_at, message.author_name or message.author_address, own, message.language)


def _forward_heading(message: Message) -> str:
    """Who wrote what is passed on, as mail programs write it above a forwarded message."""
    to = ", ".join(visible_address(str(address)) for _name, address in message.recipients_to)
    when = (message.sent_at or message.at).strftime("%Y-%m-%d %H:%M %Z").strip()
    lines = [
        _("---------- Forwarded message ----------"),
        _("From: {name} <{address}>").format(
            name=message.author_name, address=visible_address(message.author_address)
        ),
        _("Date: {when}").format(when=when),
        _("Subject: {subject}").format(subject=message.subject),
    ]
    return "\n".join([*lines, _("To: {to}").format(to=to)] if to else lines)


def forwarded_files(session: Session, ticket: Ticket) -> list[Attachment]:
    """Copies of the attachments of the message that a forward passes on, their bytes kept as blobs."""
    message = passed_on(session, ticket)
    if message is None:
        return []
    rows = session.exec(
        select(Attachment).where(Attachment.message_id == message.id).order_by(col(Attachment.position))
    ).all()
    copies: list[Attachment] = []
    for row in rows:
        copies.append(
            Attachment(
                position=len(copies),
                filename=row.filename,
                content_type=row.content_type,
                size=row.size,
                sha256=store_blob(session, content_of(session, row)),
            )
        )
    return copies


def _attachments(session: Session, message: Message) -> tuple[OutgoingAttachment, ...]:
    rows = session.exec(
        select(Attachment)
        .where(Attachment.message_id == message.id)
        .order_by(col(Attachment.position), col(Attachment.id))
    ).all()
    return tuple(
        OutgoingAttachment(row.filename, row.content_type, content_of(session, row), row.content_id or None)
        for row in rows
    )
