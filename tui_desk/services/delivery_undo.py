"""What an undo asks before it takes a receipt or an invoice back, and the state that a purchase has afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from tui_desk.core.enums import InvoiceState
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.db.same_name import same_name
from tui_desk.models import (
    AssetRelation,
    ContractAsset,
    CustomField,
    CustomValue,
    Document,
    Event,
    Invoice,
    InvoiceLine,
    LicenceSeat,
    Purchase,
    Receipt,
    ReceiptLine,
    TicketAsset,
)
from tui_desk.rules.purchases import EDITABLE
from tui_desk.services.actor import Actor
from tui_desk.services.deeds import told_value
from tui_desk.services.deliveries import FOLLOWING, follow, purchase_to_change, refuse_unless_ordered
from tui_desk.services.rows import ROW_ACTIONS, ROW_ADDED, ROW_CHANGED, ROW_REMOVED

_TABLES = frozenset({"receipt", "receipt_line", "invoice", "invoice_line"})


def guard_delivery(session: Session, event: Event) -> None:
    """Raises Refused or Conflict where a step that concerns a delivery or an invoice cannot be taken back."""
    told = told_value(event)
    if told.get("table") == "asset" and event.action == ROW_ADDED:
        _refuse_used(session, int(told["id"]), str(told["name"]))
    purchase_id = _purchase_of(session, told)
    if purchase_id is None:
        return
    purchase = session.get(Purchase, purchase_id)
    if purchase is not None and purchase.state in EDITABLE:  # its order was taken back
        refuse_unless_ordered(purchase, _("nothing of it can be received."))
    if purchase is None or purchase.state not in FOLLOWING:
        raise Refused(_("Not undone: P{id} has ended since; its end is undone first.").format(id=purchase_id))
    invoice = _invoice_of(session, told)
    if told["table"] == "invoice":
        _refuse_twice(session, event, invoice)
        if event.action == ROW_ADDED:
            refuse_documents(session, "invoice", int(told["id"]), str(told["name"]))
    if invoice is not None and invoice.state != InvoiceState.OPEN.value and "state" not in _changed(event):
        raise Refused(
            _("Not undone: the invoice {number} is {state} by now.").format(
                number=safe_line(invoice.number), state=word(InvoiceState(invoice.state))
            ),
            _("Open it again first."),
        )
    if told["table"] == "receipt" and event.action == ROW_REMOVED:
        later = select(Receipt.id).where(
            Receipt.purchase_id == purchase_id, col(Receipt.id) > int(told["id"])
        )
        if session.exec(later.limit(1)).first() is not None:
            raise Conflict(
                _("Not undone: of P{id} something else was received since.").format(id=purchase_id)
            )


def _purchase_of(session: Session, told: dict[str, Any]) -> int | None:
    """The purchase that a told row of a receipt or an invoice belongs to; None for other rows, and those that are gone."""
    table = told.get("table")
    if table not in _TABLES:
        return None
    if table in ("receipt", "receipt_line"):
        receipt_id = (
            int(told["id"]) if table == "receipt" else _parent(session, ReceiptLine, told, "receipt_id")
        )
        receipt = session.get(Receipt, receipt_id) if receipt_id is not None else None
        return receipt.purchase_id if receipt is not None else _number(told, "purchase_id")
    invoice = _invoice_of(session, told)
    return invoice.purchase_id if invoice is not None else _number(told, "purchase_id")


def _invoice_of(session: Session, told: dict[str, Any]) -> Invoice | None:
    table = told.get("table")
    if table not in ("invoice", "invoice_line"):
        return None
    invoice_id = int(told["id"]) if table == "invoice" else _parent(session, InvoiceLine, told, "invoice_id")
    return session.get(Invoice, invoice_id) if invoice_id is not None else None


def _parent(session: Session, model: type[SQLModel], told: dict[str, Any], column: str) -> int | None:
    """What a line belongs to, as it is or as it was."""
    row = session.get(model, int(told["id"]))
    return getattr(row, column) if row is not None else _number(told, column)


def _changed(event: Event) -> Collection[str]:
    """The columns of a row that stays."""
    return told_value(event).get("values", {}) if event.action == ROW_CHANGED else ()


def _number(told: dict[str, Any], column: str) -> int | None:
    value = told.get("values", {}).get(column)
    return int(value) if value is not None else None


def _refuse_twice(session: Session, event: Event, invoice: Invoice | None) -> None:
    """Raises Conflict where an invoice would get back a number that another one of its supplier was written down with since."""
    told = event.before["values"] if event.before is not None else {}
    number, supplier = told.get("number"), invoice.supplier_id if invoice else told.get("supplier_id")
    if number is None:
        return
    other = select(Invoice.id).where(Invoice.supplier_id == supplier, same_name(Invoice.number, number))
    if session.exec(other.where(col(Invoice.id) != told_value(event)["id"]).limit(1)).first() is not None:
        raise Conflict(_("Not undone: something that came since depends on it."))


def refuse_documents(session: Session, subject: str, subject_id: int, name: str) -> None:
    """Raises Conflict where documents are kept with what would be removed."""
    kept = select(Document.id).where(
        Document.subject == subject, Document.subject_id == subject_id, col(Document.removed_at).is_(None)
    )
    if session.exec(kept.limit(1)).first() is not None:
        raise Conflict(
            _("Not undone: {asset} is used since: {why}.").format(
                asset=safe_line(name), why=_("it has a document")
            )
        )


def _refuse_used(session: Session, asset_id: int, name: str) -> None:
    """Raises Conflict where something refers to an asset that would be removed. Its link with the purchase's ticket is gone by now."""
    asset_fields = select(CustomField.id).where(CustomField.subject == "asset").scalar_subquery()
    uses = (
        (TicketAsset.ticket_id, TicketAsset.asset_id == asset_id, _("it is linked with a ticket")),
        (LicenceSeat.id, LicenceSeat.asset_id == asset_id, _("it has a seat of a licence")),
        (ContractAsset.id, ContractAsset.asset_id == asset_id, _("a contract covers it")),
        (
            AssetRelation.id,
            (col(AssetRelation.from_id) == asset_id) | (col(AssetRelation.to_id) == asset_id),
            _("it is related to another asset"),
        ),
        (
            Document.id,
            (col(Document.subject) == "asset")
            & (col(Document.subject_id) == asset_id)
            & col(Document.removed_at).is_(None),
            _("it has a document"),
        ),
        (
            CustomValue.id,
            (col(CustomValue.subject_id) == asset_id) & col(CustomValue.field_id).in_(asset_fields),
            _("its own fields were filled in"),
        ),
    )
    for found, condition, why in uses:
        if session.exec(select(found).where(condition).limit(1)).first() is not None:
            raise Conflict(
                _("Not undone: {asset} is used since: {why}.").format(asset=safe_line(name), why=why)
            )


def follow_undone(session: Session, actor: Actor, steps: Iterable[Event], at: datetime) -> tuple[int, ...]:
    """Give every purchase whose receipts or invoices were taken back the state that is left; answers the events' ids.

    A purchase that has ended is left alone.
    """
    rows: Sequence[dict[str, Any]] = [told_value(one) for one in steps if one.action in ROW_ACTIONS]
    ids = {
        _number(told, "purchase_id") or _purchase_of(session, told)
        for told in rows
        if told.get("table") in _TABLES
    }
    events: tuple[int, ...] = ()
    for purchase_id in sorted(one for one in ids if one is not None):
        _ticket, purchase = purchase_to_change(session, purchase_id)
        events += follow(session, actor, purchase, at)
    return events
