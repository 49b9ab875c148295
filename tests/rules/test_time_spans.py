"""Time worked as people type it: read exactly, or refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui_desk.core.errors import UsageError
from tui_desk.rules.time_spans import DAY_MINUTES, duration_text, read_span

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 22, 14, 0, 30, tzinfo=UTC)
"""A Sunday, 15:00:30 in Madrid."""
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "minutes", "day"),
    [
        ("1h30", 90, TODAY),
        ("90m", 90, TODAY),
        ("90 minutes", 90, TODAY),
        ("1.5h", 90, TODAY),
        ("1,25 h", 75, TODAY),
        ("1 h 30 min", 90, TODAY),
        ("1:30", 90, TODAY),
        ("24h", 1440, TODAY),
        (" Yesterday  45m ", 45, date(2026, 11, 21)),
        ("day before yesterday 1h", 60, date(2026, 11, 20)),
        ("mon 2h", 120, date(2026, 11, 16)),
        ("2h monday", 120, date(2026, 11, 16)),
        ("sun 1h", 60, TODAY),
        ("today, 1h", 60, TODAY),
        ("2026-03-02 1h", 60, date(2026, 3, 2)),
        ("2 mar 30m", 30, date(2026, 3, 2)),
        ("dec 24 1h", 60, date(2025, 12, 24)),
        ("29 feb 1h", 60, date(2024, 2, 29)),
    ],
)
def test_durations(typed: str, minutes: int, day: date) -> None:
    assert read_span(typed, NOW, MADRID) == (minutes, day, None)


@pytest.mark.parametrize(
    ("typed", "minutes", "began"),
    [
        ("9:15-10:40", 85, "2026-11-22 08:15"),
        ("9 - 10", 60, "2026-11-22 08:00"),
        ("9.15–10.40", 85, "2026-11-22 08:15"),
        ("9h15-10h40", 85, "2026-11-22 08:15"),
        ("9:15 to 10:40", 85, "2026-11-22 08:15"),
        ("yesterday 22:00-1:30", 210, "2026-11-21 21:00"),
        ("22:00-01:30 fri", 210, "2026-11-20 21:00"),
        ("2026-03-29 1:30-3:30", 60, "2026-03-29 00:30"),
        ("2026-10-25 1:30-3:30", 180, "2026-10-24 23:30"),
    ],
)
def test_hours_of_the_day(typed: str, minutes: int, began: str) -> None:
    """The clocks' changes count: in the night of March an hour is missing, in that of October there is one more."""
    span = read_span(typed, NOW, MADRID)
    assert span.minutes == minutes
    assert span.began_at is not None
    assert span.began_at.strftime("%Y-%m-%d %H:%M") == began
    assert span.day == span.began_at.astimezone(MADRID).date()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Say how long"),
        ("monday", "names only a day"),
        ("0m", "at least one minute"),
        ("9:15-9:15", "at least one minute"),
        ("0,001h", "at least one minute"),
        ("25h", "More than 24 hours"),
        ("1441m", "More than 24 hours"),
        ("999999m", "More than 24 hours"),
        ("tomorrow 2h", "still to come"),
        ("2027-01-01 2h", "still to come"),
        ("2026-02-30 2h", "There is no 2026-02-30"),
        ("8", "hours or minutes"),
        ("-5m", "not understood"),
        ("1h75", "not understood"),
        ("3 bananas", "not understood"),
        ("9:15-25:00", "no time of the day"),
        ("9:15-10:40-11", "not understood"),
        ("yesterday mon 1h", "not understood"),
    ],
)
def test_what_is_no_time_worked_is_refused_by_name(typed: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_span(typed, NOW, MADRID)


def test_without_a_day_it_is_the_one_that_was_chosen() -> None:
    assert read_span("1h", NOW, MADRID, date(2026, 11, 3)).day == date(2026, 11, 3)
    assert read_span("yesterday 1h", NOW, MADRID, date(2026, 11, 3)).day == date(2026, 11, 21)


@given(st.integers(1, DAY_MINUTES))
def test_what_is_shown_is_read_again(minutes: int) -> None:
    assert read_span(duration_text(minutes), NOW, MADRID).minutes == minutes


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 2_000))
def test_spans_are_exact_on_every_day(begin: int, end: int, ago: int) -> None:
    day = TODAY - timedelta(days=ago)
    assume(begin != end)
    assume(day.month not in (3, 10))  # the clocks' changes are tested by name
    typed = f"{day} {begin // 60}:{begin % 60:02}-{end // 60}:{end % 60:02}"
    span = read_span(typed, NOW, MADRID)
    assert span.began_at is not None
    ended = (span.began_at + timedelta(minutes=span.minutes)).astimezone(MADRID)
    assert (span.day, span.minutes) == (day, (end - begin) % DAY_MINUTES)
    assert ended.hour * 60 + ended.minute == end


@given(st.text(max_size=40) | st.from_regex(r"[0-9hm:.,\- ]{0,20}"))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        span = read_span(typed, NOW, MADRID)
    except UsageError:
        return
    assert 1 <= span.minutes <= DAY_MINUTES
    assert span.day <= TODAY
