"""``tui-desk person``: everybody with an address."""

from __future__ import annotations

import click

from tui_desk.cli import person_change
from tui_desk.cli.base import DeskGroup, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.own_values import own_pairs
from tui_desk.cli.person_change import named
from tui_desk.cli.rating_text import phone_text, satisfaction_text
from tui_desk.contracts.desk import ListPeople, PersonView
from tui_desk.contracts.lists import PERSON_SORTS
from tui_desk.core.i18n import _
from tui_desk.core.words import word


@click.group(cls=DeskGroup, help=_("People who write to the desk."))
def person() -> None:
    """The noun."""


@person.command("list", help=_("List people."))
@click.option(
    "--query",
    default="",
    metavar="WORDS",
    help=_("Words in name, address or organization; fields of your own: NAME:VALUE, NAME>=100, has:NAME."),
)
@click.option("--sort", type=click.Choice(PERSON_SORTS), default="name", help=_("What they are sorted by."))
@click.option("--descending", is_flag=True, help=_("The last ones first."))
@limit_option(100)
@pass_invocation
def list_people(run: Invocation, query: str, sort: str, descending: bool, limit: int) -> None:
    """Print people."""
    found = run.ask(ListPeople(query, limit, sort, descending))
    rows = [(p.id, p.name, p.addresses, p.organization, p.tickets, p.last_contact) for p in found]
    headings = (_("Id"), _("Name"), _("Addresses"), _("Organization"), _("Tickets"), _("Last contact"))
    run.answer(found, lambda: table(headings, rows, flexible=2) if rows else _("Nobody."))


@person.command("show", help=_("Show a person by id or address, with all tickets, assets and licences."))
@click.argument("who", metavar="ID|ADDRESS")
@pass_invocation
def show(run: Invocation, who: str) -> None:
    """Print one person."""
    view = named(run, who)
    run.answer(view, lambda: _as_text(view))


def _as_text(view: PersonView) -> str:
    head = fields(
        [
            (_("Name"), view.name),
            (_("Addresses"), view.addresses),
            (_("Organization"), view.organization),
            (_("Phone"), phone_text(view.phone_shown or view.phone, view.phone_hint)),
            (_("Satisfaction"), satisfaction_text(view.satisfaction)),
            (_("Location"), view.location),
            (_("Language"), view.language),
            (_("VIP"), view.vip),
            (_("Blocked"), view.blocked),
            *own_pairs(view.custom),
            (_("Notes"), view.notes),
        ]
    )
    tickets = [f"#{number} {subject} [{word(status)}]" for number, subject, status in view.tickets]
    assets = [f"{tag} {name}" for _id, tag, name in view.assets]
    licences = [
        f"{name}{f' ({via})' if via else ''} [{word(expiry)}]" for _id, name, expiry, via in view.licences
    ]
    parts = (head, "\n".join(tickets), "\n".join(assets), "\n".join(licences))
    return "\n\n".join(part for part in parts if part)


person_change.add_to(person)
