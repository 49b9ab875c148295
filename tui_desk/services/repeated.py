"""What was asked for before under the same token is not done again: it is answered as it was then.

Whoever gets no answer (the connection was lost while it committed) cannot know whether it was done, and asks again. The token is the
deed of the events, which were written in the transaction of what was asked: they tell what came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import AddNote, SendReply, SentResult
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.enums import DeliveryState, DraftKind
from tui_desk.core.errors import DoneBefore, UsageError
from tui_desk.core.i18n import _
from tui_desk.db.engine import alone
from tui_desk.models import Draft, Event, Message, OutboxItem
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import DEED, Actor, deed_of_one
from tui_desk.services.context import known, require, ticket_to_change
from tui_desk.services.conversation import written_text
from tui_desk.services.drafts import draft_attachments, draft_of, remove
from tui_desk.services.events import ticket_stream
from tui_desk.services.guard import recipients_of
from tui_desk.services.tickets import first_text, subject_of

Asked = TypeVar("Asked", SendReply, AddNote, NewTicket)
TOKEN_LIMIT = 200


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


def _answered(session: Session, actor: Actor, request: SendReply | AddNote | NewTicket, deed: str) -> object:
    """What came of it then. Raises DoneBefore where something else is asked for by now, or it was stopped since."""
    require(actor, Permission.WRITE)
    events = session.exec(select(Event).where(Event.deed == deed).order_by(col(Event.id))).all()
    told = next(event for event in events if isinstance(event.after, dict) and "message_id" in event.after)
    message = session.get_one(Message, told.after["message_id"])
    if isinstance(request, NewTicket):
        if (message.subject, message.text) != (subject_of(request), first_text(request)):
            raise DoneBefore(
                _("#{number} had been made after all.").format(number=message.ticket_id),
                _("What you changed since is not in it: write it down there."),
            )
        return message.ticket_id
    kind = request.kind if isinstance(request, SendReply) else DraftKind.NOTE
    draft = draft_of(session, actor, request.number, kind)
    there = told.stream == ticket_stream(request.number)
    same = there and message.text == written_text(request.body) and not _has_files(session, draft)
    outbox_id, held_until = told.after.get("outbox_id"), None
    if isinstance(request, SendReply):
        ticket = ticket_to_change(session, request.number)
        recipients, _expected = recipients_of(session, ticket, request)
        same = same and set(recipients.everybody) == set(told.after["to"])
        item = session.get_one(OutboxItem, outbox_id)
        if item.state == DeliveryState.CANCELLED.value:
            raise DoneBefore(
                _("What you wrote was sent before, and stopped since."), _("It is a draft: send it anew.")
            )
        held_until = item.held_until
    if not same:
        raise DoneBefore(
            _("What you wrote before was kept after all; what you changed since was not."),
            _("It is your draft now: look whether it is still needed."),
        )
    if draft is not None:
        remove(session, actor, draft)
    return SentResult(known(message.id), outbox_id, held_until, "", ())


def _has_files(session: Session, draft: Draft | None) -> bool:
    return draft is not None and bool(draft_attachments(session, [known(draft.id)]))
