"""How far an ordered purchase is: what was received, what was invoiced, and the state that follows from both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from tui_desk.core.enums import InvoiceState, PurchaseState
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.models import Invoice, InvoiceLine, Purchase, PurchaseLine, Receipt, ReceiptLine, Ticket
from tui_desk.rules.three_way import stage
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, ticket_to_change
from tui_desk.services.events import ticket_stream
from tui_desk.services.purchase_view import not_found, row_name
from tui_desk.services.rows import change_row

FOLLOWING = frozenset(
    {
        PurchaseState.ORDERED,
        PurchaseState.PARTLY_RECEIVED,
        PurchaseState.RECEIVED,
        PurchaseState.INVOICED,
    }
)
"""States that follow from what was received and invoiced; deliveries and invoices are taken in them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A purchase's lines in order, and pieces by line. ``invoiced`` by invoices that were not refused."""

    lines: Sequence[PurchaseLine]
    received: Mapping[int, int]
    invoiced: Mapping[int, int]
    paid: Mapping[int, int]

    def number(self, line_id: int | None) -> int:
        """A line's number in the purchase, from 1; 0 for none of them."""
        return next((place for place, line in enumerate(self.lines, start=1) if line.id == line_id), 0)

    def line(self, line_id: int) -> PurchaseLine | None:
        return next((line for line in self.lines if line.id == line_id), None)


def figures_of(session: Session, purchase_id: int) -> Figures:
    """Those of one purchase."""
    return figures_for(session, [purchase_id])[purchase_id]


def figures_for(session: Session, purchases: Collection[int]) -> dict[int, Figures]:
    """Those of some purchases: three statements, however many there are."""
    lines: dict[int, list[PurchaseLine]] = {one: [] for one in purchases}
    for line in session.exec(
        select(PurchaseLine)
        .where(col(PurchaseLine.purchase_id).in_(purchases))
        .order_by(col(PurchaseLine.position), col(PurchaseLine.id))
    ):
        lines[line.purchase_id].append(line)
    received = session.exec(
        select(ReceiptLine.line_id, func.sum(ReceiptLine.quantity))
        .join(Receipt, col(Receipt.id) == ReceiptLine.receipt_id)
        .where(col(Receipt.purchase_id).in_(purchases))
        .group_by(col(ReceiptLine.line_id))
    ).all()
    asked = session.exec(
        select(InvoiceLine.line_id, Invoice.state, func.sum(InvoiceLine.quantity))
        .join(Invoice, col(Invoice.id) == InvoiceLine.invoice_id)
        .where(
            col(Invoice.purchase_id).in_(purchases),
            Invoice.state != InvoiceState.REFUSED.value,
            col(InvoiceLine.line_id).is_not(None),
        )
        .group_by(col(InvoiceLine.line_id), col(Invoice.state))
    ).all()
    came = {line: int(pieces) for line, pieces in received}
    invoiced: dict[int, int] = {}
    for number, _state, pieces in asked:
        invoiced[known(number)] = invoiced.get(known(number), 0) + int(pieces)
    paid = {known(number): int(pieces) for number, state, pieces in asked if state == InvoiceState.PAID.value}
    return {one: Figures(of, came, invoiced, paid) for one, of in lines.items()}


def purchase_to_read(session: Session, purchase_id: int) -> Purchase:
    """Raises NotFound."""
    purchase = session.exec(select(Purchase).where(Purchase.id == purchase_id)).first()
    if purchase is None:
        raise not_found(purchase_id)
    return purchase


def purchase_to_change(session: Session, purchase_id: int) -> tuple[Ticket, Purchase]:
    """The purchase and its ticket, locked in this order, as all writers of a ticket's rows do. Raises NotFound."""
    number = purchase_to_read(session, purchase_id).ticket_id
    ticket = ticket_to_change(session, number)
    purchase = session.exec(
        select(Purchase)
        .where(Purchase.id == purchase_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if purchase is None or purchase.ticket_id != number:
        raise not_found(purchase_id)
    return ticket, purchase


def refuse_unless_ordered(purchase: Purchase, what: str) -> None:
    """Raises Refused for a purchase that is not on its way. ``what``: a sentence of what is not possible then."""
    state = PurchaseState(purchase.state)
    if state in FOLLOWING:
        return
    hints = {
        PurchaseState.CLOSED: _("It is closed; undo that in the history first."),
        PurchaseState.CANCELLED: _("It was cancelled."),
    }
    raise Refused(
        _("P{id} is {state}: {what}").format(id=purchase.id, state=word(state), what=what),
        hints.get(state, _("It is ordered first.")),
    )


def follow(session: Session, actor: Actor, purchase: Purchase, at: datetime) -> tuple[int, ...]:
    """Give a locked purchase the state that what was received and invoiced comes to; answers the event's id."""
    if PurchaseState(purchase.state) not in FOLLOWING:
        return ()
    figures = figures_of(session, known(purchase.id))
    ordered = {known(line.id): line.quantity for line in figures.lines}
    reached = PurchaseState(stage(ordered, figures.received, figures.invoiced, figures.paid))
    if reached is PurchaseState.CLOSED and waiting_invoice(session, known(purchase.id)) is not None:
        reached = PurchaseState.INVOICED  # an invoice for what was not ordered is still to be paid
    stream = ticket_stream(purchase.ticket_id)
    return change_row(session, actor, stream, purchase, {"state": reached.value}, at, name=row_name(purchase))


def waiting_invoice(session: Session, purchase_id: int) -> str | None:
    """The number of an invoice that is neither paid nor refused yet; None where there is none."""
    waiting = (InvoiceState.OPEN.value, InvoiceState.ACCEPTED.value)
    statement = select(Invoice.number).where(
        Invoice.purchase_id == purchase_id, col(Invoice.state).in_(waiting)
    )
    return session.exec(statement.order_by(col(Invoice.id)).limit(1)).first()
