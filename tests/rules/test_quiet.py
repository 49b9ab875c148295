"""When no signal is wanted."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.errors import UsageError
from tui_desk.rules.quiet import Span, is_quiet, read_span

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_over_midnight_and_at_weekends() -> None:
    night = read_span("22 - 7")
    assert str(night) == "22:00-07:00"
    quiet = [hour for hour in range(24) if is_quiet(MONDAY.replace(hour=hour), night, False, UTC)]
    assert quiet == [0, 1, 2, 3, 4, 5, 6, 22, 23]
    noon = read_span("12:00-13:30")
    assert is_quiet(MONDAY.replace(hour=13, minute=29), noon, False, UTC)
    assert not is_quiet(MONDAY.replace(hour=13, minute=30), noon, False, UTC)
    assert is_quiet(MONDAY.replace(day=22, hour=10), None, True, UTC)
    assert not is_quiet(MONDAY.replace(hour=10), None, True, UTC)
    assert read_span("  ") is None
    assert read_span("18-24") == Span(time(18), time(0))


@pytest.mark.parametrize("typed", ["night", "22", "25-7", "22:61-7", "7-7", "22-7 x", "-", "1-2-3"])
def test_what_is_no_span_is_told(typed: str) -> None:
    with pytest.raises(UsageError):
        read_span(typed)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_span_or_an_error(typed: str) -> None:
    try:
        span = read_span(typed)
    except UsageError:
        return
    assert span is None or read_span(str(span)) == span
