"""How a mail would leave, shown before it does: composed as when it is sent, without a trace."""

from __future__ import annotations

from sqlmodel import Session, select

from tui_desk.contracts.conversation import MailPreview, PreviewReply, SendReply
from tui_desk.core.enums import Direction, DraftKind, MessageKind
from tui_desk.core.errors import Refused
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.mail.compose import OutgoingAttachment, texts_of
from tui_desk.models import Attachment, Draft, Message, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.rules.recipients import Recipients
from tui_desk.services.actor import Actor
from tui_desk.services.address_input import written
from tui_desk.services.compose import passed_on_files, subject_for
from tui_desk.services.context import known, now, require, ticket_to_read
from tui_desk.services.drafts import draft_attachments
from tui_desk.services.guard import recipients_of
from tui_desk.services.message_view import attachment_view
from tui_desk.services.outgoing_mail import outgoing
from tui_desk.services.senders import Sender, sender_for, signature_for

_NOWHERE = "@sender.invalid"
"""Stands in for an address to write from, where the desk has none (RFC 2606)."""
_HEAD = 1_500
"""Bytes of the fields and of the borders between the parts, about."""


def preview(session: Session, actor: Actor, request: PreviewReply) -> MailPreview:
    """The mail that would leave now. A desk that cannot send, or nobody to send to, is told in ``notice``."""
    require(actor, Permission.VIEW)
    ticket = ticket_to_read(session, request.number)
    notice, recipients = "", Recipients()
    sender = Sender("", f"nobody{_NOWHERE}", None, "", "")
    asked = SendReply(request.number, request.body, request.kind, request.to, request.cc, request.bcc)
    try:
        recipients, _expected = recipients_of(session, ticket, asked)
        sender = sender_for(session, ticket)
    except Refused as error:
        notice = str(error)
    files = _draft_files(session, actor, ticket, request.kind)
    subject = subject_for(ticket, request.kind)
    shown = Message(
        ticket_id=known(ticket.id),
        kind=MessageKind.EMAIL.value,
        direction=Direction.OUT.value,
        text=request.body,
        subject=subject,
        at=now(session),
    )
    forward = request.kind is DraftKind.FORWARD
    mail = outgoing(
        session,
        ticket,
        shown,
        recipients,
        sender,
        signature_for(session, actor, ticket),
        tuple(OutgoingAttachment(row.filename, row.content_type, b"") for row in files),
        forward=forward,
        alone=False,
        date=shown.at,
    )
    plain, html = texts_of(mail)
    along = tuple(map(attachment_view, files))
    if forward:
        along += passed_on_files(session, ticket)
    size = _HEAD + len(plain.encode()) + len(html.encode()) + sum(one.size for one in along) * 137 // 100
    return MailPreview(
        sender=_named(sender),
        to=safe_line(written(recipients.to), 2_000),
        cc=safe_line(written(recipients.cc), 2_000),
        bcc=safe_line(written(recipients.bcc), 2_000),
        subject=safe_line(subject),
        plain=safe_block(plain),
        html=safe_block(html),
        attachments=along,
        size=size,
        notice=safe_line(notice, 400),
    )


def _named(sender: Sender) -> str:
    if sender.address.endswith(_NOWHERE):
        return ""
    address = visible_address(sender.address)
    return f"{safe_line(sender.name)} <{address}>" if sender.name else address


def _draft_files(session: Session, actor: Actor, ticket: Ticket, kind: DraftKind) -> list[Attachment]:
    draft = session.exec(
        select(Draft).where(
            Draft.ticket_id == ticket.id, Draft.agent_id == actor.agent_id, Draft.kind == kind.value
        )
    ).first()
    return draft_attachments(session, [known(draft.id)]) if draft else []
