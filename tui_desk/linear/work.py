"""Tasks, checklists, time and approvals: of the open ticket, and one's own over all tickets. Their numbers are said first."""

from __future__ import annotations

from tui_desk.contracts.approvals import ApprovalView, DecideApproval, ListApprovals, ShowApproval
from tui_desk.contracts.desk import ListAgents
from tui_desk.contracts.tasks import (
    AddTask,
    ApplyChecklist,
    DueBy,
    ListChecklists,
    ListTasks,
    RemoveTask,
    RowChanged,
    SetTask,
    ShowTask,
)
from tui_desk.contracts.timekeeping import AddTime, PauseTimer, RemoveTime, ShowTimer, StartTimer, StopTimer
from tui_desk.contracts.work import TaskView, TimeEntryView
from tui_desk.core.enums import Role, TaskState
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.words import word
from tui_desk.linear.questions import ChangedMind, chosen, confirmed, line
from tui_desk.linear.session import Session
from tui_desk.rules.due import due_text, read_due
from tui_desk.rules.money import amount_text
from tui_desk.rules.tasks import is_overdue, ticked
from tui_desk.rules.time_spans import DAY_MINUTES, duration_text, read_span
from tui_desk.screens.choices import Choice


def work(session: Session, argument: str) -> None:
    """Tasks, time and approvals of the open ticket."""
    ticket = session.here()
    for task in ticket.tasks:
        session.say(_task(session, task))
    for approval in ticket.approvals:
        session.say(_approval(approval))
    for entry in ticket.time_entries:
        session.say(_entry(entry))
    if ticket.time_minutes:
        session.say(_("Time in all: {time}.").format(time=duration_text(ticket.time_minutes)))
    for purchase in ticket.purchases:
        session.say(
            _("Purchase {name}: {title}.").format(name=purchase.name, title=safe_line(purchase.title, 200))
        )
    if not (ticket.tasks or ticket.approvals or ticket.time_entries or ticket.purchases):
        session.say(_("There is no work here: add task, add time or add checklist makes some."))


def _task(session: Session, task: TaskView, with_ticket: bool = False) -> str:
    due = due_text(task.due_on, task.due_at)
    late = is_overdue(task.state, task.due_on, task.due_at, session.now())
    parts = [
        _("Task {id}, {state}: {title}.").format(
            id=task.id, state=word(task.state), title=safe_line(task.title, 200).rstrip(".")
        ),
        _("For {name}.").format(name=task.assignee_name or task.team)
        if task.assignee_name or task.team
        else "",
        (_("Late since {when}.") if late else _("Due {when}.")).format(when=due) if due else "",
        f"#{task.ticket}: {safe_line(task.ticket_subject, 100)}." if with_ticket else "",
    ]
    return " ".join(filter(None, parts))


def _entry(entry: TimeEntryView) -> str:
    return _("Time {id}: {time} on {day}, {who}. {note}").format(
        id=entry.id,
        time=duration_text(entry.minutes),
        day=entry.day.isoformat(),
        who=entry.agent_name or entry.agent,
        note=safe_line(entry.note, 200),
    )


def _approval(one: ApprovalView) -> str:
    mine = _("It waits for you: decide {id} yes or no.").format(id=one.id) if one.for_me else ""
    states = {
        "waiting": _("waiting"),
        "approved": _("approved"),
        "refused": _("refused"),
        "cancelled": _("cancelled"),
    }
    text = _("Approval {id}, {state}: {title}, asked by {who}.").format(
        id=one.id,
        state=states.get(one.state, one.state),
        title=safe_line(one.title, 200),
        who=one.requested_by,
    )
    return f"{text} #{one.ticket}. {mine}".strip()


def tasks(session: Session, argument: str) -> None:
    """One's own and one's teams' tasks over all tickets, overdue first."""
    found = session.ask(ListTasks(mine=True))
    for task in found:
        session.say(_task(session, task, with_ticket=True))
    if not found:
        session.say(_("You have no open task."))


def add_task(session: Session, argument: str) -> None:
    number = session.number()
    title = argument or line(session, _("What is to be done?"))
    if not title:
        raise ChangedMind
    who = line(session, _("Who does it? a login, me, or nobody:"))
    typed = line(session, _("Due when? fri, tomorrow 9; empty is at no time:"))
    due = read_due(typed, session.now())
    assignee = "" if who in ("", _("nobody"), "nobody") else who
    _changed(session, AddTask(number, title, assignee=assignee, due=DueBy(due.on, due.at)))


def add_checklist(session: Session, argument: str) -> None:
    number = session.number()
    known = session.ask(ListChecklists())
    if not known:
        raise NotFound(_("There are no checklists yet."), _("A supervisor makes them: tui-desk checklist."))
    title = _("Put which checklist on #{number}?").format(number=number)
    name = chosen(session, argument, title, [Choice(one.name, one.name) for one in known])
    _changed(session, ApplyChecklist(number, name))


def _task_meant(session: Session, argument: str) -> tuple[TaskView, str]:
    """The task named by its number, else the only one; and what else was said. Raises UsageError."""
    first, _blank, rest = argument.partition(" ")
    if first.isdecimal():
        return session.ask(ShowTask(int(first))), rest.strip()
    here = session.ticket.tasks if session.ticket is not None else session.ask(ListTasks(mine=True))
    if len(here) == 1:
        return here[0], argument
    choices = [Choice(str(one.id), f"{one.title} ({one.id})") for one in here]
    if not choices:
        raise NotFound(_("There is no task here."), _("tasks lists yours."))
    return session.ask(ShowTask(int(chosen(session, "", _("Which task?"), choices)))), argument


def tick(session: Session, argument: str) -> None:
    task, _rest = _task_meant(session, argument)
    _changed(session, SetTask(task.id, state=ticked(task.state)))


def begin_task(session: Session, argument: str) -> None:
    task, _rest = _task_meant(session, argument)
    begun = task.state is TaskState.IN_PROGRESS
    _changed(session, SetTask(task.id, state=TaskState.OPEN if begun else TaskState.IN_PROGRESS))


def give_task(session: Session, argument: str) -> None:
    task, rest = _task_meant(session, argument)
    workers = [one for one in session.ask(ListAgents()) if one.role is not Role.READ_ONLY]
    choices = [Choice(one.login, one.name or one.login) for one in workers] + [Choice("", _("nobody"))]
    title = _("Give “{task}” to").format(task=safe_line(task.title, 60))
    _changed(session, SetTask(task.id, assignee=chosen(session, rest, title, choices, task.assignee)))


def edit_task(session: Session, argument: str) -> None:
    """Title and day; an empty line keeps what there is."""
    task, rest = _task_meant(session, argument)
    title = rest or line(session, _("Title; empty keeps “{title}”:").format(title=safe_line(task.title, 60)))
    typed = line(session, _("Due; empty keeps {due}, a dash is at no time:").format(
        due=due_text(task.due_on, task.due_at) or _("no day")
    ))  # fmt: skip
    due = read_due("" if typed == "-" else typed, session.now())
    _changed(
        session,
        SetTask(task.id, task.version, title=title or None, due=DueBy(due.on, due.at) if typed else None),
    )


def remove_task(session: Session, argument: str) -> None:
    task, _rest = _task_meant(session, argument)
    _changed(session, RemoveTask(task.id))


def _changed(
    session: Session, request: AddTask | SetTask | RemoveTask | ApplyChecklist | AddTime | RemoveTime
) -> None:
    done = session.changed(request)
    if isinstance(done, RowChanged):
        session.say(*done.warnings)


# -- time --------------------------------------------------------------------------------------------------------------
def add_time(session: Session, argument: str) -> None:
    """1h30, 9:15-10:40, yesterday 45m; what was done behind a semicolon."""
    number = session.number()
    typed = argument or line(session, _("How long? 1h30, 9:15-10:40, yesterday 45m:"))
    if not typed:
        raise ChangedMind
    time, semicolon, note = typed.partition(";")
    span = read_span(time, session.now())
    if not semicolon:
        note = line(session, _("What was done? empty is no note:"))
    _changed(session, AddTime(number, span.minutes, span.day, span.began_at, note=note.strip()))


def remove_time(session: Session, argument: str) -> None:
    if not argument.isdecimal():
        raise UsageError(_("Say the number of the time entry; work reads them."))
    _changed(session, RemoveTime(int(argument)))


def timer(session: Session, argument: str) -> None:
    """The clock: run it here; again: hold it, go on, or stop it and write down what it shows."""
    number = session.number()
    running = session.ask(ShowTimer())
    if running is None or running.ticket != number:
        if running is not None and running.minutes > DAY_MINUTES:
            _stop(session, running.minutes)
        session.changed(StartTimer(number))
        return
    shown = duration_text(running.minutes)
    choices = [
        Choice("stop", _("stop and write down {time}").format(time=shown)),
        Choice("pause", _("hold")) if running.running else Choice("go_on", _("go on")),
        Choice("discard", _("throw away")),
    ]
    title = _("The clock shows {time}").format(time=shown)
    value = chosen(session, argument, title, choices)
    if value == "stop":
        _stop(session, running.minutes)
    elif value == "pause":
        session.changed(PauseTimer())
    elif value == "go_on":
        session.changed(StartTimer(number, running.task_id))
    else:
        session.changed(StopTimer(discard=True))


def _stop(session: Session, minutes: int) -> None:
    """A clock that was forgotten for more than a day is not believed."""
    if minutes <= DAY_MINUTES:
        session.changed(StopTimer())
        return
    typed = line(
        session, _("The clock ran {time}. How long did you work?").format(time=duration_text(minutes))
    )
    if not typed:
        raise ChangedMind
    session.changed(StopTimer(read_span(typed, session.now()).minutes))


# -- approvals ---------------------------------------------------------------------------------------------------------
def approvals(session: Session, argument: str) -> None:
    """What waits for you first, then what waits for others."""
    found = session.ask(ListApprovals())
    for one in found:
        session.say(_approval(one))
    if not found:
        session.say(_("No decision waits."))


def decide(session: Session, argument: str) -> None:
    """Yes or no, with a comment: decide 3 yes fine with me."""
    mine = [one for one in session.ask(ListApprovals("mine")) if one.for_me]
    first, _blank, rest = argument.partition(" ")
    if first.isdecimal():
        approval = session.ask(ShowApproval(int(first)))
    else:
        rest = argument
        here = [one for one in mine if session.ticket is None or one.ticket == session.ticket.number]
        if not here:
            raise NotFound(_("No decision waits for you here."), _("approvals lists all that wait."))
        choices = [Choice(str(one.id), one.title) for one in here]
        value = choices[0].value if len(here) == 1 else chosen(session, "", _("Decide which?"), choices)
        approval = next(one for one in here if str(one.id) == value)
    session.say(_approval(approval))
    if approval.amount is not None:
        session.say(_("Amount: {amount}.").format(amount=amount_text(approval.amount, approval.currency)))
    session.say(safe_block("\n".join(filter(None, (approval.details, *approval.lines))), 4_000))
    answer, _blank, comment = rest.partition(" ")
    yes = chosen(session, answer, _("Approve it?"), [Choice("yes", _("yes")), Choice("no", _("no"))]) == "yes"
    if not comment:
        comment = line(session, _("Comment; empty is none:"))
        question = _("Approve it now?") if yes else _("Refuse it now?")
        if not confirmed(session, question):
            raise ChangedMind
    session.say(session.ask(DecideApproval(approval.id, yes, comment, approval.version)).sentence)
    session.look_again()
