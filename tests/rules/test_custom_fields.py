"""How values of one's own fields are read: numbers as people write them, days, choices; nothing is guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import FieldKind
from tui_desk.core.errors import UsageError
from tui_desk.rules.custom_fields import (
    RESERVED,
    applies,
    checked_choices,
    checked_name,
    number_text,
    read_choice,
    read_field_day,
    read_number,
    read_text,
)
from tui_desk.rules.query import FIELDS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NUMBERS = st.decimals(min_value=-(10**11) + 1, max_value=10**11 - 1, places=4)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", "12"),
        (" -3.5 ", "-3.5"),
        ("−3,5", "-3.5"),
        ("+7", "7"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1249.90", "1249.90"),
        ("1249,9", "1249.9"),
        ("1,249.90", "1249.90"),
        ("1.249,90", "1249.90"),
        ("1 249,90", "1249.90"),
        ("1\u202f249\u00a0000", "1249000"),
        ("1'249.5", "1249.5"),
        ("1.249.000", "1249000"),
        ("1,249,000", "1249000"),
        ("1,249,000.5", "1249000.5"),
        ("1249.500", "1249.5"),
        ("1.2490", "1.249"),
        (".5", "0.5"),
        ("-0", "0"),
    ],
)
def test_numbers_as_people_write_them(typed: str, meant: str) -> None:
    assert read_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1,249", "1.249", "-12.345", "999,000", "+1,000"])
def test_a_number_that_can_be_two_is_refused_with_both(typed: str) -> None:
    with pytest.raises(UsageError, match="can be two numbers") as told:
        read_number(typed)
    one, other = told.value.hint.removeprefix("Write ").rstrip(".").split(" or ")
    assert {read_number(one), read_number(other)} == {
        Decimal(typed.replace(",", "").replace(".", "")),
        Decimal(typed.replace(",", ".")),
    }


@pytest.mark.parametrize(
    "typed",
    [
        *"x,1e5,NaN,Infinity,1.2.3,1..2,--1,1-,12.34.567,1.24.000,0x10,1_000,¹,٣,1 24,€5,5 %".split(","),
        *("1,2,3", "1,24,000", "1,2.3", "1.249,90,1", "", " ", ".", "-", "1 2 3", "9" * 14, "0.00001"),
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        read_number(typed)


@given(NUMBERS)
def test_a_number_that_is_shown_is_read_again(number: Decimal) -> None:
    assert read_number(number_text(number)) == number


@given(NUMBERS)
def test_both_ways_of_writing_give_the_same(number: Decimal) -> None:
    english = f"{number:,.4f}"
    german = english.replace(",", "\0").replace(".", ",").replace("\0", ".")
    assert read_number(english) == read_number(german) == number


@given(st.text(max_size=30))
def test_reading_never_fails_in_another_way(typed: str) -> None:
    for read in (read_number, read_text, lambda text: read_field_day(text, NOW, UTC)):
        with suppress(UsageError):
            value = read(typed)
            if isinstance(value, Decimal):
                assert read_number(number_text(value)) == value
    with suppress(UsageError):
        assert checked_name(typed) == typed.strip()


def test_days_have_no_hour() -> None:
    assert read_field_day("2026-12-01", NOW, UTC).isoformat() == "2026-12-01"
    assert read_field_day("fri", NOW, UTC).isoformat() == "2026-03-06"
    for wrong in ("tomorrow 9:30", "2026-12-01 10:00", "in 2h", "1/2", "2026-02-30", "", "yesterday"):
        with pytest.raises(UsageError):
            read_field_day(wrong, NOW, UTC)


def test_choices_are_known_again_whatever_their_case() -> None:
    assert read_choice(" b ", ["A", "B"]) == "B"
    assert read_choice("old", ["A"], "Old") == "Old"
    with pytest.raises(UsageError, match="none of its values"):
        read_choice("C", ["A", "B"])
    assert checked_choices(FieldKind.CHOICE, ["A", " ", "B "]) == ["A", "B"]
    for kind, typed in ((FieldKind.CHOICE, ["A", "a"]), (FieldKind.CHOICE, []), (FieldKind.TEXT, ["A"])):
        with pytest.raises(UsageError):
            checked_choices(kind, typed)


def test_names_and_types() -> None:
    assert checked_name(" cost_group2 ") == "cost_group2"
    assert set(FIELDS) <= RESERVED
    for wrong in ("", "Cost", "2x", "cost-group", "größe", "status", "from", "has", "a" * 41):
        with pytest.raises(UsageError):
            checked_name(wrong)
    assert applies("", "anything")
    assert applies("Laptop", " laptop ")
    assert not applies("laptop", "")
