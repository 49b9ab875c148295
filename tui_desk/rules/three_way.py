"""The three-way check of an invoice: what was ordered, what was received, what is invoiced, line by line. Pure.

Also the life of an invoice, as a table; ``docs/work.md`` draws it from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tui_desk.core.enums import InvoiceState

INVOICE_STATES: dict[InvoiceState, frozenset[InvoiceState]] = {
    InvoiceState.OPEN: frozenset({InvoiceState.ACCEPTED, InvoiceState.REFUSED}),
    InvoiceState.ACCEPTED: frozenset({InvoiceState.OPEN, InvoiceState.PAID}),
    InvoiceState.REFUSED: frozenset({InvoiceState.OPEN}),
    InvoiceState.PAID: frozenset(),
}
"""Only an open invoice is changed; an accepted or refused one is opened again for that."""

Difference = Literal["not_ordered", "over_ordered", "not_received", "price"]


@dataclass(frozen=True, slots=True)
class OrderedLine:
    id: int
    quantity: int
    unit_cost: Decimal


@dataclass(frozen=True, slots=True)
class InvoicedLine:
    """``line_id`` is that of the ordered line; None for what was not ordered, such as freight."""

    line_id: int | None
    quantity: int
    unit_cost: Decimal

    @property
    def total(self) -> Decimal:
        return self.quantity * self.unit_cost


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """An ordered line beside what came of it and what is asked for it; or (``line_id`` None) something that was not ordered.

    ``invoiced_before``: by other invoices that were not refused. ``unit_costs``: those invoiced, without repetition, the lowest first.
    ``expected`` is what this invoice may ask for: what was ordered and received and nobody asked for before, at the price of the order.
    """

    line_id: int | None
    ordered: int
    received: int
    invoiced_before: int
    invoiced: int
    unit_cost: Decimal | None
    unit_costs: tuple[Decimal, ...]
    expected: Decimal
    total: Decimal
    differences: frozenset[Difference]

    @property
    def difference(self) -> Decimal:
        """How much more (or, negative, less) is asked for than expected."""
        return self.total - self.expected

    @property
    def not_received(self) -> int:
        """Pieces that are invoiced by now without having come."""
        return max(0, min(self.invoiced, self.invoiced_before + self.invoiced - self.received))

    @property
    def over_ordered(self) -> int:
        """Pieces that are invoiced by now without having been ordered."""
        return max(0, min(self.invoiced, self.invoiced_before + self.invoiced - self.ordered))


def compare(
    ordered: Sequence[OrderedLine],
    received: Mapping[int, int],
    invoiced: Sequence[InvoicedLine],
    before: Mapping[int, int] | None = None,
) -> tuple[CheckedLine, ...]:
    """Ordered lines in their order, then each line that was not ordered. ``received`` and ``before`` are pieces by line.

    An invoiced line that names an ordered line which is not among ``ordered`` counts as not ordered.
    """
    known = {line.id for line in ordered}
    rows = [_row(line, received, invoiced, before or {}) for line in ordered]
    return (*rows, *(_not_ordered(line) for line in invoiced if line.line_id not in known))


def _row(
    line: OrderedLine,
    received: Mapping[int, int],
    invoiced: Sequence[InvoicedLine],
    before: Mapping[int, int],
) -> CheckedLine:
    asked = [one for one in invoiced if one.line_id == line.id]
    came, earlier = received.get(line.id, 0), before.get(line.id, 0)
    pieces = sum(one.quantity for one in asked)
    due = max(0, min(line.quantity, came) - earlier)
    differences: set[Difference] = set()
    if pieces and earlier + pieces > line.quantity:
        differences.add("over_ordered")
    if pieces and earlier + pieces > came:
        differences.add("not_received")
    if any(one.unit_cost != line.unit_cost for one in asked):
        differences.add("price")
    return CheckedLine(
        line.id,
        line.quantity,
        came,
        earlier,
        pieces,
        line.unit_cost,
        tuple(sorted({one.unit_cost for one in asked})),
        min(pieces, due) * line.unit_cost,
        sum((one.total for one in asked), Decimal(0)),
        frozenset(differences),
    )


def _not_ordered(line: InvoicedLine) -> CheckedLine:
    return CheckedLine(
        None,
        0,
        0,
        0,
        line.quantity,
        None,
        (line.unit_cost,),
        Decimal(0),
        line.total,
        frozenset({"not_ordered"}),
    )


def stage(
    ordered: Mapping[int, int],
    received: Mapping[int, int],
    invoiced: Mapping[int, int],
    paid: Mapping[int, int],
) -> Literal["ordered", "partly_received", "received", "invoiced", "closed"]:
    """How far an order is. All are pieces by line; ``invoiced`` by invoices that were not refused, ``paid`` by paid ones."""
    if not all(received.get(line, 0) >= quantity for line, quantity in ordered.items()):
        return "partly_received" if any(received.get(line, 0) > 0 for line in ordered) else "ordered"
    if not all(invoiced.get(line, 0) >= quantity for line, quantity in ordered.items()):
        return "received"
    if not all(paid.get(line, 0) >= quantity for line, quantity in ordered.items()):
        return "invoiced"
    return "closed"
