"""An order whose mail is stopped before it leaves is no order: the purchase is approved again, as it was before."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from tui_desk.core.enums import PurchaseState
from tui_desk.core.i18n import _
from tui_desk.models import Invoice, Message, Purchase
from tui_desk.services.actor import Actor
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import change_row

NOT_ORDERED = {
    "state": PurchaseState.APPROVED.value,
    "order_number": "",
    "ordered_on": None,
    "order_message_id": None,
}


def order_stopped(session: Session, actor: Actor, message: Message, at: datetime) -> str:
    """Take back the order that ``message`` was to bring, its ticket locked. Answers a sentence; empty where it is no order.

    What has been received or invoiced meanwhile, or was cancelled, stays as it is.
    """
    purchase = session.exec(
        select(Purchase).where(Purchase.order_message_id == message.id).with_for_update()
    ).first()
    if purchase is None:
        return ""
    if purchase.state != PurchaseState.ORDERED.value or is_invoiced(session, purchase.id):
        return _("Not sent. P{id} stays as it is.").format(id=purchase.id)
    change_row(
        session,
        actor,
        ticket_stream(purchase.ticket_id),
        purchase,
        NOT_ORDERED,
        at,
        name=f"P{purchase.id} {purchase.title}",
    )
    return _("Not sent. P{id} is approved and not ordered.").format(id=purchase.id)


def is_invoiced(session: Session, purchase_id: int | None) -> bool:
    """Whether an invoice names the lines of an order, refused or not: they stay as they were ordered then."""
    statement = select(Invoice.id).where(Invoice.purchase_id == purchase_id)
    return session.exec(statement.limit(1)).first() is not None
