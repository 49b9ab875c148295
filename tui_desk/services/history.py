"""The history as screens and commands show it: a page of events, and all of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, String, cast, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from tui_desk.contracts.history import (
    SETTINGS,
    EventDetails,
    EventPage,
    ListEvents,
    ShowEvent,
    ValueChange,
)
from tui_desk.contracts.tickets import EventView
from tui_desk.contracts.views import Sharing
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Agent, Event, SavedView, TeamMember
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, require
from tui_desk.services.deeds import REVERSIBLE, decisive, deed_of, is_mirror, is_step, obstacle, taken_back
from tui_desk.services.event_text import actor_name, field_name, value_text
from tui_desk.services.event_text import sentence as plain_sentence
from tui_desk.services.events import ticket_stream
from tui_desk.services.kept import OWN
from tui_desk.services.names import Names, agent_names, names_for
from tui_desk.services.row_text import referred, row_changes, row_sentence
from tui_desk.services.rows import ROW_ACTIONS, ROW_REMOVED
from tui_desk.services.saved_views import VIEW, stream_of

NEWEST = 100
"""Events that are read when a ticket opens; the rest on scrolling."""
LARGEST_PAGE = 1_000
_OF_SETTINGS = ("mailbox", "agent", "team", "category")
_WITHOUT_DEED = frozenset({"messages_moved", "linked", "unlinked"})
"""Of events without a deed, those whose other half is told elsewhere."""


def list_events(session: Session, actor: Actor, request: ListEvents) -> EventPage:
    """One page of a history. Raises NotFound for an agent that does not exist."""
    require(actor, Permission.VIEW)
    where = [_readable(actor), *_where(session, request)]
    limit = max(1, min(request.limit, LARGEST_PAGE))
    upwards = request.oldest or request.newer_than is not None
    edge: list[ColumnElement[bool]] = []
    if request.older_than is not None:
        edge = [col(Event.id) < request.older_than]
    elif request.newer_than is not None:
        edge = [col(Event.id) > request.newer_than]
    elif request.from_id is not None:
        edge = [col(Event.id) <= request.from_id]
    order = col(Event.id).asc() if upwards else col(Event.id).desc()
    found = list(session.exec(select(Event).where(*where, *edge).order_by(order).limit(limit + 1)).all())
    more = len(found) > limit
    found = found[:limit]
    if upwards:
        found.reverse()
    if not found:
        return EventPage((), False, False)
    newer, older = known(found[0].id), known(found[-1].id)
    has_newer = more if upwards else _exists(session, [*where, col(Event.id) > newer])
    has_older = more if not upwards else _exists(session, [*where, col(Event.id) < older])
    return EventPage(views(session, found), has_newer, has_older)


def _exists(session: Session, where: Sequence[ColumnElement[bool]]) -> bool:
    return session.exec(select(Event.id).where(*where).limit(1)).first() is not None


def _where(session: Session, request: ListEvents) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if request.stream == SETTINGS:
        where.append(or_(col(Event.stream) == "desk", *(_begins(kind) for kind in _OF_SETTINGS)))
    elif request.stream:
        where.append(col(Event.stream) == request.stream)
    if request.agent:
        login = request.agent.strip()
        agent = session.exec(select(Agent.id).where(same_name(Agent.login, login))).first()
        if agent is None:
            raise NotFound(_("There is no agent “{login}”.").format(login=safe_line(request.agent)))
        where.append(col(Event.actor_id) == agent)
    if request.since is not None:
        where.append(col(Event.at) >= request.since)
    return where


def _readable(actor: Actor) -> ColumnElement[bool]:
    """What is an agent's own is told to that agent alone; so is a view, to those who see it."""
    own = or_(~_begins(OWN), col(Event.stream) == f"{OWN}:{actor.agent_id}")
    return own & or_(~_begins(VIEW), col(Event.stream) == stream_of(actor.agent_id), _of_seen_view(actor))


def _of_seen_view(actor: Actor) -> ColumnElement[bool]:
    """Events of views that are shared with the acting agent, and the end of one that was."""
    teams = select(TeamMember.team_id).where(TeamMember.agent_id == actor.agent_id)
    supervises = allowed(actor.role, Permission.CONFIGURE_WORK)
    in_team = true() if supervises else col(SavedView.team_id).in_(teams)
    shared = or_(
        col(SavedView.sharing) == Sharing.DESK.value,
        (col(SavedView.sharing) == Sharing.TEAM.value) & in_team,
    )
    # as text: what other events call so need not be a number
    seen = select(cast(col(SavedView.id), String)).where(shared)
    value = func.coalesce(col(Event.after)["id"].as_string(), col(Event.before)["id"].as_string())
    ended = col(Event.before)["values"]["sharing"].as_string() == Sharing.DESK.value
    return or_(value.in_(seen) & _told_of_shared(), (col(Event.action) == ROW_REMOVED) & ended)


_SHARING = ("values", "sharing")
_OF_A_VIEW = ("name", "query", "base", "sort")
"""What is told of a view besides who sees it."""


def _told_of_shared() -> ColumnElement[bool]:
    """Events of a view while it was shared: what its owner did with it before, or after, was nobody else's business, and still is not.

    The event that shared it says what it was then; it is theirs too, unless it says also what was private before.
    """
    earlier = aliased(Event)
    before, after = col(earlier.before), col(earlier.after)
    same = func.coalesce(after["id"].as_string(), before["id"].as_string()) == func.coalesce(
        col(Event.after)["id"].as_string(), col(Event.before)["id"].as_string()
    )
    sharing = func.coalesce(after[_SHARING].as_string(), before[_SHARING].as_string())
    then = (
        select(sharing)
        .where(earlier.stream == Event.stream, col(earlier.id) <= Event.id, same, sharing.is_not(None))
        .order_by(col(earlier.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    values = col(Event.before)["values"]
    private_before = (values["sharing"].as_string() == Sharing.PRIVATE.value) & or_(
        *(values[column].as_string().is_not(None) for column in _OF_A_VIEW)
    )
    return (then != Sharing.PRIVATE.value) & func.coalesce(~private_before, true())


def _begins(kind: str) -> ColumnElement[bool]:
    """Streams of one kind, as a range that the index holds (``;`` follows ``:``)."""
    return (col(Event.stream) >= f"{kind}:") & (col(Event.stream) < f"{kind};")


def newest_of_ticket(session: Session, number: int) -> tuple[tuple[EventView, ...], int]:
    """The newest events of a ticket, oldest first, and how many there are in all."""
    stream = ticket_stream(number)
    statement = select(Event).where(Event.stream == stream).order_by(col(Event.position).desc())
    found = list(session.exec(statement.limit(NEWEST)).all())
    total = found[0].position if found else 0  # positions are counted from one, without gaps
    return views(session, found[::-1]), total


def views(session: Session, events: Sequence[Event]) -> tuple[EventView, ...]:
    """Events as they are shown, each with whether it can be taken back, else why not."""
    names = agent_names(session, {event.actor_id for event in events})
    rows = names_for(session, [*_subjects(events), *(one for event in events for one in referred(event))])
    obstacles = _obstacles(session, events)
    return tuple(
        EventView(
            id=known(event.id),
            at=event.at,
            actor=actor_name(event, names),
            action=safe_line(event.action),
            sentence=sentence(event, names, rows),
            field=safe_line(event.field),
            before=value_text(event.field, event.before) if event.field else "",
            after=value_text(event.field, event.after) if event.field else "",
            reversible=not obstacles[known(event.id)],
            obstacle=obstacles[known(event.id)],
            subject=_subject(event, rows),
        )
        for event in events
    )


def sentence(event: Event, names: dict[int, str], rows: Names) -> str:
    """One sentence about one event. ``names``: agents by id; ``rows``: what other rows are called."""
    if event.action in ROW_ACTIONS:
        return row_sentence(event, actor_name(event, names), rows)
    return plain_sentence(event, names)


def _subjects(events: Iterable[Event]) -> Iterable[tuple[str, int]]:
    for event in events:
        kind, _colon, number = event.stream.partition(":")
        if kind != "ticket" and number.isdecimal():
            yield kind, int(number)


def _subject(event: Event, rows: Names) -> str:
    """What an event is about: ``#12``, the asset's tag, the person's name, or the kind of thing."""
    kind, _colon, number = event.stream.partition(":")
    if kind == "ticket":
        return f"#{number}"
    if kind == OWN:
        return _("your own")
    if not number.isdecimal():
        return _("the desk") if kind == "desk" else safe_line(event.stream)
    return rows.get((kind, int(number))) or f"{safe_line(kind)} {number}"


def _obstacles(session: Session, events: Sequence[Event]) -> dict[int, str]:
    """Why each event cannot be taken back; empty where it can. What was done with it decides, so whole deeds are read."""
    deeds = {event.deed for event in events if event.deed is not None and event.action in REVERSIBLE}
    groups: dict[str, list[Event]] = {}
    if deeds:
        statement = select(Event).where(col(Event.deed).in_(deeds)).order_by(col(Event.id))
        for one in session.exec(statement).all():
            groups.setdefault(one.deed or "", []).append(one)
    undone = _undone(session, events, groups)
    found: dict[int, str] = {}
    for event in events:
        group = groups.get(event.deed or "", [event])
        reason = obstacle(group, event)
        if event.deed is None and event.action in _WITHOUT_DEED:
            reason = ""  # its other half is in another history, and is found when it is asked for
        steps = [one for one in group if is_step(one)]
        if not reason and {known(one.id) for one in decisive(steps)} & undone:
            reason = _("It was undone already.")
        found[known(event.id)] = reason
    return found


def _undone(session: Session, events: Sequence[Event], groups: dict[str, list[Event]]) -> set[int]:
    steps = {known(one.id): one for group in groups.values() for one in group if is_step(one)}
    steps |= {known(one.id): one for one in events if is_step(one)}
    return taken_back(session, list(steps.values()))


def show_event(session: Session, actor: Actor, request: ShowEvent) -> EventDetails:
    """All of one event: every value before and after, and what else was done with it. Raises NotFound."""
    require(actor, Permission.VIEW)
    event = session.get(Event, request.id)
    if (
        event is None
        or not session.exec(select(Event.id).where(Event.id == request.id, _readable(actor))).first()
    ):
        raise NotFound(_("There is no event {id}.").format(id=request.id))
    rows = names_for(session, referred(event))
    others = [one for one in deed_of(session, event) if one.id != event.id and not is_mirror(one)]
    shown = views(session, [event, *others])
    return EventDetails(
        event=shown[0],
        changes=_changes(event, rows),
        together=tuple(f"{one.subject}: {one.sentence}" for one in shown[1:]),
        undone=bool(taken_back(session, decisive([one for one in (event, *others) if is_step(one)]))),
    )


def _changes(event: Event, rows: Names) -> tuple[ValueChange, ...]:
    if event.action in ROW_ACTIONS:
        return row_changes(event, rows)
    if event.field:
        before, after = value_text(event.field, event.before), value_text(event.field, event.after)
        return (ValueChange(field_name(event.field), before, after),)
    told = event.after if isinstance(event.after, dict) else event.before
    if not isinstance(told, dict):
        return ()
    plain = {key: value for key, value in told.items() if isinstance(value, str | int | float)}
    return tuple(
        ValueChange(safe_line(key).replace("_", " "), "", safe_line(str(value), 500))
        for key, value in plain.items()
    )
