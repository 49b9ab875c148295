"""``tui-desk supplier`` and ``tui-desk cost-centre``: who sells, and who pays."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import click

from tui_desk.cli.base import DeskGroup, Whole, assignments, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, plain, table
from tui_desk.cli.task import truth
from tui_desk.contracts.purchases import (
    CostCentreView,
    ListCostCentres,
    ListSuppliers,
    SaveCostCentre,
    SaveSupplier,
    ShowCostCentre,
    ShowSupplier,
    SupplierView,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.money import amount_text, read_money

_name = click.argument("name", metavar="NAME")
_code = click.argument("code", metavar="CODE")
_changes = click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE...")
_year = click.option("--year", type=Whole(1900), default=None, metavar="YEAR", help=_("Default: this year."))


@click.group(cls=DeskGroup, help=_("Suppliers: who sells, and where orders go."))
def supplier() -> None:
    """The noun."""


@supplier.command("list", help=_("List suppliers."))
@click.option("--all", "everything", is_flag=True, help=_("Those that are set aside, too."))
@click.option("--query", default="", metavar="WORDS", help=_("Words in name, address, number or notes."))
@pass_invocation
def list_suppliers(run: Invocation, everything: bool, query: str) -> None:
    """Print suppliers."""
    found = run.ask(ListSuppliers(query, everything))
    headings = (_("Name"), _("Address"), _("Phone"), _("Customer number"), _("Purchases"), _("Active"))
    rows = [(s.name, s.email, s.phone, s.customer_number, s.purchases, s.active) for s in found]
    run.answer(found, lambda: table(headings, rows, flexible=0) if rows else _("No suppliers."))


@supplier.command("show", help=_("Show one supplier."))
@_name
@pass_invocation
def show_supplier(run: Invocation, name: str) -> None:
    """Print one."""
    _print_supplier(run, run.ask(ShowSupplier(name)))


@supplier.command(
    "new",
    help=_("Add a supplier."),
    epilog=examples("tui-desk supplier new ACME --email orders@acme.example --customer-number C-77"),
)
@_name
@click.option("--email", default="", metavar="ADDRESS", help=_("Where orders go."))
@click.option("--phone", default="", metavar="NUMBER", help=_("A number to call."))
@click.option("--customer-number", default="", metavar="TEXT", help=_("Ours, with them."))
@click.option("--notes", default="", metavar="TEXT", help=_("What colleagues should know."))
@pass_invocation
def new_supplier(
    run: Invocation, name: str, email: str, phone: str, customer_number: str, notes: str
) -> None:
    """Add one."""
    _print_supplier(run, run.ask(SaveSupplier(None, name, email, phone, customer_number, notes)))


@supplier.command(
    "set",
    help=_("Change name, email, phone, customer_number, notes or active."),
    epilog=examples(
        "tui-desk supplier set ACME email=sales@acme.example", "tui-desk supplier set ACME active=no"
    ),
)
@_name
@_changes
@pass_invocation
def set_supplier(run: Invocation, name: str, changes: tuple[str, ...]) -> None:
    """Change one."""
    view = run.ask(ShowSupplier(name))
    values = assignments(changes, ("name", "email", "phone", "customer_number", "notes", "active"))
    request = SaveSupplier(
        view.id,
        values.get("name", view.name),
        values.get("email", view.email),
        values.get("phone", view.phone),
        values.get("customer_number", view.customer_number),
        values.get("notes", view.notes),
        truth(values["active"], "active") if "active" in values else view.active,
        view.version,
    )
    _print_supplier(run, run.ask(request))


def _print_supplier(run: Invocation, view: SupplierView) -> None:
    facts = [
        (_("Name"), view.name),
        (_("Address"), view.email),
        (_("Phone"), view.phone),
        (_("Customer number"), view.customer_number),
        (_("Purchases"), view.purchases),
        (_("Active"), view.active),
        (_("Notes"), view.notes),
    ]
    run.answer(view, lambda: fields(facts))


@click.group(cls=DeskGroup, help=_("Cost centres: who pays, and how much in a year."))
def cost_centre() -> None:
    """The noun."""


@cost_centre.command("list", help=_("List cost centres with what is used of their budgets."))
@click.option("--all", "everything", is_flag=True, help=_("Those that are set aside, too."))
@_year
@pass_invocation
def list_cost_centres(run: Invocation, everything: bool, year: int | None) -> None:
    """Print cost centres."""
    found = run.ask(ListCostCentres(everything, year or 0))
    headings = (
        _("Code"),
        _("Name"),
        _("Budget"),
        _("Ordered"),
        _("Approved"),
        _("Left"),
        _("Currency"),
        _("Active"),
    )
    rows = [
        (
            one.code,
            one.name,
            amount_text(one.budget),
            amount_text(one.use.spent),
            amount_text(one.use.reserved),
            amount_text(one.use.left),
            one.currency,
            one.active,
        )
        for one in found
    ]
    run.answer(
        _with_left(found), lambda: table(headings, rows, flexible=1) if rows else _("No cost centres.")
    )


@cost_centre.command("show", help=_("Show one cost centre and what is used of its budget."))
@_code
@_year
@pass_invocation
def show_cost_centre(run: Invocation, code: str, year: int | None) -> None:
    """Print one."""
    _print_centre(run, run.ask(ShowCostCentre(code, year or 0)))


@cost_centre.command(
    "new",
    help=_("Add a cost centre. Without a budget it has no limit."),
    epilog=examples("tui-desk cost-centre new IT-100 --name Computers --budget 25.000,00 --currency EUR"),
)
@_code
@click.option("--name", default="", metavar="TEXT", help=_("What people call it."))
@click.option("--budget", default="", metavar="N", help=_("What may be spent in a calendar year."))
@click.option("--currency", default="EUR", metavar="CUR", help=_("Three letters such as EUR."))
@pass_invocation
def new_cost_centre(run: Invocation, code: str, name: str, budget: str, currency: str) -> None:
    """Add one."""
    _print_centre(run, run.ask(SaveCostCentre(None, code, name, _amount(budget, currency), currency)))


@cost_centre.command(
    "set",
    help=_("Change code, name, budget, currency or active. budget= without a value: no limit."),
    epilog=examples("tui-desk cost-centre set IT-100 budget=30000.00"),
)
@_code
@_changes
@pass_invocation
def set_cost_centre(run: Invocation, code: str, changes: tuple[str, ...]) -> None:
    """Change one."""
    view = run.ask(ShowCostCentre(code))
    values = assignments(changes, ("code", "name", "budget", "currency", "active"))
    currency = values.get("currency", view.currency)
    request = SaveCostCentre(
        view.id,
        values.get("code", view.code),
        values.get("name", view.name),
        view.budget,
        currency,
        truth(values["active"], "active") if "active" in values else view.active,
        view.version,
    )
    if "budget" in values:
        request = replace(request, budget=_amount(values["budget"], currency))
    _print_centre(run, run.ask(request))


def _amount(text: str, currency: str) -> Decimal | None:
    if not text.strip():
        return None
    amount, typed = read_money(text)
    if typed and typed != currency.strip().upper():
        raise UsageError(
            _("The amount is in {typed}, and the cost centre in {currency}.").format(
                typed=typed, currency=currency
            )
        )
    return amount


def _with_left(found: tuple[CostCentreView, ...]) -> list[dict[str, object]]:
    """For scripts: ``left`` beside what it is made of."""
    return [{**plain(one), "left": one.use.left} for one in found]


def _print_centre(run: Invocation, view: CostCentreView) -> None:
    use = view.use
    facts = [
        (_("Code"), view.code),
        (_("Name"), view.name),
        (_("Budget"), amount_text(view.budget, view.currency)),
        (_("Year"), use.year),
        (_("Ordered"), amount_text(use.spent, view.currency)),
        (_("Approved"), amount_text(use.reserved, view.currency)),
        (_("Left"), amount_text(use.left, view.currency)),
        (_("Active"), view.active),
    ]
    run.answer(_with_left((view,))[0], lambda: fields(facts))
