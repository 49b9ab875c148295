"""Writing an asset off: linear, in equal monthly parts, exact to the smallest coin. Pure.

The month of purchase is the first one (§ 7 (1) sentence 4 EStG: one twelfth less for each whole month *before* it), and a month's part is
written off when the month is over, as it would be booked. Nothing is left at the end. What is written off so far is ``cost × months gone /
months``, rounded to the smallest coin, half up (DIN 1333); a month's part is the difference of two such sums. So all parts together
are the cost, and no two of them differ by more than one coin.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LONGEST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Plan:
    """``cost`` is not negative; ``months`` from 1 to :data:`LONGEST_MONTHS`; ``digits`` of the currency behind the point."""

    cost: Decimal
    months: int
    bought: date
    digits: int = 2


def months_gone(plan: Plan, day: date) -> int:
    """How many months' parts are written off at the end of ``day``."""
    over = day.day == monthrange(day.year, day.month)[1]
    gone = (day.year - plan.bought.year) * 12 + day.month - plan.bought.month + over
    return min(max(gone, 0), plan.months)


def written_off_after(plan: Plan, months: int) -> Decimal:
    """What is written off after so many months, from 0 to all of them."""
    digits = _digits(plan)
    coins = int(plan.cost.scaleb(digits))
    return Decimal((2 * coins * months + plan.months) // (2 * plan.months)).scaleb(-digits)


def _digits(plan: Plan) -> int:
    """Behind the point: those of the currency, or more where the cost has more."""
    return max(plan.digits, -int(plan.cost.normalize().as_tuple().exponent))


def part_of(plan: Plan, month: int) -> Decimal:
    """What is written off for one month, from 1 to all of them."""
    return written_off_after(plan, month) - written_off_after(plan, month - 1)


def book_value(plan: Plan, day: date) -> Decimal:
    """What it is worth in the books at the end of ``day``."""
    left = plan.cost - written_off_after(plan, months_gone(plan, day))
    return left.quantize(Decimal(1).scaleb(-_digits(plan)))


def last_month(plan: Plan) -> tuple[int, int] | None:
    """Year and month after which nothing is left; None beyond the calendar."""
    month = plan.bought.year * 12 + plan.bought.month - 1 + plan.months - 1
    return (month // 12, month % 12 + 1) if month // 12 <= date.max.year else None
