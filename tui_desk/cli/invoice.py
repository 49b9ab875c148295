"""``tui-desk invoice``: what suppliers ask for, checked against what was ordered and received."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from tui_desk.cli.base import ID, DeskGroup, examples, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table, tell
from tui_desk.cli.purchase_number import PURCHASE, purchase_argument
from tui_desk.contracts.invoices import (
    CheckedLineView,
    DecideInvoice,
    InvoiceChanged,
    InvoiceLineInput,
    InvoiceView,
    ListInvoices,
    SaveInvoice,
    ShowInvoice,
)
from tui_desk.contracts.receipts import DeliveriesView, DeliveryLineView, ShowDeliveries
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import InvoiceState
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.rules.due import read_due
from tui_desk.rules.invoice_lines import read_invoice_line
from tui_desk.rules.money import amount_text
from tui_desk.rules.time_spans import read_day

_id = click.argument("invoice_id", type=ID, metavar="ID")
_lines = click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="LINE",
    help=_(
        "1=3@1299.90: three pieces of line 1 of the order at that price (without @: as ordered); 'Freight @ 19.90': not ordered. "
        "Once for each."
    ),
)
_reason = click.option("--reason", default="", metavar="TEXT", help=_("Why; it is kept with the invoice."))


@click.group(cls=DeskGroup, help=_("Invoices of suppliers: write down, check, accept, refuse, pay."))
def invoice() -> None:
    """The noun."""


@invoice.command("list", help=_("List invoices that are to be paid, the first due first."))
@click.option("--all", "everything", is_flag=True, help=_("Paid and refused ones too."))
@click.option("--purchase", "purchase_id", type=PURCHASE, metavar="ID", help=_("Of one purchase."))
@click.option("--query", default="", metavar="WORDS", help=_("Words in number, supplier or purchase."))
@limit_option(500)
@pass_invocation
def list_invoices(run: Invocation, everything: bool, purchase_id: int | None, query: str, limit: int) -> None:
    """Print invoices."""
    found = run.ask(ListInvoices(purchase_id, query, everything, limit))
    headings = (_("Id"), _("Number"), _("Supplier"), _("Purchase"), _("Total"), _("Due"), _("State"), "≠")
    rows = [
        (
            one.id,
            one.number,
            one.supplier,
            f"P{one.purchase_id}",
            _total(one),
            f"{one.due_on} !" if one.overdue else one.due_on,
            one.state,
            "≠" if any(row.differences for row in one.check) else "",
        )
        for one in found
    ]
    run.answer(found, lambda: table(headings, rows, flexible=2) if rows else _("No invoices."))


@invoice.command("show", help=_("Show one invoice beside what was ordered and received."))
@_id
@pass_invocation
def show(run: Invocation, invoice_id: int) -> None:
    """Print one."""
    view = run.ask(ShowInvoice(invoice_id))
    run.answer(view, lambda: invoice_text(view))


@invoice.command(
    "new",
    help=_("Write an invoice down. Without --line it is for all that came and was not invoiced, as ordered."),
    epilog=examples(
        "tui-desk invoice new P12 RE-2026-17 --due 2026-12-31",
        "tui-desk invoice new P12 RE-2026-18 --line 1=1@1310 --line 'Freight @ 19.90' --on yesterday",
    ),
)
@purchase_argument
@click.argument("number", metavar="NUMBER")
@_lines
@click.option("--on", "day", default="", metavar="DAY", help=_("The day on the invoice. Default: today."))
@click.option(
    "--due", default="", metavar="DAY", help=_("The day it is to be paid by, such as 2026-12-31 or fri.")
)
@click.option("--currency", default="", metavar="CUR", help=_("Default: that of the order."))
@click.option("--note", default="", metavar="TEXT", help=_("What else is to be known."))
@pass_invocation
def new(
    run: Invocation,
    purchase_id: int,
    number: str,
    lines: tuple[str, ...],
    day: str,
    due: str,
    currency: str,
    note: str,
) -> None:
    """Write one down."""
    of = run.ask(ShowDeliveries(purchase_id))
    asked = _read(of, lines, currency) if lines else _what_came(of)
    request = SaveInvoice(None, purchase_id, number, _day(day), asked, _due(due), currency, note)
    _print(run, run.ask(request))


@invoice.command(
    "set",
    help=_("Change an open invoice; --line replaces all its lines."),
    epilog=examples("tui-desk invoice set 7 --number RE-18 --due 2026-12-31"),
)
@_id
@_lines
@click.option("--number", metavar="NUMBER", help=_("The supplier's number."))
@click.option("--on", "day", metavar="DAY", help=_("The day on the invoice."))
@click.option("--due", metavar="DAY", help=_("The day it is to be paid by; empty: at no set day."))
@click.option("--note", metavar="TEXT", help=_("What else is to be known."))
@pass_invocation
def set_invoice(
    run: Invocation,
    invoice_id: int,
    lines: tuple[str, ...],
    number: str | None,
    day: str | None,
    due: str | None,
    note: str | None,
) -> None:
    """Change one."""
    if not lines and all(one is None for one in (number, day, due, note)):
        raise UsageError(_("Nothing to set was named."))
    view = run.ask(ShowInvoice(invoice_id))
    kept = tuple(
        InvoiceLineInput(one.line_id, one.quantity, one.unit_cost, "" if one.line_id else one.description)
        for one in view.lines
    )
    request = SaveInvoice(
        view.id,
        view.purchase_id,
        view.number,
        view.invoiced_on,
        kept,
        view.due_on,
        "",
        view.note,
        view.version,
    )
    if lines:
        of = run.ask(ShowDeliveries(view.purchase_id))
        request = replace(request, lines=_read(of, lines, ""))
    if number is not None:
        request = replace(request, number=number)
    if day is not None:
        request = replace(request, invoiced_on=_day(day))
    if due is not None:
        request = replace(request, due_on=_due(due))
    if note is not None:
        request = replace(request, note=note)
    _print(run, run.ask(request))


@invoice.command(
    "accept", help=_("It may be paid. Where it is not what was ordered and received, a reason is needed.")
)
@_id
@_reason
@pass_invocation
def accept(run: Invocation, invoice_id: int, reason: str) -> None:
    """Accept."""
    _print(run, run.ask(DecideInvoice(invoice_id, InvoiceState.ACCEPTED, reason)))


@invoice.command("refuse", help=_("It is not paid."))
@_id
@click.option("--reason", required=True, metavar="TEXT", help=_("Why; it is kept with the invoice."))
@pass_invocation
def refuse(run: Invocation, invoice_id: int, reason: str) -> None:
    """Refuse."""
    _print(run, run.ask(DecideInvoice(invoice_id, InvoiceState.REFUSED, reason)))


@invoice.command("pay", help=_("Write down that an accepted invoice was paid."))
@_id
@_reason
@pass_invocation
def pay(run: Invocation, invoice_id: int, reason: str) -> None:
    """Pay."""
    _print(run, run.ask(DecideInvoice(invoice_id, InvoiceState.PAID, reason)))


@invoice.command("reopen", help=_("An accepted or refused invoice is to be looked at once more."))
@_id
@_reason
@pass_invocation
def reopen(run: Invocation, invoice_id: int, reason: str) -> None:
    """Open again."""
    _print(run, run.ask(DecideInvoice(invoice_id, InvoiceState.OPEN, reason)))


def invoice_line(of: DeliveriesView, number: str) -> DeliveryLineView:
    """The line of an order by its number. Raises UsageError, NotFound."""
    text = number.strip().removeprefix("#")
    if not (text.isascii() and text.isdecimal()):
        raise UsageError(_("“{text}” is no number of a line, such as 1.").format(text=number))
    found = next((one for one in of.lines if str(one.number) == text.lstrip("0")), None)
    if found is None:
        raise NotFound(
            _("P{id} has no line {number}; it has {count}.").format(
                id=of.purchase_id, number=text, count=len(of.lines)
            )
        )
    return found


def _read(of: DeliveriesView, lines: tuple[str, ...], currency: str) -> tuple[InvoiceLineInput, ...]:
    found = []
    for text in lines:
        line = read_invoice_line(text)
        if line.currency and line.currency != (currency.strip().upper() or of.currency):
            raise UsageError(_("“{line}”: it was ordered in {order}.").format(line=text, order=of.currency))
        ordered = invoice_line(of, str(line.number)) if line.number is not None else None
        cost = line.unit_cost
        if cost is None:
            assert ordered is not None  # only a line of the order goes without its price
            cost = ordered.unit_cost
        found.append(InvoiceLineInput(ordered.id if ordered else None, line.quantity, cost, line.text))
    return tuple(found)


def _what_came(of: DeliveriesView) -> tuple[InvoiceLineInput, ...]:
    found = tuple(
        InvoiceLineInput(one.id, pieces, one.unit_cost)
        for one in of.lines
        if (pieces := min(one.received, one.ordered) - one.invoiced) > 0
    )
    if not found:
        raise UsageError(
            _("Nothing came that is not invoiced already; name the lines with --line."),
        )
    return found


def _day(text: str) -> date:
    return read_day(text or "today", utc_now())


def _due(text: str) -> date | None:
    if not text.strip():
        return None
    due = read_due(text, utc_now())
    if due.on is None:
        raise UsageError(_("“{text}” is a moment; an invoice is due on a day.").format(text=text))
    return due.on


def _total(view: InvoiceView) -> str:
    return amount_text(view.total, view.currency, view.digits)


def _print(run: Invocation, done: InvoiceChanged) -> None:
    """Differences on stderr, the invoice as it is now on stdout."""
    for warning in done.warnings:
        tell(f"≠ {warning}")
    view = done.invoice
    assert view is not None  # the answer of every change has it
    run.answer(view, lambda: f"{done.sentence}\n\n{invoice_text(view)}")


def invoice_text(view: InvoiceView) -> str:
    """An invoice for reading."""
    facts = [
        (_("Id"), view.id),
        (_("Number"), view.number),
        (_("Supplier"), view.supplier),
        (_("Purchase"), f"P{view.purchase_id} {view.purchase} (#{view.ticket})"),
        (_("Of"), view.invoiced_on),
        (_("Due"), view.due_on),
        (_("State"), word(view.state)),
        (_("Total"), _total(view)),
        (_("Note"), view.note),
    ]
    return f"{fields(facts)}\n\n{check_text(view.check, view.currency, view.digits)}"


def check_text(rows: tuple[CheckedLineView, ...], currency: str, digits: int) -> str:
    """The three-way check as a table, and what differs below it."""
    headings = (_("Line"), _("Ordered"), _("Received"), _("Invoiced"), _("Price"), _("Invoiced at"))
    cells = [
        (
            f"{row.number} {row.text}" if row.number else row.text,
            row.ordered if row.number else "",
            row.received if row.number else "",
            f"{row.invoiced_before}+{row.invoiced}" if row.invoiced_before else row.invoiced,
            amount_text(row.unit_cost, digits=digits),
            "/".join(amount_text(cost, digits=digits) for cost in row.unit_costs),
        )
        for row in rows
    ]
    told = [f"≠ {row.text}: {', '.join(row.told)}" for row in rows if row.told]
    return "\n".join([table(headings, cells, flexible=0), *told])
