"""``tui-desk organization``: companies whose people write to the desk."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any

import click

from tui_desk.cli.base import DeskGroup, assignments, examples, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.rating_text import phone_text, satisfaction_text
from tui_desk.contracts.people import (
    ListOrganizations,
    OrganizationView,
    SaveOrganization,
    ShowOrganization,
)
from tui_desk.core.i18n import _

_NAMES = ("name", "domain", "phone", "location", "notes")
_name = click.argument("name", metavar="NAME")


@click.group(cls=DeskGroup, help=_("Companies whose people write to the desk."))
def organization() -> None:
    """The noun."""


@organization.command("list", help=_("List organizations."))
@click.option("--query", default="", metavar="WORDS", help=_("Words in name or mail domain."))
@limit_option(300)
@pass_invocation
def list_organizations(run: Invocation, query: str, limit: int) -> None:
    """Print organisations."""
    found = run.ask(ListOrganizations(query, limit))
    rows = [(one.id, one.name, one.domain, one.people) for one in found]
    headings = (_("Id"), _("Name"), _("Mail domain"), _("People"))
    run.answer(found, lambda: table(headings, rows, flexible=1) if rows else _("No organizations."))


@organization.command("show", help=_("Show one organization with its people, tickets and assets."))
@_name
@pass_invocation
def show(run: Invocation, name: str) -> None:
    """Print one organisation."""
    _print(run, run.ask(ShowOrganization(name=name)))


@organization.command(
    "new",
    help=_("Write down an organization; more fields as NAME=VALUE: domain, phone, location, notes."),
    epilog=examples("tui-desk organization new Acme domain=acme.example phone='+34 600 100 200'"),
)
@_name
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@pass_invocation
def new(run: Invocation, name: str, values: tuple[str, ...]) -> None:
    """Create an organisation."""
    given: dict[str, Any] = {"name": name, **assignments(values, _NAMES)}
    _print(run, run.ask(SaveOrganization(None, **given)))


@organization.command("set", help=_("Change fields: name, domain, phone, location, notes."))
@_name
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE...")
@pass_invocation
def set_organization(run: Invocation, name: str, values: tuple[str, ...]) -> None:
    """Change an organisation."""
    view = run.ask(ShowOrganization(name=name))
    present = {field.name: getattr(view, field.name) for field in dataclass_fields(SaveOrganization)}
    given: dict[str, Any] = dict(assignments(values, _NAMES))
    _print(run, run.ask(replace(SaveOrganization(**present), **given)))


def _print(run: Invocation, view: OrganizationView) -> None:
    run.answer(view, lambda: _as_text(view))


def _as_text(view: OrganizationView) -> str:
    return fields(
        [
            (_("Name"), view.name),
            (_("Mail domain"), view.domain),
            (_("Phone"), phone_text(view.phone_shown or view.phone, view.phone_hint)),
            (_("Satisfaction"), satisfaction_text(view.satisfaction)),
            (_("Location"), view.location),
            (_("People"), ", ".join(f"{name} <{address}>".strip() for _id, name, address in view.people)),
            (_("Tickets"), ", ".join(f"#{number} {subject}" for number, subject, _status in view.tickets)),
            (_("Assets"), ", ".join(f"{tag} {name}" for _id, tag, name in view.assets)),
            (_("Notes"), view.notes),
        ]
    )
