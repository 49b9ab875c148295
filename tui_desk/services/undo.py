"""Taking back the acting agent's last change, from the history itself: every undo is an event that names the one it undoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import CancelSend
from tui_desk.contracts.tickets import ChangeMade, FieldChanged, LastChange, UndoLast
from tui_desk.core.enums import DeliveryState, TicketStatus
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _
from tui_desk.models import Event, OutboxItem, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import set_asset_link
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, now, require, ticket_to_change
from tui_desk.services.event_text import actor_name, field_name, sentence, value_text
from tui_desk.services.events import ticket_stream
from tui_desk.services.fields import CHANGED, FIELDS, same
from tui_desk.services.joining import MOVED, move_back
from tui_desk.services.outbox import cancel
from tui_desk.services.ticket_links import lock_pair, restore_link, take_link
from tui_desk.services.ticket_view import agent_names

REVERSIBLE = frozenset({CHANGED, "linked", "unlinked", "asset_linked", "asset_unlinked", MOVED})
MAILED = frozenset({"replied", "forwarded"})
_LOOKED_AT = 50
"""Events of the agent that are looked at for one that can still be undone."""


def undo_last(session: Session, actor: Actor, request: UndoLast) -> FieldChanged:
    """Take back the acting agent's last reversible change (in that ticket, of these events, when they are named).

    What was changed together is undone together. Raises Refused when there is nothing to undo, Conflict when somebody
    changed the same thing since; nothing is overwritten then.
    """
    require(actor, Permission.CHANGE_TICKETS)
    newest = _last_reversible(session, actor, request)
    held = _held_mail(session, actor, request, newest)
    if held is not None:
        number = int(held.stream.removeprefix("ticket:"))
        return FieldChanged(number, (), cancel(session, actor, CancelSend(int(held.after["outbox_id"]))))
    if newest is None:
        raise Refused(_("There is nothing of yours to undo here."))
    joined = _join_of(session, newest)
    if joined is not None:
        return _undo_join(session, actor, joined)
    number = int(newest.stream.removeprefix("ticket:"))
    ticket = ticket_to_change(session, number)
    group = _done_together(session, newest)
    at = now(session)
    names = agent_names(session, {event.actor_id for event in group})
    recorded: tuple[int, ...] = _undo_fields(session, actor, ticket, group, at)
    for event in group:
        if event.action != CHANGED:
            recorded += _undo_link(session, actor, ticket, event, at)
    what = "; ".join(sentence(event, names) for event in group)
    return FieldChanged(number, recorded, _("#{number} · undone: {what}").format(number=number, what=what))


def last_change(session: Session, actor: Actor, request: LastChange) -> ChangeMade | None:
    """What :func:`undo_last` would take back in that ticket, to be shown before it is done."""
    require(actor, Permission.CHANGE_TICKETS)
    newest = _last_reversible(session, actor, UndoLast(request.number))
    held = _held_mail(session, actor, UndoLast(request.number), newest)
    if held is not None:
        names = agent_names(session, {held.actor_id})
        return ChangeMade((known(held.id),), held.at, sentence(held, names))
    if newest is None:
        return None
    joined = _join_of(session, newest)
    group = [joined] if joined is not None else _done_together(session, newest)
    names = agent_names(session, {event.actor_id for event in group})
    ids = tuple(known(event.id) for event in group)
    return ChangeMade(ids, newest.at, "; ".join(sentence(event, names) for event in group))


def _last_reversible(session: Session, actor: Actor, request: UndoLast) -> Event | None:
    statement = select(Event).where(
        Event.actor_id == actor.agent_id,
        col(Event.action).in_(REVERSIBLE),
        col(Event.undoes).is_(None),
        col(Event.stream).like("ticket:%"),
    )
    if request.event_ids:  # a part of a join is told in the other ticket, so these decide alone
        statement = statement.where(col(Event.id).in_(request.event_ids))
    elif request.number is not None:
        statement = statement.where(Event.stream == ticket_stream(request.number))
    events = session.exec(statement.order_by(col(Event.id).desc()).limit(_LOOKED_AT)).all()
    undone = set(
        session.exec(select(Event.undoes).where(col(Event.undoes).in_([event.id for event in events])))
    )
    return next((event for event in events if event.id not in undone and not _is_mirror(event)), None)


def _held_mail(session: Session, actor: Actor, request: UndoLast, newest: Event | None) -> Event | None:
    """One's last mail, where it is still held and was written no earlier than the change ``newest``."""
    statement = select(Event).where(
        Event.actor_id == actor.agent_id, col(Event.action).in_(MAILED), col(Event.stream).like("ticket:%")
    )
    if request.event_ids:
        statement = statement.where(col(Event.id).in_(request.event_ids))
    elif request.number is not None:
        statement = statement.where(Event.stream == ticket_stream(request.number))
    if newest is not None:
        statement = statement.where(Event.at >= newest.at)
    for event in session.exec(statement.order_by(col(Event.id).desc()).limit(_LOOKED_AT)).all():
        item = session.get(OutboxItem, int(event.after["outbox_id"]))
        if item is not None and item.state == DeliveryState.HELD.value:
            return event
    return None


def _is_mirror(event: Event) -> bool:
    """A link is told in both tickets and undone in the one where it was made."""
    told = event.after if isinstance(event.after, dict) else event.before
    return isinstance(told, dict) and bool(told.get("mirror"))


def _done_together(session: Session, newest: Event) -> list[Event]:
    """The reversible events of the same moment beside ``newest``, oldest first."""
    rows = session.exec(
        select(Event).where(
            Event.stream == newest.stream,
            Event.at == newest.at,
            Event.actor_id == newest.actor_id,
            col(Event.position) <= newest.position,
        )
    ).all()
    return sorted(
        (
            row
            for row in rows
            if row.action in REVERSIBLE
            and row.undoes is None
            and (row.action == CHANGED or row.id == newest.id)
        ),
        key=lambda row: row.position,
    )


def _join_of(session: Session, event: Event) -> Event | None:
    """The move of messages that ``event`` is a part of: joining also links, closes and reopens, in two tickets."""
    here = session.exec(
        select(Event).where(
            Event.stream == event.stream,
            Event.action == MOVED,
            Event.at == event.at,
            Event.actor_id == event.actor_id,
            col(Event.undoes).is_(None),
        )
    ).first()
    if here is None or not _is_mirror(here):
        return here
    return session.exec(
        select(Event).where(
            Event.stream == ticket_stream(int(here.after["from"])),
            Event.action == MOVED,
            Event.at == here.at,
            Event.actor_id == here.actor_id,
            col(Event.undoes).is_(None),
        )
    ).first()


def _undo_join(session: Session, actor: Actor, move: Event) -> FieldChanged:
    """Part what was joined: status and link of both tickets first, then the messages."""
    source, target = lock_pair(session, int(move.after["from"]), int(move.after["to"]))
    at = now(session)
    recorded: tuple[int, ...] = ()
    for ticket in (source, target):
        events = session.exec(
            select(Event)
            .where(
                Event.stream == ticket_stream(known(ticket.id)),
                Event.at == move.at,
                Event.actor_id == move.actor_id,
            )
            .order_by(col(Event.position))
        ).all()
        recorded += _undo_fields(session, actor, ticket, [one for one in events if one.undoes is None], at)
        for event in events:
            if event.action == "linked" and event.undoes is None and not _is_mirror(event):
                recorded += _undo_link(session, actor, ticket, event, at)
    recorded += move_back(session, actor, move, source, target, at)
    what = sentence(move, agent_names(session, {move.actor_id}))
    number = known(source.id)
    return FieldChanged(number, recorded, _("#{number} · undone: {what}").format(number=number, what=what))


def _undo_fields(
    session: Session, actor: Actor, ticket: Ticket, group: Sequence[Event], at: datetime
) -> tuple[int, ...]:
    changes = [event for event in group if event.action == CHANGED and event.field in FIELDS]
    for event in changes:
        present = FIELDS[event.field].read(session, ticket)
        if not same(present, event.after):
            raise Conflict(_changed_since(session, ticket, event))
    ended = _ended_before(session, ticket, changes)
    recorded = set_fields(
        session,
        actor,
        ticket,
        {event.field: event.before for event in changes},
        at,
        undoes={event.field: event.id for event in changes if event.id is not None},
    )
    if ended is not None and ticket.resolved_at is not None:
        ticket.resolved_at = ended
        ticket.closed_at = ended if ticket.status == TicketStatus.CLOSED.value else None
        session.add(ticket)
    return recorded


def _ended_before(session: Session, ticket: Ticket, changes: Sequence[Event]) -> datetime | None:
    """When a ticket that was reopened by mistake had ended; None where that does not matter."""
    ended = (TicketStatus.RESOLVED.value, TicketStatus.CLOSED.value)
    for event in changes:
        if event.field == "status" and event.before in ended:
            earlier = session.exec(
                select(Event)
                .where(
                    Event.stream == event.stream,
                    Event.field == "status",
                    col(Event.position) < event.position,
                )
                .order_by(col(Event.position).desc())
                .limit(1)
            ).first()
            return earlier.at if earlier else ticket.created_at
    return None


def _changed_since(session: Session, ticket: Ticket, event: Event) -> str:
    later = session.exec(
        select(Event)
        .where(Event.stream == event.stream, Event.field == event.field, col(Event.position) > event.position)
        .order_by(col(Event.position).desc())
        .limit(1)
    ).first()
    if later is None:
        return _("Not undone: the {field} of #{number} is not what it was after your change.").format(
            field=field_name(event.field), number=ticket.id
        )
    names = agent_names(session, {later.actor_id})
    return _("Not undone: {who} has set the {field} of #{number} to {value} since.").format(
        who=actor_name(later, names),
        field=field_name(event.field),
        number=ticket.id,
        value=value_text(event.field, later.after) or "–",
    )


def _undo_link(session: Session, actor: Actor, ticket: Ticket, event: Event, at: datetime) -> tuple[int, ...]:
    if event.action in ("asset_linked", "asset_unlinked"):
        told = event.after or event.before
        linked = event.action == "asset_unlinked"
        return set_asset_link(session, actor, ticket, int(told["id"]), at, linked=linked, undoes=event.id)
    if event.action == "linked":
        return take_link(session, actor, event.after, at, undoes=event.id)
    return restore_link(session, actor, event.before, at, undoes=event.id)
