"""``tui-desk history``: what happened, to one thing or in the whole desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from tui_desk.cli.base import TICKET, DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import shown_value
from tui_desk.contracts.agreements import ShowContract
from tui_desk.contracts.desk import ShowAsset, ShowPerson
from tui_desk.contracts.history import SETTINGS, ListEvents
from tui_desk.contracts.licences import ShowLicence
from tui_desk.contracts.tickets import EventView, ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@click.command(
    "history",
    cls=DeskCommand,
    help=_(
        "What happened, newest first: in the whole desk, to one thing, or by one agent. ↶ marks what ticket undo --event ID takes "
        "back; --json says of everything else why not."
    ),
    epilog=examples(
        "tui-desk history --ticket 1042",
        "tui-desk history --asset PC-77",
        "tui-desk history --agent ana --since yesterday",
    ),
)
@click.option("--ticket", type=TICKET, metavar="N", help=_("Of that ticket."))
@click.option("--asset", metavar="TAG", help=_("Of that asset."))
@click.option("--person", metavar="A", help=_("Of the person with that address."))
@click.option("--licence", metavar="NAME", help=_("Of that licence."))
@click.option("--contract", metavar="NAME", help=_("Of that contract."))
@click.option("--setting", is_flag=True, help=_("Of settings, mailboxes, agents, teams and categories."))
@click.option("--agent", default="", metavar="LOGIN", help=_("Done by that agent."))
@click.option("--since", default="", metavar="WHEN", help=_("Not older: a day, a time, “yesterday”."))
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=100, metavar="N", help=_("Events. Default: 100.")
)
@pass_invocation
def history(
    run: Invocation,
    ticket: int | None,
    asset: str | None,
    person: str | None,
    licence: str | None,
    contract: str | None,
    setting: bool,
    agent: str,
    since: str,
    limit: int,
) -> None:
    """Print a page of a history."""
    named = (ticket, asset, person, licence, contract)
    if sum((*(one is not None for one in named), setting)) > 1:
        raise UsageError(_("Name one of --ticket, --asset, --person, --licence, --contract and --setting."))
    if licence is not None:
        stream = f"licence:{run.ask(ShowLicence(name=licence)).id}"
    elif contract is not None:
        stream = f"contract:{run.ask(ShowContract(name=contract)).id}"
    else:
        stream = _stream(run, ticket, asset, person, setting=setting)
    page = run.ask(ListEvents(stream, agent=agent, since=_since(since), limit=limit))
    run.answer(list(page.events), lambda: _text(page.events, more=page.has_older))


def _stream(
    run: Invocation, ticket: int | None, asset: str | None, person: str | None, *, setting: bool
) -> str:
    """Raises NotFound for a thing that is not there."""
    if ticket is not None:
        run.ask(ShowTicket(ticket))
        return f"ticket:{ticket}"
    if asset is not None:
        return f"asset:{run.ask(ShowAsset(tag=asset)).id}"
    if person is not None:
        return f"person:{run.ask(ShowPerson(address=person)).id}"
    return SETTINGS if setting else ""


def _since(typed: str) -> datetime | None:
    """The moment a word, an ISO 8601 day or time (local unless it says its zone), or an amount such as ``2h`` or ``7d`` names."""
    text = typed.strip().lower()
    if not text:
        return None
    today = utc_now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    days = {"today": 0, _("today"): 0, "yesterday": 1, _("yesterday"): 1}
    if text in days:
        return (today - timedelta(days=days[text])).astimezone(UTC)
    if text[:-1].isdecimal() and text[-1] in _UNITS and len(text) < 6:
        return utc_now() - int(text[:-1]) * _UNITS[text[-1]]
    try:
        return datetime.fromisoformat(typed.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            _("“{typed}” is no time.").format(typed=safe_line(typed, 60)),
            _("For example: yesterday, 7d, 2h, 2026-05-01, 2026-05-01T14:30."),
        ) from error


def _text(events: tuple[EventView, ...], *, more: bool) -> str:
    if not events:
        return _("Nothing has happened yet.")
    width = max(len(event.subject) for event in events)
    lines = [
        f"{event.id:>8} {'↶' if event.reversible else ' '} {shown_value(event.at)}  {event.subject:<{width}}  {event.sentence}"
        for event in events
    ]
    if more:
        lines.append(_("… and older ones; --limit shows more."))
    return "\n".join(lines)
