"""Taking back one event: the inverse of each kind of step. Everything it touches is locked by the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from tui_desk.core.enums import UNRESOLVED, TicketStatus
from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.models import (
    Agent,
    Approval,
    ApprovalStep,
    ApprovalVote,
    Asset,
    AssetRelation,
    Event,
    Message,
    PersonAddress,
    Ticket,
    TimeEntry,
)
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.agreement_undo import guard_made
from tui_desk.services.answered import requester_waits
from tui_desk.services.approvals import refuse_ended, refuse_of_others
from tui_desk.services.asset_links import set_asset_link
from tui_desk.services.asset_relations import undo_relation
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, refuse_merged, require
from tui_desk.services.custom_undo import guard_values, is_overtaken
from tui_desk.services.deeds import ASSET_LINKS, DISMISSALS, LICENCE_LINKS, REATTRIBUTED, kind_of, told_value
from tui_desk.services.delivery_undo import guard_delivery
from tui_desk.services.event_text import actor_name, field_name, value_text
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.fields import CHANGED, FIELDS, same
from tui_desk.services.joining import MOVED, carry_back
from tui_desk.services.kept import guard_kept
from tui_desk.services.licence_links import undo_standing
from tui_desk.services.licence_seats import guard_seat
from tui_desk.services.names import agent_names
from tui_desk.services.person_merging import reattribute_back
from tui_desk.services.person_saving import guard_agents
from tui_desk.services.purchase_undo import guard_purchase
from tui_desk.services.reviews import guard_review
from tui_desk.services.rows import ROW_ACTIONS, typed_values, undo_row
from tui_desk.services.satisfaction import guard_rating
from tui_desk.services.settings_store import DEFAULTS, change_setting, read_setting
from tui_desk.services.ticket_links import restore_link, take_link
from tui_desk.services.time_rules import may_touch, refuse_closed
from tui_desk.services.views import guard_view

Tickets = Mapping[int, Ticket]
ENDING = frozenset({"status", "merged_into"})
"""What is set on a ticket whose messages all went elsewhere."""
_APPROVALS: Mapping[str, type[SQLModel]] = {
    "approval": Approval,
    "approval_step": ApprovalStep,
    "approval_vote": ApprovalVote,
}
_ENDED = (TicketStatus.RESOLVED.value, TicketStatus.CLOSED.value)


def number_of(event: Event) -> int | None:
    """The ticket in whose history an event is told; None for the histories of other things."""
    kind, _colon, number = event.stream.partition(":")
    return int(number) if kind == "ticket" else None


def take_back(
    session: Session,
    actor: Actor,
    event: Event,
    tickets: Tickets,
    at: datetime,
    *,
    moving: bool,
    force: bool = False,
) -> tuple[int, ...]:
    """Take back one step; answers the ids of the events that tell it. Raises Conflict, Refused.

    Beside messages that move, a step gives way to what was set since (``moving``), or must be (``force``).
    """
    if event.action in ROW_ACTIONS:
        _guard_time(session, actor, event)
        _guard_address(session, actor, event)
        _guard_approval(session, actor, event)
        guard_made(session, event)
        guard_seat(session, actor, event)
        guard_review(session, actor, event)
        guard_rating(event)
        guard_purchase(session, event)
        guard_delivery(session, event)
        guard_view(session, actor, event)
        guard_kept(session, actor, event)
        if moving and is_overtaken(session, event):
            return ()
        guard_values(session, event)
        if told_value(event).get("table") == AssetRelation.__tablename__:
            return undo_relation(session, actor, event, at)
        return undo_row(session, actor, event, at)
    if event.action == REATTRIBUTED:
        return reattribute_back(session, actor, event, at)
    if event.action == MOVED:
        source, target = tickets[int(event.after["from"])], tickets[int(event.after["to"])]
        return carry_back(session, actor, event, source, target, at)
    if event.action in ASSET_LINKS:
        ticket = tickets[known(number_of(event))]
        return _asset_link(session, actor, event, ticket, at, moving=moving)
    if event.action in LICENCE_LINKS | DISMISSALS:
        ticket = tickets[known(number_of(event))]
        return _unless_moving(moving, lambda: undo_standing(session, actor, event, ticket, at))
    if event.action == CHANGED and kind_of(event.stream) == "asset":
        return _asset_field(session, actor, event, at)
    if event.action == CHANGED and kind_of(event.stream) == "desk":
        return _setting(session, actor, event, at)
    if event.action == CHANGED:
        ticket = tickets[known(number_of(event))]
        return _field(session, actor, event, ticket, at, moving=moving, force=force)
    if event.action == "linked":
        return _unless_moving(moving, lambda: take_link(session, actor, event.after, at, undoes=event.id))
    return _unless_moving(moving, lambda: restore_link(session, actor, event.before, at, undoes=event.id))


def _guard_time(session: Session, actor: Actor, event: Event) -> None:
    """Raises Refused for somebody else's time, and for that of a closed period: an undo changes it like anything else."""
    told = told_value(event)
    if told["table"] != TimeEntry.__tablename__:
        return
    entry = session.get(TimeEntry, int(told["id"]))
    sides = [side["values"] for side in (event.before, event.after) if isinstance(side, dict)]
    days = [date.fromisoformat(side["day"]) for side in sides if side.get("day")]
    agents = [side["agent_id"] for side in sides if side.get("agent_id") is not None]
    if entry is not None:
        days.append(entry.day)
        agents.append(entry.agent_id)
    for agent_id in sorted(set(agents)):
        may_touch(actor, session.get(Agent, agent_id))
    refuse_closed(session, *days)


def _guard_address(session: Session, actor: Actor, event: Event) -> None:
    """Raises Refused where an agent's record would become another's, or part from it, and one is no supervisor."""
    told = told_value(event)
    if told["table"] != PersonAddress.__tablename__:
        return
    row = session.get(PersonAddress, int(told["id"]))
    sides = [side["values"] for side in (event.before, event.after) if isinstance(side, dict)]
    people = {int(side["person_id"]) for side in sides if side.get("person_id") is not None}
    address = row.address if row is not None else str(sides[0].get("address", ""))
    guard_agents(session, actor, people, address)


def _guard_approval(session: Session, actor: Actor, event: Event) -> None:
    """Raises Refused for what is decided, and for what only who asked may change. That people became one is not looked at."""
    told = told_value(event)
    if kind_of(event.stream) != "ticket" or told["table"] not in _APPROVALS:
        return
    row = session.get(_APPROVALS[str(told["table"])], int(told["id"]))
    if isinstance(row, ApprovalVote):
        row = session.get(ApprovalStep, row.step_id)
    if isinstance(row, ApprovalStep):
        row = session.get(Approval, row.approval_id)
    if isinstance(row, Approval):
        refuse_ended(row)
        refuse_of_others(actor, row)


def _unless_moving(moving: bool, step: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
    """A step that raises Conflict before it writes anything: beside messages that move, it is left as it is."""
    try:
        return step()
    except Conflict:
        if moving:
            return ()
        raise


def _asset_link(
    session: Session, actor: Actor, event: Event, ticket: Ticket, at: datetime, *, moving: bool
) -> tuple[int, ...]:
    asset_id, linked = int(told_value(event)["id"]), event.action == "asset_unlinked"
    return _unless_moving(
        moving,
        lambda: set_asset_link(session, actor, ticket, asset_id, at, linked=linked, undoes=event.id),
    )


def _field(
    session: Session,
    actor: Actor,
    event: Event,
    ticket: Ticket,
    at: datetime,
    *,
    moving: bool,
    force: bool,
) -> tuple[int, ...]:
    if event.field == "status" and not moving and not force:
        refuse_merged(ticket)
    present, back = FIELDS[event.field].read(session, ticket), event.before
    if moving and event.field == "tags":
        back = sorted(
            ({*present} - {*event.after})
            | ({*event.before} & {*event.after} & {*present})
            | ({*event.before} - {*event.after})
        )
    elif not same(present, event.after):
        if moving:
            return ()
        if not force:
            raise Conflict(_changed_since(session, ticket, event))
    ended = _ended_before(session, ticket, event)
    undoes = {event.field: known(event.id)}
    recorded = set_fields(session, actor, ticket, {event.field: back}, at, undoes=undoes)
    if event.field == "status":
        if ended is not None and ticket.resolved_at is not None:
            ticket.resolved_at = ended
            ticket.closed_at = ended if ticket.status == TicketStatus.CLOSED.value else None
        elif event.after in _ENDED and event.before in {status.value for status in UNRESOLVED}:
            ticket.requester_waiting = requester_waits(session, ticket)
        session.add(ticket)
    return recorded


def _ended_before(session: Session, ticket: Ticket, event: Event) -> datetime | None:
    """When a ticket that was reopened by mistake had ended; None where that does not matter."""
    if event.field != "status" or event.before not in _ENDED:
        return None
    earlier = session.exec(
        select(Event)
        .where(Event.stream == event.stream, Event.field == "status", col(Event.position) < event.position)
        .order_by(col(Event.position).desc())
        .limit(1)
    ).first()
    return earlier.at if earlier else ticket.created_at


def _changed_since(session: Session, ticket: Ticket, event: Event) -> str:
    later = session.exec(
        select(Event)
        .where(Event.stream == event.stream, Event.field == event.field, col(Event.position) > event.position)
        .order_by(col(Event.position).desc())
        .limit(1)
    ).first()
    if later is None:
        return _("Not undone: the {field} of #{number} is not what it was after that change.").format(
            field=field_name(event.field), number=ticket.id
        )
    names = agent_names(session, {later.actor_id})
    return _("Not undone: {who} has set the {field} of #{number} to {value} since.").format(
        who=actor_name(later, names),
        field=field_name(event.field),
        number=ticket.id,
        value=value_text(event.field, later.after) or "–",
    )


def _asset_field(session: Session, actor: Actor, event: Event, at: datetime) -> tuple[int, ...]:
    """A field of an asset, as ``services.assets`` tells it."""
    asset = session.get_one(Asset, int(event.stream.partition(":")[2]))
    column = "owner_id" if event.field == "owner" else event.field
    before, after = _column(column, event.before), _column(column, event.after)
    if getattr(asset, column) != after:
        raise Conflict(_asset_changed_since(session, asset, event))
    setattr(asset, column, before)
    asset.version += 1
    asset.updated_at = at
    session.add(asset)
    session.flush()
    told = record(
        session,
        actor,
        event.stream,
        CHANGED,
        at,
        field=event.field,
        before=event.after,
        after=event.before,
        undoes=event.id,
    )
    return (told,)


def _setting(session: Session, actor: Actor, event: Event, at: datetime) -> tuple[int, ...]:
    """A setting of the desk; what an admin sets only an admin takes back."""
    if event.field in DEFAULTS:
        require(actor, Permission.ADMINISTER)
    if read_setting(session, event.field) != event.after:
        raise Conflict(
            _("Not undone: “{setting}” has been set anew since.").format(setting=field_name(event.field))
        )
    return change_setting(session, actor, event.field, event.before, at, undoes=event.id)


def _column(name: str, value: Any) -> Any:
    value = value["id"] if isinstance(value, dict) else value
    return typed_values(Asset, {name: value})[name]


def _asset_changed_since(session: Session, asset: Asset, event: Event) -> str:
    later = session.exec(
        select(Event)
        .where(Event.stream == event.stream, Event.field == event.field, col(Event.position) > event.position)
        .order_by(col(Event.position).desc())
        .limit(1)
    ).first()
    who = actor_name(later, agent_names(session, {later.actor_id})) if later is not None else "–"
    value = value_text(event.field, later.after) if later is not None else ""
    return _("Not undone: {who} has set the {field} of {asset} to {value} since.").format(
        who=who, field=field_name(event.field), asset=asset.tag, value=value or "–"
    )


def ends_of_moves(session: Session, steps: Sequence[Event]) -> tuple[set[str], set[str]]:
    """Of the tickets that messages leave when ``steps`` are taken back: those that are empty then, and those that would be closed and
    lead elsewhere but have got messages of their own since, and so stay as they are. As streams."""
    leading = {
        one.stream
        for one in steps
        if one.action == CHANGED and one.field == "merged_into" and one.before is not None
    }
    moved: dict[int, list[int]] = {}
    for one in steps:
        if one.action == MOVED:
            moved.setdefault(int(one.after["to"]), []).extend(one.after["messages"])
    emptied: set[str] = set()
    keeping: set[str] = set()
    for number, messages in moved.items():
        statement = select(Message.id).where(Message.ticket_id == number, col(Message.id).not_in(messages))
        has_others = session.exec(statement.limit(1)).first() is not None
        (keeping if has_others else emptied).add(ticket_stream(number))
    return emptied, keeping & leading
