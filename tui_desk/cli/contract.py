"""``tui-desk contract``: contracts with suppliers, the assets they cover, their renewal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import click

from tui_desk.cli.base import DeskGroup, examples, limit_option, one_of, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.licence import typed
from tui_desk.cli.output import fields, table
from tui_desk.contracts.agreements import (
    ContractView,
    CoverAsset,
    ListContracts,
    RenewContract,
    RetireContract,
    SaveContract,
    ShowContract,
)
from tui_desk.contracts.desk import ShowAsset
from tui_desk.core.enums import ContractKind
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word

_NAMES = tuple(field.name for field in dataclass_fields(SaveContract) if field.name not in ("id", "version"))


def _yes_no(text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ValueError
    return text.lower() == "yes"


_KINDS: dict[str, Callable[[str], Any]] = {
    "kind": lambda text: one_of(ContractKind, [kind.value for kind in ContractKind], text, "kind"),
    "starts_on": date.fromisoformat,
    "ends_on": date.fromisoformat,
    "notice_days": int,
    "renews": _yes_no,
    "cost": Decimal,
}
_name = click.argument("name", metavar="NAME")
_tag = click.argument("tag", metavar="TAG")


@click.group(cls=DeskGroup, help=_("Contracts with suppliers: what they cover, when they end, renewal."))
def contract() -> None:
    """The noun."""


@contract.command("list", help=_("List contracts."))
@click.option("--query", default="", metavar="WORDS", help=_("Words in name, number, supplier or notes."))
@click.option("--asset", default="", metavar="TAG", help=_("Only those that cover that asset."))
@click.option("--retired", is_flag=True, help=_("Retired ones too."))
@click.option(
    "--wanting", is_flag=True, help=_("Only what is over, ends soon, or must be given notice of soon.")
)
@limit_option(500)
@pass_invocation
def list_contracts(run: Invocation, query: str, asset: str, retired: bool, wanting: bool, limit: int) -> None:
    """Print contracts."""
    covering = run.ask(ShowAsset(tag=asset)).id if asset else None
    found = run.ask(ListContracts(query, retired, wanting, covering, limit))
    rows = [(one.name, word(one.kind), one.supplier, one.ends_on, _notice(one), _state(one)) for one in found]
    headings = (_("Name"), _("Kind"), _("Supplier"), _("Ends"), _("Notice by"), _("State"))
    run.answer(found, lambda: table(headings, rows, flexible=0) if rows else _("No contracts."))


@contract.command("show", help=_("Show one contract and the assets it covers."))
@_name
@pass_invocation
def show(run: Invocation, name: str) -> None:
    """Print one contract."""
    _print(run, run.ask(ShowContract(name=name)))


@contract.command(
    "new",
    help=_(
        "Write down a contract; more fields as NAME=VALUE: kind (maintenance, lease, warranty, subscription, other), number, "
        "supplier, starts_on, ends_on, notice_days, renews (yes, no), cost, currency, notes."
    ),
    epilog=examples(
        "tui-desk contract new 'Printers, service' kind=maintenance supplier=Copyland starts_on=2026-01-01 \\",
        "    ends_on=2026-12-31 notice_days=90 renews=yes",
    ),
)
@_name
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@pass_invocation
def new(run: Invocation, name: str, values: tuple[str, ...]) -> None:
    """Create a contract."""
    _print(run, run.ask(SaveContract(None, **{**_typed(values), "name": name})))


@contract.command(
    "set",
    help=_(
        "Change fields: name, kind, number, supplier, starts_on, ends_on, notice_days, renews, cost, currency, notes; nothing "
        "behind = clears one."
    ),
    epilog=examples("tui-desk contract set 'Printers, service' notice_days=60 renews=no"),
)
@_name
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE...")
@pass_invocation
def set_contract(run: Invocation, name: str, values: tuple[str, ...]) -> None:
    """Change a contract."""
    view = run.ask(ShowContract(name=name))
    present = {field.name: getattr(view, field.name) for field in dataclass_fields(SaveContract)}
    _print(run, run.ask(replace(SaveContract(**present), **_typed(values))))


def _typed(values: tuple[str, ...]) -> dict[str, Any]:
    found = typed(values, _NAMES, _KINDS)
    for name in ("kind", "renews"):
        if name in found and found[name] is None:
            raise UsageError(_("{name} needs a value.").format(name=name))
    return found


@contract.command("cover", help=_("Let a contract cover an asset."))
@_name
@_tag
@pass_invocation
def cover(run: Invocation, name: str, tag: str) -> None:
    """Cover an asset."""
    _print(run, run.ask(CoverAsset(run.ask(ShowContract(name=name)).id, asset=tag)))


@contract.command("uncover", help=_("Take an asset out of a contract."))
@_name
@_tag
@pass_invocation
def uncover(run: Invocation, name: str, tag: str) -> None:
    """Cover an asset no more."""
    _print(run, run.ask(CoverAsset(run.ask(ShowContract(name=name)).id, asset=tag, covered=False)))


@contract.command(
    "renew",
    help=_("Begin the next period: as long as the present one, or until another day."),
    epilog=examples("tui-desk contract renew 'Printers, service' --until 2028-06-30"),
)
@_name
@click.option("--until", default="", metavar="DAY", help=_("The new last day, such as 2027-12-31."))
@pass_invocation
def renew(run: Invocation, name: str, until: str) -> None:
    """Renew a contract."""
    view = run.ask(ShowContract(name=name))
    last = typed((f"until={until}",), ("until",), {"until": date.fromisoformat})["until"] if until else None
    _print(run, run.ask(RenewContract(view.id, last, view.version)))


@contract.command("retire", help=_("Set a contract aside; it stays in the history."))
@_name
@click.option("--not", "revoked", is_flag=True, help=_("Bring it back."))
@pass_invocation
def retire(run: Invocation, name: str, revoked: bool) -> None:
    """Retire a contract, or take that back."""
    _print(run, run.ask(RetireContract(run.ask(ShowContract(name=name)).id, not revoked)))


def _state(view: ContractView) -> str:
    return _("retired") if view.retired else word(view.expiry)


def _notice(view: ContractView) -> str:
    day = view.notice_by.isoformat() if view.notice_by else ""
    return f"! {day}" if view.notice_near else day


def _print(run: Invocation, view: ContractView) -> None:
    run.answer(view, lambda: _as_text(view))


def _as_text(view: ContractView) -> str:
    return fields(
        [
            (_("Name"), view.name),
            (_("State"), _state(view)),
            (_("Kind"), word(view.kind)),
            (_("Number"), view.number),
            (_("Supplier"), view.supplier),
            (_("From"), view.starts_on),
            (_("Ends"), view.ends_on),
            (_("Notice by"), _notice(view)),
            (_("Renews by itself"), view.renews),
            (_("Next period ends"), view.next_ends_on),
            (_("Cost"), f"{view.cost} {view.currency}" if view.cost is not None else ""),
            (_("Notes"), view.notes),
            (_("Assets"), "; ".join(f"{asset.tag} {asset.name}".strip() for asset in view.assets)),
        ]
    )
