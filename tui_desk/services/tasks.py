"""Tasks on tickets: listed over all tickets or of one, added, changed, moved, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from tui_desk.contracts.tasks import (
    AddTask,
    DueBy,
    ListTasks,
    MoveTask,
    RemoveTask,
    RowChanged,
    SetTask,
    ShowTask,
)
from tui_desk.contracts.work import TaskView
from tui_desk.core.enums import TaskState
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.models import Task, TeamMember, Ticket, TimeEntry, Timer
from tui_desk.rules.permissions import Permission
from tui_desk.rules.tasks import ENDED, may_follow
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_for_work, agent_named, team_named
from tui_desk.services.context import known, now, require, ticket_to_change, ticket_to_read, ticket_to_work_on
from tui_desk.services.events import ticket_stream
from tui_desk.services.people import like_words
from tui_desk.services.rows import change_row, remove_row
from tui_desk.services.task_rows import (
    SELECT,
    clean_notes,
    clean_title,
    put_tasks,
    tasks_of,
    tell_assignee,
    view_of,
)
from tui_desk.services.versions import check_version

_ENDED = [state.value for state in ENDED]


def list_tasks(session: Session, actor: Actor, request: ListTasks) -> tuple[TaskView, ...]:
    """Raises NotFound (ticket, agent, team)."""
    require(actor, Permission.VIEW)
    if request.ticket is not None:
        ticket_to_read(session, request.ticket)
        return tasks_of(session, request.ticket)
    statement = SELECT.where(
        *_whose(session, actor, request), *like_words(request.query, Task.title, Task.notes, Ticket.subject)
    )
    if not request.everything or request.overdue:
        statement = statement.where(col(Task.state).not_in(_ENDED))
    if request.overdue:
        at = now(session)
        # A day ends where the reader is, and whoever asks runs in the reader's own process.
        statement = statement.where(or_(col(Task.due_on) < at.astimezone().date(), col(Task.due_at) < at))
    day = func.coalesce(func.date(Task.due_at), Task.due_on)
    order: tuple[Any, ...] = (
        col(Task.state).in_(_ENDED),
        day.is_(None),
        day,
        col(Task.due_at).is_(None),
        col(Task.due_at),
        col(Task.id),
    )
    rows = session.exec(statement.order_by(*order).limit(request.limit)).all()
    return tuple(view_of(row) for row in rows)


def _whose(session: Session, actor: Actor, request: ListTasks) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if request.mine:
        teams = select(TeamMember.team_id).where(TeamMember.agent_id == actor.agent_id).scalar_subquery()
        of_team = and_(col(Task.assignee_id).is_(None), col(Task.team_id).in_(teams))
        conditions.append(or_(col(Task.assignee_id) == actor.agent_id, of_team))
    if request.assignee:
        conditions.append(col(Task.assignee_id) == agent_named(session, actor, request.assignee).id)
    if request.team:
        conditions.append(col(Task.team_id) == team_named(session, request.team).id)
    return conditions


def show_task(session: Session, actor: Actor, request: ShowTask) -> TaskView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    row = session.exec(SELECT.where(col(Task.id) == request.id)).first()
    if row is None:
        raise _no_task(request.id)
    return view_of(row)


def add_task(session: Session, actor: Actor, request: AddTask) -> RowChanged:
    """Add a task to a ticket. Raises NotFound (ticket, agent, team), UsageError, Refused."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    at = now(session)
    row = Task(
        ticket_id=request.number,
        title=clean_title(request.title),
        notes=clean_notes(request.notes),
        assignee_id=_agent(session, actor, request.assignee),
        team_id=_team(session, request.team),
        blocking=request.blocking,
        created_at=at,
        updated_at=at,
        **_due(request.due),
    )
    recorded = put_tasks(session, actor, ticket, [row], at)
    return RowChanged(
        request.number,
        tuple(recorded),
        _("#{number} · task added: {title}").format(number=request.number, title=safe_line(row.title)),
        known(row.id),
    )


def set_task(session: Session, actor: Actor, request: SetTask) -> RowChanged:
    """Change a task. Raises NotFound, UsageError, Refused (state), Conflict (a colleague changed the same)."""
    require(actor, Permission.CHANGE_TICKETS)
    task = locked_task(session, request.id)
    at = now(session)
    values = _wanted(session, actor, task, request, at)
    if not values:
        raise UsageError(_("Nothing to set was named."))
    check_version(session, task, request.version, values, task.title)
    events = change_row(session, actor, ticket_stream(task.ticket_id), task, values, at, name=task.title)
    if events and ("assignee_id" in values or "team_id" in values) and task.state not in _ENDED:
        tell_assignee(session, actor, task, at)
    state = word(TaskState(task.state))
    text = (
        _("#{number} · {title}: {state}").format(
            number=task.ticket_id, title=safe_line(task.title), state=state
        )
        if events
        else _("The task is so already; nothing was changed.")
    )
    return RowChanged(task.ticket_id, events, text, request.id)


def _wanted(session: Session, actor: Actor, task: Task, request: SetTask, at: datetime) -> dict[str, Any]:
    """The columns to set; everything wrong is told before anything is written."""
    values: dict[str, Any] = {}
    if request.title is not None:
        values["title"] = clean_title(request.title)
    if request.notes is not None:
        values["notes"] = clean_notes(request.notes)
    if request.assignee is not None:
        values["assignee_id"] = _agent(session, actor, request.assignee)
    if request.team is not None:
        values["team_id"] = _team(session, request.team)
    if request.due is not None:
        values |= _due(request.due)
    if request.blocking is not None:
        values["blocking"] = request.blocking
    if request.state is not None:
        values |= _state(task, request.state, at)
    return values


def _state(task: Task, wanted: TaskState, at: datetime) -> dict[str, Any]:
    before = TaskState(task.state)
    if not may_follow(before, wanted):
        raise Refused(
            _("The task is {before} and cannot become {after}.").format(
                before=word(before), after=word(wanted)
            ),
            _("Open it again first."),
        )
    done_at = (task.done_at or at) if wanted is TaskState.DONE else None
    return {"state": wanted.value, "done_at": done_at}


def move_task(session: Session, actor: Actor, request: MoveTask) -> RowChanged:
    """Change places with the tasks above or below. Raises NotFound."""
    require(actor, Permission.CHANGE_TICKETS)
    task = locked_task(session, request.id)
    at = now(session)
    tasks = list(
        session.exec(
            select(Task).where(Task.ticket_id == task.ticket_id).order_by(col(Task.position), col(Task.id))
        ).all()
    )
    before = next(index for index, one in enumerate(tasks) if one.id == task.id)
    after = max(0, min(len(tasks) - 1, before + request.by))
    tasks.insert(after, tasks.pop(before))
    events: tuple[int, ...] = ()
    for position, one in enumerate(tasks):
        if one.position != position:
            stream = ticket_stream(one.ticket_id)
            events += change_row(session, actor, stream, one, {"position": position}, at, name=one.title)
    text = (
        _("#{number} · {title} is task {place} now").format(
            number=task.ticket_id, title=safe_line(task.title), place=after + 1
        )
        if events
        else _("The task is at the end already.")
    )
    return RowChanged(task.ticket_id, events, text, request.id)


def remove_task(session: Session, actor: Actor, request: RemoveTask) -> RowChanged:
    """Delete a task. Time recorded on it, and a clock that runs on it, go on with the ticket. Raises NotFound."""
    require(actor, Permission.CHANGE_TICKETS)
    task = locked_task(session, request.id)
    at = now(session)
    stream, number, title = ticket_stream(task.ticket_id), task.ticket_id, task.title
    events: tuple[int, ...] = ()
    for entry in session.exec(select(TimeEntry).where(TimeEntry.task_id == task.id).with_for_update()).all():
        events += change_row(session, actor, stream, entry, {"task_id": None}, at, name=title)
    for timer in session.exec(select(Timer).where(Timer.task_id == task.id).with_for_update()).all():
        timer.task_id = None
        session.add(timer)
    events += (remove_row(session, actor, stream, task, at, name=title),)
    text = _("#{number} · task deleted: {title}").format(number=number, title=safe_line(title))
    return RowChanged(number, events, text, request.id)


def locked_task(session: Session, task_id: int) -> Task:
    """The task, its ticket locked first: all writers of a ticket's rows wait in the same place. Raises NotFound."""
    number = session.exec(select(Task.ticket_id).where(Task.id == task_id)).first()
    if number is None:
        raise _no_task(task_id)
    ticket_to_change(session, number)
    task = session.exec(select(Task).where(Task.id == task_id).with_for_update()).first()
    if task is None or task.ticket_id != number:
        raise _no_task(task_id)
    return task


def _no_task(task_id: int) -> NotFound:
    return NotFound(
        _("There is no task {id}.").format(id=task_id), _("tui-desk task list shows those there are.")
    )


def _agent(session: Session, actor: Actor, login: str) -> int | None:
    return known(agent_for_work(session, actor, login).id) if login.strip() else None


def _team(session: Session, name: str) -> int | None:
    return known(team_named(session, name).id) if name.strip() else None


def _due(due: DueBy) -> Mapping[str, Any]:
    if due.on is not None and due.at is not None:
        raise UsageError(_("A task is due on a day or at an instant, not both."))
    return {"due_on": due.on, "due_at": due.at}
