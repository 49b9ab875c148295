"""Purchases of a ticket, who sells, who pays: from the request to the order. Receipts and invoices: ``contracts.receipts``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.purchase_view import BudgetView, PurchaseView
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.enums import PurchaseState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class SupplierView:
    id: int
    name: str
    email: str
    """Where orders go."""
    phone: str
    customer_number: str
    """Ours, with them."""
    notes: str
    active: bool
    version: int
    purchases: int = 0
    """How many were ever asked of it."""


@dataclass(frozen=True, slots=True)
class ListSuppliers(Request[tuple[SupplierView, ...]]):
    """By name; ``query``: words in name, address, customer number or notes."""

    query: str = ""
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class ShowSupplier(Request[SupplierView]):
    name: str


@dataclass(frozen=True, slots=True)
class SaveSupplier(Request[SupplierView]):
    """Make a supplier (``id`` None) or change one."""

    id: int | None
    name: str
    email: str = ""
    phone: str = ""
    customer_number: str = ""
    notes: str = ""
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class CostCentreView:
    id: int
    code: str
    name: str
    budget: Decimal | None
    """For a calendar year; None: no limit."""
    currency: str
    active: bool
    version: int
    use: BudgetView


@dataclass(frozen=True, slots=True)
class ListCostCentres(Request[tuple[CostCentreView, ...]]):
    """By code. ``year`` 0: the present one."""

    inactive: bool = False
    year: int = 0


@dataclass(frozen=True, slots=True)
class ShowCostCentre(Request[CostCentreView]):
    code: str
    year: int = 0


@dataclass(frozen=True, slots=True)
class SaveCostCentre(Request[CostCentreView]):
    """Make a cost centre (``id`` None) or change one."""

    id: int | None
    code: str
    name: str = ""
    budget: Decimal | None = None
    currency: str = "EUR"
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as somebody writes it. ``id`` names the line that is changed; None: a new one.

    ``currency``: typed beside the price; another one than the purchase's is refused. ``licence`` is its name.
    """

    article: str
    quantity: int
    unit_cost: Decimal
    article_number: str = ""
    makes: str = ""
    asset_type: str = ""
    licence: str = ""
    currency: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ListPurchases(Request[tuple[PurchaseView, ...]]):
    """Newest first, those with something left to do before the others. ``states`` none: of every state.

    ``query``: words in title, supplier, order number, cost centre, articles or the ticket's subject.
    """

    states: tuple[PurchaseState, ...] = ()
    open: bool = False
    """Only those with something left to do."""
    query: str = ""
    ticket: int | None = None
    supplier: str = ""
    cost_centre: str = ""
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ShowPurchase(Request[PurchaseView]):
    id: int


@dataclass(frozen=True, slots=True)
class NewPurchase(Request[RowChanged]):
    """Ask for something to be bought. ``supplier``, ``cost_centre`` (its code) and ``requester`` (address or exact name) are texts.

    ``currency`` empty: the cost centre's, else the desk's. ``requester`` empty: the ticket's. ``id`` of the answer is the purchase's.
    """

    number: int
    title: str
    lines: tuple[LineInput, ...] = ()
    supplier: str = ""
    cost_centre: str = ""
    currency: str = ""
    requester: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class SavePurchase(Request[RowChanged]):
    """Change some of a purchase that is not ordered yet: ``None`` leaves it alone, the empty text clears.

    ``lines`` are all it has from now on, in order. What was decided about something else does not count any more:
    ``warnings`` of the answer say so.
    """

    id: int
    version: int = 0
    title: str | None = None
    lines: tuple[LineInput, ...] | None = None
    supplier: str | None = None
    cost_centre: str | None = None
    currency: str | None = None
    requester: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class AskPurchase(Request[RowChanged]):
    """Ask for the approval that its total needs; where it needs none, it is approved at once. ``chain``: by hand, where none applies."""

    id: int
    chain: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class OrderPurchase(Request[RowChanged]):
    """Order an approved purchase. ``order_number`` empty: the next of the desk's scheme; ``ordered_on`` None: today.

    ``mail``: send the order to the supplier, held for the undo window like any mail; ``note`` stands below the table.
    """

    id: int
    order_number: str = ""
    ordered_on: date | None = None
    mail: bool = False
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What an order would be: its number, and the mail to the supplier. ``problem``: why no mail can be sent; empty where one can."""

    order_number: str
    to: str
    subject: str
    body: str
    problem: str
    notice: str
    """What is to be known of the way it goes, such as that no answer comes back."""


@dataclass(frozen=True, slots=True)
class DraftOrder(Request[OrderDraft]):
    """What :class:`OrderPurchase` would do, before it is done."""

    id: int
    order_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CancelPurchase(Request[RowChanged]):
    """Nothing is bought. ``reason`` is required. A question that waits is taken back."""

    id: int
    reason: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    name: str
    digits: int


@dataclass(frozen=True, slots=True)
class PurchaseSettings:
    order_numbers: str
    """Such as ``PO-{year}-{number}``."""
    currency: str
    """Of new purchases whose cost centre says nothing else."""


@dataclass(frozen=True, slots=True)
class ShowPurchaseSettings(Request[PurchaseSettings]):
    pass


@dataclass(frozen=True, slots=True)
class SavePurchaseSettings(Request[PurchaseSettings]):
    """``None`` leaves a value alone."""

    order_numbers: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class PurchaseChoices:
    """What a purchase can name: for forms, which check while one types."""

    suppliers: tuple[SupplierView, ...]
    cost_centres: tuple[CostCentreView, ...]
    currencies: tuple[Currency, ...]
    asset_types: tuple[str, ...]
    licences: tuple[str, ...]
    settings: PurchaseSettings


@dataclass(frozen=True, slots=True)
class ShowPurchaseChoices(Request[PurchaseChoices]):
    pass
