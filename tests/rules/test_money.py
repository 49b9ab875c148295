"""Amounts as people type them: read exactly, in one way or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.errors import UsageError
from tui_desk.rules.money import LARGEST, amount_text, exact, read_money, read_quantity, typed_text

AMOUNTS = st.decimals(min_value=0, max_value=LARGEST - 1, places=4)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1299", "1299"),
        ("1299.90", "1299.90"),
        ("1299,90", "1299.90"),
        ("1.299,00", "1299"),
        ("1,299.00", "1299"),
        ("1'299.00", "1299"),
        ("1’299.50", "1299.50"),
        ("1 299,5", "1299.5"),
        ("1\u202f299,50", "1299.50"),
        ("1299.-", "1299"),
        ("1299,--", "1299"),
        ("1.299,–", "1299"),
        ("12.345.678", "12345678"),
        ("12,34,567.50", "1234567.50"),
        ("1234.567", "1234.567"),
        ("0.125", "0.125"),
        (".5", "0.5"),
        ("0", "0"),
        ("-5", "-5"),
        ("−5,00", "-5"),
        (" 7 ", "7"),
    ],
)
def test_what_people_write(typed: str, amount: str) -> None:
    assert read_money(typed) == (Decimal(amount), "")


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("1299 EUR", "1299", "EUR"),
        ("eur 1.299,00", "1299", "EUR"),
        ("€12", "12", "EUR"),
        ("12,50 €", "12.50", "EUR"),
        ("-€5", "-5", "EUR"),
        ("£ 9.99", "9.99", "GBP"),
        ("CHF 1'299.-", "1299", "CHF"),
    ],
)
def test_with_a_currency(typed: str, amount: str, currency: str) -> None:
    assert read_money(typed) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "abc",
        "EUR",
        "1.2.3",
        "1,2,3",
        "1e5",
        "١٢",
        "5-",
        "--5",
        "EUR 5 USD",
        "€5 EUR",
        "€€5",
        "1 2",
        "1.23.4567",
        "1,00.50",
    ],
)
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(UsageError):
        read_money(typed)


@pytest.mark.parametrize("typed", ["1.299", "1,299", "80.500", "999,999"])
def test_what_can_be_two_amounts_names_both(typed: str) -> None:
    with pytest.raises(UsageError, match=r"can be \d+ or \d+\.\d{3}") as refused:
        read_money(typed)
    both = str(refused.value).partition("write ")[2].rstrip(".").split(" or ")
    assert [read_money(one).amount for one in both] == [
        Decimal(typed.replace(".", "").replace(",", "")),
        Decimal(typed.replace(",", ".")),
    ]


def test_signs_of_several_currencies_and_sizes() -> None:
    with pytest.raises(UsageError, match="several currencies"):
        read_money("$5")
    with pytest.raises(UsageError, match="too large"):
        read_money("9" * 14)
    with pytest.raises(UsageError, match="four digits"):
        read_money("0.00001")


@given(AMOUNTS, st.integers(0, 4))
def test_what_is_written_is_read_back(amount: Decimal, digits: int) -> None:
    assert read_money(typed_text(amount, digits)).amount == amount
    assert exact(amount, digits) == amount
    assert Decimal(amount_text(amount, digits=digits)) == amount


@given(
    st.integers(0, 10**9),
    st.integers(0, 99),
    st.sampled_from([(".", ","), (",", "."), ("'", "."), (" ", ",")]),
)
def test_grouped_by_thousands_in_any_land(whole: int, cents: int, marks: tuple[str, str]) -> None:
    grouped = f"{whole:,}".replace(",", marks[0])
    assert read_money(f"{grouped}{marks[1]}{cents:02}").amount == Decimal(f"{whole}.{cents:02}")


@given(st.text(max_size=80))
def test_any_text_is_an_amount_or_a_sentence(text: str) -> None:
    try:
        amount, currency = read_money(text)
    except UsageError:
        return
    assert amount.is_finite()
    assert abs(amount) < LARGEST
    assert currency == "" or (len(currency) == 3 and currency.isupper())


def test_quantities() -> None:
    assert (read_quantity("3"), read_quantity("-2")) == (3, -2)
    for typed in ("", "1.5", "x", "9" * 10):
        with pytest.raises(UsageError):
            read_quantity(typed)
