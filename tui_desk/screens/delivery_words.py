"""How deliveries and invoices are shown: states, the three-way table, what came and what is still to come."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content

from tui_desk.contracts.invoices import CheckedLineView, InvoiceView
from tui_desk.contracts.receipts import DeliveriesView, ReceiptView
from tui_desk.core.enums import InvoiceState
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.words import word
from tui_desk.rules.money import amount_text
from tui_desk.screens import words
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.words import Shown

_SIGNS = {
    InvoiceState.OPEN: ("○", "warning"),
    InvoiceState.ACCEPTED: ("✓", "accent"),
    InvoiceState.REFUSED: ("✗", "muted"),
    InvoiceState.PAID: ("■", "muted"),
}
_TEXT = 26
"""Cells for the name of a line: the table fits on 80 columns."""
_TAGS_SHOWN = 6


def invoice_state(state: InvoiceState) -> Shown:
    """A state with its sign and colour."""
    sign, style = _SIGNS[state]
    return Shown(sign, word(state), style)


def invoice_total(invoice: InvoiceView) -> str:
    """The exact total with its currency."""
    return amount_text(invoice.total, invoice.currency, invoice.digits)


def due_text(invoice: InvoiceView, now: datetime) -> str:
    """The day it is due, and that it has passed."""
    if invoice.due_on is None:
        return ""
    day = words.day(invoice.due_on, now)
    return _("{day}, overdue").format(day=day) if invoice.overdue else day


def differs(invoice: InvoiceView) -> bool:
    """Whether it is not what was ordered and received."""
    return any(row.differences for row in invoice.check)


def describe_invoice(invoice: InvoiceView, now: datetime) -> Content:
    """Everything about an invoice."""
    state = invoice_state(invoice.state)
    difference = invoice.total - invoice.expected
    more = amount_text(difference, invoice.currency, invoice.digits) if difference else ""
    facts = (
        Fact(_("Supplier"), invoice.supplier),
        Fact(_("Purchase"), f"P{invoice.purchase_id} {invoice.purchase} · #{invoice.ticket}"),
        Fact(_("Dated"), words.day(invoice.invoiced_on, now)),
        Fact(_("Due"), due_text(invoice, now), "$text-error" if invoice.overdue else ""),
        Fact(_("Total"), invoice_total(invoice)),
        Fact(_("Differs by"), f"+{more}" if difference > 0 else more, "$text-warning"),
    )
    return blocks(
        heading(invoice.number, state.text, state.colour),
        sentence(next_step(invoice), "$text-accent"),
        check_table(invoice.check, invoice.digits),
        labelled(facts),
        sentence(invoice.note),
    )


def next_step(invoice: InvoiceView) -> str:
    """What is to be done now, as one does it."""
    steps = {
        InvoiceState.OPEN: _("press a to accept it, R to refuse it")
        if not differs(invoice)
        else _("not as ordered and received: press a to accept it all the same, R to refuse it"),
        InvoiceState.ACCEPTED: _("p: it was paid"),
    }
    return steps.get(invoice.state, "")


def check_table(rows: tuple[CheckedLineView, ...], digits: int) -> Content:
    """Ordered, received and invoiced side by side, with the prices; below each line what differs."""
    head = (_("ordered"), _("received"), _("invoiced"), _("price"), _("invoiced at"))
    cells = [_cells(row, digits) for row in rows]
    widths = [max(cell_len(column[at]) for column in (head, *cells)) for at in range(len(head))]
    text = min(_TEXT, max((cell_len(_name(row)) for row in rows), default=0))
    lines = [line((" " * text + _right(head, widths), "$muted"))]
    for row, values in zip(rows, cells, strict=True):
        name = Content(_name(row)).truncate(text, ellipsis=True).plain
        style = "$text-warning" if row.differences else ""
        lines.append(line(name + " " * (text - cell_len(name)), (_right(values, widths), style)))
        if row.told:
            lines.append(line((f"  ≠ {safe_line('; '.join(row.told), 300)}", "$text-warning")))
    return Content("\n").join(lines)


def _name(row: CheckedLineView) -> str:
    return safe_line(f"{row.number} {row.text}" if row.number else row.text, 200)


def _cells(row: CheckedLineView, digits: int) -> tuple[str, ...]:
    invoiced = f"{row.invoiced_before}+{row.invoiced}" if row.invoiced_before else str(row.invoiced)
    costs = "/".join(amount_text(cost, digits=digits) for cost in row.unit_costs)
    ordered = row.number > 0
    return (
        str(row.ordered) if ordered else "–",
        str(row.received) if ordered else "–",
        invoiced,
        amount_text(row.unit_cost, digits=digits) or "–",
        costs or "–",
    )


def _right(values: tuple[str, ...], widths: list[int]) -> str:
    return "".join(
        "  " + " " * (width - cell_len(value)) + value for value, width in zip(values, widths, strict=True)
    )


def receipts_text(deliveries: DeliveriesView, now: datetime) -> Content:
    """What came, delivery by delivery, and what is still to come."""
    parts = [_receipt(one, now) for one in deliveries.receipts]
    left = [f"{one.left} × {one.article}" for one in deliveries.lines if one.left]
    if left:
        label = _("Still to come: {what}").format(what=safe_line(", ".join(left), 400))
        parts.append(sentence(label, "$muted"))
    return Content("\n").join(parts)


def _receipt(receipt: ReceiptView, now: datetime) -> Content:
    found: list[Content] = []
    when = " · ".join(filter(None, (words.day(receipt.received_on, now), receipt.agent)))
    for place, one in enumerate(receipt.lines):
        parts: list[Part] = [(f"{when}  " if place == 0 else " " * (cell_len(when) + 2), "$muted")]
        parts.append(safe_line(f"{one.quantity} × {one.article}", 120))
        if one.assets:
            parts.append((f"  → {_tags([asset.tag for asset in one.assets])}", "$muted"))
        found.append(line(*parts))
    if receipt.note:
        found.append(sentence("\n".join(f"  {text}" for text in receipt.note.splitlines())))
    return Content("\n").join(found)


def _tags(tags: list[str]) -> str:
    """Some tags; one that is gone is a dash."""
    shown = [tag or "–" for tag in tags]
    if len(shown) > _TAGS_SHOWN:
        return safe_line(f"{shown[0]} … {shown[-1]}", 200)
    return safe_line(", ".join(shown), 200)


def invoices_text(deliveries: DeliveriesView, now: datetime) -> Content:
    """Each invoice with its check; of several, all of them together below."""
    parts = [_invoice(one, now) for one in deliveries.invoices]
    if sum(one.state is not InvoiceState.REFUSED for one in deliveries.invoices) > 1:
        asked = sum((row.total for row in deliveries.check), Decimal(0))
        title = _("Altogether {amount}").format(
            amount=amount_text(asked, deliveries.currency, deliveries.digits)
        )
        table = check_table(deliveries.check, deliveries.digits)
        parts.append(Content("\n").join([sentence(title, "$muted"), table]))
    return Content("\n\n").join(parts)


def _invoice(invoice: InvoiceView, now: datetime) -> Content:
    state = invoice_state(invoice.state)
    parts: list[Part] = [
        (state.text, state.colour),
        ("  " + safe_line(invoice.number, 60), "bold"),
        f"  {invoice_total(invoice)}",
        (f"  {_('of {day}').format(day=words.day(invoice.invoiced_on, now))}", "$muted"),
    ]
    due = due_text(invoice, now)
    if due:
        style = "$text-error" if invoice.overdue else "$muted"
        parts.append((f"  {_('due {day}').format(day=due)}", style))
    found = [line(*parts)]
    if invoice.state is not InvoiceState.REFUSED:
        found.append(check_table(invoice.check, invoice.digits))
    if invoice.note:
        found.append(sentence(safe_block(invoice.note, 2_000)))
    return Content("\n").join(found)
