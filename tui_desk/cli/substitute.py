"""``tui-desk substitute``: who decides approvals in whose place."""

from __future__ import annotations

import click

from tui_desk.cli.approval_values import day_from
from tui_desk.cli.base import ID, DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table
from tui_desk.contracts.approvals import AddSubstitute, ListSubstitutes, RemoveSubstitute, SubstituteView
from tui_desk.core.i18n import _


@click.group(cls=DeskGroup, help=_("Who decides approvals while somebody is away."))
def substitute() -> None:
    """The noun."""


@substitute.command("list", help=_("List absences that are not over."))
@click.option("--all", "past", is_flag=True, help=_("Past ones too."))
@pass_invocation
def list_substitutes(run: Invocation, past: bool) -> None:
    """Print absences."""
    found = run.ask(ListSubstitutes(past))
    rows = [
        (str(one.id), one.person, one.substitute, one.from_on.isoformat(), one.until_on.isoformat(), one.note)
        for one in found
    ]
    headings = (_("Id"), _("Away"), _("Substitute"), _("From"), _("Until"), _("Note"))
    run.answer(found, lambda: table(headings, rows, flexible=5) if rows else _("Nobody is away."))


@substitute.command(
    "add",
    help=_(
        "Say who decides while PERSON is away: addresses, logins or names. For others than yourself as supervisor or admin."
    ),
    epilog=examples(
        "tui-desk substitute add boss@example.org deputy@example.org --from 2026-12-20 --until 2027-01-06"
    ),
)
@click.argument("person", metavar="PERSON")
@click.argument("other", metavar="SUBSTITUTE")
@click.option("--from", "from_on", required=True, metavar="DAY", help=_("The first day of the absence."))
@click.option("--until", "until_on", required=True, metavar="DAY", help=_("The last day of the absence."))
@click.option("--note", default="", metavar="TEXT", help=_("Anything worth knowing."))
@pass_invocation
def add_substitute(run: Invocation, person: str, other: str, from_on: str, until_on: str, note: str) -> None:
    """Name a substitute."""
    saved = run.ask(AddSubstitute(person, other, day_from(from_on), day_from(until_on), note))
    run.answer(saved, lambda: _absence(saved))


@substitute.command("remove", help=_("Take a substitute away."))
@click.argument("substitute_id", type=ID, metavar="ID")
@pass_invocation
def remove_substitute(run: Invocation, substitute_id: int) -> None:
    """Remove a substitute."""
    run.ask(RemoveSubstitute(substitute_id))
    run.answer({"removed": substitute_id}, lambda: _("Substitute {id} is removed.").format(id=substitute_id))


def _absence(view: SubstituteView) -> str:
    return _("{substitute} decides for {person} from {first} to {last}.").format(
        substitute=view.substitute,
        person=view.person,
        first=view.from_on.isoformat(),
        last=view.until_on.isoformat(),
    )
