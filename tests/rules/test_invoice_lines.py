"""Lines of invoices as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.errors import UsageError
from tui_desk.rules.invoice_lines import InvoiceLineText, invoice_line_of, read_invoice_line

MONEY = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1: 3 @ 1299.90", InvoiceLineText(1, 3, Decimal("1299.9"))),
        ("1=3@1.299,90 €", InvoiceLineText(1, 3, Decimal("1299.9"), currency="EUR")),
        ("#2: 10", InvoiceLineText(2, 10, None)),
        ("2: 10 x @ 49 | Office seats @ home", InvoiceLineText(2, 10, Decimal(49))),
        ("Freight @ 19.90", InvoiceLineText(None, 1, Decimal("19.9"), "Freight")),
        ("2 x Pallet @ 8", InvoiceLineText(None, 2, Decimal(8), "Pallet")),
        ("Discount @ -50.00", InvoiceLineText(None, 1, Decimal(-50), "Discount")),
    ],
)
def test_what_is_meant(typed: str, meant: InvoiceLineText) -> None:
    assert read_invoice_line(typed) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Freight", "is no line"),
        ("", "is no line"),
        ("@ 5", "is no line"),
        ("1: 0 @ 5", "At least one piece"),
        ("1: -2 @ 5", "At least one piece"),
        ("1: @ 5", "not a number of pieces"),
        ("1: 2 @ -5", "no price below zero"),
        ("1: 2 @ 1.299", "can be"),
        ("0 x Pallet @ 5", "At least one piece"),
    ],
)
def test_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_invoice_line(typed)


PIECES = st.integers(1, 10**6)
NAMES = st.text("abc xX3", min_size=1).map(str.strip).filter(bool)
ORDERED = st.tuples(st.integers(1, 9999), PIECES, st.none() | MONEY, st.just(""), st.just(""))
NOT_ORDERED = st.tuples(st.none(), PIECES, MONEY, NAMES, st.just(""))


@given((ORDERED | NOT_ORDERED).map(InvoiceLineText._make))
def test_written_and_read_again(line: InvoiceLineText) -> None:
    again = read_invoice_line(invoice_line_of(line, article="An article @ 5 | x"))
    assert again == line


@given(st.text(max_size=60))
def test_anything_is_read_or_named(typed: str) -> None:
    try:
        line = read_invoice_line(typed)
    except UsageError:
        return
    assert line.quantity >= 1
