"""What the compose screen shows before the first key is pressed."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from tui_desk.contracts.conversation import AttachmentView, ComposeContext, OpenCompose
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.mail.compose import reply_subject, with_token
from tui_desk.models import Draft, Message, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.rules.recipients import Recipients
from tui_desk.rules.subjects import forward_subject
from tui_desk.services.actor import Actor
from tui_desk.services.address_input import written
from tui_desk.services.context import known, require, ticket_to_read
from tui_desk.services.drafts import draft_attachments
from tui_desk.services.exchange import default_recipients, passed_on
from tui_desk.services.message_view import attachment_view, attachments_of
from tui_desk.services.senders import sender_for, signature_for
from tui_desk.services.settings_store import UNDO_SECONDS, read_setting

ANSWERS = (DraftKind.REPLY, DraftKind.REPLY_ALL)


def open_compose(session: Session, actor: Actor, request: OpenCompose) -> ComposeContext:
    """Recipients, identity, signature, notice and the saved draft for writing in a ticket. Raises NotFound."""
    require(actor, Permission.WRITE)
    ticket = ticket_to_read(session, request.number)
    draft = session.exec(
        select(Draft).where(
            Draft.ticket_id == ticket.id, Draft.agent_id == actor.agent_id, Draft.kind == request.kind.value
        )
    ).first()
    attached = draft_attachments(session, [known(draft.id)]) if draft else []
    is_note = request.kind is DraftKind.NOTE
    recipients = Recipients()
    if request.kind in ANSWERS:
        recipients = default_recipients(session, ticket, to_all=request.kind is DraftKind.REPLY_ALL)
    sender, notice = ("", "") if is_note else _sender(session, ticket)
    return ComposeContext(
        ticket=known(ticket.id),
        kind=request.kind,
        sender=sender,
        to=safe_line(draft.to if draft and draft.to else written(recipients.to)),
        cc=safe_line(draft.cc if draft and (draft.cc or draft.to) else written(recipients.cc)),
        bcc=safe_line(draft.bcc) if draft else "",
        subject=safe_line(subject_for(ticket, request.kind)),
        body=safe_block(draft.body) if draft else "",
        signature="" if is_note else safe_block(signature_for(session, actor, ticket)),
        attachments=tuple(map(attachment_view, attached)),
        passed_on=passed_on_files(session, ticket) if request.kind is DraftKind.FORWARD else (),
        base_message_id=draft.base_message_id
        if draft and draft.base_message_id
        else newest_message(session, ticket),
        one_way_notice=merged_notice(ticket) or notice,
        undo_seconds=int(read_setting(session, UNDO_SECONDS)),
        token=draft.token if draft else "",
    )


def merged_notice(ticket: Ticket) -> str:
    """Where one answers a ticket that was merged; nothing for any other."""
    if ticket.merged_into_id is None:
        return ""
    return _(
        "#{number} was merged into #{other}: it is answered there, and Ctrl+S offers to take your text along."
    ).format(number=ticket.id, other=ticket.merged_into_id)


def passed_on_files(session: Session, ticket: Ticket) -> tuple[AttachmentView, ...]:
    """The files that go along with a forward by themselves."""
    message = passed_on(session, ticket)
    return attachments_of(session, [known(message.id)])[known(message.id)] if message is not None else ()


def _sender(session: Session, ticket: Ticket) -> tuple[str, str]:
    try:
        sender = sender_for(session, ticket)
    except Refused as error:
        return _("nobody"), str(error)
    address = visible_address(sender.address)
    return (f"{safe_line(sender.name)} <{address}>" if sender.name else address), sender.notice


def subject_for(ticket: Ticket, kind: DraftKind) -> str:
    """The subject of what is written in ``ticket``."""
    if kind is DraftKind.NOTE:
        return ticket.subject
    if kind is DraftKind.FORWARD:
        return with_token(forward_subject(ticket.subject), ticket.id)
    return reply_subject(ticket.subject, ticket.id)


def newest_message(session: Session, ticket: Ticket) -> int:
    """The id of the newest message; 0 for a ticket without any."""
    return session.exec(select(func.max(col(Message.id))).where(Message.ticket_id == ticket.id)).one() or 0
