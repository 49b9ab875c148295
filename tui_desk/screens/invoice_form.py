"""A supplier's invoice to write down or to correct. Its lines are checked against order and receipts as one types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.invoices import InvoiceChanged, InvoiceLineInput, InvoiceView, SaveInvoice
from tui_desk.contracts.receipts import DeliveriesView, DeliveryLineView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.due import read_due
from tui_desk.rules.invoice_lines import InvoiceLineText, invoice_line_of, read_invoice_line
from tui_desk.rules.money import amount_text
from tui_desk.rules.three_way import CheckedLine, InvoicedLine, OrderedLine, compare
from tui_desk.rules.time_spans import read_day
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.undo_actions import taking_back


class InvoiceFormScreen(FormScreen):
    """An invoice of a purchase: a new one (``invoice`` None), or one that is open."""

    scopes = (FORM, GLOBAL)

    def __init__(self, deliveries: DeliveriesView, invoice: InvoiceView | None = None) -> None:
        self._of, self.edited = deliveries, invoice
        self._done: InvoiceChanged | None = None
        super().__init__()
        what = invoice.number if invoice is not None else _("New invoice")
        self.crumb = f"#{deliveries.ticket} › P{deliveries.purchase_id} › {what}"

    def fields(self) -> tuple[Field, ...]:
        return (
            Field(
                "number",
                _("Number"),
                help=_("The number that the supplier gave it; each is written down once."),
                width=40,
            ),
            Field(
                "day", _("Dated"), help=_("The day on the invoice: today, mon, 2 mar, 2026-12-31."), width=20
            ),
            Field(
                "due",
                _("Due"),
                help=_("The day it is to be paid by: fri, 1 dec, in 14 days, 2026-12-31. Empty: no set day."),
                width=20,
            ),
            Field(
                "currency",
                _("Currency"),
                help=_("That of the order; an invoice in another one is not taken."),
                width=5,
            ),
            Field(
                "lines",
                _("Lines"),
                "block",
                help=_(
                    "1: 3 @ 1299.90 is three pieces of line 1 of the order (what is behind | is for you); Freight @ 19.90 or "
                    "2 x Pallet @ 8 was not ordered."
                ),
                lines=6,
            ),
            Field("note", _("Note"), "block", help=_("What else is to be known."), lines=2),
        )

    async def initial(self) -> Mapping[str, str]:
        invoice = self.edited
        if invoice is None:
            today = self.host.options.clock().astimezone().date().isoformat()
            return {"day": today, "currency": self._of.currency, "lines": self._proposed()}
        return {
            "number": invoice.number,
            "day": invoice.invoiced_on.isoformat(),
            "due": invoice.due_on.isoformat() if invoice.due_on is not None else "",
            "currency": invoice.currency,
            "lines": "\n".join(
                self._line(
                    InvoiceLineText(
                        one.number or None, one.quantity, one.unit_cost, "" if one.number else one.description
                    ),
                    one.description,
                )
                for one in invoice.lines
            ),
            "note": invoice.note,
        }

    def _proposed(self) -> str:
        """What came and nobody asked money for yet, as it was ordered; else all that was ordered and is not invoiced."""
        came = {one.id: min(one.received, one.ordered) - one.invoiced for one in self._of.lines}
        if not any(pieces > 0 for pieces in came.values()):
            came = {one.id: one.ordered - one.invoiced for one in self._of.lines}
        return "\n".join(
            self._line(InvoiceLineText(one.number, came[one.id], one.unit_cost), one.article)
            for one in self._of.lines
            if came[one.id] > 0
        )

    def _line(self, text: InvoiceLineText, article: str) -> str:
        return invoice_line_of(text, self._of.digits, article)

    # -- while one types ---------------------------------------------------------------------------------------------
    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {"number": "" if values["number"].strip() else _("An invoice has a number: the supplier's.")}
        for name, read in (("day", self._day), ("due", self._due)):
            try:
                read(values[name])
            except UsageError as error:
                found[name] = str(error)
        currency = values["currency"].strip().upper()
        if currency != self._of.currency:
            found["currency"] = _("It was ordered in {order}; an invoice in {currency} is not taken.").format(
                order=self._of.currency, currency=currency or "–"
            )
        try:
            lines = self._lines(values["lines"])
        except UsageError as error:
            found["lines"] = error.sentence
            self.show_notes(())
        else:
            self._show_check(lines)
        return {name: problem for name, problem in found.items() if problem}

    def _day(self, text: str) -> date:
        if not text.strip():
            raise UsageError(_("An invoice has a day."))
        return read_day(text, self.host.options.clock())

    def _due(self, text: str) -> date | None:
        if not text.strip():
            return None
        due = read_due(text, self.host.options.clock())
        if due.on is None:
            raise UsageError(_("A day, such as 2026-12-31."))
        return due.on

    def _lines(self, text: str) -> tuple[InvoiceLineInput, ...]:
        """Raises UsageError: the first line that is wrong, and why."""
        typed = [one for one in text.splitlines() if one.strip()]
        if not typed:
            raise UsageError(_("An invoice has at least one line."))
        return tuple(self._read(one) for one in typed)

    def _read(self, text: str) -> InvoiceLineInput:
        line = read_invoice_line(text)
        if line.currency and line.currency != self._of.currency:
            raise UsageError(
                _("“{line}”: it was ordered in {order}.").format(
                    line=text.strip()[:60], order=self._of.currency
                )
            )
        if line.number is None:
            assert line.unit_cost is not None  # a line that was not ordered has its price
            return InvoiceLineInput(None, line.quantity, line.unit_cost, line.text)
        ordered = next((one for one in self._of.lines if one.number == line.number), None)
        if ordered is None:
            raise UsageError(
                _("The order has no line {number}; it has {count}.").format(
                    number=line.number, count=len(self._of.lines)
                )
            )
        cost = ordered.unit_cost if line.unit_cost is None else line.unit_cost
        return InvoiceLineInput(ordered.id, line.quantity, cost)

    def _show_check(self, lines: tuple[InvoiceLineInput, ...]) -> None:
        """Total and differences, beside the fields."""
        mine = self._mine()
        rows = compare(
            [OrderedLine(one.id, one.ordered, one.unit_cost) for one in self._of.lines],
            {one.id: one.received for one in self._of.lines},
            [InvoicedLine(one.line_id, one.quantity, one.unit_cost) for one in lines],
            {one.id: one.invoiced - mine.get(one.id, 0) for one in self._of.lines},
        )
        total = sum((one.quantity * one.unit_cost for one in lines), Decimal(0))
        expected = sum((row.expected for row in rows), Decimal(0))
        notes, wrong = [_("Total {amount}").format(amount=self._money(total))], []
        if total != expected:
            more = self._money(total - expected)
            more = f"+{more}" if total > expected else more
            notes = [_("Total {amount}, differs by {more}").format(amount=self._money(total), more=more)]
            wrong += notes
        extra = iter([one.description for one in lines if one.line_id is None])
        by_id = {one.id: one for one in self._of.lines}
        for row in rows:
            text = by_id[row.line_id].article if row.line_id is not None else next(extra)
            if row.differences:
                wrong.append(f"≠ {text}: {', '.join(self._differences(row, by_id.get(row.line_id or 0)))}")
                notes.append(wrong[-1])
        self.show_notes(tuple(notes), wrong)

    def _mine(self) -> dict[int, int]:
        """Pieces that the invoice asked for before it was changed."""
        found: dict[int, int] = {}
        for one in self.edited.lines if self.edited is not None else ():
            if one.line_id is not None:
                found[one.line_id] = found.get(one.line_id, 0) + one.quantity
        return found

    def _differences(self, row: CheckedLine, ordered: DeliveryLineView | None) -> list[str]:
        if ordered is None:
            return [_("not ordered, {amount}").format(amount=self._money(row.total))]
        found = []
        if row.over_ordered:
            found.append(_("{count} more than ordered").format(count=row.over_ordered))
        if row.not_received:
            found.append(_("{count} not received").format(count=row.not_received))
        if "price" in row.differences:
            costs = " / ".join(amount_text(cost, digits=self._of.digits) for cost in row.unit_costs)
            found.append(
                _("{invoiced} each instead of {ordered}").format(
                    invoiced=costs, ordered=amount_text(ordered.unit_cost, digits=self._of.digits)
                )
            )
        return found

    def _money(self, amount: Decimal) -> str:
        return amount_text(amount, self._of.currency, self._of.digits)

    # -- saving ------------------------------------------------------------------------------------------------------
    async def submit(self, values: Mapping[str, str]) -> str | None:
        edited = self.edited
        done = await self.ask(
            SaveInvoice(
                edited.id if edited is not None else None,
                self._of.purchase_id,
                values["number"],
                self._day(values["day"]),
                self._lines(values["lines"]),
                self._due(values["due"]),
                values["currency"],
                values["note"],
                edited.version if edited is not None else 0,
            )
        )
        self._done = done if done.event_ids else None
        return done.sentence

    def tell_saved(self, below: BaseScreen, sentence: str) -> None:
        if self._done is None:
            super().tell_saved(below, sentence)
            return
        below.offer(taking_back(self._done, self.host.options.clock()))
        below.reload()
