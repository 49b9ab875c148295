"""Amounts of money as people type and read them. Pure; exact decimals, never floats.

People write ``1.299,00``, ``1,299.00``, ``1'299.-`` or ``1 299,5 EUR``. Where a text can be two amounts (``1.299``), none is guessed:
a wrong guess orders for a thousand times the price.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

SMALLEST = Decimal("0.0001")
LARGEST = Decimal(10) ** 13
"""Amounts are smaller than this; the database keeps 14 digits before the point and 4 behind it."""

_LONGEST = 60
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_CODE = re.compile(r"(?P<before>[A-Za-z]{3})?(?P<number>[^A-Za-z]*?)(?P<after>[A-Za-z]{3})?", re.DOTALL)
_SIGNS = {"€": "EUR", "£": "GBP"}
_SHARED = "$¥"
"""Signs of more than one currency."""
_NO_CENTS = re.compile(r"[.,](?:-{1,2}|[–—])$")
_GROUPED = {
    mark: re.compile(
        rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+|[0-9]{{1,2}}(?:{re.escape(mark)}[0-9]{{2}})+{re.escape(mark)}[0-9]{{3}}"
    )
    for mark in (".", ",", "'", " ")
}
"""Thousands, or lakhs and crores as in India."""


class Typed(NamedTuple):
    """What somebody typed: the amount, and the currency beside it ("" where there is none)."""

    amount: Decimal
    currency: str


def read_money(text: str) -> Typed:
    """Read an amount with or without a currency. Raises UsageError: what it is not, or the two amounts it can be."""
    text = text.strip()
    body = _BLANKS.sub(" ", text.replace("’", "'").replace("−", "-")).strip()
    if not body:
        raise UsageError(_("An amount is missing."))
    if len(body) > _LONGEST:
        raise _no_amount(text)
    currency, number = _apart(body, text)
    negative = number.startswith("-")
    if negative:
        number = number[1:].strip()
    amount = _number(number, text)
    return Typed(-amount if negative else amount, currency)


def _apart(body: str, text: str) -> tuple[str, str]:
    """The currency and the rest."""
    for sign in _SHARED:
        if sign in body:
            raise UsageError(
                _("“{sign}” is the sign of several currencies: write its letters, such as USD.").format(
                    sign=sign
                )
            )
    found = ""
    for sign, code in _SIGNS.items():
        if sign in body:
            if (
                found
                or body.count(sign) > 1
                or not (body.startswith((sign, f"-{sign}")) or body.endswith(sign))
            ):
                raise _no_amount(text)
            found, body = code, body.replace(sign, "").strip()
    match = _CODE.fullmatch(body)
    if match is None or sum(map(bool, (found, match["before"], match["after"]))) > 1:
        raise _no_amount(text)
    return found or (match["before"] or match["after"] or "").upper(), match["number"].strip()


def _number(number: str, text: str) -> Decimal:
    """The amount of digits and separators."""
    whole, cents = _NO_CENTS.sub("", number), ""
    if whole == number:
        whole, cents = _split(number, text)
    for mark in (mark for mark in _GROUPED if mark in whole):
        if not _GROUPED[mark].fullmatch(whole):
            raise _no_amount(text)
        whole = whole.replace(mark, "")
    digits = whole + cents
    if not digits or not (digits.isascii() and digits.isdecimal()):
        raise _no_amount(text)
    amount = Decimal(f"{whole or '0'}.{cents or '0'}")
    if amount >= LARGEST:
        raise UsageError(_("“{amount}” is too large an amount.").format(amount=safe_line(text, 40)))
    if amount != amount.quantize(SMALLEST):
        raise UsageError(
            _("“{amount}” has more than four digits behind the point.").format(amount=safe_line(text, 40))
        )
    return amount.normalize() + 0 if amount else Decimal(0)


def _split(number: str, text: str) -> tuple[str, str]:
    """Digits before and behind the decimal mark. Raises UsageError for what can be read in two ways."""
    marks = [mark for mark in number if mark in ".,"]
    if not marks:
        return number, ""
    last = marks[-1]
    before, _mark, behind = number.rpartition(last)
    if len(set(marks)) == 1 and len(marks) > 1:
        return number, ""  # several of one kind part groups
    if len(marks) > 1:
        if marks.count(last) > 1:
            raise _no_amount(text)
        return before, behind
    if not _GROUPED[last].fullmatch(number) or before.startswith("0"):
        return before, behind
    plain = before + behind
    raise UsageError(
        _("“{amount}” can be {large} or {small}: write {large}.00 or {small}0.").format(
            amount=safe_line(text, 40), large=plain, small=f"{before}.{behind}"
        )
    )


def _no_amount(text: str) -> UsageError:
    return UsageError(
        _("“{amount}” is not an amount of money.").format(amount=safe_line(text, 40)),
        _("Write it like 1299.90 or 1.299,90."),
    )


def read_quantity(text: str) -> int:
    """A whole number of pieces. Raises UsageError."""
    typed = text.strip()
    digits = typed.removeprefix("-").removeprefix("−")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 9:
        raise UsageError(
            _("“{quantity}” is not a number of pieces, such as 3.").format(quantity=safe_line(text, 40))
        )
    return -int(digits) if digits != typed else int(digits)


def exact(amount: Decimal, digits: int = 2) -> Decimal:
    """All of an amount with at least ``digits`` behind the point, however a database wrote it."""
    whole = amount.quantize(SMALLEST)
    short = whole.quantize(Decimal(1).scaleb(-digits))
    return short if short == whole else Decimal(f"{whole.normalize():f}")


def amount_text(amount: Decimal | None, currency: str = "", digits: int = 2) -> str:
    """An amount as people read it: all of it, with at least ``digits`` behind the point; "" for none."""
    if amount is None:
        return ""
    return f"{exact(amount, digits):f} {currency}".strip()


def typed_text(amount: Decimal, digits: int = 2) -> str:
    """An amount as one would type it: :func:`read_money` reads it back, and in one way only."""
    shown = exact(amount, digits)
    three = shown.as_tuple().exponent == -3  # 1.250 could be twelve hundred and fifty
    return f"{shown.quantize(SMALLEST) if three else shown:f}"
