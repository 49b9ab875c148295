"""Receipts and all that came of a purchase, as views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from tui_desk.contracts.receipts import (
    DeliveriesView,
    DeliveryLineView,
    ReceiptLineView,
    ReceiptView,
    ReceivedAsset,
    ShowDeliveries,
)
from tui_desk.core.enums import InvoiceState, PurchaseState
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import (
    Agent,
    Asset,
    InvoiceLine,
    Licence,
    Person,
    Purchase,
    PurchaseLine,
    Receipt,
    ReceiptLine,
    Supplier,
)
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, require, ticket_to_read
from tui_desk.services.currencies import digits_of
from tui_desk.services.deliveries import Figures, figures_of, purchase_to_read
from tui_desk.services.fields import requester_label
from tui_desk.services.invoice_check import checked
from tui_desk.services.invoice_view import invoices_of, lines_of
from tui_desk.services.new_assets import next_tag

_Row = tuple[Receipt, Agent | None]


def show(session: Session, actor: Actor, request: ShowDeliveries) -> DeliveriesView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    purchase = purchase_to_read(session, request.purchase_id)
    figures = figures_of(session, request.purchase_id)
    supplier = session.get(Supplier, purchase.supplier_id) if purchase.supplier_id is not None else None
    invoices = invoices_of(session, {request.purchase_id: figures})
    counted = [invoice.id for invoice in invoices if invoice.state is not InvoiceState.REFUSED]
    invoiced: list[InvoiceLine] = [line for one in lines_of(session, counted).values() for line in one]
    return DeliveriesView(
        request.purchase_id,
        purchase.ticket_id,
        safe_line(purchase.title),
        PurchaseState(purchase.state),
        safe_line(supplier.name) if supplier else "",
        safe_line(purchase.currency),
        digits_of(purchase.currency),
        _requester(session, purchase),
        _lines(session, figures),
        _receipts(session, request.purchase_id, figures),
        invoices,
        checked(figures, invoiced, purchase.currency, whole=True),
    )


def _requester(session: Session, purchase: Purchase) -> str:
    person_id = purchase.requester_id
    if person_id is None:
        person_id = ticket_to_read(session, purchase.ticket_id).requester_id
    person = session.get(Person, person_id)
    return safe_line(requester_label(session, person)) if person else ""


def _lines(session: Session, figures: Figures) -> tuple[DeliveryLineView, ...]:
    ids = {line.licence_id for line in figures.lines if line.licence_id is not None}
    licences = dict(session.exec(select(Licence.id, Licence.name).where(col(Licence.id).in_(ids))).all())
    kinds = {line.asset_type for line in figures.lines if line.makes == "asset"}
    tags = {kind: next_tag(session, kind) for kind in kinds}
    return tuple(
        _line(line, number, figures, licences.get(line.licence_id, ""), tags)
        for number, line in enumerate(figures.lines, start=1)
    )


def _line(
    line: PurchaseLine, number: int, figures: Figures, licence: str, tags: dict[str, str]
) -> DeliveryLineView:
    line_id = known(line.id)
    received = figures.received.get(line_id, 0)
    return DeliveryLineView(
        line_id,
        number,
        safe_line(line.article),
        line.makes,
        safe_line(line.asset_type),
        safe_line(licence),
        line.quantity,
        received,
        max(0, line.quantity - received),
        figures.invoiced.get(line_id, 0),
        line.unit_cost,
        safe_line(tags[line.asset_type]) if line.makes == "asset" else "",
    )


def receipt_view(session: Session, receipt_id: int, figures: Figures) -> ReceiptView:
    """One receipt of the purchase that ``figures`` are of."""
    row = session.exec(_SELECT.where(col(Receipt.id) == receipt_id)).one()
    return _views(session, [row], figures)[0]


_SELECT = select(Receipt, Agent).outerjoin(Agent, col(Agent.id) == Receipt.agent_id)


def _receipts(session: Session, purchase_id: int, figures: Figures) -> tuple[ReceiptView, ...]:
    """All of a purchase, oldest first."""
    statement = _SELECT.where(Receipt.purchase_id == purchase_id)
    rows = session.exec(statement.order_by(col(Receipt.received_on), col(Receipt.id))).all()
    return _views(session, rows, figures)


def _views(session: Session, rows: Sequence[_Row], figures: Figures) -> tuple[ReceiptView, ...]:
    ids = [known(receipt.id) for receipt, _agent in rows]
    lines = session.exec(
        select(ReceiptLine).where(col(ReceiptLine.receipt_id).in_(ids)).order_by(col(ReceiptLine.id))
    ).all()
    assets = _assets(session, (asset for line in lines for asset in line.made))
    return tuple(
        ReceiptView(
            known(receipt.id),
            receipt.purchase_id,
            receipt.received_on,
            safe_line(agent.name or agent.login) if agent else "",
            safe_block(receipt.note),
            receipt.created_at,
            tuple(_received(line, figures, assets) for line in lines if line.receipt_id == receipt.id),
        )
        for receipt, agent in rows
    )


def _received(line: ReceiptLine, figures: Figures, assets: dict[int, ReceivedAsset]) -> ReceiptLineView:
    ordered = figures.line(line.line_id)
    return ReceiptLineView(
        line.line_id,
        figures.number(line.line_id),
        safe_line(ordered.article) if ordered else "",
        line.quantity,
        tuple(assets.get(int(made), ReceivedAsset(int(made), "")) for made in line.made),
    )


def _assets(session: Session, ids: Iterable[int]) -> dict[int, ReceivedAsset]:
    wanted = {int(one) for one in ids}
    if not wanted:
        return {}
    rows = session.exec(select(Asset.id, Asset.tag, Asset.name).where(col(Asset.id).in_(wanted))).all()
    return {known(row): ReceivedAsset(known(row), safe_line(tag), safe_line(name)) for row, tag, name in rows}
