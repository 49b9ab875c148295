"""Tickets and the licences they are about, and what a ticket is not about although its text names it.

Both are kept as events of the ticket, of which the last one holds: a licence can be linked with a ticket only through what was recognised
in it, which is seldom, and a dismissal is something that somebody did and can take back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.contracts.assets import LinkedLicence
from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Event, Licence, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, touch
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.licence_seats import licence_stream, licence_to_change

LICENCE_LINKED, LICENCE_UNLINKED = "licence_linked", "licence_unlinked"
DISMISSED, OFFERED_AGAIN = "recognised_dismissed", "recognised_offered"
OPPOSITE = {
    LICENCE_LINKED: LICENCE_UNLINKED,
    LICENCE_UNLINKED: LICENCE_LINKED,
    DISMISSED: OFFERED_AGAIN,
    OFFERED_AGAIN: DISMISSED,
}
"""What takes back what."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was decided on a ticket: licences that are linked, and assets and licences that were dismissed."""

    licences: tuple[int, ...] = ()
    dismissed: frozenset[tuple[str, int]] = frozenset()


def standing_of(session: Session, number: int) -> Standing:
    """What holds now."""
    statement = (
        select(Event.action, Event.before, Event.after)
        .where(Event.stream == ticket_stream(number), col(Event.action).in_(list(OPPOSITE)))
        .order_by(col(Event.position))
    )
    linked: dict[int, None] = {}
    dismissed: set[tuple[str, int]] = set()
    for action, before, after in session.exec(statement).all():
        value = after if after is not None else before
        row_id = int(value["id"])
        if action == LICENCE_LINKED:
            linked[row_id] = None
        elif action == LICENCE_UNLINKED:
            linked.pop(row_id, None)
        elif action == DISMISSED:
            dismissed.add((str(value["kind"]), row_id))
        else:
            dismissed.discard((str(value["kind"]), row_id))
    return Standing(tuple(linked), frozenset(dismissed))


def licences_of_ticket(session: Session, number: int) -> tuple[LinkedLicence, ...]:
    """The licences a ticket is linked with, by name. A desk without licences is not asked for links."""
    if session.exec(select(Licence.id).limit(1)).first() is None:
        return ()
    linked = standing_of(session, number).licences
    if not linked:
        return ()
    rows = session.exec(select(Licence).where(col(Licence.id).in_(linked)).order_by(col(Licence.name))).all()
    return tuple(
        LinkedLicence(known(row.id), safe_line(row.name), row.expires_on, row.retired) for row in rows
    )


def set_licence_link(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    licence_id: int,
    at: datetime,
    *,
    linked: bool,
    undoes: int | None = None,
) -> tuple[int, ...]:
    """Link a locked ticket with a licence or part them; nothing where it is so already.

    Raises NotFound, and Conflict for an undo of what somebody else undid.
    """
    licence = licence_to_change(session, licence_id)
    number = known(ticket.id)
    if (licence_id in standing_of(session, number).licences) == linked:
        if undoes is not None:
            raise Conflict(_("Not undone: the licence’s link has been changed since."))
        return ()
    action = LICENCE_LINKED if linked else LICENCE_UNLINKED
    told = {"id": licence_id, "name": licence.name}
    event = _tell(session, actor, ticket, action, told, at, gone=not linked, undoes=undoes)
    stream = licence_stream(licence_id)
    record(session, actor, stream, action, at, field="ticket", after=number, undoes=undoes)
    return (event,)


def set_dismissed(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    what: tuple[str, int, str],
    at: datetime,
    *,
    dismissed: bool,
    undoes: int | None = None,
) -> tuple[int, ...]:
    """Note on a locked ticket that it is not about ``what`` (``asset`` or ``licence``, id, name), or take that back.

    Raises Conflict for an undo of what somebody else undid.
    """
    kind, row_id, name = what
    if ((kind, row_id) in standing_of(session, known(ticket.id)).dismissed) == dismissed:
        if undoes is not None:
            raise Conflict(_("Not undone: it has been changed since."))
        return ()
    action = DISMISSED if dismissed else OFFERED_AGAIN
    told = {"kind": kind, "id": row_id, "name": name}
    return (_tell(session, actor, ticket, action, told, at, gone=not dismissed, undoes=undoes),)


def _tell(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    action: str,
    told: dict[str, object],
    at: datetime,
    *,
    gone: bool,
    undoes: int | None,
) -> int:
    touch(session, ticket, at)
    before, after = (told, None) if gone else (None, told)
    stream = ticket_stream(known(ticket.id))
    return record(session, actor, stream, action, at, before=before, after=after, undoes=undoes)


def undo_standing(
    session: Session, actor: Actor, event: Event, ticket: Ticket, at: datetime
) -> tuple[int, ...]:
    """Take back an event of this module. Raises Conflict."""
    value = event.after if event.after is not None else event.before
    back = OPPOSITE[event.action]
    if back in (LICENCE_LINKED, LICENCE_UNLINKED):
        linked = back == LICENCE_LINKED
        return set_licence_link(session, actor, ticket, int(value["id"]), at, linked=linked, undoes=event.id)
    what = (str(value["kind"]), int(value["id"]), str(value["name"]))
    return set_dismissed(session, actor, ticket, what, at, dismissed=back == DISMISSED, undoes=event.id)
