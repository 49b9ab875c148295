"""What is decided: title, details, amount and the lines of a purchase; and the digest that a decision is bound to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlmodel import Session, col, select

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Approval, PurchaseLine
from tui_desk.rules.money import SMALLEST, amount_text
from tui_desk.services.context import known
from tui_desk.services.currencies import digits_of

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def checked_amount(amount: Decimal | None, currency: str) -> tuple[Decimal | None, str]:
    """The amount and its currency as they are stored. Raises UsageError for what is no money."""
    currency = currency.strip().upper()
    if amount is None:
        return None, ""
    if not amount.is_finite() or abs(amount) >= 10**13 or amount != amount.quantize(SMALLEST) or amount < 0:
        raise UsageError(_("“{cost}” is not an amount of money.").format(cost=safe_line(str(amount), 40)))
    if not _CURRENCY.fullmatch(currency):
        raise UsageError(
            _("“{currency}” is not a currency; it is three letters such as EUR.").format(
                currency=safe_line(currency, 20)
            )
        )
    return amount, currency


def purchase_lines(session: Session, purchases: Iterable[int | None]) -> dict[int, list[PurchaseLine]]:
    """The lines of some purchases in order; None is no purchase."""
    found: dict[int, list[PurchaseLine]] = {one: [] for one in purchases if one is not None}
    if found:
        for line in session.exec(
            select(PurchaseLine)
            .where(col(PurchaseLine.purchase_id).in_(found))
            .order_by(col(PurchaseLine.position), col(PurchaseLine.id))
        ):
            found[line.purchase_id].append(line)
    return found


def lines_of(session: Session, approvals: Sequence[Approval]) -> dict[int, tuple[str, ...]]:
    """What is bought, a line of text each, by the id of the approval."""
    lines = purchase_lines(session, [one.purchase_id for one in approvals])
    return {
        known(one.id): tuple(_line(line, one.currency) for line in lines.get(one.purchase_id or 0, ()))
        for one in approvals
    }


def _line(line: PurchaseLine, currency: str) -> str:
    article = f"{line.article} ({line.article_number})" if line.article_number else line.article
    return _("{quantity} × {article} at {cost}").format(
        quantity=line.quantity,
        article=safe_line(article),
        cost=amount_text(line.unit_cost, currency, digits_of(currency)),
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
            for line in purchase_lines(session, [approval.purchase_id]).get(approval.purchase_id or 0, ())
        ],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _exact(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.quantize(SMALLEST):f}"
