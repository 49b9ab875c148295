"""Tasks as rows: reading them as views, putting them on a ticket, telling whom they are given to. See ``services.tasks`` for what
people ask, ``services.checklist_rows`` for whole lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.work import TaskView
from tui_desk.core.enums import TaskState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Agent, Task, Team, TeamMember, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.events import ticket_stream
from tui_desk.services.notify import notify
from tui_desk.services.rows import add_row

TITLE_LIMIT = 200
NOTES_LIMIT = 10_000
TASKS_LIMIT = 500
"""On one ticket."""

SELECT = (
    select(Task, Agent, col(Team.name), col(Ticket.subject))
    .join(Ticket, col(Ticket.id) == Task.ticket_id)
    .outerjoin(Agent, col(Agent.id) == Task.assignee_id)
    .outerjoin(Team, col(Team.id) == Task.team_id)
)


def view_of(row: Sequence[Any]) -> TaskView:
    """A row of :data:`SELECT`."""
    task, agent, team, subject = row
    return TaskView(
        id=known(task.id),
        ticket=task.ticket_id,
        position=task.position,
        title=safe_line(task.title),
        notes=safe_block(task.notes),
        state=TaskState(task.state),
        assignee=safe_line(agent.login) if agent else "",
        assignee_name=safe_line(agent.name or agent.login) if agent else "",
        team=safe_line(team or ""),
        due_on=task.due_on,
        due_at=task.due_at,
        blocking=task.blocking,
        created_at=task.created_at,
        done_at=task.done_at,
        version=task.version,
        ticket_subject=safe_line(subject),
    )


def tasks_of(session: Session, number: int) -> tuple[TaskView, ...]:
    """A ticket's tasks in order: one statement."""
    rows = session.exec(
        SELECT.where(Task.ticket_id == number).order_by(col(Task.position), col(Task.id))
    ).all()
    return tuple(view_of(row) for row in rows)


def clean_title(text: str) -> str:
    """Raises UsageError where nothing is left."""
    title = safe_line(text, TITLE_LIMIT).strip()
    if not title:
        raise UsageError(_("A task needs a title: what is to be done."))
    return title


def clean_notes(text: str) -> str:
    return safe_block(text, NOTES_LIMIT).rstrip()


def put_tasks(
    session: Session, actor: Actor, ticket: Ticket, rows: Iterable[Task], at: datetime
) -> list[int]:
    """Add rows at the end of a locked ticket's tasks, telling each assignee; answers the events' ids. Raises UsageError."""
    number = known(ticket.id)
    last, count = session.exec(
        select(func.max(Task.position), func.count()).select_from(Task).where(Task.ticket_id == number)
    ).one()
    recorded = []
    for position, row in enumerate(rows, start=(last if last is not None else -1) + 1):
        count += 1
        if count > TASKS_LIMIT:
            raise UsageError(_("A ticket has at most {count} tasks.").format(count=TASKS_LIMIT))
        row.ticket_id, row.position = number, position
        recorded.append(add_row(session, actor, ticket_stream(number), row, at, name=row.title))
        tell_assignee(session, actor, row, at)
    return recorded


def tell_assignee(session: Session, actor: Actor, task: Task, at: datetime) -> None:
    """Tell the agent who has the task now, or everybody of its team when nobody has."""
    told = [task.assignee_id] if task.assignee_id is not None else []
    if task.assignee_id is None and task.team_id is not None:
        told = list(
            session.exec(
                select(TeamMember.agent_id)
                .join(Agent, col(Agent.id) == TeamMember.agent_id)
                .where(TeamMember.team_id == task.team_id, col(Agent.active).is_(True))
            )
        )
    for agent_id in told:
        subject = f"task:{task.id}"
        notify(session, actor, agent_id, "task", at, ticket=task.ticket_id, subject=subject, text=task.title)
