"""A line of a purchase as people write it: ``2 x Laptop 14" @ 1.299,00 | no=L-14 | asset=Laptop``. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.money import read_money, read_quantity, typed_text
from tui_desk.rules.purchases import ASSET, SEATS

_QUANTITY = re.compile(r"(?P<quantity>[-−]?[0-9]+)\s*[x×*](?:\s+(?P<article>.*))?", re.DOTALL | re.IGNORECASE)
_PARTS = {"no": "article_number", "asset": "asset_type", "seats": "licence"}
BAR = "|"
"""Parts the fields of a line; no article has it in its name."""


class LineText(NamedTuple):
    """What a line says. ``currency``: typed beside the price, else ""."""

    article: str
    quantity: int
    unit_cost: Decimal
    article_number: str = ""
    makes: str = ""
    asset_type: str = ""
    licence: str = ""
    currency: str = ""


def read_line(text: str) -> LineText:
    """Read one. Raises UsageError, with the sentence of what is missing or wrong."""
    head, *rest = (part.strip() for part in text.split(BAR))
    named, at, price = head.rpartition("@")
    if not at or not named.strip():
        raise UsageError(
            _("“{line}” has no price: write it like 2 x Laptop @ 1299.00").format(
                line=safe_line(text.strip(), 80)
            )
        )
    match = _QUANTITY.fullmatch(named.strip())
    quantity = read_quantity(match["quantity"]) if match else 1
    article = ((match["article"] or "") if match else named).strip()
    if not article:
        raise UsageError(_("What is bought? An article has a name."))
    if quantity < 1:
        raise UsageError(_("A quantity is at least 1, not {quantity}.").format(quantity=quantity))
    amount, currency = read_money(price)
    if amount < 0:
        raise UsageError(_("A price is not negative."))
    parts = _parts(rest)
    makes = ASSET if "asset_type" in parts else SEATS if "licence" in parts else ""
    if "asset_type" in parts and "licence" in parts:
        raise UsageError(_("A receipt makes assets or seats, not both: make two lines."))
    return LineText(article, quantity, amount, makes=makes, currency=currency, **parts)


def _parts(rest: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, rest):
        name, equals, value = part.partition("=")
        key = _PARTS.get(name.strip().lower())
        if key is None or not equals or not value.strip():
            raise UsageError(
                _("“{part}” is not understood: behind bars stand no=…, asset=… or seats=…").format(
                    part=safe_line(part, 60)
                )
            )
        if key in found:
            raise UsageError(_("“{name}=” stands twice.").format(name=safe_line(name.strip(), 20)))
        found[key] = value.strip()
    return found


def line_of(line: LineText, digits: int = 2) -> str:
    """A line as one would write it; :func:`read_line` reads it back."""
    cost = f"{typed_text(line.unit_cost, digits)} {line.currency}".strip()
    parts = [f"{line.quantity} x {line.article} @ {cost}"]
    if line.article_number:
        parts.append(f"no={line.article_number}")
    if line.makes == ASSET:
        parts.append(f"asset={line.asset_type}")
    if line.makes == SEATS:
        parts.append(f"seats={line.licence}")
    return f" {BAR} ".join(parts)
