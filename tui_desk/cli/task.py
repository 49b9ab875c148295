"""``tui-desk task``: tasks on tickets, one's own over all of them, added, ticked off, put in order."""

from __future__ import annotations

from typing import Any

import click

from tui_desk.cli.base import (
    ID,
    TICKET,
    DeskGroup,
    assignments,
    examples,
    limit_option,
    one_of,
    pass_invocation,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.gateway import Request
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
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import TaskState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.rules.due import due_text, read_due
from tui_desk.rules.tasks import is_overdue

_NAMES = ("title", "notes", "state", "assignee", "team", "due", "blocking")
_id = click.argument("task_id", type=ID, metavar="ID")


@click.group(cls=DeskGroup, help=_("Tasks on tickets: mine, all, add, tick off."))
def task() -> None:
    """The noun."""


@task.command(
    "list",
    help=_("List open tasks, overdue and next due first; of one ticket all, in its order."),
    epilog=examples("tui-desk task list --mine", "tui-desk task list --ticket 1042 --json"),
)
@click.option("--mine", is_flag=True, help=_("Yours, and those of your teams that nobody has."))
@click.option("--ticket", type=TICKET, metavar="N", help=_("Of this ticket."))
@click.option("--assignee", default="", metavar="LOGIN", help=_("Of this agent."))
@click.option("--team", default="", metavar="T", help=_("Of this team."))
@click.option("--query", default="", metavar="WORDS", help=_("Words in title, notes or subject."))
@click.option("--overdue", is_flag=True, help=_("Late ones only."))
@click.option("--all", "everything", is_flag=True, help=_("Those that are done or cancelled, too."))
@limit_option(500)
@pass_invocation
def list_tasks(
    run: Invocation,
    mine: bool,
    ticket: int | None,
    assignee: str,
    team: str,
    query: str,
    overdue: bool,
    everything: bool,
    limit: int,
) -> None:
    """Print tasks."""
    found = run.ask(ListTasks(ticket, mine, assignee, team, query, overdue, everything, limit))
    headings = (_("ID"), _("Ticket"), _("Task"), _("State"), _("Assignee"), _("Due"), _("Blocking"))
    rows = [
        (t.id, f"#{t.ticket}", t.title, t.state, t.assignee or t.team, _due(t), t.blocking) for t in found
    ]
    run.answer(found, lambda: table(headings, rows, flexible=2) if rows else _("No tasks."))


def _due(task: TaskView) -> str:
    text = due_text(task.due_on, task.due_at)
    late = is_overdue(task.state, task.due_on, task.due_at, utc_now())
    return _("{when} (late)").format(when=text) if late else text


@task.command("show", help=_("Show one task."))
@_id
@pass_invocation
def show(run: Invocation, task_id: int) -> None:
    """Print one task."""
    _print(run, task_id)


@task.command(
    "add",
    help=_("Add a task to a ticket."),
    epilog=examples(
        "tui-desk task add 1042 'Order the laptop' --assignee ben --due fri",
        "tui-desk task add 1042 'Call back' --due 'tomorrow 9' --optional",
    ),
)
@click.argument("number", type=TICKET, metavar="NUMBER")
@click.argument("title", metavar="TITLE")
@click.option("--assignee", default="", metavar="LOGIN", help=_("Who does it; me is yourself."))
@click.option("--team", default="", metavar="T", help=_("Which team does it."))
@click.option(
    "--due", default="", metavar="WHEN", help=_("A day or a moment: fri, 2026-12-01, 'tomorrow 9', 'in 2h'.")
)
@click.option("--notes", default="", metavar="TEXT", help=_("What else is to be known."))
@click.option("--optional", is_flag=True, help=_("The ticket can be resolved while it is open."))
@pass_invocation
def add(
    run: Invocation,
    number: int,
    title: str,
    assignee: str,
    team: str,
    due: str,
    notes: str,
    optional: bool,
) -> None:
    """Add a task."""
    request = AddTask(number, title, notes, assignee, team, due_by(due), not optional)
    _print(run, run.ask(request).id)


@task.command(
    "set",
    help=_(
        "Change fields: title, notes, state, assignee, team, due, blocking. NAME= without a value clears one."
    ),
    epilog=examples("tui-desk task set 7 state=in_progress due='mon 14:00' assignee=me"),
)
@_id
@click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE...")
@pass_invocation
def set_task(run: Invocation, task_id: int, changes: tuple[str, ...]) -> None:
    """Change a task."""
    values = assignments(changes, _NAMES)
    given: dict[str, Any] = {n: values[n] for n in ("title", "notes", "assignee", "team") if n in values}
    if "state" in values:
        given["state"] = one_of(TaskState, [str(s) for s in TaskState], values["state"], "state")
    if "due" in values:
        given["due"] = due_by(values["due"])
    if "blocking" in values:
        given["blocking"] = truth(values["blocking"], "blocking")
    run.ask(SetTask(task_id, **given))
    _print(run, task_id)


@task.command("done", help=_("Tick tasks off; --not opens them again."))
@click.argument("ids", nargs=-1, required=True, type=ID, metavar="ID...")
@click.option("--not", "revoked", is_flag=True, help=_("It is not done after all."))
@pass_invocation
def done(run: Invocation, ids: tuple[int, ...], revoked: bool) -> None:
    """Tick off."""
    state = TaskState.OPEN if revoked else TaskState.DONE
    changed = [run.ask(SetTask(task_id, state=state)) for task_id in ids]
    run.answer(changed, lambda: "\n".join(one.sentence for one in changed))


@task.command("move", help=_("Put a task elsewhere in its ticket's order."))
@_id
@click.argument("where", type=click.Choice(("up", "down", "first", "last")), metavar="up|down|first|last")
@pass_invocation
def move(run: Invocation, task_id: int, where: str) -> None:
    """Change the order."""
    far = 10_000
    by = {"up": -1, "down": 1, "first": -far, "last": far}[where]
    _change(run, MoveTask(task_id, by))


@task.command("remove", help=_("Delete a task; ticket undo brings it back."))
@_id
@pass_invocation
def remove(run: Invocation, task_id: int) -> None:
    """Delete a task."""
    _change(run, RemoveTask(task_id))


def due_by(text: str) -> DueBy:
    """When something is due, as typed. Raises UsageError."""
    due = read_due(text, utc_now())
    return DueBy(due.on, due.at)


def truth(text: str, name: str) -> bool:
    """Raises UsageError."""
    found = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(
        text.strip().lower()
    )
    if found is None:
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=name),
            _("Allowed: {allowed}.").format(allowed="yes, no"),
        )
    return found


def _change(run: Invocation, request: Request[RowChanged]) -> None:
    changed = run.ask(request)
    run.answer(changed, lambda: changed.sentence)


def _print(run: Invocation, task_id: int) -> None:
    view = run.ask(ShowTask(task_id))
    run.answer(view, lambda: _as_text(view))


def _as_text(view: TaskView) -> str:
    return fields(
        [
            (_("ID"), view.id),
            (_("Ticket"), f"#{view.ticket} {view.ticket_subject}"),
            (_("Task"), view.title),
            (_("State"), word(view.state)),
            (_("Assignee"), view.assignee),
            (_("Team"), view.team),
            (_("Due"), _due(view)),
            (_("Blocking"), view.blocking),
            (_("Notes"), view.notes),
        ]
    )
