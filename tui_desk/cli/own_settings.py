"""``tui-desk settings own``: what an agent has set for oneself."""

from __future__ import annotations

from typing import Any

import click

from tui_desk.cli.base import DeskCommand, assignments, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields
from tui_desk.contracts.own_settings import OwnSettings, SaveOwnSettings, ShowOwnSettings
from tui_desk.core.i18n import _
from tui_desk.rules.own_settings import read_own

_NAMES = ("after", "signal", "silent", "quiet", "quiet_weekends")


@click.command(
    "own",
    cls=DeskCommand,
    help=_(
        "Your own settings: after (next, stay, back), signal (notification, bell, off), silent, quiet, quiet_weekends."
    ),
    epilog=examples(
        "tui-desk settings own",
        "tui-desk settings own after=next quiet=18:00-08:00 quiet_weekends=yes",
        "tui-desk settings own silent=rated,expiry",
    ),
)
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@pass_invocation
def own(run: Invocation, values: tuple[str, ...]) -> None:
    """Show them, or change some."""
    given = assignments(values, _NAMES)
    shown = run.ask(_request(given)) if given else run.ask(ShowOwnSettings())
    run.answer(shown, lambda: _told(shown))


def _request(given: dict[str, str]) -> SaveOwnSettings:
    changes: dict[str, Any] = {name: read_own(name, text) for name, text in given.items()}
    return SaveOwnSettings(**changes)


def _told(shown: OwnSettings) -> str:
    return fields(
        [
            ("after", shown.after),
            ("signal", shown.signal),
            ("silent", ", ".join(shown.silent)),
            ("quiet", shown.quiet),
            ("quiet_weekends", shown.quiet_weekends),
        ]
    )
