"""How long something runs: where its end stands today, the last day to give notice, and the term that a renewal adds.

Days are days of the calendar, first and last one included. A term of whole months stays one: 2026-01-01 to 2026-12-31 is twelve months, and
so is 2026-01-15 to 2027-01-15, where the day of the beginning is written as the end.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from tui_desk.core.enums import ExpiryState

ENDS_SOON_DAYS = 90
"""From so many days before it on, an end is near."""
_LONGEST_MONTHS = 1_200


@dataclass(frozen=True, slots=True)
class Term:
    """A length: ``months``, or ``days`` where it is no number of whole months. ``shared``: the last day of one is the first of the next."""

    months: int = 0
    days: int = 0
    shared: bool = False


def expiry_state(ends_on: date | None, today: date) -> ExpiryState:
    """Where an end stands on ``today``; its last day still counts."""
    if ends_on is None:
        return ExpiryState.ENDLESS
    left = (ends_on - today).days
    if left < 0:
        return ExpiryState.OVER
    return ExpiryState.ENDING if left <= ENDS_SOON_DAYS else ExpiryState.RUNNING


def last_notice_day(ends_on: date | None, notice_days: int | None) -> date | None:
    """The last day on which notice counts: so many days before the end. None where there is no end or no such time."""
    if ends_on is None or notice_days is None or notice_days > (ends_on - date.min).days:
        return None
    return ends_on - timedelta(days=notice_days)


def is_near(day: date | None, today: date) -> bool:
    """Whether a day is today or one of the next ones."""
    return day is not None and 0 <= (day - today).days <= ENDS_SOON_DAYS


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month. Raises OverflowError beyond the calendar."""
    month = day.year * 12 + day.month - 1 + months
    year = month // 12
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(year)
    last = monthrange(year, month % 12 + 1)[1]
    return date(year, month % 12 + 1, min(day.day, last))


def term_of(starts_on: date, ends_on: date) -> Term:
    """The length of a period. ``ends_on`` is not before ``starts_on``."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    for count in (months, months + 1):
        if 0 < count <= _LONGEST_MONTHS and add_months(starts_on, count) == ends_on + timedelta(days=1):
            return Term(months=count)
    if 0 < months <= _LONGEST_MONTHS and add_months(starts_on, months) == ends_on:
        return Term(months=months, shared=True)
    return Term(days=(ends_on - starts_on).days + 1)


def next_period(ends_on: date, term: Term) -> tuple[date, date]:
    """First and last day of the period that follows one that ends on ``ends_on``. Raises OverflowError beyond the calendar."""
    first = ends_on if term.shared else ends_on + timedelta(days=1)
    if term.days:
        return first, first + timedelta(days=term.days - 1)
    last = add_months(first, term.months)
    return first, last if term.shared else last - timedelta(days=1)
