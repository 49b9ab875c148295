"""When something comes round: ``daily 8:00``, ``weekly mon,thu 8:00``, ``monthly 1 8:00``, ``monthly last 17:30``. Pure.

Hours are those of a zone's clocks: one that the clocks leave out is the one they show instead, one that they show twice is the first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAST = 0
"""The last day of a month."""
_RULE = re.compile(r"(daily|weekly|monthly)(?:\s+([a-z0-9, ]*?))?\s+(\d{1,2}):(\d{2})", re.ASCII)
_AHEAD = 400
"""Days that hold at least one day of every rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``weekdays`` from 0 (Monday), ``day`` of the month (31 in a shorter month: its last day); neither: every day."""

    at: time
    weekdays: frozenset[int] = frozenset()
    day: int | None = None

    def falls_on(self, day: date) -> bool:
        """Whether it comes round on ``day``."""
        if self.weekdays:
            return day.weekday() in self.weekdays
        if self.day is None:
            return True
        last = monthrange(day.year, day.month)[1]
        return day.day == (last if self.day == LAST else min(self.day, last))

    def written(self) -> str:
        """The rule as :func:`read_rule` reads it."""
        hour = f"{self.at.hour}:{self.at.minute:02}"
        if self.weekdays:
            return f"weekly {','.join(DAYS[day] for day in sorted(self.weekdays))} {hour}"
        if self.day is not None:
            return f"monthly {'last' if self.day == LAST else self.day} {hour}"
        return f"daily {hour}"


def read_rule(text: str) -> Rule:
    """Raises UsageError with examples."""
    found = _RULE.fullmatch(" ".join(text.lower().split()))
    if found is None or int(found[3]) > 23 or int(found[4]) > 59:
        raise _not_understood(text)
    at, days = time(int(found[3]), int(found[4])), (found[2] or "").replace(" ", "")
    if found[1] == "daily" and not days:
        return Rule(at)
    if found[1] == "weekly" and days:
        names = [name[:3] for name in days.split(",") if name]
        if names and all(name in DAYS for name in names):
            return Rule(at, frozenset(map(DAYS.index, names)))
    if found[1] == "monthly" and days:
        if days == "last":
            return Rule(at, day=LAST)
        if days.isdecimal() and 1 <= int(days) <= 31:
            return Rule(at, day=int(days))
    raise _not_understood(text)


def _not_understood(text: str) -> UsageError:
    return UsageError(
        _("“{rule}” is not understood.").format(rule=text.strip()[:60]),
        _("For example: daily 8:00, weekly mon,thu 8:00, monthly 1 8:00, monthly last 17:30."),
    )


def next_after(rule: Rule, after: datetime, zone: tzinfo | None = None) -> datetime:
    """The first instant after ``after`` (aware) at which it comes round, in UTC. ``zone`` None: the system's."""
    day = after.astimezone(zone).date()
    for step in range(_AHEAD):
        on = day + timedelta(days=step)
        if rule.falls_on(on):
            at = on_day(rule, on, zone)
            if at > after:
                return at
    raise AssertionError("every rule comes round within a year")


def on_day(rule: Rule, day: date, zone: tzinfo | None = None) -> datetime:
    """The instant, in UTC, at which it comes round on a day."""
    local = datetime.combine(day, rule.at)
    return (local if zone is None else local.replace(tzinfo=zone)).astimezone(UTC)


def missed(rule: Rule, due: datetime, now: datetime, zone: tzinfo | None = None) -> int:
    """How many times besides ``due`` it came round until ``now``; counts to 1000."""
    count, at = 0, next_after(rule, due, zone)
    while at <= now and count < 1_000:
        count += 1
        at = next_after(rule, at, zone)
    return count
