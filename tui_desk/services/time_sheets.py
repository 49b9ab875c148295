"""Time summed up: the week of an agent, totals of tickets, organisations, agents and activities. And the list of activities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from tui_desk.contracts.timekeeping import (
    ActivityView,
    ListActivities,
    ReportTime,
    SaveActivity,
    SheetRow,
    SheetView,
    ShowSheet,
    TimeTotal,
)
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Activity, Agent, Organization, Person, Ticket, TimeEntry
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.time_rows import SELECT, view_of
from tui_desk.services.time_rules import closed_until, whose

ACTIVITY_LIMIT = 60


def show_sheet(session: Session, actor: Actor, request: ShowSheet) -> SheetView:
    """Raises NotFound, Refused (somebody else's, to all but supervisors), UsageError (no week of the calendar)."""
    require(actor, Permission.VIEW)
    agent = whose(session, actor, request.agent)
    try:
        monday = request.day - timedelta(days=request.day.weekday())
        sunday = monday + timedelta(days=6)
    except OverflowError:
        raise UsageError(_("There is no {day}.").format(day=request.day.isoformat())) from None
    rows = session.execute(
        SELECT.where(
            col(TimeEntry.agent_id) == agent.id, col(TimeEntry.day) >= monday, col(TimeEntry.day) <= sunday
        ).order_by(col(TimeEntry.day), col(TimeEntry.began_at), col(TimeEntry.id))
    ).all()
    entries = tuple(view_of(row) for row in rows)
    by_ticket: dict[int, list[int]] = {}
    subjects: dict[int, str] = {}
    for entry in entries:
        by_ticket.setdefault(entry.ticket, [0] * 7)[(entry.day - monday).days] += entry.minutes
        subjects[entry.ticket] = entry.ticket_subject
    return SheetView(
        agent=safe_line(agent.login),
        agent_name=safe_line(agent.name or agent.login),
        monday=monday,
        rows=tuple(
            SheetRow(number, subjects[number], tuple(minutes))
            for number, minutes in sorted(by_ticket.items())
        ),
        entries=entries,
        billable=sum(entry.minutes for entry in entries if entry.billable),
        closed_until=closed_until(session),
    )


def report_time(session: Session, actor: Actor, request: ReportTime) -> tuple[TimeTotal, ...]:
    """Raises NotFound (organisation); Refused by agent, to all but supervisors; UsageError."""
    require(actor, Permission.VIEW)
    if request.first is not None and request.last is not None and request.last < request.first:
        raise UsageError(_("The last day is before the first."))
    if request.by == "agent":
        require(actor, Permission.CONFIGURE_WORK)
    key, label = _grouped(request.by)
    minutes = func.sum(TimeEntry.minutes)
    billable = func.sum(case((col(TimeEntry.billable), col(TimeEntry.minutes)), else_=0))
    statement = (
        select_columns(key, label, minutes, billable, func.count())
        .select_from(TimeEntry)
        .join(Ticket, col(Ticket.id) == TimeEntry.ticket_id)
        .join(Agent, col(Agent.id) == TimeEntry.agent_id)
        .outerjoin(Person, col(Person.id) == Ticket.requester_id)
        .outerjoin(Organization, col(Organization.id) == Person.organization_id)
        .outerjoin(Activity, col(Activity.id) == TimeEntry.activity_id)
        .where(*_narrowed(session, request))
        .group_by(key, label)
        .order_by(minutes.desc(), key)
    )
    return tuple(_total(row) for row in session.execute(statement).all())


def _grouped(by: str) -> tuple[Any, Any]:
    """What names a group, and what people call it."""
    return {
        "ticket": (col(Ticket.id), col(Ticket.subject)),
        "organization": (col(Organization.id), col(Organization.name)),
        "agent": (col(Agent.login), col(Agent.name)),
        "activity": (col(Activity.id), col(Activity.name)),
    }[by]


def _narrowed(session: Session, request: ReportTime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if request.first is not None:
        conditions.append(col(TimeEntry.day) >= request.first)
    if request.last is not None:
        conditions.append(col(TimeEntry.day) <= request.last)
    if request.ticket is not None:
        conditions.append(col(TimeEntry.ticket_id) == request.ticket)
    if request.organization:
        wanted = request.organization.strip()
        found = session.exec(select(Organization.id).where(same_name(Organization.name, wanted))).first()
        if found is None:
            raise NotFound(
                _("There is no organization “{name}”.").format(name=safe_line(request.organization, 80))
            )
        conditions.append(col(Organization.id) == found)
    return conditions


def _total(row: Sequence[Any]) -> TimeTotal:
    key, label, minutes, billable, count = row
    return TimeTotal(
        "" if key is None else safe_line(str(key)),
        safe_line(label or ""),
        int(minutes),
        int(billable),
        int(count),
    )


def list_activities(session: Session, actor: Actor, request: ListActivities) -> tuple[ActivityView, ...]:
    """By name, the ones that are set aside only when asked for."""
    require(actor, Permission.VIEW)
    statement = select(Activity).order_by(func.lower(Activity.name))
    if not request.inactive:
        statement = statement.where(col(Activity.active).is_(True))
    return tuple(_activity(row) for row in session.exec(statement).all())


def save_activity(session: Session, actor: Actor, request: SaveActivity) -> ActivityView:
    """Raises UsageError, NotFound, Refused (the name is taken)."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    name = safe_line(request.name, ACTIVITY_LIMIT).strip()
    if not name:
        raise UsageError(_("An activity needs a name."))
    taken = session.exec(select(Activity).where(same_name(Activity.name, name))).first()
    if taken is not None and taken.id != request.id:
        raise Refused(_("There is an activity “{name}” already.").format(name=safe_line(taken.name)))
    at = now(session)
    if request.id is None:
        row = Activity(name=name, billable=request.billable, active=request.active)
        add_row(session, actor, "desk", row, at, name=name)
        return _activity(row)
    found = session.exec(select(Activity).where(Activity.id == request.id).with_for_update()).first()
    if found is None:
        raise NotFound(_("There is no activity {id}.").format(id=request.id))
    values = {"name": name, "billable": request.billable, "active": request.active}
    change_row(session, actor, "desk", found, values, at, name=found.name)
    return _activity(found)


def _activity(row: Activity) -> ActivityView:
    return ActivityView(known(row.id), safe_line(row.name), row.billable, row.active)
