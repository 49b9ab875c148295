"""How work is shown: the sign and colour of a task's state, when it is due, hours and minutes."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.work import TaskView, TimeEntryView
from tui_desk.core.enums import TaskState
from tui_desk.core.i18n import _
from tui_desk.rules.tasks import is_overdue
from tui_desk.rules.time_spans import duration_text
from tui_desk.screens import words
from tui_desk.screens.words import Shown, shown

STATES = {
    TaskState.OPEN: ("○", "accent"),
    TaskState.IN_PROGRESS: ("◐", "success"),
    TaskState.DONE: ("✓", "muted"),
    TaskState.CANCELLED: ("×", "muted"),
}


def task_state(value: TaskState) -> Shown:
    """The state of a task."""
    return shown(value, STATES)


def is_late(task: TaskView, now: datetime) -> bool:
    """Whether it should have been done by now."""
    return is_overdue(task.state, task.due_on, task.due_at, now)


def due(task: TaskView, now: datetime) -> str:
    """When it is due, shortly; a late one says so."""
    if task.due_at is not None:
        text = words.moment(task.due_at, now)
    elif task.due_on is not None:
        days = (task.due_on - now.astimezone().date()).days
        near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
        text = near.get(days) or task.due_on.isoformat()
    else:
        return ""
    return _("{when} (late)").format(when=text) if is_late(task, now) else text


def who(task: TaskView) -> str:
    """Who has it: an agent, else the team."""
    return task.assignee_name or task.team


def minutes(count: int) -> str:
    """A duration; a dash for none."""
    return duration_text(count) if count else "–"


def hours_of(entry: TimeEntryView) -> str:
    """From when to when, where that is known."""
    if entry.began_at is None:
        return ""
    began = entry.began_at.astimezone()
    return f"{began:%H:%M}"
