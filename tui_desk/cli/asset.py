"""``tui-desk asset``: the things the company owns, and the tickets about them."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from tui_desk.cli.asset_files import export_assets, import_assets
from tui_desk.cli.asset_type import asset_type
from tui_desk.cli.base import (
    TICKET,
    DeskGroup,
    assignments,
    enum_value,
    examples,
    limit_option,
    one_of,
    pass_invocation,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.own_values import part_own
from tui_desk.contracts.assets import RelateAssets, RelationView, UnrelateAssets
from tui_desk.contracts.desk import AssetView, ListAssets, RetireAsset, SaveAsset, SetAssetState, ShowAsset
from tui_desk.contracts.lists import ASSET_SORTS
from tui_desk.contracts.tickets import LinkAsset
from tui_desk.core.enums import AssetRelationKind, AssetState
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.relation_words import asset_relation
from tui_desk.core.words import word
from tui_desk.rules.money import amount_text

_NAMES = tuple(
    field.name
    for field in dataclass_fields(SaveAsset)
    if field.name not in ("id", "version", "anyway", "fields")
)
_tag = click.argument("tag", metavar="TAG")
_anyway = click.option(
    "--anyway", is_flag=True, help=_("Retire it although something hangs on it: tickets, seats, relations.")
)


@click.group(cls=DeskGroup, help=_("Hardware and other things: list, create, change, link."))
def asset() -> None:
    """The noun."""


@asset.command("list", help=_("List assets."))
@click.option(
    "--query",
    default="",
    metavar="WORDS",
    help=_(
        "Words in tag, name, serial, owner, type or location; fields of your own: NAME:VALUE, NAME>=100, has:NAME."
    ),
)
@click.option("--retired", is_flag=True, help=_("Retired ones too."))
@click.option("--sort", type=click.Choice(ASSET_SORTS), default="tag", help=_("What they are sorted by."))
@click.option("--descending", is_flag=True, help=_("The last ones first."))
@limit_option(500)
@pass_invocation
def list_assets(run: Invocation, query: str, retired: bool, sort: str, descending: bool, limit: int) -> None:
    """Print assets."""
    found = run.ask(ListAssets(query, retired, limit, sort, descending))
    rows = [(a.tag, a.name, a.type, a.serial, a.owner, a.location, a.state) for a in found]
    headings = (_("Tag"), _("Name"), _("Type"), _("Serial"), _("Owner"), _("Location"), _("State"))
    run.answer(found, lambda: table(headings, rows, flexible=1) if rows else _("No assets."))


@asset.command("show", help=_("Show one asset and its tickets."))
@_tag
@pass_invocation
def show(run: Invocation, tag: str) -> None:
    """Print one asset."""
    _print(run, run.ask(ShowAsset(tag=tag)))


@asset.command(
    "new",
    help=_(
        "Create an asset. TAG is the number on its label, NAME what people call it; more fields as NAME=VALUE."
    ),
    epilog=examples(
        "tui-desk asset new LT-0042 'ThinkPad T14' type=Laptop serial=PF3X owner=anna@example.org \\",
        "    location='Room 12' cost=1299.90 purchased_on=2026-01-31 warranty_until=2029-01-31",
    ),
)
@_tag
@click.argument("name", metavar="NAME")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@pass_invocation
def new(run: Invocation, tag: str, name: str, values: tuple[str, ...]) -> None:
    """Create an asset."""
    _print(run, run.ask(SaveAsset(**{"id": None, "tag": tag, "name": name, **_typed(values)})))


@asset.command(
    "set",
    help=_(
        "Change fields: name, type, serial, hostname, owner, state, location, supplier, cost, currency, notes, depreciation_months "
        "(0: not written off) and dates."
    ),
    epilog=examples(
        "tui-desk asset set LT-0042 state=repair location=",
        "tui-desk asset set LT-0042 owner=ben@example.org",
    ),
)
@_tag
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE...")
@pass_invocation
def set_asset(run: Invocation, tag: str, values: tuple[str, ...]) -> None:
    """Change an asset."""
    view = run.ask(ShowAsset(tag=tag))
    present = {name: getattr(view, name) for name in (*_NAMES, "id", "version")}
    _print(run, run.ask(replace(SaveAsset(**present), **_typed(values))))


def _typed(values: tuple[str, ...]) -> dict[str, Any]:
    """``name=value`` words with the types an asset's fields have; ``field.NAME=VALUE`` sets fields of your own."""
    values, own = part_own(values)
    found: dict[str, Any] = {"fields": own}
    for name, text in assignments(values, _NAMES).items():
        found[name] = _value(name, text)
    return found


def _value(name: str, text: str) -> Any:
    if name == "state":
        return one_of(AssetState, [str(state) for state in AssetState], text, name)
    try:
        if name == "cost":
            return Decimal(text) if text else None
        if name == "depreciation_months":
            return int(text) if text else None
        if name in ("purchased_on", "warranty_until"):
            return date.fromisoformat(text) if text else None
    except (ValueError, InvalidOperation):
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=name.replace("_", " ")),
            _("Write a number like 1299.90 or 36, or a date like 2026-01-31."),
        ) from None
    return text


@asset.command(
    "state",
    help=_("Move an asset along its life. Where nobody has what goes into use, it says so."),
    epilog=examples("tui-desk asset state LT-0042 in_use --owner anna@example.org"),
)
@_tag
@click.argument("state", type=enum_value(AssetState), metavar="STATE")
@click.option("--owner", default=None, metavar="PERSON", help=_("Whose it is from now on; empty: nobody's."))
@_anyway
@pass_invocation
def set_state(run: Invocation, tag: str, state: AssetState, owner: str | None, anyway: bool) -> None:
    """Set the state."""
    _print(run, run.ask(SetAssetState(run.ask(ShowAsset(tag=tag)).id, state, owner, anyway)))


@asset.command("retire", help=_("Set an asset aside; it stays in the history."))
@_tag
@click.option("--not", "revoked", is_flag=True, help=_("Bring it back."))
@_anyway
@pass_invocation
def retire(run: Invocation, tag: str, revoked: bool, anyway: bool) -> None:
    """Retire an asset, or take that back."""
    _print(run, run.ask(RetireAsset(run.ask(ShowAsset(tag=tag)).id, not revoked, anyway)))


@asset.command(
    "relate",
    help=_("Note what an asset has to do with another one: installed_on, connected_to, part_of."),
    epilog=examples(
        "tui-desk asset relate VM-7 installed_on SRV-1",
        "tui-desk asset relate VM-7 installed_on SRV-1 --remove",
    ),
)
@_tag
@click.argument("kind", type=enum_value(AssetRelationKind), metavar="KIND")
@click.argument("other", metavar="OTHER")
@click.option("--remove", is_flag=True, help=_("Take it away."))
@pass_invocation
def relate(run: Invocation, tag: str, kind: AssetRelationKind, other: str, remove: bool) -> None:
    """Add or remove a relation."""
    one, two = run.ask(ShowAsset(tag=tag)), run.ask(ShowAsset(tag=other))
    if remove:
        both_ways = kind is AssetRelationKind.CONNECTED_TO
        found = next(
            (
                relation
                for relation in one.relations
                if (relation.kind, relation.other_id) == (kind, two.id) and (relation.outgoing or both_ways)
            ),
            None,
        )
        if found is None:
            raise NotFound(
                _("{one} {kind} {other}: there is no such relation.").format(
                    one=one.tag, kind=asset_relation(kind, outgoing=True), other=two.tag
                )
            )
        run.ask(UnrelateAssets(one.id, found.id))
    else:
        run.ask(RelateAssets(one.id, two.id, kind))
    _print(run, run.ask(ShowAsset(one.id)))


@asset.command("link", help=_("Link an asset to a ticket."))
@_tag
@click.argument("number", type=TICKET, metavar="TICKET")
@click.option("--remove", is_flag=True, help=_("Take the link away."))
@pass_invocation
def link(run: Invocation, tag: str, number: int, remove: bool) -> None:
    """Link or unlink."""
    changed = run.ask(LinkAsset(number, run.ask(ShowAsset(tag=tag)).id, not remove))
    run.answer(changed, lambda: changed.sentence)


def _print(run: Invocation, view: AssetView) -> None:
    run.answer(view, lambda: _as_text(view))


def _as_text(view: AssetView) -> str:
    cost = amount_text(view.cost, view.currency)
    tickets = ", ".join(f"#{number} {subject} [{word(status)}]" for number, subject, status in view.tickets)
    text = fields(
        [
            (_("Tag"), view.tag),
            (_("Name"), view.name),
            (_("Type"), view.type),
            (_("Serial"), view.serial),
            (_("Host name"), view.hostname),
            (_("Owner"), view.owner),
            (_("Location"), view.location),
            (_("State"), view.state),
            (_("Supplier"), view.supplier),
            (_("Cost"), cost),
            (_("Purchased"), view.purchased_on),
            *_worth(view),
            (_("Warranty until"), view.warranty_until),
            (_("Relations"), ", ".join(_relation(relation) for relation in view.relations)),
            *((field.label, field.shown) for field in view.custom if field.value),
            (_("Notes"), view.notes),
            (_("Tickets"), tickets),
        ]
    )
    return "\n".join([text, *(f"! {warning}" for warning in view.warnings)])


def _relation(relation: RelationView) -> str:
    return f"{asset_relation(relation.kind, outgoing=relation.outgoing)} {relation.tag}"


def _worth(view: AssetView) -> list[tuple[str, str]]:
    """What is left of its cost."""
    found = view.depreciation
    if found is None:
        return []
    months = ngettext("{count} month", "{count} months", found.months).format(count=found.months)
    ends = "" if found.ends is None else "{}-{:02}".format(*found.ends)
    return [
        (_("Book value"), amount_text(found.book_value, view.currency)),
        (
            _("Written off"),
            _("{amount} of {months}, {monthly} a month, until {ends}").format(
                amount=amount_text(found.written_off, view.currency),
                months=months,
                monthly=amount_text(found.monthly, view.currency),
                ends=ends,
            ),
        ),
    ]


asset.add_command(asset_type, "type")
asset.add_command(export_assets)
asset.add_command(import_assets)
