"""On which day an instant falls, by the offsets of a zone: the same as the zone itself says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tui_desk.rules.zone_offsets import offsets_around

ZONES = (
    "UTC", "Europe/Madrid", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/St_Johns",
)  # fmt: skip
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@given(st.sampled_from(ZONES), st.integers(-300 * 24 * 60, 700 * 24 * 60))
def test_every_instant_around_falls_on_the_day_that_the_zone_says(name: str, minutes: int) -> None:
    at, zone = NOW + timedelta(minutes=minutes), ZoneInfo(name)
    offset = next(one for one in offsets_around(NOW, zone) if one.until is None or at < one.until)
    assert at + timedelta(minutes=offset.minutes) == (at + (at.astimezone(zone).utcoffset() or timedelta()))


def test_clocks_that_never_change_have_one_offset() -> None:
    assert [one.minutes for one in offsets_around(NOW, ZoneInfo("Asia/Kathmandu"))] == [345]
