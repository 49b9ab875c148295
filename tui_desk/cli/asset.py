"""``tui-desk asset``: the things the company owns, and the tickets about them."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from tui_desk.cli.base import TICKET, DeskGroup, assignments, examples, limit_option, one_of, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.desk import AssetView, ListAssets, RetireAsset, SaveAsset, ShowAsset
from tui_desk.contracts.lists import ASSET_SORTS
from tui_desk.contracts.tickets import LinkAsset
from tui_desk.core.enums import AssetState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word

_NAMES = tuple(field.name for field in dataclass_fields(SaveAsset) if field.name not in ("id", "version"))
_tag = click.argument("tag", metavar="TAG")


@click.group(cls=DeskGroup, help=_("Hardware and other things: list, create, change, link."))
def asset() -> None:
    """The noun."""


@asset.command("list", help=_("List assets."))
@click.option(
    "--query", default="", metavar="WORDS", help=_("Words in tag, name, serial, owner, type or location.")
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
    help=_("Change fields: name, type, serial, owner, state, location, supplier, cost, notes and dates."),
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
    present = {field.name: getattr(view, field.name) for field in dataclass_fields(SaveAsset)}
    _print(run, run.ask(replace(SaveAsset(**present), **_typed(values))))


def _typed(values: tuple[str, ...]) -> dict[str, Any]:
    """``name=value`` words with the types an asset's fields have."""
    found: dict[str, Any] = {}
    for name, text in assignments(values, _NAMES).items():
        found[name] = _value(name, text)
    return found


def _value(name: str, text: str) -> Any:
    if name == "state":
        return one_of(AssetState, [str(state) for state in AssetState], text, name)
    try:
        if name == "cost":
            return Decimal(text) if text else None
        if name in ("purchased_on", "warranty_until"):
            return date.fromisoformat(text) if text else None
    except (ValueError, InvalidOperation):
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=name.replace("_", " ")),
            _("Write a number like 1299.90, or a date like 2026-01-31."),
        ) from None
    return text


@asset.command("retire", help=_("Set an asset aside; it stays in the history."))
@_tag
@click.option("--not", "revoked", is_flag=True, help=_("Bring it back."))
@pass_invocation
def retire(run: Invocation, tag: str, revoked: bool) -> None:
    """Retire an asset, or take that back."""
    _print(run, run.ask(RetireAsset(run.ask(ShowAsset(tag=tag)).id, not revoked)))


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
    cost = f"{view.cost} {view.currency}" if view.cost is not None else ""
    tickets = ", ".join(f"#{number} {subject} [{word(status)}]" for number, subject, status in view.tickets)
    return fields(
        [
            (_("Tag"), view.tag),
            (_("Name"), view.name),
            (_("Type"), view.type),
            (_("Serial"), view.serial),
            (_("Owner"), view.owner),
            (_("Location"), view.location),
            (_("State"), view.state),
            (_("Supplier"), view.supplier),
            (_("Cost"), cost),
            (_("Purchased"), view.purchased_on),
            (_("Warranty until"), view.warranty_until),
            (_("Notes"), view.notes),
            (_("Tickets"), tickets),
        ]
    )
