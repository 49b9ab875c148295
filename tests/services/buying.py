"""A desk that buys: a supplier, a cost centre with a budget, limits, and a purchase of a ticket."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlmodel import select

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.approvals import DecideApproval, SaveChain, StepInput
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.purchases import (
    AskPurchase,
    LineInput,
    NewPurchase,
    SaveCostCentre,
    SaveSupplier,
    ShowPurchase,
)
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import PurchaseState
from tui_desk.models import Purchase, PurchaseLine
from tui_desk.services import audit

LAPTOPS = LineInput("Laptop 14", 2, Decimal("1299.00"), "L-14", "asset", "Laptop")
MICE = LineInput("Mouse", 3, Decimal("19.90"))
TOTAL = Decimal("2657.70")
ORDERS = "orders@acme.test"


def shop(desk: Desk, *, budget: Decimal | None = Decimal(10_000), limits: bool = True) -> None:
    """ACME sells, IT pays; Sue decides above 100 EUR, Root above 5000."""
    desk.ask(SaveSupplier(None, "ACME", ORDERS, customer_number="C-77"), desk.root)
    desk.ask(SaveCostCentre(None, "IT", "Computers", budget, "EUR"), desk.root)
    if limits:
        desk.ask(SaveChain("Small", (StepInput(("sue",)),), Decimal(100), "EUR"), desk.root)
        desk.ask(SaveChain("Large", (StepInput(("root",)),), Decimal(5000), "EUR"), desk.root)


def request(desk: Desk, *lines: LineInput, **values: Any) -> PurchaseView:
    """A purchase that Ana writes down."""
    number = values.pop("number", 0) or ticket(desk)
    given = {"title": "Laptops", "supplier": "ACME", "cost_centre": "IT", **values}
    done = desk.ask(NewPurchase(number, lines=lines or (LAPTOPS, MICE), **given))
    return show(desk, done.id)


def show(desk: Desk, purchase_id: int) -> PurchaseView:
    return desk.ask(ShowPurchase(purchase_id))


def asked(desk: Desk, *lines: LineInput, **values: Any) -> PurchaseView:
    """The same, waiting for its approval."""
    made = request(desk, *lines, **values)
    desk.ask(AskPurchase(made.id))
    return show(desk, made.id)


def decide(desk: Desk, purchase: PurchaseView, login: str = "sue", *, yes: bool = True) -> PurchaseView:
    """The decision about it, as it is now."""
    approval = show(desk, purchase.id).approval
    assert approval is not None
    desk.ask(DecideApproval(approval.id, yes), desk.actors[login])
    return show(desk, purchase.id)


def approved(desk: Desk, *lines: LineInput, **values: Any) -> PurchaseView:
    """The same, approved by Sue."""
    found = decide(desk, asked(desk, *lines, **values))
    assert found.state is PurchaseState.APPROVED
    return found


def sentences(desk: Desk, number: int) -> list[str]:
    """The history of a ticket."""
    return [event.sentence for event in desk.ask(ShowTicket(number)).events]


def verified(desk: Desk) -> None:
    """No history has a broken link."""
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def purchase_rows(desk: Desk) -> int:
    """How many purchases and lines there are."""
    with desk.database.reading() as session:
        return len(session.exec(select(Purchase)).all()) + len(session.exec(select(PurchaseLine)).all())
