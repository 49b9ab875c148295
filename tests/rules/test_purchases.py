"""The life of a purchase, the chain a total asks for, the numbers of orders, a line as it is written."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import UsageError
from tui_desk.core.words import word
from tui_desk.rules.money import LARGEST
from tui_desk.rules.purchase_lines import LineText, line_of, read_line
from tui_desk.rules.purchases import (
    ASKABLE,
    CANCELLABLE,
    EDITABLE,
    OPEN,
    ORDERED,
    TRANSITIONS,
    Limit,
    chain_for,
    checked_scheme,
    lacks_currency,
    may_follow,
    next_number,
    total_of,
)

S = PurchaseState
TEXT = (
    st.text(
        st.characters(codec="ascii", categories=("L", "N", "Zs"), exclude_characters="|@="),
        min_size=1,
        max_size=30,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


def test_every_state_has_its_rules() -> None:
    assert set(TRANSITIONS) == set(S)
    for state in S:
        assert may_follow(state, state)
        if state in ASKABLE:
            assert {S.WAITING, S.APPROVED} <= TRANSITIONS[state]
        if state in CANCELLABLE and state is not S.WAITING:  # what waits is taken back first
            assert S.CANCELLED in TRANSITIONS[state]
    assert not EDITABLE & ORDERED
    assert set(S) - {S.CLOSED, S.CANCELLED} == OPEN
    reached, todo = set(), {S.DRAFT}
    while todo:
        state = todo.pop()
        reached.add(state)
        todo |= TRANSITIONS[state] - reached
    assert reached == set(S)
    assert [state for state in S if S.ORDERED in TRANSITIONS[state]] == [
        S.APPROVED,
        S.PARTLY_RECEIVED,
        S.RECEIVED,
    ]


def test_the_documents_draw_them() -> None:
    page = (Path(__file__).parents[2] / "docs" / "work.md").read_text(encoding="utf-8")
    for state, after in TRANSITIONS.items():
        names = ", ".join(sorted(word(one) for one in after)) or "–"
        assert f"| {word(state)} | {names} |" in page


def limit(number: int, above: str, currency: str = "EUR", centre: int | None = None) -> Limit:
    return Limit(number, Decimal(above), currency, centre)


LIMITS = (limit(1, "100"), limit(2, "5000"), limit(3, "0", centre=7), limit(4, "100", "USD"))


@pytest.mark.parametrize(
    ("total", "currency", "centre", "over", "chosen"),
    [
        ("100", "EUR", None, False, None),
        ("100.01", "EUR", None, False, 1),
        ("5000", "EUR", None, False, 1),
        ("5000.0001", "EUR", 8, False, 2),
        ("6000", "EUR", 7, False, 3),
        ("0", "EUR", 7, False, None),
        ("1", "EUR", None, True, 2),
        ("101", "USD", None, False, 4),
        ("1000000", "CHF", None, False, None),
    ],
)
def test_the_total_chooses_the_chain(
    total: str, currency: str, centre: int | None, over: bool, chosen: int | None
) -> None:
    found = chain_for(LIMITS, Decimal(total), currency, centre, over_budget=over)
    assert (found.id if found else None) == chosen


def test_a_foreign_currency_is_no_way_around_limits() -> None:
    assert lacks_currency(LIMITS, "CHF", None)
    assert not lacks_currency(LIMITS, "USD", 7)
    assert not lacks_currency((), "CHF", None)
    assert not lacks_currency((limit(3, "0", centre=7),), "CHF", 8)


@given(st.lists(st.tuples(st.integers(1, 1000), st.decimals(0, 10**6, places=4)), max_size=20))
def test_totals_are_exact(lines: list[tuple[int, Decimal]]) -> None:
    cents = sum(quantity * int(cost * 10_000) for quantity, cost in lines)
    assert total_of(lines) == Decimal(cents) / 10_000


def test_numbers_of_orders() -> None:
    scheme = checked_scheme(" PO-{year}-{number} ")
    used = ["PO-2025-0099", "PO-2026-0009", "po-2026-10", "PO-2026-x", "4711", ""]
    assert next_number(scheme, 2026, used) == "PO-2026-0011"
    assert next_number("{number}", 2026, used) == "4712"
    assert next_number("B{number}/{year}", 2026, []) == "B0001/2026"
    assert next_number("a.b-{number}", 2026, ["axb-0005"]) == "a.b-0001"
    for wrong in ("", "PO", "{number}{number}", "{year}", "{number:04}", "{numb}", "x" * 60 + "{number}"):
        with pytest.raises(UsageError):
            checked_scheme(wrong)


@given(st.lists(st.integers(1, 10**6), max_size=10))
def test_a_number_is_never_given_twice(used: list[int]) -> None:
    numbers = [f"PO-2026-{one:04}" for one in used]
    assert next_number("PO-{year}-{number}", 2026, numbers) not in numbers


def test_lines_as_people_write_them() -> None:
    assert read_line('2 x Laptop 14" @ 1.299,00 | no=L-14 | asset=Laptop') == LineText(
        'Laptop 14"', 2, Decimal(1299), "L-14", "asset", "Laptop"
    )
    assert read_line("Mouse @ 19.90") == LineText("Mouse", 1, Decimal("19.9"))
    assert read_line("1 x 2 x 4 wood @ 5").article == "2 x 4 wood"
    assert read_line("5× Seats @ 3 EUR | seats=Office 365") == LineText(
        "Seats", 5, Decimal(3), makes="seats", licence="Office 365", currency="EUR"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Laptop", "no price"),
        ("@ 5", "no price"),
        ("2 x @ 5", "has a name"),
        ("0 x A @ 1", "at least 1"),
        ("-3 x A @ 1", "at least 1, not -3"),
        ("A @ -1", "not negative"),
        ("A @ 1.299", "can be 1299 or 1.299"),
        ("A @ x", "not an amount"),
        ("A @ 1 | colour=red", "not understood"),
        ("A @ 1 | asset=", "not understood"),
        ("A @ 1 | no=1 | no=2", "stands twice"),
        ("A @ 1 | asset=Laptop | seats=Office", "not both"),
    ],
)
def test_a_line_that_is_wrong_says_why(line: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_line(line)
    assert said in str(refused.value)


@given(
    TEXT,
    st.integers(1, 10**6),
    st.decimals(0, LARGEST - 1, places=4),
    st.sampled_from(["", "asset", "seats"]),
    TEXT,
    st.integers(0, 4),
)
def test_a_line_is_read_back(
    article: str, quantity: int, cost: Decimal, makes: str, name: str, digits: int
) -> None:
    line = LineText(
        article,
        quantity,
        cost,
        name,
        makes,
        name if makes == "asset" else "",
        name if makes == "seats" else "",
    )
    assert read_line(line_of(line, digits)) == line
