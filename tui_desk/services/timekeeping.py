"""Time entries: written, corrected, removed, listed. A correction is an event that keeps both values."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from tui_desk.contracts.tasks import RowChanged
from tui_desk.contracts.timekeeping import AddTime, ListTime, RemoveTime, SetTime, ShowTime
from tui_desk.contracts.work import TimeEntryView
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.models import Agent, TimeEntry
from tui_desk.rules.permissions import Permission
from tui_desk.rules.time_spans import checked_minutes, duration_text
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require, ticket_to_read, ticket_to_work_on
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import add_row, change_row, remove_row
from tui_desk.services.ticket_links import lock_pair
from tui_desk.services.time_rows import (
    NEWEST,
    SELECT,
    activity_named,
    check_day,
    clean_note,
    name_of,
    overlaps,
    task_on,
    view_of,
    write_entry,
)
from tui_desk.services.time_rules import may_touch, refuse_closed, whose
from tui_desk.services.versions import check_version


def add_time(session: Session, actor: Actor, request: AddTime) -> RowChanged:
    """Write an entry. Raises NotFound, UsageError (no time of a day), Refused (closed period, somebody else's)."""
    require(actor, Permission.CHANGE_TICKETS)
    agent = whose(session, actor, request.agent)
    ticket = ticket_to_work_on(session, request.number)
    activity = activity_named(session, request.activity)
    billable = request.billable if request.billable is not None else bool(activity and activity.billable)
    row, event, warnings = write_entry(
        session,
        actor,
        agent,
        ticket,
        request.minutes,
        request.day,
        now(session),
        began_at=request.began_at,
        task_id=task_on(session, request.task_id, request.number),
        activity_id=activity.id if activity else None,
        billable=billable,
        note=clean_note(request.note),
    )
    text = _("#{number} · {time} written down").format(number=request.number, time=duration_text(row.minutes))
    return RowChanged(request.number, (event,), " ".join((text, *warnings)), known(row.id), warnings)


def set_time(session: Session, actor: Actor, request: SetTime) -> RowChanged:
    """Correct an entry. Raises NotFound, UsageError, Refused (closed period, somebody else's), Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    row = _locked(session, actor, request.id, request.number)
    values = _wanted(session, row, request)
    if not values and request.number is None:
        raise UsageError(_("Nothing to set was named."))
    at = now(session)
    check_day(values.get("day", row.day), at)
    refuse_closed(session, row.day, values.get("day", row.day))
    check_version(session, row, request.version, values, name_of(row))
    number = request.number or row.ticket_id
    events: tuple[int, ...] = ()
    if number != row.ticket_id:
        row, events = _carried(session, actor, row, number)
    events += change_row(session, actor, ticket_stream(number), row, values, at, name=name_of(row))
    warnings = overlaps(session, row) if "minutes" in values or "began_at" in values else ()
    text = (
        _("#{number} · corrected: {time} on {day}").format(
            number=number, time=duration_text(row.minutes), day=row.day.isoformat()
        )
        if events
        else _("The entry is so already; nothing was changed.")
    )
    return RowChanged(number, events, " ".join((text, *warnings)), known(row.id), warnings)


def _carried(
    session: Session, actor: Actor, row: TimeEntry, number: int
) -> tuple[TimeEntry, tuple[int, ...]]:
    """The entry on another ticket: gone from the one's history, there in the other's, with a number of its own."""
    at = now(session)
    copied = row.model_dump(exclude={"id", "version", "ticket_id", "task_id"})
    event = remove_row(session, actor, ticket_stream(row.ticket_id), row, at, name=name_of(row))
    moved = TimeEntry(ticket_id=number, task_id=None, **copied)
    return moved, (event, add_row(session, actor, ticket_stream(number), moved, at, name=name_of(moved)))


def _wanted(session: Session, row: TimeEntry, request: SetTime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if request.minutes is not None:
        values["minutes"] = checked_minutes(request.minutes)
    if request.day is not None:
        values["day"] = request.day
    if request.began_at is not None or (request.day is not None and request.day != row.day):
        values["began_at"] = request.began_at
    if request.activity is not None:
        activity = activity_named(session, request.activity)
        values["activity_id"] = activity.id if activity else None
    if request.billable is not None:
        values["billable"] = request.billable
    if request.note is not None:
        values["note"] = clean_note(request.note)
    return values


def remove_time(session: Session, actor: Actor, request: RemoveTime) -> RowChanged:
    """Raises NotFound, Refused (closed period, somebody else's)."""
    require(actor, Permission.CHANGE_TICKETS)
    row = _locked(session, actor, request.id, None)
    refuse_closed(session, row.day)
    number, name = row.ticket_id, name_of(row)
    event = remove_row(session, actor, ticket_stream(number), row, now(session), name=name)
    text = _("#{number} · removed: {time}").format(number=number, time=name)
    return RowChanged(number, (event,), text, request.id)


def show_time(session: Session, actor: Actor, request: ShowTime) -> TimeEntryView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    row = session.execute(SELECT.where(col(TimeEntry.id) == request.id)).first()
    if row is None:
        raise _no_entry(request.id)
    return view_of(row)


def list_time(session: Session, actor: Actor, request: ListTime) -> tuple[TimeEntryView, ...]:
    """Raises NotFound (ticket, agent), Refused (others' time without a ticket, to all but supervisors)."""
    require(actor, Permission.VIEW)
    statement = SELECT
    if request.ticket is not None:
        ticket_to_read(session, request.ticket)
        statement = statement.where(col(TimeEntry.ticket_id) == request.ticket)
    if request.agent:
        agent = whose(session, actor, request.agent)
        statement = statement.where(col(TimeEntry.agent_id) == agent.id)
    elif request.ticket is None:
        may_touch(actor, None)
    if request.first is not None:
        statement = statement.where(col(TimeEntry.day) >= request.first)
    if request.last is not None:
        statement = statement.where(col(TimeEntry.day) <= request.last)
    rows = session.execute(statement.order_by(*NEWEST).limit(request.limit)).all()
    return tuple(view_of(row) for row in rows)


def _locked(session: Session, actor: Actor, entry_id: int, number: int | None) -> TimeEntry:
    """The entry, its ticket (and the one it goes to) locked first. Raises NotFound, Refused."""
    here = session.exec(select(TimeEntry.ticket_id).where(TimeEntry.id == entry_id)).first()
    if here is None:
        raise _no_entry(entry_id)
    lock_pair(session, here, number if number is not None else here)
    row = session.exec(select(TimeEntry).where(TimeEntry.id == entry_id).with_for_update()).first()
    if row is None:
        raise _no_entry(entry_id)
    may_touch(actor, session.get(Agent, row.agent_id))
    return row


def _no_entry(entry_id: int) -> NotFound:
    return NotFound(
        _("There is no time entry {id}.").format(id=entry_id), _("tui-desk time list shows those there are.")
    )
