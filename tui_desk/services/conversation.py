"""Writing in a ticket: answers that leave by mail, and notes that never do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from tui_desk.contracts.conversation import AddNote, SendReply, SentResult
from tui_desk.core.enums import Direction, DraftKind, MessageKind, TicketStatus
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, storable
from tui_desk.db.search import index_message
from tui_desk.models import Agent, Attachment, Draft, MailIdentifier, Message, Ticket, Watcher
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.rules.recipients import Pair, Recipients
from tui_desk.rules.status import after_answer
from tui_desk.services import reviews
from tui_desk.services.actor import Actor
from tui_desk.services.changes import set_fields
from tui_desk.services.compose import ANSWERS, subject_for
from tui_desk.services.context import database, known, now, require, ticket_to_work_on, touch
from tui_desk.services.drafts import (
    attachment_row,
    check_total,
    draft_attachments,
    draft_of,
    read_file,
    remove,
)
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.fields import requester_label
from tui_desk.services.gates import is_held_up, let_through
from tui_desk.services.guard import check, recipients_of
from tui_desk.services.mentions import tell_mentioned
from tui_desk.services.outgoing_mail import forwarded_files, queue_mail
from tui_desk.services.people import person_for_address
from tui_desk.services.review_scope import scope_of
from tui_desk.services.senders import own_addresses, sender_for, signature_for
from tui_desk.services.settings_store import UNDO_SECONDS, read_setting
from tui_desk.services.snoozes import answer_came
from tui_desk.services.tickets import check_status

_LOGGED = {
    MessageKind.NOTE: "noted",
    MessageKind.PHONE: "phoned",
    MessageKind.CHAT: "chatted",
    MessageKind.FORM: "visited",
}
"""What an agent writes down himself, and its event; a form stands for whoever came to the desk."""


def reply(session: Session, actor: Actor, request: SendReply) -> SentResult:
    """Answer, or forward: message, outbox item, events and status in one transaction.

    With findings of the send guard that are not confirmed nothing is changed. Raises NotFound, UsageError (addresses, files,
    status), Refused (no address to write from).
    """
    require(actor, Permission.WRITE)
    if request.kind is DraftKind.NOTE:
        raise UsageError(_("A note is not sent; add it with “ticket note”."))
    ticket = ticket_to_work_on(session, request.number)
    at = now(session)
    status = wanted_status(ticket, request.status_after)
    leave_at = _leave_at(request, at)
    recipients, expected = recipients_of(session, ticket, request)
    draft = draft_of(session, actor, request.number, request.kind)
    files = files_of(session, ticket, draft, request)
    found = check(session, actor, ticket, request, recipients, expected, len(files))
    checked = reviews.finding(session, actor, draft, request, scope_of(recipients, files))
    if checked is not None and checked.code not in request.confirmed:
        found = (*found, checked)
    if found:
        return SentResult(None, None, None, "", found)
    if status is not None:
        let_through(session, actor, ticket, status, request.despite, at)
    sender = sender_for(session, ticket)
    message = _outgoing(ticket, actor, request, recipients, sender.address, at)
    session.add(message)
    session.flush()
    _keep_files(session, message, files)
    held_until = _held_until(session, request, leave_at, at)
    outbox_id = queue_mail(
        session,
        ticket,
        message,
        recipients,
        sender,
        signature_for(session, actor, ticket),
        forward=request.kind is DraftKind.FORWARD,
        held_until=held_until,
        later=leave_at is not None,
    )
    remember(session, ticket, message)
    add_watchers(session, actor, ticket, recipients, at)
    if draft is not None:
        remove(session, actor, draft)
    told: dict[str, Any] = {
        "message_id": message.id,
        "outbox_id": outbox_id,
        "kind": request.kind.value,
        "to": list(recipients.everybody),
    }
    if leave_at is not None and held_until is not None:
        told["leave_at"] = held_until.isoformat()
    record(session, actor, ticket_stream(known(ticket.id)), event_of(request), at, after=told)
    answered = request.kind in ANSWERS
    _after_answer(session, actor, ticket, status, at, answered=answered, later=leave_at is not None)
    return SentResult(message.id, outbox_id, held_until, sender.notice, ())


def _outgoing(
    ticket: Ticket, actor: Actor, request: SendReply, recipients: Recipients, sender: str, at: datetime
) -> Message:
    """The message of an answer or a forward, from the address ``sender``."""
    message = _message(ticket, actor, request.body, MessageKind.EMAIL, at)
    message.direction = Direction.OUT.value
    message.subject = subject_for(ticket, request.kind)
    message.recipients_to = [list(pair) for pair in recipients.to]
    message.recipients_cc = [list(pair) for pair in recipients.cc]
    message.author_address = sender
    return message


def _held_until(
    session: Session, request: SendReply, leave_at: datetime | None, at: datetime
) -> datetime | None:
    """The end of the undo window, or the later moment at which it shall leave; None: it leaves at once."""
    hold = 0 if request.now else int(read_setting(session, UNDO_SECONDS))
    held_until = at + timedelta(seconds=max(hold, request.hold_seconds)) if hold > 0 else None
    return held_until if leave_at is None else max(leave_at, held_until or leave_at)


def event_of(request: SendReply | AddNote) -> str:
    """What the event is called that tells of it."""
    if isinstance(request, AddNote):
        return _LOGGED[request.channel_kind]
    return "replied" if request.kind in ANSWERS else "forwarded"


def wanted_status(ticket: Ticket, text: str) -> TicketStatus | None:
    """The status it should have then; None where none is named. Raises UsageError, Refused."""
    if not text:
        return None
    try:
        status = TicketStatus(text)
    except ValueError:
        raise UsageError(_("“{status}” is not a status.").format(status=safe_line(text))) from None
    check_status(ticket, status)
    return status


def _leave_at(request: SendReply, at: datetime) -> datetime | None:
    """The time that was named. Raises UsageError."""
    if request.leave_at is None:
        return None
    if request.now:
        raise UsageError(_("Now and later do not go together."), _("Leave out one of them."))
    if request.leave_at <= at:
        raise UsageError(
            _("The time at which it should leave is over."), _("Name one that is still to come.")
        )
    return request.leave_at.astimezone(UTC)


def _after_answer(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    wanted: TicketStatus | None,
    at: datetime,
    *,
    answered: bool,
    later: bool,
) -> None:
    """What an answer does to its ticket; a forward only sets the status when asked to.

    One that leaves ``later`` is no response before it does.
    """
    status = TicketStatus(ticket.status)
    after = after_answer(status, wanted) if answered else (wanted or status)
    if wanted is None and after is not status and is_held_up(session, ticket, after):
        after = status  # work may not start yet; answering is allowed all the same
    if answered:
        if not later:
            ticket.first_response_at = ticket.first_response_at or at
        ticket.requester_waiting = False
    if not set_fields(session, actor, ticket, {"status": after.value}, at):
        touch(session, ticket, at)


def _message(ticket: Ticket, actor: Actor, body: str, kind: MessageKind, at: datetime) -> Message:
    """A message the acting agent writes; internal until said otherwise."""
    return Message(
        ticket_id=known(ticket.id),
        kind=kind.value,
        direction=Direction.INTERNAL.value,
        author_agent_id=actor.agent_id,
        author_name=actor.name or actor.login,
        at=at,
        subject=ticket.subject,
        text=written_text(body),
    )


def written_text(body: str) -> str:
    """What an agent wrote, as it is kept."""
    return storable(body).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def files_of(
    session: Session, ticket: Ticket, draft: Draft | None, request: SendReply | AddNote
) -> list[Attachment]:
    """What goes along: the draft's files, those named by path, and in a forward those of the message passed on."""
    files = draft_attachments(session, [known(draft.id)]) if draft is not None else []
    if isinstance(request, SendReply) and request.kind is DraftKind.FORWARD:
        files += forwarded_files(session, ticket)
    for path in request.attach_paths:
        name, content = read_file(path, database(session).url)
        files.append(attachment_row(session, name, content, position=len(files)))
    check_total(sum(file.size for file in files))
    return files


def _keep_files(session: Session, message: Message, files: Sequence[Attachment]) -> None:
    """The files belong to the message from now on."""
    for position, file in enumerate(files):
        file.draft_id, file.message_id, file.position = None, message.id, position
        session.add(file)
    session.flush()


def remember(session: Session, ticket: Ticket, message: Message) -> None:
    """Make a written message findable, and an answer to it recognisable."""
    if message.rfc_message_id:
        session.add(
            MailIdentifier(
                rfc_message_id=message.rfc_message_id,
                ticket_id=known(ticket.id),
                message_id=message.id,
                origin="sent",
            )
        )
    names = session.exec(select(Attachment.filename).where(Attachment.message_id == message.id))
    people = [message.author_name, message.author_address, *names]
    for name, address in (*message.recipients_to, *message.recipients_cc):
        people += [name, address]
    index_message(
        session,
        known(message.id),
        known(ticket.id),
        message.subject,
        message.text,
        " ".join(filter(None, people)),
    )
    session.flush()


def add_watchers(
    session: Session, actor: Actor, ticket: Ticket, recipients: Recipients, at: datetime
) -> None:
    """Whoever an agent writes to takes part from now on (blind copies do not show)."""
    own = own_addresses(session)
    agents = {address_key(email) for email in session.exec(select(Agent.email).where(Agent.email != ""))}
    for name, address in (*recipients.to, *recipients.cc):
        if address_key(address) not in own | agents:
            _add_watcher(session, actor, ticket, (name, address), at)


def _add_watcher(session: Session, actor: Actor, ticket: Ticket, pair: Pair, at: datetime) -> None:
    person = person_for_address(session, pair[1], pair[0], at)
    if person.id == ticket.requester_id:
        return
    there = session.exec(
        select(Watcher.id).where(Watcher.ticket_id == ticket.id, Watcher.person_id == person.id)
    ).first()
    if there is not None:
        return
    session.add(Watcher(ticket_id=known(ticket.id), person_id=person.id, address=pair[1], role="cc"))
    session.flush()
    record(
        session,
        actor,
        ticket_stream(known(ticket.id)),
        "watcher_added",
        at,
        after={"id": person.id, "name": requester_label(session, person), "address": pair[1]},
    )


def note(session: Session, actor: Actor, request: AddNote) -> SentResult:
    """Write an internal note, or log a phone call or chat. Nothing of it ever leaves. Mentioned agents watch the ticket.

    Raises NotFound, MergedAway, UsageError.
    """
    require(actor, Permission.WRITE)
    if request.channel_kind not in _LOGGED:
        raise UsageError(_("Only notes, phone calls, chats and visits are written down this way."))
    ticket = ticket_to_work_on(session, request.number)
    at = now(session)
    draft = draft_of(session, actor, request.number, DraftKind.NOTE)
    files = files_of(session, ticket, draft, request)
    if not request.body.strip() and not files:
        raise UsageError(_("The note is empty."))
    message = keep_note(session, actor, ticket, request.body, request.channel_kind, files, at)
    if draft is not None:
        remove(session, actor, draft)
    return SentResult(message.id, None, None, "", ())


def keep_note(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    body: str,
    kind: MessageKind,
    files: Sequence[Attachment],
    at: datetime,
    written: str | None = None,
) -> Message:
    """Add an internal message to a locked ticket: a note, or what was said on the phone, in a chat or at the desk.

    ``written``: whom it names is read there, where ``body`` holds values of variables.
    """
    message = _message(ticket, actor, body, kind, at)
    session.add(message)
    session.flush()
    _keep_files(session, message, files)
    remember(session, ticket, message)
    stream = ticket_stream(known(ticket.id))
    record(session, actor, stream, _LOGGED[kind], at, after={"message_id": message.id})
    if kind is not MessageKind.NOTE:
        ticket.first_response_at = ticket.first_response_at or at
        answer_came(session, actor, ticket, at, by_others=True)
    tell_mentioned(session, actor, ticket, message, at, written)
    touch(session, ticket, at)
    return message
