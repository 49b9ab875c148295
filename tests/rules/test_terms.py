"""Ends, notice and renewals: days of the calendar, months of different lengths."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import ExpiryState
from tui_desk.rules.terms import (
    Term,
    add_months,
    expiry_state,
    last_notice_day,
    next_period,
    term_of,
)

TODAY = date(2026, 3, 2)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("ends_on", "state"),
    [
        (None, ExpiryState.ENDLESS),
        (TODAY - timedelta(days=1), ExpiryState.OVER),
        (TODAY, ExpiryState.ENDING),
        (TODAY + timedelta(days=90), ExpiryState.ENDING),
        (TODAY + timedelta(days=91), ExpiryState.RUNNING),
    ],
)
def test_where_an_end_stands(ends_on: date | None, state: ExpiryState) -> None:
    assert expiry_state(ends_on, TODAY) is state


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "term", "following"),
    [
        ("2026-01-01", "2026-12-31", Term(months=12), ("2027-01-01", "2027-12-31")),
        ("2026-01-15", "2027-01-15", Term(months=12, shared=True), ("2027-01-15", "2028-01-15")),
        ("2024-02-29", "2025-02-27", Term(months=12), ("2025-02-28", "2026-02-27")),
        ("2026-01-01", "2026-01-31", Term(months=1), ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-01-01", Term(days=1), ("2026-01-02", "2026-01-02")),
        ("2026-01-01", "2026-01-10", Term(days=10), ("2026-01-11", "2026-01-20")),
        ("2026-03-15", "2029-03-14", Term(months=36), ("2029-03-15", "2032-03-14")),
    ],
)
def test_terms_and_what_follows(starts_on: str, ends_on: str, term: Term, following: tuple[str, str]) -> None:
    first, last = date.fromisoformat(starts_on), date.fromisoformat(ends_on)
    assert term_of(first, last) == term
    assert tuple(day.isoformat() for day in next_period(last, term)) == following


@given(DAYS, st.integers(0, 5_000))
def test_a_renewal_always_ends_later_and_leaves_no_gap(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    term = term_of(first, last)
    begins, ends = next_period(last, term)
    assert ends > last
    assert begins == (last if term.shared else last + timedelta(days=1))
    assert begins <= ends
    if term.days:
        assert ends - begins == last - first


@given(DAYS, st.integers(1, 240))
def test_whole_months_stay_whole_months(first: date, months: int) -> None:
    first = first.replace(day=1)
    last = add_months(first, months) - timedelta(days=1)
    assert term_of(first, last) == Term(months=months)
    begins, ends = next_period(last, Term(months=months))
    assert term_of(begins, ends) == Term(months=months)


def test_months_beyond_the_calendar_are_an_error() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    for months in (12 * 9_000, -12 * 9_000):
        with pytest.raises(OverflowError):
            add_months(TODAY, months)


def test_the_last_day_for_notice() -> None:
    assert last_notice_day(date(2026, 3, 31), 30) == date(2026, 3, 1)
    assert last_notice_day(date(2026, 3, 31), 0) == date(2026, 3, 31)
    assert last_notice_day(None, 30) is None
    assert last_notice_day(date(2026, 3, 31), None) is None
    assert last_notice_day(date(1, 1, 5), 30) is None
