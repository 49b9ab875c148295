"""What a ticket, a list and a screen show of purchases."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tui_desk.contracts.approvals import ApprovalView
from tui_desk.core.enums import DeliveryState, PurchaseState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What of a cost centre's yearly budget is used. ``left`` is below zero where more was ordered than it holds."""

    year: int
    budget: Decimal | None
    """None: no limit."""
    spent: Decimal
    """Ordered in that year."""
    reserved: Decimal
    """Approved and not ordered yet."""
    currency: str

    @property
    def left(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.spent - self.reserved


@dataclass(frozen=True, slots=True)
class PurchaseLineView:
    id: int
    position: int
    article: str
    article_number: str
    quantity: int
    unit_cost: Decimal
    total: Decimal
    makes: str
    """What a receipt creates: ``asset``, ``seats``, or nothing."""
    asset_type: str
    licence_id: int | None
    licence: str
    received: int = 0
    invoiced: int = 0


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase as its screen shows it. ``warnings`` are sentences, such as that the budget is passed."""

    id: int
    name: str
    """``P12``."""
    ticket: int
    ticket_subject: str
    title: str
    state: PurchaseState
    supplier_id: int | None
    supplier: str
    supplier_email: str
    cost_centre_id: int | None
    cost_centre: str
    """Its code."""
    cost_centre_name: str
    currency: str
    digits: int
    """Digits behind the point that the currency has."""
    lines: tuple[PurchaseLineView, ...]
    total: Decimal
    requested_by_id: int | None
    requested_by: str
    requester_id: int | None
    requester: str
    """Who gets what is bought."""
    notes: str
    order_number: str
    ordered_on: date | None
    order_message_id: int | None
    order_mail: DeliveryState | None
    """What became of the order by mail; None where none was sent."""
    created_at: datetime
    updated_at: datetime
    version: int
    approval: ApprovalView | None = None
    """The last one that was asked."""
    budget: BudgetView | None = None
    warnings: tuple[str, ...] = ()
