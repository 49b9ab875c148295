"""Invoices as views, each with its three-way check."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from tui_desk.contracts.invoices import InvoiceLineView, InvoiceView, ListInvoices, ShowInvoice
from tui_desk.core.enums import InvoiceState
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Invoice, InvoiceLine, Purchase, Supplier
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.currencies import digits_of
from tui_desk.services.deliveries import Figures, figures_for, purchase_to_read
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.invoice_check import checked
from tui_desk.services.people import like_words

WAITING = (InvoiceState.OPEN.value, InvoiceState.ACCEPTED.value)
"""Neither paid nor refused."""


def show(session: Session, actor: Actor, request: ShowInvoice) -> InvoiceView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    return view_of(session, invoice_to_read(session, request.id))


def listed(session: Session, actor: Actor, request: ListInvoices) -> tuple[InvoiceView, ...]:
    """Those that wait before the others, the first due first. Raises NotFound (purchase)."""
    require(actor, Permission.VIEW)
    statement = (
        select(Invoice)
        .join(Purchase, col(Purchase.id) == Invoice.purchase_id)
        .join(Supplier, col(Supplier.id) == Invoice.supplier_id)
        .where(*like_words(request.query, Invoice.number, Supplier.name, Purchase.title))
    )
    if request.purchase_id is not None:
        purchase_to_read(session, request.purchase_id)
        statement = statement.where(Invoice.purchase_id == request.purchase_id)
    if not request.everything:
        statement = statement.where(col(Invoice.state).in_(WAITING))
    rows = session.exec(
        statement.order_by(
            col(Invoice.state).not_in(WAITING),
            col(Invoice.due_on).is_(None),
            col(Invoice.due_on),
            col(Invoice.invoiced_on),
            col(Invoice.id),
        ).limit(request.limit)
    ).all()
    ids = {invoice.purchase_id for invoice in rows}
    views = {view.id: view for view in invoices_of(session, figures_for(session, ids))}
    return tuple(views[known(invoice.id)] for invoice in rows)


def invoice_to_read(session: Session, invoice_id: int) -> Invoice:
    """Raises NotFound."""
    invoice = session.exec(select(Invoice).where(Invoice.id == invoice_id)).first()
    if invoice is None:
        raise NotFound(
            _("There is no invoice {id}.").format(id=invoice_id),
            _("tui-desk invoice list shows those there are."),
        )
    return invoice


def view_of(session: Session, invoice: Invoice) -> InvoiceView:
    """One invoice with its check."""
    views = invoices_of(session, figures_for(session, [invoice.purchase_id]))
    return next(view for view in views if view.id == invoice.id)


def lines_of(session: Session, ids: Collection[int]) -> Mapping[int, Sequence[InvoiceLine]]:
    """The lines of some invoices, in order."""
    found: dict[int, list[InvoiceLine]] = {}
    if ids:
        statement = select(InvoiceLine).where(col(InvoiceLine.invoice_id).in_(ids))
        for line in session.exec(statement.order_by(col(InvoiceLine.id))).all():
            found.setdefault(line.invoice_id, []).append(line)
    return found


def total_of(lines: Sequence[InvoiceLine]) -> Decimal:
    """The exact sum."""
    return sum((line.quantity * line.unit_cost for line in lines), Decimal(0))


def invoices_of(session: Session, figures: Mapping[int, Figures]) -> tuple[InvoiceView, ...]:
    """All of some purchases in the order they were written down: two statements, however many there are."""
    rows = session.exec(
        select(Invoice, Purchase, Supplier)
        .join(Purchase, col(Purchase.id) == Invoice.purchase_id)
        .join(Supplier, col(Supplier.id) == Invoice.supplier_id)
        .where(col(Invoice.purchase_id).in_(figures))
        .order_by(col(Invoice.id))
    ).all()
    lines = lines_of(session, [known(invoice.id) for invoice, _purchase, _supplier in rows])
    of: dict[int, list[Invoice]] = {}
    for invoice, _purchase, _supplier in rows:
        of.setdefault(invoice.purchase_id, []).append(invoice)
    today = desk_day(session, now(session))
    return tuple(
        _view(
            invoice,
            purchase,
            supplier.name,
            figures[invoice.purchase_id],
            lines.get(known(invoice.id), ()),
            _before(invoice, of[invoice.purchase_id], lines),
            today,
        )
        for invoice, purchase, supplier in rows
    )


def _before(
    invoice: Invoice, invoices: Sequence[Invoice], lines: Mapping[int, Sequence[InvoiceLine]]
) -> dict[int, int]:
    """Pieces by line that others ask for before ``invoice``: those written down before it, and, as long as nobody decided about it,
    those that were accepted. Refused ones ask for nothing."""
    decided = (InvoiceState.ACCEPTED.value, InvoiceState.PAID.value)
    found: dict[int, int] = {}
    for other in invoices:
        earlier = known(other.id) < known(invoice.id)
        accepted = invoice.state == InvoiceState.OPEN.value and other.state in decided
        if other is invoice or other.state == InvoiceState.REFUSED.value or not (earlier or accepted):
            continue
        for line in lines.get(known(other.id), ()):
            if line.line_id is not None:
                found[line.line_id] = found.get(line.line_id, 0) + line.quantity
    return found


def _view(
    invoice: Invoice,
    purchase: Purchase,
    supplier: str,
    figures: Figures,
    lines: Sequence[InvoiceLine],
    before: Mapping[int, int],
    today: date,
) -> InvoiceView:
    check = checked(figures, lines, invoice.currency, before=before, whole=False)
    return InvoiceView(
        known(invoice.id),
        invoice.purchase_id,
        safe_line(purchase.title),
        purchase.ticket_id,
        safe_line(supplier),
        safe_line(invoice.number),
        invoice.invoiced_on,
        invoice.due_on,
        safe_line(invoice.currency),
        digits_of(invoice.currency),
        InvoiceState(invoice.state),
        safe_block(invoice.note),
        tuple(_line(line, figures) for line in lines),
        total_of(lines),
        sum((row.expected for row in check), Decimal(0)),
        check,
        invoice.state in WAITING and invoice.due_on is not None and invoice.due_on < today,
        invoice.version,
    )


def _line(line: InvoiceLine, figures: Figures) -> InvoiceLineView:
    ordered = figures.line(line.line_id) if line.line_id is not None else None
    return InvoiceLineView(
        known(line.id),
        line.line_id,
        figures.number(line.line_id),
        safe_line(line.description) or (safe_line(ordered.article) if ordered else ""),
        line.quantity,
        line.unit_cost,
        line.quantity * line.unit_cost,
    )
