"""A checklist's tasks put on a ticket: by hand, or because the ticket got the category. Imported by whatever sets a category."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from tui_desk.models import Agent, Checklist, ChecklistItem, Event, Task, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.desk_zone import zone_of
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import ROW_ADDED
from tui_desk.services.task_rows import put_tasks

TAKEN_OUT = -1
"""The position of an item that is no longer part of its checklist; tasks that came from it still name it."""


def items_of(session: Session, checklist_id: int) -> list[ChecklistItem]:
    """The items that are part of it now, in order."""
    return list(
        session.exec(
            select(ChecklistItem)
            .where(ChecklistItem.checklist_id == checklist_id, col(ChecklistItem.position) > TAKEN_OUT)
            .order_by(col(ChecklistItem.position), col(ChecklistItem.id))
        ).all()
    )


def apply_for_category(session: Session, actor: Actor, ticket: Ticket, at: datetime) -> list[int]:
    """Put on a locked ticket what belongs to its category; whatever it has or ever had from it is not put there again."""
    if ticket.category_id is None:
        return []
    lists = session.exec(
        select(Checklist)
        .where(Checklist.category_id == ticket.category_id, col(Checklist.active).is_(True))
        .order_by(col(Checklist.name))
    ).all()
    if not lists:
        return []
    had = _ever_had(session, known(ticket.id))
    recorded: list[int] = []
    for checklist in lists:
        items = [item for item in items_of(session, known(checklist.id)) if item.id not in had]
        recorded += put_items(session, actor, ticket, items, at)
    return recorded


def put_items(
    session: Session, actor: Actor, ticket: Ticket, items: Iterable[ChecklistItem], at: datetime
) -> list[int]:
    """Tasks as the items say. Somebody who does not work here any more gets none: the task is nobody's then."""
    items = list(items)
    wanted = [item.assignee_id for item in items if item.assignee_id is not None]
    here = set(session.exec(select(Agent.id).where(col(Agent.id).in_(wanted), col(Agent.active).is_(True))))
    today = at.astimezone(zone_of(session, actor)).date()
    rows = [
        Task(
            ticket_id=known(ticket.id),
            title=item.title,
            notes=item.notes,
            assignee_id=item.assignee_id if item.assignee_id in here else None,
            team_id=item.team_id,
            due_on=None if item.due_after_days is None else today + timedelta(days=item.due_after_days),
            blocking=item.blocking,
            checklist_item_id=item.id,
            created_at=at,
            updated_at=at,
        )
        for item in items
    ]
    return put_tasks(session, actor, ticket, rows, at)


def _ever_had(session: Session, number: int) -> set[int | None]:
    """Items whose tasks are on the ticket or were deleted from it; what was undone does not count."""
    stream = ticket_stream(number)
    undone = set(
        session.exec(select(Event.undoes).where(Event.stream == stream, col(Event.undoes).is_not(None)))
    )
    added = session.exec(select(Event).where(Event.stream == stream, Event.action == ROW_ADDED)).all()
    found: set[int | None] = {
        event.after["values"].get("checklist_item_id")
        for event in added
        if event.after.get("table") == Task.__tablename__ and event.id not in undone
    }
    found |= set(session.exec(select(Task.checklist_item_id).where(Task.ticket_id == number)))
    return found - {None}
