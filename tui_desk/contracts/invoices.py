"""Invoices of suppliers, checked against what was ordered and received."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.enums import InvoiceState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class CheckedLineView:
    """Ordered, received and invoiced of a line, in pieces and money. ``number`` is the line's in the purchase, 0 for what was not
    ordered. ``invoiced_before``: by other invoices that count before this one. ``differences``: not_ordered, over_ordered, not_received, price.
    ``difference`` is how much more than ``expected`` is asked for. ``told``: the differences in words."""

    number: int
    text: str
    ordered: int
    received: int
    invoiced_before: int
    invoiced: int
    unit_cost: Decimal | None
    unit_costs: tuple[Decimal, ...]
    expected: Decimal
    total: Decimal
    difference: Decimal
    differences: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvoiceLineView:
    id: int
    line_id: int | None
    number: int
    """Of the line in the purchase, from 1; 0 for what was not ordered."""
    description: str
    quantity: int
    unit_cost: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """``check`` compares this invoice; lines of the order that it does not name are left out. ``due_on`` None: at no set day."""

    id: int
    purchase_id: int
    purchase: str
    """Its title."""
    ticket: int
    supplier: str
    number: str
    invoiced_on: date
    due_on: date | None
    currency: str
    digits: int
    """Digits behind the point that the currency has."""
    state: InvoiceState
    note: str
    lines: tuple[InvoiceLineView, ...]
    total: Decimal
    expected: Decimal
    check: tuple[CheckedLineView, ...]
    overdue: bool
    """Neither paid nor refused, and its day has passed."""
    version: int


@dataclass(frozen=True, slots=True)
class ListInvoices(Request[tuple[InvoiceView, ...]]):
    """Invoices, first due first. ``everything``: paid and refused ones too."""

    purchase_id: int | None = None
    query: str = ""
    """Words in number, supplier or purchase."""
    everything: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ShowInvoice(Request[InvoiceView]):
    id: int


@dataclass(frozen=True, slots=True)
class InvoiceLineInput:
    """``line_id`` None: not ordered, then ``description`` says what it is. ``unit_cost`` is without tax where the order's is."""

    line_id: int | None
    quantity: int
    unit_cost: Decimal
    description: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceChanged(RowChanged):
    """``id`` is the invoice's."""

    invoice: InvoiceView | None = None


@dataclass(frozen=True, slots=True)
class SaveInvoice(Request[InvoiceChanged]):
    """Write an invoice down (``id`` None), or change one that is open: ``lines`` are all it has from then on."""

    id: int | None
    purchase_id: int
    number: str
    invoiced_on: date
    lines: tuple[InvoiceLineInput, ...]
    due_on: date | None = None
    currency: str = ""
    """Empty: that of the order."""
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class DecideInvoice(Request[InvoiceChanged]):
    """Accept, refuse, pay or open an invoice again. ``reason`` is needed to accept one with differences and to refuse; it is kept."""

    id: int
    state: InvoiceState
    reason: str = ""
    version: int = 0
