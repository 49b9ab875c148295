"""When something ends is to be told: the day of a contract that counts, and the steps before an end.

Days are the desk's local days; whoever asks says which one it is today.
"""

from __future__ import annotations

from datetime import date, timedelta

from tui_desk.core.enums import ExpiryMeaning
from tui_desk.rules.terms import last_notice_day

STEPS = (90, 30, 7)
"""Days before an end at which it is told, each once."""
SHORT_STEPS = (7,)
"""Of a renewal that nobody can prevent any more, and of an invoice."""
LATE_DAYS = 14
"""How long after an end it is still told, where nobody could tell it before (the desk was down)."""


def contract_day(
    ends_on: date, notice_days: int | None, renews: bool, today: date
) -> tuple[date, ExpiryMeaning]:
    """The day of a contract that counts today, and what happens then.

    One that renews by itself is up to its last day for notice; from the day behind it on, and where none is agreed, its renewal counts.
    """
    if not renews:
        return ends_on, ExpiryMeaning.ENDS
    notice = last_notice_day(ends_on, notice_days)
    if notice is not None and notice >= today:
        return notice, ExpiryMeaning.NOTICE
    return ends_on, ExpiryMeaning.RENEWS


def steps_of(meaning: ExpiryMeaning) -> tuple[int, ...]:
    """The steps at which that kind of end is told, the longest first."""
    return SHORT_STEPS if meaning in (ExpiryMeaning.RENEWS, ExpiryMeaning.DUE) else STEPS


def windows(today: date, steps: tuple[int, ...] = STEPS) -> tuple[tuple[int, date, date], ...]:
    """(step, first day, last day): what ends between those days, both included, is to be told as that step today.

    The spans do not overlap: whatever ends has one step at a time, the nearest; those that were missed are not made up for.
    """
    ascending = sorted(steps)
    starts = [-LATE_DAYS] + [step + 1 for step in ascending[:-1]]
    return tuple(
        (step, _moved(today, start), _moved(today, step))
        for step, start in zip(ascending, starts, strict=True)
    )


def step_due(day: date, today: date, meaning: ExpiryMeaning) -> int | None:
    """The step at which an end on ``day`` is to be told today; None where it is too far away, or too long ago."""
    return next(
        (step for step, first, last in windows(today, steps_of(meaning)) if first <= day <= last), None
    )


def _moved(day: date, days: int) -> date:
    """``day`` so many days later, held within the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
