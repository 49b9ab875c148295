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
from tui_desk.services.guard import recipients_of
from tui_desk.services.rows import ROW_CHANGED


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
    event = session.exec(
        select(Event)
        .where(
            Event.actor_id == review.reviewer_id,
            Event.action == ROW_CHANGED,
            Event.at == review.decided_at,
        )
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()
    told = event.after if event is not None and isinstance(event.after, dict) else {}
    is_it = (told.get("table"), told.get("id")) == (Review.__tablename__, review.id)
    return str(told.get("scope", "")) if is_it else ""
