"""What of a purchase is not taken back from the history: nothing that would make it approved, or asked, as nobody approved or asked it."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.db.same_name import same_name
from tui_desk.models import Event, Purchase, PurchaseLine
from tui_desk.services.deeds import told_value
from tui_desk.services.delivery_undo import refuse_documents
from tui_desk.services.order_stopped import is_invoiced
from tui_desk.services.rows import ROW_ADDED

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
    if event.action == ROW_ADDED and told["table"] == Purchase.__tablename__:
        refuse_documents(session, "purchase", int(told["id"]), str(told["name"]))
    if _people_parted(session, event, back):
        return
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
    if target == S.APPROVED.value and purchase.state == S.ORDERED.value and is_invoiced(session, purchase.id):
        raise Conflict(_("Not undone: something that came since depends on it."))
    if target == S.ORDERED.value and purchase.state == S.APPROVED.value:
        _refuse_order(session, purchase, str(back.get("order_number", "")))


def _purchase(session: Session, told: dict[str, Any]) -> Purchase | None:
    if told["table"] == Purchase.__tablename__:
        return session.get(Purchase, int(told["id"]))
    line = session.get(PurchaseLine, int(told["id"]))
    number = line.purchase_id if line is not None else told.get("values", {}).get("purchase_id")
    return session.get(Purchase, int(number)) if number is not None else None


def _refuse_order(session: Session, purchase: Purchase, number: str) -> None:
    """Raises Refused where an order cannot come back: nobody sells it any more, or another order got its number since."""
    name = f"P{purchase.id}"
    if purchase.supplier_id is None:
        raise Refused(_("{name} has no supplier yet: who sells it?").format(name=name))
    same = select(Purchase.id).where(same_name(Purchase.order_number, number), Purchase.id != purchase.id)
    taken = session.exec(same.limit(1)).first()
    if taken is not None:
        raise Refused(
            _("{name} has the order number {number} already.").format(
                name=f"P{taken}", number=safe_line(number)
            )
        )


def _people_parted(session: Session, event: Event, back: dict[str, Any]) -> bool:
    """Whether two records only became one or two again: the purchase is for the same person as before."""
    if set(back) != {"requester_id"} or event.deed is None:
        return False
    people = (back["requester_id"], _values(event.after).get("requester_id"))
    merged = session.exec(
        select(Event).where(
            Event.deed == event.deed, col(Event.stream).in_([f"person:{one}" for one in people])
        )
    )
    return any("merged_into_id" in _values(one.after) for one in merged)


def _values(side: Any) -> dict[str, Any]:
    values = side.get("values") if isinstance(side, dict) else None
    return values if isinstance(values, dict) else {}
