"""What was asked for before under the same token is not done again: it is answered as it was then.

Whoever gets no answer (the connection was lost while it committed) cannot know whether it was done, and asks again. The token is the
deed of the events, which were written in the transaction of what was asked: they tell what came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import AddNote, SendReply, SentResult
from tui_desk.contracts.macros import ApplyMacro
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.enums import DeliveryState, DraftKind
from tui_desk.core.errors import DoneBefore, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.tokens import TOKEN_LIMIT
from tui_desk.db.engine import alone
from tui_desk.models import Draft, Event, Message, OutboxItem
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import DEED, Actor, deed_of_one
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, now, require, ticket_to_change
from tui_desk.services.conversation import event_of, wanted_status, written_text
from tui_desk.services.drafts import draft_attachments, draft_of, remove
from tui_desk.services.events import ticket_stream
from tui_desk.services.gates import let_through
from tui_desk.services.guard import recipients_of
from tui_desk.services.repeated_macro import macro_done_before
from tui_desk.services.tickets import first_text, subject_of

Asked = TypeVar("Asked", SendReply, AddNote, NewTicket, ApplyMacro)


def once(function: Callable[[Session, Actor, Asked], object]) -> Callable[[Session, Actor, Asked], object]:
    """``function``, a use case whose request has a token, in such a way that it is carried out at most once for one token."""

    def carried_out(session: Session, actor: Actor, request: Asked) -> object:
        if len(request.token) > TOKEN_LIMIT:
            raise UsageError(_("A token names this one deed: a word of your own that no other has."))
        deed = deed_of_one(f"{actor.agent_id}:{actor.login}:{request.token}")
        alone(session, deed)  # the connection that was lost may still be committing
        session.info[DEED] = deed
        done = session.exec(select(Event).where(Event.deed == deed).order_by(col(Event.id)).limit(1)).first()
        return function(session, actor, request) if done is None else _answered(session, actor, request, deed)

    return carried_out


def _answered(
    session: Session, actor: Actor, request: SendReply | AddNote | NewTicket | ApplyMacro, deed: str
) -> object:
    """What came of it then. Raises DoneBefore where something else is asked for by now, or it was stopped since."""
    events = session.exec(select(Event).where(Event.deed == deed).order_by(col(Event.id))).all()
    if isinstance(request, ApplyMacro):
        require(actor, Permission.CHANGE_TICKETS)
        return macro_done_before(session, actor, request, events)
    require(actor, Permission.WRITE)
    told = next((one for one in events if isinstance(one.after, dict) and "message_id" in one.after), None)
    if told is None:
        raise _changed_since()
    message = session.get_one(Message, told.after["message_id"])
    if isinstance(request, NewTicket):
        return _made(request, message)
    if told.action != event_of(request) or told.stream != ticket_stream(request.number):
        raise _changed_since()
    if isinstance(request, AddNote):
        _end_draft(session, actor, request, DraftKind.NOTE, message)
        return SentResult(known(message.id), None, None, "", ())
    sent = _sent(session, actor, request, told, message)
    if not any(event.field == "status" and event.after == request.status_after for event in events):
        _set_status(session, actor, request)
    return sent


def _made(request: NewTicket, message: Message) -> int:
    if (message.subject, message.text) != (subject_of(request), first_text(request)):
        raise DoneBefore(
            _("#{number} had been made after all.").format(number=message.ticket_id),
            _("What you changed since is not in it: write it down there."),
        )
    return message.ticket_id


def _sent(session: Session, actor: Actor, request: SendReply, told: Event, message: Message) -> SentResult:
    item = session.get_one(OutboxItem, told.after["outbox_id"])
    if item.state == DeliveryState.CANCELLED.value:
        raise DoneBefore(
            _("What you wrote was sent before, and stopped since."), _("It is a draft: send it anew.")
        )
    recipients, _expected = recipients_of(session, ticket_to_change(session, request.number), request)
    if set(recipients.everybody) != set(told.after["to"]):
        raise _changed_since()
    _end_draft(session, actor, request, request.kind, message)
    return SentResult(known(message.id), known(item.id), item.held_until, "", ())


def _set_status(session: Session, actor: Actor, request: SendReply) -> None:
    """Where the mail left without the status that is wanted with it now."""
    ticket, at = ticket_to_change(session, request.number), now(session)
    status = wanted_status(ticket, request.status_after)
    if status is not None:
        let_through(session, actor, ticket, status, request.despite, at)
        set_fields(session, actor, ticket, {"status": status.value}, at)


def _changed_since() -> DoneBefore:
    return DoneBefore(
        _("What you wrote before was kept after all; what you changed since was not."),
        _("It is your draft now: look whether it is still needed."),
    )


def _end_draft(
    session: Session, actor: Actor, request: SendReply | AddNote, kind: DraftKind, message: Message
) -> None:
    """The draft of what is there goes. Raises DoneBefore where there is more in it by now."""
    draft = draft_of(session, actor, request.number, kind)
    if message.text != written_text(request.body) or _has_files(session, draft):
        raise _changed_since()
    if draft is not None:
        remove(session, actor, draft)


def _has_files(session: Session, draft: Draft | None) -> bool:
    return draft is not None and bool(draft_attachments(session, [known(draft.id)]))
