"""The life of a task: which state may follow which. Pure; ``docs/work.md`` draws it from here."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from tui_desk.core.enums import TaskState

TRANSITIONS: dict[TaskState, frozenset[TaskState]] = {
    TaskState.OPEN: frozenset({TaskState.IN_PROGRESS, TaskState.DONE, TaskState.CANCELLED}),
    TaskState.IN_PROGRESS: frozenset({TaskState.OPEN, TaskState.DONE, TaskState.CANCELLED}),
    TaskState.DONE: frozenset({TaskState.OPEN, TaskState.IN_PROGRESS}),
    TaskState.CANCELLED: frozenset({TaskState.OPEN}),
}
ENDED = frozenset({TaskState.DONE, TaskState.CANCELLED})
"""States in which a task asks for nothing any more."""


def may_follow(before: TaskState, after: TaskState) -> bool:
    """Whether ``after`` may be set on a task that is ``before`` (staying is always allowed)."""
    return before is after or after in TRANSITIONS[before]


def ticked(state: TaskState) -> TaskState:
    """What ``x`` makes of it: done, or open again."""
    return TaskState.OPEN if state in ENDED else TaskState.DONE


def is_overdue(
    state: TaskState, due_on: date | None, due_at: datetime | None, now: datetime, zone: tzinfo | None = None
) -> bool:
    """Whether a task that is not over is late: its day has passed where the reader is (``zone`` None: the system's), or its instant."""
    if state in ENDED:
        return False
    if due_at is not None:
        return due_at < now
    return due_on is not None and due_on < now.astimezone(zone).date()
