"""An ordered purchase to receive and to pay, for the tests of receipts and invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.invoices import InvoiceLineInput, InvoiceView, SaveInvoice
from tui_desk.contracts.receipts import DeliveriesView, ReceiveLine, ShowDeliveries
from tui_desk.models import Asset, Licence, Purchase, PurchaseLine, Supplier

ORDERED = date(2026, 2, 20)


@dataclass
class Bought:
    desk: Desk
    id: int
    ticket: int
    laptops: int
    """Line 1: three laptops, assets."""
    seats: int
    """Line 2: ten seats of a licence that has five."""
    service: int
    """Line 3: one day of setting up, which makes nothing."""
    licence: int
    supplier: int

    def now(self) -> DeliveriesView:
        return self.desk.ask(ShowDeliveries(self.id))

    def all_of_it(self) -> tuple[ReceiveLine, ...]:
        return (ReceiveLine(self.laptops, 3), ReceiveLine(self.seats, 10), ReceiveLine(self.service, 1))

    def invoice(self, number: str = "RE-1", *lines: InvoiceLineInput, **values: object) -> InvoiceView:
        """Writes an invoice down; of everything, as ordered, where no lines are given."""
        lines = lines or (
            InvoiceLineInput(self.laptops, 3, Decimal("1299.90")),
            InvoiceLineInput(self.seats, 10, Decimal("49")),
            InvoiceLineInput(self.service, 1, Decimal("400")),
        )
        request = SaveInvoice(None, self.id, number, date(2026, 3, 1), lines, **values)
        made = self.desk.ask(request).invoice
        assert made is not None
        return made


def buy(desk: Desk, *, supplier: str = "Dell", state: str = "ordered", number: int | None = None) -> Bought:
    """A purchase of laptops, seats and a service, as it is once it was ordered."""
    number = number or ticket(desk)
    with desk.writing() as session:
        seller = Supplier(name=supplier)
        licence = Licence(name=f"Office {supplier}", seats=5, created_at=desk.now, updated_at=desk.now)
        session.add_all((seller, licence))
        session.flush()
        purchase = Purchase(
            ticket_id=number,
            title="Laptops",
            state=state,
            supplier_id=seller.id,
            currency="EUR",
            order_number="PO-7",
            ordered_on=ORDERED,
            created_at=desk.now,
            updated_at=desk.now,
        )
        session.add(purchase)
        session.flush()
        assert purchase.id is not None
        lines = [
            PurchaseLine(
                purchase_id=purchase.id,
                position=0,
                article="ThinkPad T14",
                quantity=3,
                unit_cost=Decimal("1299.90"),
                makes="asset",
                asset_type="Laptop",
            ),
            PurchaseLine(
                purchase_id=purchase.id,
                position=1,
                article="Office seats",
                quantity=10,
                unit_cost=Decimal(49),
                makes="seats",
                licence_id=licence.id,
            ),
            PurchaseLine(
                purchase_id=purchase.id,
                position=2,
                article="Setting up",
                quantity=1,
                unit_cost=Decimal(400),
            ),
        ]
        session.add_all(lines)
        session.flush()
        ids = [line.id or 0 for line in lines]
        return Bought(desk, purchase.id, number, *ids, licence.id or 0, seller.id or 0)


def tagged(desk: Desk, tag: str, kind: str = "Laptop", serial: str = "") -> int:
    """An asset that is there already."""
    with desk.writing() as session:
        asset = Asset(
            tag=tag, name="Old one", type=kind, serial=serial, created_at=desk.now, updated_at=desk.now
        )
        session.add(asset)
        session.flush()
        assert asset.id is not None
        return asset.id
