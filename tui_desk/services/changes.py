"""Changing fields of a ticket: compare, write, record. Every change of a field in the product goes through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import TicketStatus
from tui_desk.core.i18n import _
from tui_desk.models import Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.checklist_rows import apply_for_category
from tui_desk.services.context import known, touch
from tui_desk.services.event_text import field_name, value_text
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.fields import CHANGED, FIELDS, same
from tui_desk.services.snooze_view import end_snooze

_ENDED = (TicketStatus.RESOLVED.value, TicketStatus.CLOSED.value)


def set_fields(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    values: Mapping[str, Any],
    at: datetime,
    *,
    undoes: Mapping[str, int] | None = None,
) -> tuple[int, ...]:
    """Give the fields of a locked ticket new values; answers the ids of the events, one per field that really changed.

    A new category brings its checklists, an end of the ticket ends its snooze; the events of that are answered too.
    """
    recorded = []
    for name, after in values.items():
        field = FIELDS[name]
        before = field.read(session, ticket)
        if same(before, after):
            continue
        field.write(session, ticket, after, at)
        session.flush()
        recorded.append(
            record(
                session,
                actor,
                ticket_stream(known(ticket.id)),
                CHANGED,
                at,
                field=name,
                before=before,
                after=after,
                undoes=(undoes or {}).get(name),
            )
        )
        if name == "category" and undoes is None:
            recorded += apply_for_category(session, actor, ticket, at)
        if name == "status" and undoes is None and after in _ENDED:
            recorded += end_snooze(session, actor, ticket, at)
    if recorded:
        touch(session, ticket, at)
    return tuple(recorded)


def told(
    number: int, events: tuple[int, ...], values: Mapping[str, Any], own: Mapping[str, str] | None = None
) -> FieldChanged:
    """The answer of a change: what the message line says. ``own``: values of fields of one's own, by label."""
    if not events:
        return FieldChanged(
            number, (), _("#{number} is so already; nothing was changed.").format(number=number)
        )
    parts = [
        _("{field}: {value}").format(field=field_name(name), value=value_text(name, value) or "–")
        for name, value in values.items()
    ]
    parts += [
        _("{field}: {value}").format(field=label, value=shown or "–") for label, shown in (own or {}).items()
    ]
    return FieldChanged(
        number, events, _("#{number} · {changes}").format(number=number, changes=" · ".join(parts))
    )
