"""What is decided: title, details, amount and the lines of a purchase; and the digest that a decision is bound to."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal

from sqlmodel import Session, col, select

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Approval, PurchaseLine

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_CENT = Decimal("0.01")
_SMALLEST = Decimal("0.0001")


def amount_text(amount: Decimal | None, currency: str) -> str:
    """An amount as people read it, with all its digits and at least two decimals; "" for none."""
    if amount is None:
        return ""
    exact = amount.quantize(_SMALLEST)
    short = exact.quantize(_CENT)
    return f"{short if short == exact else exact.normalize():f} {currency}".strip()


def checked_amount(amount: Decimal | None, currency: str) -> tuple[Decimal | None, str]:
    """The amount and its currency as they are stored. Raises UsageError for what is no money."""
    currency = currency.strip().upper()
    if amount is None:
        return None, ""
    if not amount.is_finite() or abs(amount) >= 10**13 or amount != amount.quantize(_SMALLEST) or amount < 0:
        raise UsageError(_("“{cost}” is not an amount of money.").format(cost=safe_line(str(amount), 40)))
    if not _CURRENCY.fullmatch(currency):
        raise UsageError(
            _("“{currency}” is not a currency; it is three letters such as EUR.").format(
                currency=safe_line(currency, 20)
            )
        )
    return amount, currency


def purchase_lines(session: Session, purchase_id: int | None) -> list[PurchaseLine]:
    """The lines of a purchase in order; none where it is about no purchase."""
    if purchase_id is None:
        return []
    return list(
        session.exec(
            select(PurchaseLine)
            .where(PurchaseLine.purchase_id == purchase_id)
            .order_by(col(PurchaseLine.position), col(PurchaseLine.id))
        )
    )


def lines_of(session: Session, approval: Approval) -> tuple[str, ...]:
    """What is bought, a line of text each."""
    return tuple(
        _("{quantity} × {article} at {cost}").format(
            quantity=line.quantity,
            article=safe_line(
                f"{line.article} ({line.article_number})" if line.article_number else line.article
            ),
            cost=amount_text(line.unit_cost, approval.currency),
        )
        for line in purchase_lines(session, approval.purchase_id)
    )


def digest_of(session: Session, approval: Approval) -> str:
    """sha256 over everything that is decided: an answer to anything else does not count."""
    content = {
        "title": approval.title,
        "details": approval.details,
        "amount": _exact(approval.amount),
        "currency": approval.currency,
        "lines": [
            [line.article, line.article_number, line.quantity, _exact(line.unit_cost)]
            for line in purchase_lines(session, approval.purchase_id)
        ],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _exact(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.quantize(_SMALLEST):f}"
