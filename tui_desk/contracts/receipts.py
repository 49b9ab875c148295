"""What comes of an ordered purchase: deliveries, and the assets and seats they make."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.invoices import CheckedLineView, InvoiceView
from tui_desk.contracts.tasks import RowChanged
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import PurchaseState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class ReceivedAsset:
    """An asset that a receipt made, as it is now; ``tag`` is empty for one that is gone."""

    id: int
    tag: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptLineView:
    line_id: int
    number: int
    """The line's number in the purchase, from 1."""
    article: str
    quantity: int
    assets: tuple[ReceivedAsset, ...]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    id: int
    purchase_id: int
    received_on: date
    agent: str
    note: str
    created_at: datetime
    lines: tuple[ReceiptLineView, ...]


@dataclass(frozen=True, slots=True)
class DeliveryLineView:
    """A line of the purchase and how far it is. Quantities are pieces; ``left``: still to come."""

    id: int
    number: int
    article: str
    makes: str
    """asset, seats, or nothing."""
    asset_type: str
    licence: str
    ordered: int
    received: int
    left: int
    invoiced: int
    """By invoices that were not refused."""
    unit_cost: Decimal
    next_tag: str
    """The first free tag for an asset of it; empty where it makes none."""


@dataclass(frozen=True, slots=True)
class DeliveriesView:
    """Everything about a purchase from its order on. ``check`` compares all that was invoiced with what was ordered and received."""

    purchase_id: int
    ticket: int
    title: str
    state: PurchaseState
    supplier: str
    currency: str
    digits: int
    """Digits behind the point that the currency has."""
    requester: str
    """Who gets what is bought; empty for nobody."""
    lines: tuple[DeliveryLineView, ...]
    receipts: tuple[ReceiptView, ...]
    invoices: tuple[InvoiceView, ...]
    check: tuple[CheckedLineView, ...]


@dataclass(frozen=True, slots=True)
class ShowDeliveries(Request[DeliveriesView]):
    purchase_id: int


@dataclass(frozen=True, slots=True)
class ReceiveLine:
    """So many pieces of a line came. ``tags`` and ``serials`` in the order of the assets; where tags are missing, the next free ones are
    taken. ``seen``: what had been received before as far as whoever asks knows; None: not checked."""

    line_id: int
    quantity: int
    tags: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiveGoods(Request["Received"]):
    """Write down a delivery. ``to_requester``: assets are in use by whom the purchase is for, else in stock.
    ``surplus``: more than was ordered is taken as well. ``received_on`` None: today."""

    purchase_id: int
    lines: tuple[ReceiveLine, ...]
    received_on: date | None = None
    note: str = ""
    to_requester: bool = False
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class Received(FieldChanged):
    receipt: ReceiptView
    state: PurchaseState
    """Of the purchase now."""


@dataclass(frozen=True, slots=True)
class ClosePurchase(Request[RowChanged]):
    """Nothing more is waited for, although not everything came or was paid. ``reason`` is required, and kept."""

    id: int
    reason: str
