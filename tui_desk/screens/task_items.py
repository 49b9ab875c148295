"""Tasks and time as lines of pane Work."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.tickets import TicketView
from tui_desk.contracts.work import TaskView, TimeEntryView
from tui_desk.core.enums import TaskState
from tui_desk.core.i18n import _, ngettext
from tui_desk.rules.tasks import ENDED
from tui_desk.screens import work_words
from tui_desk.screens.work_items import WorkItem, WorkSection


def tasks(ticket: TicketView, now: datetime) -> WorkSection:
    """The tasks in their order."""
    done = sum(task.state is TaskState.DONE for task in ticket.tasks)
    blocking = sum(task.blocking and task.state not in ENDED for task in ticket.tasks)
    summary = ""
    if ticket.tasks:
        summary = _("{done} of {count} done").format(done=done, count=len(ticket.tasks))
    if blocking:
        held = ngettext("{count} holds the ticket up", "{count} hold the ticket up", blocking)
        summary = f"{summary} · {held.format(count=blocking)}"
    return WorkSection(
        _("Tasks"),
        summary,
        tuple(_task(task, now) for task in ticket.tasks),
        _("None yet. + adds a task, or a checklist of them."),
    )


def _task(task: TaskView, now: datetime) -> WorkItem:
    state = work_words.task_state(task.state)
    over = task.state in ENDED
    right = [work_words.who(task), "" if over else work_words.due(task, now)]
    if not task.blocking and not over:
        right.insert(0, _("optional"))
    late = work_words.is_late(task, now)
    return WorkItem(
        "task",
        task.id,
        state.sign,
        task.title,
        " · ".join(filter(None, right)),
        "$text-error" if late else state.colour,
        over,
        task.notes,
    )


def time(ticket: TicketView, now: datetime) -> WorkSection:
    """The newest time entries."""
    summary = work_words.minutes(ticket.time_minutes) if ticket.time_minutes else ""
    return WorkSection(
        _("Time"),
        summary,
        tuple(_entry(entry) for entry in ticket.time_entries),
        _("None recorded. t runs the clock, + adds what you worked."),
    )


def _entry(entry: TimeEntryView) -> WorkItem:
    what = " · ".join(filter(None, (entry.activity, entry.task, entry.note)))
    right = [entry.agent_name, entry.day.isoformat(), work_words.hours_of(entry)]
    if entry.billable:
        right.insert(0, _("billable"))
    text = f"{work_words.minutes(entry.minutes):<6} {what}".rstrip()
    return WorkItem("time", entry.id, "◷", text, " · ".join(filter(None, right)), "$muted")
