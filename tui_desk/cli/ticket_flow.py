"""Verbs of ``tui-desk ticket`` that lead from one to the next: next, why, snooze, wake."""

from __future__ import annotations

import click

from tui_desk.cli.base import TICKET, DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.contracts.flow import ExplainUrgency, NextTicket, NextView, SnoozeTicket, WakeTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _
from tui_desk.rules.until import read_until

_number = click.argument("number", type=TICKET, metavar="NUMBER")


def add_to(group: click.Group) -> None:
    """Hang these verbs onto the noun."""
    for command in (next_ticket, why, snooze, wake):
        group.add_command(command)


@click.command(
    "next",
    cls=DeskCommand,
    help=_("The ticket that loses most by waiting, for you, and why."),
    epilog=examples("tui-desk ticket next", "tui-desk ticket next --without 1042 --json"),
)
@click.option(
    "--without",
    multiple=True,
    type=TICKET,
    metavar="NUMBER",
    help=_("Leave this ticket out; may be repeated."),
)
@pass_invocation
def next_ticket(run: Invocation, without: tuple[int, ...]) -> None:
    """Answer the next ticket; number 0 where nothing waits."""
    seen = tuple((number, run.ask(ExplainUrgency(number)).version) for number in without)
    found = run.ask(NextTicket(seen))
    if found.again:
        found = NextView(0, 0, "", 0, _("Nothing else waits for you."), ())
    run.answer(found, lambda: _told(found))


@click.command("why", cls=DeskCommand, help=_("What makes a ticket urgent for you, reason by reason."))
@_number
@pass_invocation
def why(run: Invocation, number: int) -> None:
    """Explain the urgency of a ticket."""
    found = run.ask(ExplainUrgency(number))
    run.answer(found, lambda: _told(found))


def _told(found: NextView) -> str:
    if not found.number:
        return found.sentence
    reasons = [f"{reason.points:+5}  {reason.sentence}" for reason in found.reasons]
    left_out = (found.left_out,) if found.left_out else ()
    return "\n".join((f"#{found.number} {found.subject}", found.sentence, *reasons, *left_out))


@click.command(
    "snooze",
    cls=DeskCommand,
    help=_(
        "Put a ticket off: it leaves the views of work until that moment, or until its requester writes. "
        "UNTIL is a moment, or the word answer."
    ),
    epilog=examples(
        "tui-desk ticket snooze 1042 'tomorrow 9'",
        "tui-desk ticket snooze 1042 3d",
        "tui-desk ticket snooze 1042 answer",
    ),
)
@_number
@click.argument("until", metavar="UNTIL")
@pass_invocation
def snooze(run: Invocation, number: int, until: str) -> None:
    """Put a ticket off."""
    changed = run.ask(SnoozeTicket(number, read_until(until, utc_now())))
    run.answer(changed, lambda: changed.sentence)


@click.command("wake", cls=DeskCommand, help=_("Bring a snoozed ticket back now."))
@_number
@pass_invocation
def wake(run: Invocation, number: int) -> None:
    """End a snooze."""
    changed = run.ask(WakeTicket(number))
    run.answer(changed, lambda: changed.sentence)
