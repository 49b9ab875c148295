"""When something comes round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.errors import UsageError
from tui_desk.rules.recurrence import Rule, missed, next_after, read_rule

MADRID = ZoneInfo("Europe/Madrid")
_RULES = st.builds(
    lambda at, weekdays, day: Rule(at, weekdays, None if weekdays else day),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.frozensets(st.integers(0, 6)),
    st.none() | st.integers(0, 31),
)
_INSTANTS = st.integers(1_600_000_000, 2_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


@pytest.mark.parametrize(
    ("rule", "after", "at"),
    [
        ("daily 8:00", "2026-03-02T08:00", "2026-03-03T08:00"),
        ("Weekly Thu, mon 8:00", "2026-03-02T07:59", "2026-03-02T08:00"),
        ("weekly mon,thursday 8:00", "2026-03-02T08:00", "2026-03-05T08:00"),
        ("monthly 31 8:00", "2026-02-01T00:00", "2026-02-28T08:00"),
        ("monthly last 17:30", "2028-02-01T00:00", "2028-02-29T17:30"),
        ("monthly 1 0:00", "2026-12-01T00:00", "2027-01-01T00:00"),
    ],
)
def test_the_next_time(rule: str, after: str, at: str) -> None:
    found = next_after(read_rule(rule), datetime.fromisoformat(after).replace(tzinfo=UTC), UTC)
    assert found == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_the_hour_is_that_of_the_clocks() -> None:
    rule = read_rule("daily 8:00")
    winter = next_after(rule, datetime(2026, 3, 28, tzinfo=UTC), MADRID)
    assert (winter.hour, next_after(rule, winter, MADRID).hour) == (7, 6)


@pytest.mark.parametrize("text", ["", "daily", "weekly 8:00", "monthly 32 8:00", "weekly foo 8:00", "daily 24:00", "hourly 1:00", "daily mon 8:00"])  # fmt: skip
def test_what_is_no_rule_is_told_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="not understood"):
        read_rule(text)


@given(_RULES, _INSTANTS)
def test_it_comes_round_later_and_on_its_day(rule: Rule, after: datetime) -> None:
    assert read_rule(rule.written()) == rule
    at = next_after(rule, after, MADRID)
    assert after < at <= after + timedelta(days=63)
    assert rule.falls_on(at.astimezone(MADRID).date()) or rule.at.hour in (2, 3)


@given(_RULES, _INSTANTS, st.integers(0, 40))
def test_what_was_missed_is_counted(rule: Rule, due: datetime, times: int) -> None:
    first = at = next_after(rule, due, UTC)
    for _time in range(times):
        at = next_after(rule, at, UTC)
    assert missed(rule, first, at, UTC) == times
