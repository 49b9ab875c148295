"""A line of an invoice as people write it: ``1: 3 @ 1299.90`` (of line 1 of the order), ``Freight @ 19.90`` (not ordered). Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.money import read_money, read_quantity, typed_text

_OF_LINE = re.compile(r"\s*#?(?P<number>[0-9]{1,4})\s*[:=](?P<rest>.*)", re.DOTALL)
_PIECES = re.compile(r"(?P<quantity>[-−]?[0-9]+)\s*[x×*]\s+(?P<text>.*)", re.DOTALL | re.IGNORECASE)
BAR = "|"
"""What stands behind it is for the reader only."""


class InvoiceLineText(NamedTuple):
    """What a line says. ``number``: of the line of the order; None: not ordered, ``text`` says what it is. ``unit_cost`` None: as ordered.
    ``currency``: typed beside the price, else ""."""

    number: int | None
    quantity: int
    unit_cost: Decimal | None
    text: str = ""
    currency: str = ""


def read_invoice_line(line: str) -> InvoiceLineText:
    """Read one. Raises UsageError, with the sentence of what is missing or wrong."""
    of_line = _OF_LINE.fullmatch(line)
    found = _ordered(int(of_line["number"]), of_line["rest"], line) if of_line else _not_ordered(line)
    if found.quantity < 1:
        raise UsageError(_("At least one piece is invoiced, not {quantity}.").format(quantity=found.quantity))
    return found


def _ordered(number: int, rest: str, line: str) -> InvoiceLineText:
    pieces, at, price = rest.partition(BAR)[0].partition("@")
    quantity = read_quantity(pieces.strip().rstrip("xX×*").strip())
    if not at:
        return InvoiceLineText(number, quantity, None)
    amount, currency = read_money(price)
    if amount < 0:
        raise UsageError(
            _("“{line}”: what was ordered has no price below zero; a discount is a line of its own.").format(
                line=safe_line(line.strip(), 80)
            )
        )
    return InvoiceLineText(number, quantity, amount, currency=currency)


def _not_ordered(line: str) -> InvoiceLineText:
    named, at, price = line.rpartition("@")
    if not at or not named.strip():
        raise UsageError(
            _(
                "“{line}” is no line: write 1: 3 @ 1299.90 for what was ordered, Freight @ 19.90 for what was not."
            ).format(line=safe_line(line.strip(), 80))
        )
    pieces = _PIECES.fullmatch(named.strip())
    quantity = read_quantity(pieces["quantity"]) if pieces else 1
    text = (pieces["text"] if pieces else named).strip()
    if not text:
        raise UsageError(_("Say what is invoiced that was not ordered, such as freight."))
    amount, currency = read_money(price)
    return InvoiceLineText(None, quantity, amount, text, currency)


def invoice_line_of(line: InvoiceLineText, digits: int = 2, article: str = "") -> str:
    """A line as one would write it; :func:`read_invoice_line` reads it back. ``article``: shown behind an ordered one."""
    cost = (
        "" if line.unit_cost is None else f" @ {typed_text(line.unit_cost, digits)} {line.currency}".rstrip()
    )
    if line.number is not None:
        shown = f" {BAR} {article}" if article else ""
        return f"{line.number}: {line.quantity}{cost}{shown}"
    many = f"{line.quantity} x " if line.quantity != 1 or _PIECES.fullmatch(line.text) else ""
    return f"{many}{line.text}{cost}"
