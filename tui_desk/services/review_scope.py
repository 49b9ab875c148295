"""What an approval is of beside the text: who gets the mail, and what is attached.

The event of a decision keeps a digest of both, so that a mail approved for one reader does not leave to another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import SendReply
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import DeskError
from tui_desk.models import Attachment, Draft, Event, Review, Ticket
from tui_desk.rules.addresses import address_key
from tui_desk.rules.recipients import Pair, Recipients
from tui_desk.rules.reviews import WITHDRAWN, same_text
from tui_desk.services.actor import Actor
from tui_desk.services.deeds import told_value
from tui_desk.services.guard import recipients_of
from tui_desk.services.rows import ROW_CHANGED

_LOOKED_AT = 50
"""Checks of one ticket among which a text is looked for."""


def request_of(draft: Draft) -> SendReply:
    """What its author asks for who sends a draft as it is."""
    return SendReply(
        draft.ticket_id,
        draft.body,
        DraftKind(draft.kind),
        draft.to,
        draft.cc,
        draft.bcc,
        draft.base_message_id,
    )


def scope_of(recipients: Recipients, files: Sequence[Attachment]) -> str:
    """A digest of who gets a mail and what is attached to it; the order of either, and how people are called, do not count."""
    fields = [_keys(recipients.to), _keys(recipients.cc), _keys(recipients.bcc)]
    said = json.dumps([fields, sorted([file.filename, file.sha256] for file in files)])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _keys(pairs: Sequence[Pair]) -> list[str]:
    return sorted(address_key(address) for _name, address in pairs)


def scope_of_draft(session: Session, ticket: Ticket, draft: Draft) -> str:
    """The same of a draft as it is now; one that names nobody who can be written to is approved for nobody."""
    from tui_desk.services.conversation import files_of  # which asks about checks, and so knows this module

    request = request_of(draft)
    try:
        recipients, _expected = recipients_of(session, ticket, request)
        return scope_of(recipients, files_of(session, ticket, draft, request))
    except DeskError:
        return scope_of(Recipients(), ())


def decided_scope(session: Session, review: Review) -> str:
    """What a decision was of; empty where its event does not say (of an earlier version)."""
    event = _decision(session, review, review.reviewer_id)
    return str(event.after.get("scope", "")) if event is not None else ""


def _decision(session: Session, review: Review, agent_id: int) -> Event | None:
    """The event in which that agent ended the check; in whichever ticket's history, for it may have been merged since."""
    event = session.exec(
        select(Event)
        .where(Event.actor_id == agent_id, Event.action == ROW_CHANGED, Event.at == review.decided_at)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()
    if event is None or (told_value(event).get("table"), told_value(event).get("id")) != (
        Review.__tablename__,
        review.id,
    ):
        return None
    return event


def check_of_text(session: Session, actor: Actor, request: SendReply) -> Review | None:
    """The newest check that the acting agent asked for of this very text in this ticket, in whatever draft; None where there is none,
    or somebody else took it back."""
    asked = session.exec(
        select(Review, Draft)
        .join(Draft, col(Draft.id) == Review.draft_id, isouter=True)
        .where(Review.ticket_id == request.number, Review.asked_by_id == actor.agent_id)
        .order_by(col(Review.id).desc())
        .limit(_LOOKED_AT)
    ).all()
    for review, draft in asked:
        texts = (review.body, draft.body) if draft is not None else (review.body,)
        if any(same_text(text, request.body) for text in texts):
            by_others = review.state == WITHDRAWN and _decision(session, review, review.asked_by_id) is None
            return None if by_others else review
    return None
