"""Verbs of ``tui-desk person`` that change a record, merge two, or part one."""

from __future__ import annotations

from typing import Any

import click

from tui_desk.cli.base import DeskCommand, assignments, examples, pass_invocation, possible
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.own_values import part_own
from tui_desk.contracts.desk import PersonView, ShowPerson
from tui_desk.contracts.people import AddAddress, MergePeople, SavePerson, SplitAddress
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

_NAMES = ("name", "organization", "phone", "location", "language", "vip", "notes")
_who = click.argument("who", metavar="ID|ADDRESS")
_address = click.argument("address", metavar="ADDRESS")


def named(run: Invocation, who: str) -> PersonView:
    """The person with that id or address. Raises NotFound."""
    return run.ask(
        ShowPerson(id=possible(int(who))) if who.isascii() and who.isdigit() else ShowPerson(address=who)
    )


def add_to(group: click.Group) -> None:
    """Hang these verbs onto the noun."""
    for command in (new, set_person, address, split, merge):
        group.add_command(command)


def _typed(values: tuple[str, ...]) -> dict[str, Any]:
    values, own = part_own(values)
    found: dict[str, Any] = {**assignments(values, _NAMES), "fields": own}
    if "vip" in found:
        if found["vip"].strip().lower() not in ("yes", "no"):
            raise UsageError(_("{name} is yes or no, not “{value}”.").format(name="vip", value=found["vip"]))
        found["vip"] = found["vip"].strip().lower() == "yes"
    return found


def _tell(run: Invocation, person: PersonView, sentence: str) -> None:
    name = person.name or next(iter(person.addresses), "")
    run.answer(person, lambda: sentence.format(name=name, id=person.id))


@click.command(
    "new",
    cls=DeskCommand,
    help=_("Write down a person; more fields as NAME=VALUE."),
    epilog=examples("tui-desk person new 'Eva Ruiz' --address eva@acme.example organization=Acme vip=yes"),
)
@click.argument("name", metavar="NAME")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--address", "first", default="", metavar="ADDRESS", help=_("Their mail address."))
@pass_invocation
def new(run: Invocation, name: str, values: tuple[str, ...], first: str) -> None:
    """Create a person."""
    given = {"name": name, **_typed(values)}
    _tell(run, run.ask(SavePerson(None, address=first, **given)), _("{name} is person {id}."))


@click.command(
    "set",
    cls=DeskCommand,
    help=_("Change fields: name, organization, phone, location, language, vip, notes, field.NAME."),
    epilog=examples("tui-desk person set eva@acme.example phone='+34 600 100 200' vip=yes"),
)
@_who
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE...")
@pass_invocation
def set_person(run: Invocation, who: str, values: tuple[str, ...]) -> None:
    """Change a person."""
    view = named(run, who)
    present = {name: getattr(view, name) for name in (*_NAMES, "id", "version")}
    _tell(run, run.ask(SavePerson(**{**present, **_typed(values)})), _("{name} is saved."))


@click.command("address", cls=DeskCommand, help=_("Add an address to a person."))
@_who
@_address
@pass_invocation
def address(run: Invocation, who: str, address: str) -> None:
    """Add an address."""
    _tell(run, run.ask(AddAddress(named(run, who).id, address)), _("The address belongs to {name}."))


@click.command(
    "split", cls=DeskCommand, help=_("Give an address that belongs to somebody else a record of its own.")
)
@_who
@_address
@pass_invocation
def split(run: Invocation, who: str, address: str) -> None:
    """Split an address off."""
    _tell(run, run.ask(SplitAddress(named(run, who).id, address)), _("The address is person {id} now."))


@click.command("merge", cls=DeskCommand, help=_("Two records are one person: KEEP takes over all of OTHER."))
@click.argument("keep", metavar="KEEP")
@click.argument("other", metavar="OTHER")
@pass_invocation
def merge(run: Invocation, keep: str, other: str) -> None:
    """Merge two people."""
    request = MergePeople(named(run, keep).id, named(run, other).id)
    _tell(run, run.ask(request), _("{name} has all of both records."))
