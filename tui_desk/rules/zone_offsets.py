"""How far the clocks of a zone are from UTC, over the years around now: what a database needs to say on which day an instant falls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

_BEFORE, _AFTER = timedelta(days=400), timedelta(days=800)
_STEP = timedelta(days=7)
"""Shorter than any zone leaves its clocks alone."""
_EXACT = timedelta(minutes=1)


class Offset(NamedTuple):
    """Clocks are ``minutes`` ahead of UTC until then; ``until`` None: from the last change on."""

    until: datetime | None
    minutes: int


def offsets_around(now: datetime, zone: tzinfo | None) -> tuple[Offset, ...]:
    """From a year before ``now`` (aware) to two after it, oldest first. ``zone`` None: that of this process."""
    at, end = now.astimezone(UTC) - _BEFORE, now.astimezone(UTC) + _AFTER
    found: list[Offset] = []
    minutes = _minutes(at, zone)
    while at < end:
        following = at + _STEP
        then = _minutes(following, zone)
        if then != minutes:
            found.append(Offset(_change(at, following, zone), minutes))
            minutes = then
        at = following
    return (*found, Offset(None, minutes))


def _change(low: datetime, high: datetime, zone: tzinfo | None) -> datetime:
    before = _minutes(low, zone)
    while high - low > _EXACT:
        middle = low + (high - low) / 2
        if _minutes(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high.replace(second=0, microsecond=0)


def _minutes(at: datetime, zone: tzinfo | None) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return round(offset.total_seconds() / 60)
