"""What was ordered, received and invoiced, as properties; the life of an invoice; how far an order is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import InvoiceState
from tui_desk.core.words import word
from tui_desk.rules.three_way import INVOICE_STATES, CheckedLine, InvoicedLine, OrderedLine, compare, stage

MONEY = st.decimals(min_value=0, max_value=100_000, places=4)
PIECES = st.integers(min_value=0, max_value=500)
IDS = st.integers(min_value=1, max_value=6)
ORDERED = st.lists(
    st.builds(OrderedLine, IDS, st.integers(min_value=1, max_value=500), MONEY),
    min_size=1,
    max_size=6,
    unique_by=lambda line: line.id,
)
BY_LINE = st.dictionaries(IDS, PIECES)
INVOICED = st.lists(
    st.builds(InvoicedLine, st.none() | IDS, st.integers(min_value=1, max_value=500), MONEY), max_size=8
)


def total(invoiced: list[InvoicedLine]) -> Decimal:
    return sum((line.total for line in invoiced), Decimal(0))


@given(ORDERED, BY_LINE, INVOICED, BY_LINE)
def test_nothing_that_is_invoiced_gets_lost(
    ordered: list[OrderedLine], received: dict[int, int], invoiced: list[InvoicedLine], before: dict[int, int]
) -> None:
    rows = compare(ordered, received, invoiced, before)
    assert sum((row.total for row in rows), Decimal(0)) == total(invoiced)
    assert sum(row.invoiced for row in rows) == sum(line.quantity for line in invoiced)
    assert [row.line_id for row in rows[: len(ordered)]] == [line.id for line in ordered]
    assert all(row.line_id is None and row.differences == {"not_ordered"} for row in rows[len(ordered) :])


@given(ORDERED, BY_LINE, INVOICED, BY_LINE)
def test_without_differences_exactly_what_is_expected_is_asked_for(
    ordered: list[OrderedLine], received: dict[int, int], invoiced: list[InvoicedLine], before: dict[int, int]
) -> None:
    for row in compare(ordered, received, invoiced, before):
        if not row.differences:
            assert row.difference == 0
            assert row.not_received == row.over_ordered == 0
        assert row.expected >= 0
        if row.difference < 0:
            assert "price" in row.differences


@given(ORDERED, BY_LINE, INVOICED, BY_LINE)
def test_each_difference_says_what_it_is(
    ordered: list[OrderedLine], received: dict[int, int], invoiced: list[InvoicedLine], before: dict[int, int]
) -> None:
    for row in compare(ordered, received, invoiced, before):
        if row.line_id is None:
            continue
        assert ("not_received" in row.differences) == (row.not_received > 0)
        assert ("over_ordered" in row.differences) == (row.over_ordered > 0)
        assert ("price" in row.differences) == any(cost != row.unit_cost for cost in row.unit_costs)
        assert 0 <= row.not_received <= row.invoiced
        assert 0 <= row.over_ordered <= row.invoiced


@given(ORDERED)
def test_what_was_ordered_and_came_and_is_invoiced_as_ordered_is_right(ordered: list[OrderedLine]) -> None:
    all_of_it = {line.id: line.quantity for line in ordered}
    rows = compare(
        ordered, all_of_it, [InvoicedLine(line.id, line.quantity, line.unit_cost) for line in ordered]
    )
    assert not any(row.differences for row in rows)
    again = compare(
        ordered, all_of_it, [InvoicedLine(line.id, 1, line.unit_cost) for line in ordered], all_of_it
    )
    assert all(row.differences == {"over_ordered", "not_received"} for row in again)


@given(ORDERED, BY_LINE, INVOICED, st.data())
def test_in_parts_it_is_as_much_as_at_once(
    ordered: list[OrderedLine], received: dict[int, int], invoiced: list[InvoicedLine], data: st.DataObject
) -> None:
    """Two invoices, checked one after the other, are expected to come to what one is: no piece is expected twice."""
    cut = data.draw(st.integers(min_value=0, max_value=len(invoiced)))
    first, second = invoiced[:cut], invoiced[cut:]
    before: dict[int, int] = {}
    for line in first:
        if line.line_id is not None:
            before[line.line_id] = before.get(line.line_id, 0) + line.quantity

    def expected(rows: tuple[CheckedLine, ...]) -> Decimal:
        return sum((row.expected for row in rows), Decimal(0))

    parts = expected(compare(ordered, received, first)) + expected(compare(ordered, received, second, before))
    assert parts == expected(compare(ordered, received, invoiced))


def test_a_laptop_too_dear_and_one_too_many() -> None:
    ordered = [OrderedLine(1, 3, Decimal("1299.90"))]
    (row,) = compare(ordered, {1: 2}, [InvoicedLine(1, 4, Decimal("1310.00"))])
    assert row.differences == {"over_ordered", "not_received", "price"}
    assert (row.not_received, row.over_ordered) == (2, 1)
    assert (row.expected, row.total, row.difference) == (
        Decimal("2599.80"),
        Decimal("5240.00"),
        Decimal("2640.20"),
    )


def test_an_invoice_ends_paid_or_refused() -> None:
    assert set(INVOICE_STATES) == set(InvoiceState)
    assert INVOICE_STATES[InvoiceState.PAID] == frozenset()
    assert InvoiceState.PAID not in INVOICE_STATES[InvoiceState.OPEN]
    assert InvoiceState.PAID not in INVOICE_STATES[InvoiceState.REFUSED]


@given(BY_LINE.filter(lambda lines: any(lines.values())), BY_LINE, BY_LINE, BY_LINE)
def test_an_order_goes_only_as_far_as_its_slowest_line(
    ordered: dict[int, int], received: dict[int, int], invoiced: dict[int, int], paid: dict[int, int]
) -> None:
    reached = stage(ordered, received, invoiced, paid)
    order = ("ordered", "partly_received", "received", "invoiced", "closed")
    more = {line: count + 500 for line, count in ordered.items()}
    assert order.index(stage(ordered, more, invoiced, paid)) >= order.index(reached)
    assert stage(ordered, more, more, more) == "closed"
    assert stage(ordered, {}, invoiced, paid) == "ordered"


def test_the_manual_draws_the_table_of_states() -> None:
    page = (Path(__file__).parents[2] / "docs" / "work.md").read_text(encoding="utf-8")
    begin = page.index("| state of an invoice | may become |")
    drawn = [line.strip("| ").split(" | ") for line in page[begin:].split("\n\n")[0].splitlines()[2:]]
    assert drawn == [
        [word(state), ", ".join(sorted(word(one) for one in after)) or "–"]
        for state, after in INVOICE_STATES.items()
    ]
