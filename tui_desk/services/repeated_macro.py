"""A macro that is asked for again under the same token: what it did then."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from tui_desk.contracts.macros import ApplyMacro, MacroDone
from tui_desk.core.enums import DeliveryState, DraftKind
from tui_desk.core.errors import DoneBefore
from tui_desk.core.i18n import _
from tui_desk.models import Event, OutboxItem
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.deeds import MACRO
from tui_desk.services.drafts import draft_of
from tui_desk.services.events import ticket_stream
from tui_desk.services.macros import sentence_of


def macro_done_before(
    session: Session, actor: Actor, request: ApplyMacro, events: Sequence[Event]
) -> MacroDone:
    """Its answer of then, from the ``events`` of the token's deed. Raises DoneBefore where they are of another deed, or its mail was stopped."""
    stream = ticket_stream(request.number)
    told = next((one for one in events if one.action == MACRO and one.stream == stream), None)
    if told is None or told.after["macro_id"] != request.id:
        raise DoneBefore(_("Something else was done under this name before."), _("Nothing was done now."))
    outbox_id = next((one.after["outbox_id"] for one in events if _is_mail(one)), None)
    item = session.get_one(OutboxItem, outbox_id) if outbox_id is not None else None
    if item is not None and item.state == DeliveryState.CANCELLED.value:
        raise DoneBefore(
            _("It was done before, and its mail stopped since."), _("Nothing was done now: choose it again.")
        )
    drafted = item is None and draft_of(session, actor, request.number, DraftKind.REPLY) is not None
    held_until = item.held_until if item is not None else None
    name = str(told.after["name"])
    return MacroDone(
        request.number,
        tuple(known(one.id) for one in events if one.stream == stream),
        sentence_of(request.number, name, held_until, sent=item is not None, drafted=drafted),
        outbox_id=outbox_id,
        held_until=held_until,
        draft=drafted,
    )


def _is_mail(event: Event) -> bool:
    return isinstance(event.after, dict) and event.after.get("outbox_id") is not None
