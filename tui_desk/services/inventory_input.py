"""What people write down about things that cost money: lines of text, amounts, currencies, whole numbers, days in their order."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line

TEXT_LIMIT = 200
NOTES_LIMIT = 20_000
_CURRENCY = re.compile(r"[A-Z]{3}")
_LARGEST = Decimal(10) ** 13
_SMALLEST = Decimal("0.0001")


def line(text: str) -> str:
    """One line of text as it is kept."""
    return safe_line(text, TEXT_LIMIT).strip()


def notes(text: str) -> str:
    """Notes as they are kept."""
    return safe_block(text, NOTES_LIMIT).rstrip()


def currency(text: str) -> str:
    """Three letters. Raises UsageError."""
    code = text.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise UsageError(
            _("“{currency}” is not a currency; it is three letters such as EUR.").format(
                currency=safe_line(text, 20)
            )
        )
    return code


def amount(cost: Decimal | None) -> Decimal | None:
    """What something costs, exact to four places. Raises UsageError, for a negative amount too."""
    if cost is None:
        return None
    if not cost.is_finite() or not 0 <= cost < _LARGEST or cost != cost.quantize(_SMALLEST):
        raise UsageError(_("“{cost}” is not an amount of money.").format(cost=safe_line(str(cost), 40)))
    return cost


def whole(number: int | None, most: int, what: str) -> int | None:
    """A whole number from 0 to ``most``. Raises UsageError; ``what`` says what it is a number of."""
    if number is None or 0 <= number <= most:
        return number
    raise UsageError(
        _("{number} is no number of {what}: it is from 0 to {most}.").format(
            number=number, what=what, most=most
        )
    )


def in_order(first: date | None, last: date | None) -> None:
    """Raises UsageError where something would end before it begins."""
    if first is not None and last is not None and last < first:
        raise UsageError(
            _("It would end on {end}, before it begins on {begin}.").format(
                end=last.isoformat(), begin=first.isoformat()
            )
        )
