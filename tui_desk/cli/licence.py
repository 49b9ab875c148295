"""``tui-desk licence``: licences, their seats, their keys."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from tui_desk.cli.base import (
    DeskGroup,
    assignments,
    examples,
    limit_option,
    pass_invocation,
    possible,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.desk import ShowAsset, ShowPerson
from tui_desk.contracts.licences import (
    AssignSeat,
    LicenceView,
    ListLicences,
    ReleaseSeat,
    RetireLicence,
    SaveLicence,
    SeatView,
    ShowLicence,
    ShowLicenceKey,
)
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word

_NAMES = ("name", "product", "supplier", "seats", "starts_on", "expires_on", "cost", "currency", "notes")
_KINDS: dict[str, Callable[[str], Any]] = {
    "seats": int,
    "cost": Decimal,
    "starts_on": date.fromisoformat,
    "expires_on": date.fromisoformat,
}
_name = click.argument("name", metavar="NAME")
_who = click.argument("who", metavar="WHO")
_by_tag = click.option("--asset", "by_tag", is_flag=True, help=_("WHO is the tag of an asset."))
_key_stdin = click.option(
    "--key-stdin", is_flag=True, help=_("Read the licence key from standard input; it is kept encrypted.")
)


def typed(
    values: tuple[str, ...], names: tuple[str, ...], kinds: dict[str, Callable[[str], Any]]
) -> dict[str, Any]:
    """``name=value`` words with the types that ``kinds`` names; nothing behind ``=`` clears. Raises UsageError."""
    found: dict[str, Any] = {}
    for name, text in assignments(values, names).items():
        kind = kinds.get(name)
        try:
            found[name] = text if kind is None else kind(text.strip()) if text.strip() else None
        except (ValueError, InvalidOperation):
            raise UsageError(
                _("“{value}” is no {name}.").format(value=text, name=name.replace("_", " ")),
                _("Write a number like 12 or 1299.90, a date like 2026-01-31, or nothing."),
            ) from None
    return found


@click.group(cls=DeskGroup, help=_("Licences: seats, who has them, when they expire, keys."))
def licence() -> None:
    """The noun."""


@licence.command("list", help=_("List licences, with how many of their seats are in use."))
@click.option("--query", default="", metavar="WORDS", help=_("Words in name, product, supplier or notes."))
@click.option("--retired", is_flag=True, help=_("Retired ones too."))
@click.option("--wanting", is_flag=True, help=_("Only what is over, ends soon, or is used too much."))
@limit_option(500)
@pass_invocation
def list_licences(run: Invocation, query: str, retired: bool, wanting: bool, limit: int) -> None:
    """Print licences."""
    found = run.ask(ListLicences(query, retired, wanting, limit))
    rows = [(one.name, one.product, use_text(one), one.expires_on, state_text(one)) for one in found]
    headings = (_("Name"), _("Product"), _("Seats in use"), _("Expires"), _("State"))
    run.answer(found, lambda: table(headings, rows, flexible=0) if rows else _("No licences."))


@licence.command(
    "show", help=_("Show one licence and who has its seats. Its key is shown by: licence key NAME.")
)
@_name
@pass_invocation
def show(run: Invocation, name: str) -> None:
    """Print one licence."""
    _print(run, run.ask(ShowLicence(name=name)))


@licence.command(
    "new",
    help=_(
        "Write down a licence; more fields as NAME=VALUE: product, supplier, seats, starts_on, expires_on, cost, currency, notes. "
        "Without seats there is no limit."
    ),
    epilog=examples(
        "tui-desk licence new 'Drawing, yearly' seats=25 expires_on=2027-03-31 cost=4900 --key-stdin < key.txt",
    ),
)
@_name
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@_key_stdin
@pass_invocation
def new(run: Invocation, name: str, values: tuple[str, ...], key_stdin: bool) -> None:
    """Create a licence."""
    given = {**typed(values, _NAMES, _KINDS), "name": name}
    _print(run, run.ask(SaveLicence(None, **given, key=_key(key_stdin))))


@licence.command(
    "set",
    help=_(
        "Change fields: name, product, supplier, seats, starts_on, expires_on, cost, currency, notes; nothing behind = clears one."
    ),
    epilog=examples("tui-desk licence set 'Drawing, yearly' seats=30 expires_on=2028-03-31"),
)
@_name
@click.argument("values", nargs=-1, metavar="NAME=VALUE...")
@_key_stdin
@click.option("--no-key", is_flag=True, help=_("Forget the key that is kept."))
@pass_invocation
def set_licence(run: Invocation, name: str, values: tuple[str, ...], key_stdin: bool, no_key: bool) -> None:
    """Change a licence."""
    if key_stdin and no_key:
        raise UsageError(_("Give --key-stdin or --no-key, not both."))
    if not (values or key_stdin or no_key):
        raise UsageError(_("Nothing is named that should change."), _("Write NAME=VALUE, such as seats=30."))
    view = run.ask(ShowLicence(name=name))
    present = {
        field.name: getattr(view, field.name)
        for field in dataclass_fields(SaveLicence)
        if field.name != "key"
    }
    changed = replace(SaveLicence(**present), **typed(values, _NAMES, _KINDS))
    _print(run, run.ask(replace(changed, key="" if no_key else _key(key_stdin))))


def _key(from_stdin: bool) -> str | None:
    """All of standard input, where it was promised. Raises UsageError for nothing."""
    if not from_stdin:
        return None
    key = sys.stdin.read(20_000).strip()
    if not key:
        raise UsageError(_("Standard input holds no key."), _("Nothing was changed."))
    return key


@licence.command(
    "assign",
    help=_("Give a seat to a person (WHO is an id, an address or an exact name), or to an asset."),
    epilog=examples(
        "tui-desk licence assign 'Drawing, yearly' eva@acme.example",
        "tui-desk licence assign 'Drawing, yearly' LT-0042 --asset",
    ),
)
@_name
@_who
@_by_tag
@click.option("--over", is_flag=True, help=_("Accept one more than there are seats (supervisors)."))
@pass_invocation
def assign(run: Invocation, name: str, who: str, by_tag: bool, over: bool) -> None:
    """Assign a seat."""
    licence_id = run.ask(ShowLicence(name=name)).id
    request = AssignSeat(licence_id, accept_over=over)
    if by_tag:
        request = replace(request, asset=who)
    elif who.isascii() and who.isdigit():
        request = replace(request, person_id=possible(int(who)))
    else:
        request = replace(request, person=who)
    _print(run, run.ask(request))


@licence.command(
    "release",
    help=_("Take the seat back from a person (an id, an address or an exact name), or from an asset."),
)
@_name
@_who
@_by_tag
@pass_invocation
def release(run: Invocation, name: str, who: str, by_tag: bool) -> None:
    """Release a seat."""
    view = run.ask(ShowLicence(name=name))
    found = _seats_of(run, view.holders, who, by_tag)
    if not found:
        raise NotFound(_("{who} has no seat of {licence}.").format(who=who, licence=view.name))
    if len(found) > 1:
        raise UsageError(_("Several people are called {name}: name one by an address.").format(name=who))
    _print(run, run.ask(ReleaseSeat(found[0].id)))


def _seats_of(run: Invocation, seats: tuple[SeatView, ...], who: str, by_tag: bool) -> list[SeatView]:
    if by_tag:
        asset = run.ask(ShowAsset(tag=who)).id
        return [seat for seat in seats if seat.asset_id == asset]
    if "@" in who or (who.isascii() and who.isdigit()):
        wanted = ShowPerson(address=who) if "@" in who else ShowPerson(possible(int(who)))
        person = run.ask(wanted).id
        return [seat for seat in seats if seat.person_id == person]
    name = who.strip().casefold()
    return [seat for seat in seats if seat.person_id is not None and seat.holder.casefold() == name]


@licence.command(
    "key", help=_("Print the licence key in the clear. The history keeps that you looked at it.")
)
@_name
@pass_invocation
def key(run: Invocation, name: str) -> None:
    """Print a key."""
    shown = run.ask(ShowLicenceKey(run.ask(ShowLicence(name=name)).id))
    run.answer(shown, lambda: shown.key)


@licence.command("retire", help=_("Set a licence aside; it stays in the history."))
@_name
@click.option("--not", "revoked", is_flag=True, help=_("Bring it back."))
@pass_invocation
def retire(run: Invocation, name: str, revoked: bool) -> None:
    """Retire a licence, or take that back."""
    _print(run, run.ask(RetireLicence(run.ask(ShowLicence(name=name)).id, not revoked)))


def use_text(view: LicenceView) -> str:
    """How many seats are in use, and whether that is too many."""
    if view.seats is None:
        return _("{used}, no limit").format(used=view.used)
    counts = _("{used} of {seats}").format(used=view.used, seats=view.seats)
    return _("! {counts}, {over} too many").format(counts=counts, over=view.over) if view.over else counts


def state_text(view: LicenceView) -> str:
    """Where its end stands; of a retired one that it is."""
    return _("retired") if view.retired else word(view.expiry)


def _print(run: Invocation, view: LicenceView) -> None:
    run.answer(view, lambda: _as_text(view))


def _as_text(view: LicenceView) -> str:
    return fields(
        [
            (_("Name"), view.name),
            (_("State"), state_text(view)),
            (_("Product"), view.product),
            (_("Supplier"), view.supplier),
            (_("Seats in use"), use_text(view)),
            (_("Key"), _("kept, encrypted") if view.has_key else ""),
            (_("From"), view.starts_on),
            (_("Expires"), view.expires_on),
            (_("Cost"), f"{view.cost} {view.currency}" if view.cost is not None else ""),
            (_("Notes"), view.notes),
            (_("Seats"), "; ".join(seat.holder for seat in view.holders)),
        ]
    )
