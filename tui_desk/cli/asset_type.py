"""``tui-desk asset type``: kinds of assets, and over how long their cost is written off."""

from __future__ import annotations

from dataclasses import replace

import click

from tui_desk.cli.base import DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.assets import AssetTypeView, ListAssetTypes, SaveAssetType
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _

_name = click.argument("name", metavar="NAME")


@click.group(
    cls=DeskGroup, help=_("Types of assets: what they are called, and over how long they are written off.")
)
def asset_type() -> None:
    """The noun."""


@asset_type.command(
    "list",
    help=_(
        "List types, those set aside too, and the words that assets have as their type and that are no type yet."
    ),
)
@pass_invocation
def list_types(run: Invocation) -> None:
    """Print types."""
    found = run.ask(ListAssetTypes(everything=True))
    headings = (_("Type"), _("Months"), _("Assets"), _("Kept"), _("Active"))
    rows = [(t.name, t.depreciation_months, t.assets, t.id is not None, t.active) for t in found]
    run.answer(found, lambda: table(headings, rows, flexible=0) if rows else _("No types."))


@asset_type.command(
    "new",
    help=_("Write a type down. Assets that have its name already are adopted."),
    epilog=examples("tui-desk asset type new Laptop --months 36"),
)
@_name
@click.option(
    "--months",
    type=int,
    default=None,
    metavar="N",
    help=_("Over how many months its assets are written off."),
)
@pass_invocation
def new(run: Invocation, name: str, months: int | None) -> None:
    """Make one."""
    _print(run, run.ask(SaveAssetType(name, months)))


@asset_type.command(
    "set",
    help=_("Change a type; a new name goes to all its assets."),
    epilog=examples("tui-desk asset type set Laptop --rename Notebook --months 48"),
)
@_name
@click.option("--rename", default="", metavar="NEW", help=_("Its new name."))
@click.option("--months", type=int, default=None, metavar="N", help=_("0: its assets are not written off."))
@click.option("--set-aside/--active", "aside", default=None, help=_("Offer it no more, or again."))
@pass_invocation
def set_type(run: Invocation, name: str, rename: str, months: int | None, aside: bool | None) -> None:
    """Change one."""
    view = _found(run, name)
    request = SaveAssetType(view.name, view.depreciation_months, view.active, view.id, view.version)
    if rename:
        request = replace(request, name=rename)
    if months is not None:
        request = replace(request, depreciation_months=months or None)
    if aside is not None:
        request = replace(request, active=not aside)
    _print(run, run.ask(request))


def _found(run: Invocation, name: str) -> AssetTypeView:
    for view in run.ask(ListAssetTypes(everything=True)):
        if view.id is not None and view.name.casefold() == name.strip().casefold():
            return view
    raise NotFound(
        _("There is no asset type {name}.").format(name=name),
        _("tui-desk asset type list shows those there are."),
    )


def _print(run: Invocation, view: AssetTypeView) -> None:
    run.answer(
        view,
        lambda: fields(
            [
                (_("Type"), view.name),
                (_("Months"), view.depreciation_months),
                (_("Assets"), view.assets),
                (_("Active"), view.active),
            ]
        ),
    )
