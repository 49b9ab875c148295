"""Messages as screens show them: every text from outside passes ``core.safe_text`` here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.conversation import (
    AttachmentView,
    Mailaddress,
    MessageView,
    OutgoingView,
    Segment,
)
from tui_desk.core.enums import Direction, MailKind, MessageKind, SegmentKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address, visible_name
from tui_desk.models import Attachment, Message
from tui_desk.models.messages import REDUCED
from tui_desk.services.context import known
from tui_desk.services.outgoing_view import outgoing_of_ticket

ADDRESSES_SHOWN = 200


def conversation(session: Session, ticket_id: int, *, after: int = 0) -> tuple[MessageView, ...]:
    """The messages of a ticket in order of time, those that are newer than the message ``after``."""
    messages = session.exec(
        select(Message)
        .where(Message.ticket_id == ticket_id, col(Message.id) > after)
        .order_by(col(Message.at), col(Message.id))
    ).all()
    return views(session, messages, ticket_id)


def newest_messages(
    session: Session, ticket_id: int, most: int | None
) -> tuple[tuple[MessageView, ...], int]:
    """The newest messages of a ticket in order of time (all without ``most``), and how many are ahead of them."""
    if most is None:
        return conversation(session, ticket_id), 0
    statement = select(Message).where(Message.ticket_id == ticket_id)
    newest = session.exec(
        statement.order_by(col(Message.at).desc(), col(Message.id).desc()).limit(most)
    ).all()
    total = len(newest)
    if total == most:
        total = session.exec(select(func.count()).where(Message.ticket_id == ticket_id)).one()
    return views(session, newest[::-1], ticket_id), total - len(newest)


def views(session: Session, messages: Sequence[Message], ticket_id: int) -> tuple[MessageView, ...]:
    """Messages of one ticket with attachments and the state of what left."""
    attachments = attachments_of(session, [known(message.id) for message in messages])
    outgoing = outgoing_of_ticket(session, ticket_id)
    return tuple(
        _view(message, attachments[known(message.id)], outgoing.get(known(message.id)))
        for message in messages
    )


def _view(
    message: Message, attachments: tuple[AttachmentView, ...], delivery: OutgoingView | None
) -> MessageView:
    segments = segments_of(message)
    text = "".join(segment.text for segment in segments)
    return MessageView(
        id=known(message.id),
        kind=MessageKind(message.kind),
        direction=Direction(message.direction),
        mail_kind=MailKind(message.mail_kind) if message.mail_kind else None,
        author=_line(message.author_name) or _address("", message.author_address).address,
        author_address=_address("", message.author_address).address,
        is_agent=message.author_agent_id is not None,
        at=message.at,
        subject=_line(message.subject),
        to=_addresses(message.recipients_to),
        cc=_addresses(message.recipients_cc),
        text=text,
        reply="".join(segment.text for segment in segments if segment.kind is SegmentKind.BODY)
        .strip("\n")
        .rstrip(),
        segments=segments,
        attachments=attachments,
        rfc_message_id=safe_line(message.rfc_message_id),
        has_raw=bool(message.raw_sha256),
        why=tuple(
            safe_line(str(item.get("sentence", ""))) for item in message.evidence if item.get("sentence")
        ),
        marks=tuple(mark_text(str(mark)) for mark in message.marks),
        reduced=REDUCED in message.marks,
        delivery=delivery,
    )


def _addresses(pairs: Any) -> tuple[Mailaddress, ...]:
    return tuple(_address(str(name), str(address)) for name, address in pairs[:ADDRESSES_SHOWN])


@lru_cache(maxsize=2048)
def _line(text: str) -> str:
    """A line that stands in one message of a ticket after another: made safe once."""
    return safe_line(text)


@lru_cache(maxsize=2048)
def _address(name: str, address: str) -> Mailaddress:
    """The same for an address."""
    return Mailaddress(safe_line(name), visible_address(address))


def segments_of(message: Message) -> tuple[Segment, ...]:
    """The parts of the text, safe to show; together they are all of it."""
    if not message.segments:
        return (Segment(SegmentKind.BODY, safe_block(message.text)),) if message.text else ()
    parts, start = [], 0
    for kind, length in message.segments:
        parts.append(Segment(SegmentKind(kind), safe_block(message.text[start : start + length])))
        start += length
    if start < len(message.text):
        parts.append(Segment(SegmentKind.BODY, safe_block(message.text[start:])))
    return tuple(parts)


def attachments_of(session: Session, message_ids: Sequence[int]) -> dict[int, tuple[AttachmentView, ...]]:
    """The attachments of some messages, in their order."""
    found: dict[int, tuple[AttachmentView, ...]] = defaultdict(tuple)
    if not message_ids:
        return found
    rows = session.exec(
        select(Attachment)
        .where(col(Attachment.message_id).in_(message_ids))
        .order_by(col(Attachment.position), col(Attachment.id))
    )
    for row in rows:
        found[known(row.message_id)] = (*found[known(row.message_id)], attachment_view(row))
    return found


def attachment_view(row: Attachment) -> AttachmentView:
    return AttachmentView(
        id=known(row.id),
        filename=visible_name(row.filename) or _("unnamed"),
        content_type=safe_line(row.content_type, 100),
        size=row.size,
        inline=row.inline,
        sha256=row.sha256,
    )


def mark_text(code: str) -> str:
    """A warning beside the author."""
    texts = {
        "unverified": _("sender not verified"),
        "same_message_id": _("same Message-ID as another mail"),
        "colleague": _("from a colleague of the requester"),
        "other_address": _("from another address of theirs"),
        "outsider": _("from outside the conversation"),
        "automatic": _("automatic answer"),
        "bounce": _("delivery report"),
        "imported": _("imported"),
        "approval_counted": _("answer to an approval: counted"),
        "approval_not_counted": _("answer to an approval: not counted"),
        "rating_counted": _("rating: counted"),
        "rating_not_counted": _("rating: not counted"),
        REDUCED: _("without its attachments: it is too large"),
    }
    return texts.get(code, safe_line(code).replace("_", " "))
