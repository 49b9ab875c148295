"""Verbs of ``tui-desk ticket`` for what agents arrange among themselves: the next action, handing over."""

from __future__ import annotations

from datetime import date

import click

from tui_desk.cli.base import TICKET, DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.text_input import text_of
from tui_desk.contracts.ticket_work import HandOver, SetNextAction
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

_number = click.argument("number", type=TICKET, metavar="NUMBER")


def add_to(group: click.Group) -> None:
    """Hang these verbs onto the noun."""
    for command in (next_action, hand_over):
        group.add_command(command)


@click.command(
    "next-action",
    cls=DeskCommand,
    help=_("Write down what is to be done next in a ticket; an empty TEXT takes it away."),
    epilog=examples("tui-desk ticket next-action 1042 'Call the supplier' --on 2026-12-01"),
)
@_number
@click.argument("text", metavar="TEXT")
@click.option("--on", default="", metavar="DATE", help=_("Until when, such as 2026-12-01."))
@pass_invocation
def next_action(run: Invocation, number: int, text: str, on: str) -> None:
    """Set the next action."""
    changed = run.ask(SetNextAction(number, text, _date(on)))
    run.answer(changed, lambda: changed.sentence)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            _("“{value}” is no day.").format(value=text), _("Write it like 2026-12-01.")
        ) from None


@click.command(
    "hand-over",
    cls=DeskCommand,
    help=_("Give a ticket to another team, with a note that says how things stand; the team is told."),
    epilog=examples("tui-desk ticket hand-over 1042 Network --note 'Port 12 is dead, the cable is fine.'"),
)
@_number
@click.argument("team", metavar="TEAM")
@click.option("--note", metavar="TEXT", help=_("How things stand and what is to be done."))
@click.option("--note-file", metavar="FILE", help=_("The same from a file; - is standard input."))
@click.option("--to", "login", default="", metavar="LOGIN", help=_("The agent of that team who takes it."))
@pass_invocation
def hand_over(
    run: Invocation, number: int, team: str, note: str | None, note_file: str | None, login: str
) -> None:
    """Hand over."""
    changed = run.ask(HandOver(number, team, text_of(note, note_file, required=False), login))
    run.answer(changed, lambda: changed.sentence)
