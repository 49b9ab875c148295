"""Work on a ticket: tasks, the checklists they come from, and the time recorded on them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, UtcDateTime


class Task(SQLModel, table=True):
    __tablename__ = "task"
    __table_args__ = (Index("ix_task_assignee_id_state", "assignee_id", "state"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    position: int = 0
    title: str
    notes: str = ""
    state: str = "open"
    assignee_id: int | None = Field(default=None, foreign_key="agent.id")
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    due_on: date | None = None
    """Due by the end of that day; of ``due_on`` and ``due_at`` at most one is set."""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Due at that instant."""
    blocking: bool = True
    """The ticket is not resolved while it is open, but with a reason given."""
    checklist_item_id: int | None = Field(default=None, foreign_key="checklist_item.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class Checklist(SQLModel, table=True):
    """Tasks that belong together, applied to a ticket by hand or when it gets the category."""

    __tablename__ = "checklist"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    category_id: int | None = Field(default=None, foreign_key="category.id", index=True)
    active: bool = True
    version: int = 1


class ChecklistItem(SQLModel, table=True):
    __tablename__ = "checklist_item"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    checklist_id: int = Field(foreign_key="checklist.id", index=True)
    position: int = 0
    title: str
    notes: str = ""
    assignee_id: int | None = Field(default=None, foreign_key="agent.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    due_after_days: int | None = None
    blocking: bool = True


class Activity(SQLModel, table=True):
    """What sort of work time was spent on: travel, remote support, …"""

    __tablename__ = "activity"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    billable: bool = False
    """What an entry is unless it says otherwise."""
    active: bool = True


class TimeEntry(SQLModel, table=True):
    """Whole minutes that an agent worked on a ticket on one day of the agent's calendar."""

    __tablename__ = "time_entry"
    __table_args__ = (Index("ix_time_entry_agent_id_day", "agent_id", "day"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    agent_id: int = Field(foreign_key="agent.id")
    day: date = Field(index=True)
    minutes: int
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Known where it came from a timer or a span such as 9:15-10:40."""
    billable: bool = False
    activity_id: int | None = Field(default=None, foreign_key="activity.id", index=True)
    note: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Timer(SQLModel, table=True):
    """The clock that runs for an agent; at most one each."""

    __tablename__ = "timer"
    __table_args__ = (UniqueConstraint("agent_id"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id")
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    activity_id: int | None = Field(default=None, foreign_key="activity.id")
    note: str = ""
    began_at: datetime = Field(sa_type=UtcDateTime)
    resumed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when it runs; None while it is paused."""
    seconds: int = 0
    """What had run before ``resumed_at``."""
    version: int = 1
