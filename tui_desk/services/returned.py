"""A message that was stopped becomes a draft again, as it was written: its kind, its recipients with their names, its files."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.core.enums import DraftKind
from tui_desk.models import Attachment, Delivery, Draft, Event, Message, OutboxItem, Ticket
from tui_desk.rules.addresses import address_key
from tui_desk.rules.recipients import Recipients
from tui_desk.services.actor import Actor
from tui_desk.services.address_input import written
from tui_desk.services.context import known
from tui_desk.services.events import ticket_stream
from tui_desk.services.exchange import passed_on
from tui_desk.services.review_rows import fresh_draft_id


def back_to_draft(session: Session, actor: Actor, item: OutboxItem, now: datetime) -> DraftKind | None:
    """The text of a stopped message becomes its author's draft, in front of one begun meanwhile.

    Answers the kind of the draft; None for what nobody wrote.
    """
    message = session.get(Message, item.message_id) if item.message_id is not None else None
    author = message.author_agent_id if message is not None else None
    author = author if author is not None else actor.agent_id
    if message is None or author is None or item.automatic:
        return None
    kind = kind_of(session, message)
    draft = session.exec(
        select(Draft).where(
            Draft.ticket_id == message.ticket_id, Draft.agent_id == author, Draft.kind == kind.value
        )
    ).first()
    if draft is None:
        draft = Draft(
            id=fresh_draft_id(session),
            ticket_id=message.ticket_id,
            agent_id=author,
            kind=kind.value,
            updated_at=now,
        )
    recipients = _recipients_of(session, item, message)
    draft.body = message.text if not draft.body.strip() else f"{message.text}\n\n{draft.body}"
    draft.to = draft.to or written(recipients.to)
    draft.cc = draft.cc or written(recipients.cc)
    draft.bcc = draft.bcc or written(recipients.bcc)
    draft.base_message_id = max(draft.base_message_id, known(message.id))
    draft.updated_at = now
    session.add(draft)
    session.flush()
    for file in _own_files(session, message, kind):
        copied = file.model_dump(exclude={"id", "message_id", "draft_id"})
        session.add(Attachment(**copied, draft_id=draft.id))
    return kind


def kind_of(session: Session, message: Message) -> DraftKind:
    """What was written: as its event says; events of older versions do not, then as its recipients look."""
    events = session.exec(
        select(Event).where(
            Event.stream == ticket_stream(message.ticket_id),
            col(Event.action).in_(("replied", "forwarded")),
            Event.at == message.at,
        )
    ).all()
    event = next((one for one in events if one.after.get("message_id") == message.id), None)
    if event is not None and event.action == "forwarded":
        return DraftKind.FORWARD
    if event is not None and event.after.get("kind"):
        return DraftKind(event.after["kind"])
    return DraftKind.REPLY_ALL if message.recipients_cc else DraftKind.REPLY


def _recipients_of(session: Session, item: OutboxItem, message: Message) -> Recipients:
    """To whom it was going; hidden copies are those of the envelope that no header names."""
    to = tuple((str(name), str(address)) for name, address in message.recipients_to)
    cc = tuple((str(name), str(address)) for name, address in message.recipients_cc)
    named = {address_key(address) for _name, address in (*to, *cc)}
    envelope = session.exec(
        select(Delivery.address).where(Delivery.outbox_id == item.id).order_by(col(Delivery.id))
    ).all()
    return Recipients(to, cc, tuple(("", one) for one in envelope if address_key(one) not in named))


def _own_files(session: Session, message: Message, kind: DraftKind) -> list[Attachment]:
    """The files the agent attached. In a forward those of the message passed on stand last, and go along again by themselves."""
    files = _files_of(session, message)
    source = (
        passed_on(session, session.get_one(Ticket, message.ticket_id)) if kind is DraftKind.FORWARD else None
    )
    if source is None:
        return files
    again = Counter(file.sha256 for file in _files_of(session, source))
    own: list[Attachment] = []
    for file in reversed(files):
        if again[file.sha256]:
            again[file.sha256] -= 1
        else:
            own.append(file)
    return own[::-1]


def _files_of(session: Session, message: Message) -> list[Attachment]:
    return list(
        session.exec(
            select(Attachment)
            .where(Attachment.message_id == message.id)
            .order_by(col(Attachment.position), col(Attachment.id))
        )
    )
