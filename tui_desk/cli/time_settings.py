"""Verbs of ``tui-desk time`` for supervisors: activities, the closed period, the pause while nobody types."""

from __future__ import annotations

import click

from tui_desk.cli.base import DeskCommand, Whole, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.timekeeping import (
    ActivityView,
    ClosePeriod,
    ListActivities,
    SaveActivity,
    SetIdlePause,
    ShowTimeSettings,
    TimeSettings,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.time_spans import read_day


def add_to(group: click.Group) -> None:
    """Hang these verbs onto the noun."""
    for command in (activities, activity, close, idle, settings):
        group.add_command(command)


@click.command("activities", cls=DeskCommand, help=_("List the sorts of work."))
@click.option("--all", "everything", is_flag=True, help=_("Those that are set aside, too."))
@pass_invocation
def activities(run: Invocation, everything: bool) -> None:
    """Print activities."""
    found = run.ask(ListActivities(everything))
    rows = [(one.name, one.billable, one.active) for one in found]
    headings = (_("Name"), _("Billable"), _("Active"))
    run.answer(found, lambda: table(headings, rows) if rows else _("No activities."))


@click.command(
    "activity",
    cls=DeskCommand,
    help=_("Make a sort of work, or change it: rename, billable or not, set aside."),
    epilog=examples("tui-desk time activity Travel --billable", "tui-desk time activity Travel --set-aside"),
)
@click.argument("name", metavar="NAME")
@click.option("--rename", metavar="NAME", help=_("Its new name."))
@click.option("--billable/--not-billable", default=None, help=_("What an entry is unless it says otherwise."))
@click.option("--active/--set-aside", default=None, help=_("Whether it is offered."))
@pass_invocation
def activity(
    run: Invocation, name: str, rename: str | None, billable: bool | None, active: bool | None
) -> None:
    """Save one."""
    there = next(
        (one for one in run.ask(ListActivities(True)) if one.name.casefold() == name.strip().casefold()), None
    )
    if there is None and rename is not None:
        raise UsageError(_("There is no activity “{name}”.").format(name=name))
    present = there or ActivityView(0, name, False, True)
    saved = run.ask(
        SaveActivity(
            rename if rename is not None else present.name,
            present.billable if billable is None else billable,
            present.active if active is None else active,
            there.id if there else None,
        )
    )
    pairs = [(_("Name"), saved.name), (_("Billable"), saved.billable), (_("Active"), saved.active)]
    run.answer(saved, lambda: fields(pairs))


@click.command(
    "close",
    cls=DeskCommand,
    help=_("Close the time until a day: no entry of it is changed any more. --open opens all."),
)
@click.argument("until", required=False, metavar="[DAY]")
@click.option("--open", "opened", is_flag=True, help=_("Open the closed period again."))
@pass_invocation
def close(run: Invocation, until: str | None, opened: bool) -> None:
    """Close or open a period."""
    if (until is None) is not opened:
        raise UsageError(_("Name the last day that is closed, or say --open."))
    _print(run, run.ask(ClosePeriod(None if until is None else read_day(until, utc_now()))))


@click.command(
    "idle",
    cls=DeskCommand,
    help=_("After how many minutes without a key your clock is paused in the interface (0: never)."),
)
@click.argument("minutes", type=Whole(0, 1440), required=False, metavar="[MINUTES]")
@click.option("--desk", is_flag=True, help=_("For everybody who has not set it, as a supervisor."))
@click.option("--as-desk", is_flag=True, help=_("As it is set for everybody."))
@pass_invocation
def idle(run: Invocation, minutes: int | None, desk: bool, as_desk: bool) -> None:
    """Set the pause."""
    if (minutes is None) is not as_desk:
        raise UsageError(_("Name the minutes, or say --as-desk."))
    _print(run, run.ask(SetIdlePause(minutes, desk)))


@click.command("settings", cls=DeskCommand, help=_("Show the closed period and the pause."))
@pass_invocation
def settings(run: Invocation) -> None:
    """Print what is set."""
    _print(run, run.ask(ShowTimeSettings()))


def _print(run: Invocation, view: TimeSettings) -> None:
    pairs = [
        (_("Closed until"), view.closed_until or "–"),
        (
            _("Pause after"),
            _("{count} min").format(count=view.idle_minutes) if view.idle_minutes else _("never"),
        ),
    ]
    run.answer(view, lambda: fields(pairs))
