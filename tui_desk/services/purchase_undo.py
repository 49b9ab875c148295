"""What of a purchase is not taken back from the history: nothing that would make it approved, or asked, as nobody approved or asked it."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.models import Event, Purchase, PurchaseLine
from tui_desk.services.deeds import told_value

S = PurchaseState
_PATH_OF_ORDERS = frozenset({"state", "order_number", "ordered_on", "order_message_id"})
_FREE = frozenset({S.DRAFT.value, S.REFUSED.value})
"""States in which what is bought may be what it was before: it has to be asked anew anyway."""


def guard_purchase(session: Session, event: Event) -> None:
    """Raises Refused where taking back this row event would change what is decided, or decide it."""
    told = told_value(event)
    if told.get("table") not in (Purchase.__tablename__, PurchaseLine.__tablename__):
        return
    purchase = _purchase(session, told)
    if purchase is None:
        return
    back = _values(event.before)
    path = set(back) <= _PATH_OF_ORDERS and told["table"] == Purchase.__tablename__ and bool(back)
    if not path and purchase.state not in _FREE:
        raise Refused(
            _("Not undone: P{id} is {state}; its content is changed with e, not taken back.").format(
                id=purchase.id, state=word(PurchaseState(purchase.state))
            )
        )
    target = str(back.get("state", ""))
    asked_anew = target == S.WAITING.value or (target == S.APPROVED.value and purchase.state in _FREE)
    if asked_anew:
        raise Refused(
            _("Not undone: P{id} has to be asked for anew (a).").format(id=purchase.id),
            _("An approval holds for what it was asked for, and then only."),
        )


def _purchase(session: Session, told: dict[str, Any]) -> Purchase | None:
    if told["table"] == Purchase.__tablename__:
        return session.get(Purchase, int(told["id"]))
    line = session.get(PurchaseLine, int(told["id"]))
    number = line.purchase_id if line is not None else told.get("values", {}).get("purchase_id")
    return session.get(Purchase, int(number)) if number is not None else None


def _values(side: Any) -> dict[str, Any]:
    values = side.get("values") if isinstance(side, dict) else None
    return values if isinstance(values, dict) else {}
