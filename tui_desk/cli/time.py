"""``tui-desk time``: the clock, entries, sheets, totals; what supervisors set for them is in ``time_settings``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click

from tui_desk.cli import time_settings
from tui_desk.cli.base import (
    ID,
    TICKET,
    DeskGroup,
    Whole,
    assignments,
    examples,
    limit_option,
    pass_invocation,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, say, table
from tui_desk.cli.table_file import csv_text
from tui_desk.cli.task import truth
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tasks import RowChanged
from tui_desk.contracts.timekeeping import (
    GROUPS,
    AddTime,
    Group,
    ListTime,
    PauseTimer,
    RemoveTime,
    ReportTime,
    SetTime,
    SheetView,
    ShowSheet,
    ShowTime,
    ShowTimer,
    StartTimer,
    StopTimer,
)
from tui_desk.contracts.work import TimeEntryView
from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _
from tui_desk.rules.time_spans import duration_text, read_day, read_span

_NAMES = ("time", "ticket", "activity", "billable", "note")
_number = click.argument("number", type=TICKET, metavar="NUMBER")
_task = click.option("--task", "task_id", type=ID, metavar="ID", help=_("The task it was for."))
_activity = click.option("--activity", default="", metavar="NAME", help=_("What sort of work."))
_note = click.option("--note", default="", metavar="TEXT", help=_("What was done."))
_first = click.option("--from", "first", metavar="DAY", help=_("The first day: yesterday, mon, 2026-03-02."))
_last = click.option("--to", "last", metavar="DAY", help=_("The last day."))
_agent = click.option(
    "--agent", default="", metavar="LOGIN", help=_("Of this agent; of others for supervisors.")
)


@click.group(cls=DeskGroup, help=_("Time worked on tickets: the clock, entries, sheets, totals."))
def time() -> None:
    """The noun."""


time_settings.add_to(time)


@time.command(
    "add",
    help=_("Write down time worked on a ticket."),
    epilog=examples(
        "tui-desk time add 1042 1h30",
        "tui-desk time add 1042 yesterday 9:15-10:40 --activity Travel --note 'to the site'",
        "tui-desk time add 1042 90m --billable --agent ben",
    ),
)
@_number
@click.argument("worked", nargs=-1, required=True, metavar="TIME")
@_task
@_activity
@click.option("--billable/--not-billable", default=None, help=_("Default: as the activity says."))
@_note
@_agent
@pass_invocation
def add(
    run: Invocation,
    number: int,
    worked: tuple[str, ...],
    task_id: int | None,
    activity: str,
    billable: bool | None,
    note: str,
    agent: str,
) -> None:
    """Write an entry."""
    span = read_span(" ".join(worked), utc_now())
    request = AddTime(number, span.minutes, span.day, span.began_at, task_id, activity, billable, note, agent)
    _print(run, run.ask(request))


@time.command("list", help=_("List entries, the newest day first."))
@click.option("--ticket", type=TICKET, metavar="N", help=_("Of this ticket."))
@_agent
@click.option("--all", "everybody", is_flag=True, help=_("Of everybody, for supervisors."))
@_first
@_last
@limit_option(500)
@pass_invocation
def list_time(
    run: Invocation,
    ticket: int | None,
    agent: str,
    everybody: bool,
    first: str | None,
    last: str | None,
    limit: int,
) -> None:
    """Print entries."""
    whose = agent or ("" if ticket is not None or everybody else "me")
    found = run.ask(ListTime(ticket, whose, _day(first), _day(last), limit))
    headings = (
        _("ID"),
        _("Day"),
        _("Ticket"),
        _("Time"),
        _("Agent"),
        _("Activity"),
        _("Billable"),
        _("Note"),
    )
    rows = [
        (e.id, e.day, f"#{e.ticket}", duration_text(e.minutes), e.agent, e.activity, e.billable, e.note)
        for e in found
    ]
    run.answer(found, lambda: table(headings, rows, flexible=7) if rows else _("No time entries."))


@time.command("show", help=_("Show one entry."))
@click.argument("entry_id", type=ID, metavar="ID")
@pass_invocation
def show(run: Invocation, entry_id: int) -> None:
    """Print one."""
    view = run.ask(ShowTime(entry_id))
    run.answer(view, lambda: _as_text(view))


@time.command(
    "set",
    help=_("Correct an entry: time (with a day or hours), ticket, activity, billable, note."),
    epilog=examples("tui-desk time set 7 time='mon 9:15-10:40' note='longer than thought'"),
)
@click.argument("entry_id", type=ID, metavar="ID")
@click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE...")
@pass_invocation
def set_time(run: Invocation, entry_id: int, changes: tuple[str, ...]) -> None:
    """Correct an entry."""
    values = assignments(changes, _NAMES)
    given: dict[str, Any] = {name: values[name] for name in ("activity", "note") if name in values}
    if "time" in values:
        span = read_span(values["time"], utc_now(), day=run.ask(ShowTime(entry_id)).day)
        given |= {"minutes": span.minutes, "day": span.day, "began_at": span.began_at}
    if "ticket" in values:
        given["number"] = TICKET.convert(values["ticket"], None, None)
    if "billable" in values:
        given["billable"] = truth(values["billable"], "billable")
    _print(run, run.ask(SetTime(entry_id, **given)))


@time.command("remove", help=_("Remove an entry; ticket undo brings it back."))
@click.argument("entry_id", type=ID, metavar="ID")
@pass_invocation
def remove(run: Invocation, entry_id: int) -> None:
    """Remove one."""
    _change(run, RemoveTime(entry_id))


@time.command("start", help=_("Run your clock on a ticket; one that runs elsewhere is written down first."))
@_number
@_task
@_activity
@_note
@pass_invocation
def start(run: Invocation, number: int, task_id: int | None, activity: str, note: str) -> None:
    """Start the clock."""
    _change(run, StartTimer(number, task_id, activity, note))


@time.command("pause", help=_("Hold your clock; start goes on."))
@pass_invocation
def pause(run: Invocation) -> None:
    """Pause."""
    _change(run, PauseTimer())


@time.command("stop", help=_("Stop your clock and write down what it shows."))
@click.option("--minutes", type=Whole(1, 1440), metavar="N", help=_("Write down so many minutes instead."))
@click.option("--note", metavar="TEXT", help=_("What was done."))
@click.option("--discard", is_flag=True, help=_("Write nothing down."))
@pass_invocation
def stop(run: Invocation, minutes: int | None, note: str | None, discard: bool) -> None:
    """Stop."""
    _change(run, StopTimer(minutes, note, discard))


@time.command("status", help=_("Show your clock."))
@pass_invocation
def status(run: Invocation) -> None:
    """What runs."""
    timer = run.ask(ShowTimer())

    def text() -> str:
        if timer is None:
            return _("No clock runs.")
        shown = duration_text(timer.minutes)
        sentence = _("{time} on #{number}, running.") if timer.running else _("{time} on #{number}, paused.")
        return sentence.format(time=shown, number=timer.ticket)

    run.answer(timer, text)


@time.command(
    "sheet",
    help=_("The week of an agent: a row for each ticket, a column for each day."),
    epilog=examples("tui-desk time sheet", "tui-desk time sheet --week 2026-03-02 --agent ben --csv"),
)
@click.option("--week", metavar="DAY", help=_("The week that holds this day. Default: this one."))
@_agent
@click.option("--csv", "as_csv", is_flag=True, help=_("Print comma-separated values."))
@pass_invocation
def sheet(run: Invocation, week: str | None, agent: str, as_csv: bool) -> None:
    """Print a week."""
    view = run.ask(ShowSheet(_day(week) or utc_now().astimezone().date(), agent))
    days = [(view.monday + timedelta(days=day)).isoformat() for day in range(7)]
    if as_csv:
        rows = [(row.ticket, row.subject, *row.minutes, row.total) for row in view.rows]
        say(csv_text(("ticket", "subject", *days, "total"), rows).rstrip("\n"))
        return
    run.answer({**_sheet_document(view)}, lambda: _sheet_text(view))


def _sheet_document(view: SheetView) -> dict[str, Any]:
    rows = [
        {"ticket": row.ticket, "subject": row.subject, "minutes": row.minutes, "total": row.total}
        for row in view.rows
    ]
    return {
        "agent": view.agent,
        "agent_name": view.agent_name,
        "monday": view.monday,
        "rows": rows,
        "days": view.days,
        "total": view.total,
        "billable": view.billable,
        "closed_until": view.closed_until,
        "entries": view.entries,
    }


def _sheet_text(view: SheetView) -> str:
    days = [f"{view.monday + timedelta(days=day):%m-%d}" for day in range(7)]
    headings = (_("Ticket"), _("Subject"), *days, _("Total"))
    rows = [
        (f"#{row.ticket}", row.subject, *(_minutes(one) for one in row.minutes), _minutes(row.total))
        for row in view.rows
    ]
    rows.append(("", _("Total"), *(_minutes(one) for one in view.days), _minutes(view.total)))
    head = _("{agent}, week of {monday}: {total}, {billable} billable").format(
        agent=view.agent_name,
        monday=view.monday.isoformat(),
        total=duration_text(view.total),
        billable=duration_text(view.billable),
    )
    return f"{head}\n{table(headings, rows, flexible=1)}"


def _minutes(minutes: int) -> str:
    return duration_text(minutes) if minutes else "–"


@time.command(
    "report",
    help=_("Totals by ticket, organization, agent or activity, the largest first."),
    epilog=examples("tui-desk time report --by organization --from 2026-03-01 --to 2026-03-31 --csv"),
)
@click.option("--by", type=click.Choice(GROUPS), default="ticket", help=_("What is summed up."))
@_first
@_last
@click.option("--ticket", type=TICKET, metavar="N", help=_("Of this ticket."))
@click.option("--organization", default="", metavar="NAME", help=_("Of this organization."))
@click.option("--csv", "as_csv", is_flag=True, help=_("Print comma-separated values."))
@pass_invocation
def report(
    run: Invocation,
    by: Group,
    first: str | None,
    last: str | None,
    ticket: int | None,
    organization: str,
    as_csv: bool,
) -> None:
    """Print totals."""
    found = run.ask(ReportTime(by, _day(first), _day(last), ticket, organization))
    if as_csv:
        rows = [(one.key, one.label, one.minutes, one.billable, one.entries) for one in found]
        say(csv_text((by, "name", "minutes", "billable", "entries"), rows).rstrip("\n"))
        return
    headings = (by.capitalize(), _("Name"), _("Time"), _("Billable"), _("Entries"))
    shown = [
        (one.key or "–", one.label, _minutes(one.minutes), _minutes(one.billable), one.entries)
        for one in found
    ]
    run.answer(found, lambda: table(headings, shown, flexible=1) if shown else _("No time entries."))


def _day(text: str | None) -> date | None:
    return None if text is None else read_day(text, utc_now())


def _change(run: Invocation, request: Request[RowChanged]) -> None:
    changed = run.ask(request)
    run.answer(changed, lambda: changed.sentence)


def _print(run: Invocation, changed: RowChanged) -> None:
    """The entry as it is now, and what it overlaps."""
    view = run.ask(ShowTime(changed.id))
    document = {"entry": view, "warnings": changed.warnings, "event_ids": changed.event_ids}
    run.answer(document, lambda: "\n".join([_as_text(view), *changed.warnings]))


def _as_text(view: TimeEntryView) -> str:
    began = view.began_at.astimezone().strftime("%H:%M") if view.began_at else ""
    return fields(
        [
            (_("ID"), view.id),
            (_("Ticket"), f"#{view.ticket} {view.ticket_subject}"),
            (_("Task"), view.task),
            (_("Agent"), view.agent),
            (_("Day"), view.day),
            (_("Began"), began),
            (_("Time"), duration_text(view.minutes)),
            (_("Activity"), view.activity),
            (_("Billable"), view.billable),
            (_("Note"), view.note),
        ]
    )
