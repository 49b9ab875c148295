"""Time entries as rows: reading them as views, writing one with all that must hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from tui_desk.contracts.work import TimeEntryView
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Activity, Agent, Task, Ticket, TimeEntry
from tui_desk.rules.time_spans import checked_minutes, duration_text
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import add_row
from tui_desk.services.time_rules import refuse_closed

NOTE_LIMIT = 500
SHOWN_ON_TICKET = 20

SELECT = (
    select_columns(TimeEntry, Agent, col(Task.title), col(Activity.name), col(Ticket.subject))
    .join(Agent, col(Agent.id) == TimeEntry.agent_id)
    .join(Ticket, col(Ticket.id) == TimeEntry.ticket_id)
    .outerjoin(Task, col(Task.id) == TimeEntry.task_id)
    .outerjoin(Activity, col(Activity.id) == TimeEntry.activity_id)
)
NEWEST = (col(TimeEntry.day).desc(), col(TimeEntry.id).desc())


def view_of(row: Sequence[Any]) -> TimeEntryView:
    """A row of :data:`SELECT`."""
    entry, agent, task, activity, subject = row
    return TimeEntryView(
        id=known(entry.id),
        ticket=entry.ticket_id,
        task_id=entry.task_id,
        task=safe_line(task or ""),
        agent=safe_line(agent.login),
        agent_name=safe_line(agent.name or agent.login),
        day=entry.day,
        minutes=entry.minutes,
        began_at=entry.began_at,
        billable=entry.billable,
        activity=safe_line(activity or ""),
        note=safe_line(entry.note),
        created_at=entry.created_at,
        version=entry.version,
        ticket_subject=safe_line(subject),
    )


def time_of(session: Session, number: int) -> tuple[int, tuple[TimeEntryView, ...]]:
    """All minutes of a ticket, and its newest entries."""
    rows = session.execute(
        SELECT.where(col(TimeEntry.ticket_id) == number).order_by(*NEWEST).limit(SHOWN_ON_TICKET)
    ).all()
    if not rows:
        return 0, ()
    total = session.exec(select(func.sum(TimeEntry.minutes)).where(TimeEntry.ticket_id == number)).one()
    return int(total or 0), tuple(view_of(row) for row in rows)


def write_entry(
    session: Session,
    actor: Actor,
    agent: Agent,
    ticket: Ticket,
    minutes: int,
    day: date,
    at: datetime,
    **more: Any,
) -> tuple[TimeEntry, int, tuple[str, ...]]:
    """A new entry of a locked ticket: the row, its event, and what it overlaps with. Raises UsageError, Refused (closed period)."""
    check_day(day, at)
    refuse_closed(session, day)
    row = TimeEntry(
        ticket_id=known(ticket.id),
        agent_id=known(agent.id),
        day=day,
        minutes=checked_minutes(minutes),
        created_at=at,
        **more,
    )
    warnings = overlaps(session, row)
    event = add_row(session, actor, ticket_stream(known(ticket.id)), row, at, name=name_of(row))
    return row, event, warnings


def check_day(day: date, at: datetime) -> None:
    """Raises UsageError for a day that has not come anywhere yet."""
    if day > (at + timedelta(hours=14)).date():
        raise UsageError(_("{day} is still to come.").format(day=day.isoformat()))


def name_of(row: TimeEntry) -> str:
    """What people call an entry."""
    return f"{duration_text(row.minutes)} {row.day.isoformat()}"


def clean_note(text: str) -> str:
    return safe_line(text, NOTE_LIMIT).strip()


def overlaps(session: Session, row: TimeEntry) -> tuple[str, ...]:
    """Entries of the same agent at the same hours, as sentences; they are allowed (two things at once), but told."""
    if row.began_at is None:
        return ()
    ends = row.began_at + timedelta(minutes=row.minutes)
    near = session.exec(
        select(TimeEntry)
        .where(
            TimeEntry.agent_id == row.agent_id,
            col(TimeEntry.began_at) < ends,
            col(TimeEntry.began_at) > row.began_at - timedelta(days=1),
            TimeEntry.id != (row.id or 0),
        )
        .order_by(col(TimeEntry.began_at))
    ).all()
    return tuple(
        _("It overlaps with {span} on #{number}.").format(
            span=_span(one.began_at, one.minutes), number=one.ticket_id
        )
        for one in near
        if one.began_at is not None and one.began_at + timedelta(minutes=one.minutes) > row.began_at
    )


def _span(began: datetime, minutes: int) -> str:
    """Hours as the reader's clock shows them."""
    ended = began + timedelta(minutes=minutes)
    return f"{began.astimezone():%H:%M}-{ended.astimezone():%H:%M}"


def activity_named(session: Session, name: str) -> Activity | None:
    """None for no name. Raises NotFound, Refused (set aside)."""
    if not name.strip():
        return None
    row = session.exec(select(Activity).where(same_name(Activity.name, name.strip()))).first()
    if row is None:
        raise NotFound(
            _("There is no activity “{name}”.").format(name=safe_line(name, 80)),
            _("tui-desk time activities shows those there are."),
        )
    if not row.active:
        raise Refused(_("The activity {name} is set aside.").format(name=safe_line(row.name)))
    return row


def task_on(session: Session, task_id: int | None, number: int) -> int | None:
    """Raises NotFound where the task is not on the ticket."""
    if task_id is None:
        return None
    found = session.exec(select(Task.id).where(Task.id == task_id, Task.ticket_id == number)).first()
    if found is None:
        raise NotFound(_("There is no task {id} on #{number}.").format(id=task_id, number=number))
    return task_id
