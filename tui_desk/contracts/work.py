"""What a ticket shows of the work on it: tasks, time, the clock that runs."""

from __future__ import annotations

from datetime import date, datetime

from tui_desk.core.enums import TaskState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class TaskView:
    id: int
    ticket: int
    position: int
    title: str
    notes: str
    state: TaskState
    assignee: str
    """A login; empty: nobody, or the team."""
    assignee_name: str
    team: str
    due_on: date | None
    due_at: datetime | None
    """Of ``due_on`` (by the end of that day) and ``due_at`` at most one is set."""
    blocking: bool
    created_at: datetime
    done_at: datetime | None
    version: int
    ticket_subject: str = ""
    """Filled in lists over several tickets."""


@dataclass(frozen=True, slots=True)
class TimeEntryView:
    id: int
    ticket: int
    task_id: int | None
    task: str
    agent: str
    """A login."""
    agent_name: str
    day: date
    minutes: int
    began_at: datetime | None
    billable: bool
    activity: str
    note: str
    created_at: datetime
    version: int
    ticket_subject: str = ""


@dataclass(frozen=True, slots=True)
class TimerView:
    """The clock of an agent; ``running`` False while it is paused."""

    ticket: int
    ticket_subject: str
    task_id: int | None
    task: str
    agent: str
    running: bool
    began_at: datetime
    seconds: int
    """What has run until the moment of asking."""
    activity: str
    note: str

    @property
    def minutes(self) -> int:
        """Whole minutes, the begun one not counted."""
        return self.seconds // 60
