"""Purchases of a ticket: asked for, changed, sent for approval, cancelled. Ordering: ``services.purchase_order``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.conversation import CancelSend
from tui_desk.contracts.purchases import AskPurchase, CancelPurchase, NewPurchase, SavePurchase
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.enums import DeliveryState, PurchaseState
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import CostCentre, OutboxItem, Person, Purchase, PurchaseLine, Supplier, Ticket
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.rules.purchases import CANCELLABLE, EDITABLE
from tui_desk.services import outbox
from tui_desk.services.actor import Actor
from tui_desk.services.address_input import valid_address
from tui_desk.services.approvals import take_back
from tui_desk.services.context import known, now, require, ticket_to_change, ticket_to_work_on
from tui_desk.services.cost_centres import cost_centre_named
from tui_desk.services.currencies import checked_currency
from tui_desk.services.deliveries import waiting_invoice
from tui_desk.services.events import ticket_stream
from tui_desk.services.fields import requester_label
from tui_desk.services.people import person_for_address
from tui_desk.services.purchase_approval import after_change, ask, guard_change, refused_now, set_state, tell
from tui_desk.services.purchase_lines import check_unchanged, checked_lines, present_lines, write_lines
from tui_desk.services.purchase_question import named_by_hand, waiting_approval
from tui_desk.services.purchase_settings import default_currency
from tui_desk.services.purchase_view import not_found, purchase_name, row_name
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.suppliers import supplier_named
from tui_desk.services.versions import check_version

TITLE_LIMIT = 180
NOTES_LIMIT = 20_000
REASON_LIMIT = 500
PURCHASES_LIMIT = 200
"""On one ticket."""
_CONTENT = ("title", "supplier_id", "cost_centre_id", "currency", "requester_id", "notes")
"""Columns that are decided about, beside the lines."""


def locked(session: Session, purchase_id: int) -> tuple[Ticket, Purchase]:
    """The purchase and its ticket, the ticket locked first: all writers of a ticket's rows wait in the same place. Raises NotFound."""
    number = session.exec(select(Purchase.ticket_id).where(Purchase.id == purchase_id)).first()
    if number is None:
        raise not_found(purchase_id)
    ticket = ticket_to_change(session, number)
    statement = select(Purchase).where(Purchase.id == purchase_id).with_for_update()
    purchase = session.exec(statement.execution_options(populate_existing=True)).one()
    if purchase.ticket_id != number:
        raise Conflict(
            _("{name} was just moved to another ticket; try again.").format(name=purchase_name(purchase_id))
        )
    return ticket, purchase


def new(session: Session, actor: Actor, request: NewPurchase) -> RowChanged:
    """Write a draft. Raises NotFound (ticket, supplier, cost centre, requester, licence), UsageError, Refused."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    count = session.exec(
        select(func.count()).select_from(Purchase).where(Purchase.ticket_id == request.number)
    ).one()
    if count >= PURCHASES_LIMIT:
        raise UsageError(_("A ticket has at most {count} purchases.").format(count=PURCHASES_LIMIT))
    at = now(session)
    centre = _cost_centre(session, request.cost_centre)
    currency = checked_currency(
        request.currency or (centre.currency if centre is not None else default_currency(session))
    )
    _check_currency(currency, centre)
    supplier = _supplier(session, request.supplier)
    lines = checked_lines(session, request.lines, currency)
    purchase = Purchase(
        ticket_id=request.number,
        title=_title(request.title),
        supplier_id=supplier.id if supplier is not None else None,
        cost_centre_id=centre.id if centre is not None else None,
        currency=currency,
        requested_by_id=actor.agent_id,
        requester_id=_requester(session, request.requester, ticket.requester_id, at) or ticket.requester_id,
        notes=_notes(request.notes),
        created_at=at,
        updated_at=at,
    )
    stream = ticket_stream(request.number)
    session.add(purchase)
    session.flush()  # its number is a part of what people call it
    events: tuple[int, ...] = (add_row(session, actor, stream, purchase, at, name=row_name(purchase)),)
    events += write_lines(session, actor, purchase, [(None, values) for _id, values in lines], at)
    name = purchase_name(known(purchase.id))
    sentence = _("#{number} · {name} added: {title}").format(
        number=request.number, name=name, title=safe_line(purchase.title)
    )
    return RowChanged(request.number, events, sentence, known(purchase.id))


def save(session: Session, actor: Actor, request: SavePurchase) -> RowChanged:
    """Change what is bought, while it is not ordered. Raises NotFound, UsageError, Refused (state, somebody else's), Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket, purchase = locked(session, request.id)
    if PurchaseState(purchase.state) not in EDITABLE:
        raise refused_now(purchase, _("{name} is {state}: it cannot be changed."))
    guard_change(session, actor, purchase)
    at = now(session)
    values = _wanted(session, request, ticket, purchase, at)
    present = present_lines(session, purchase)
    wanted = None
    if request.lines is not None:
        wanted = checked_lines(session, request.lines, values["currency"])
        check_unchanged(purchase, present, wanted, request.version)
    check_version(session, purchase, request.version, values, purchase.title)
    before, named = _content(purchase, present), named_by_hand(session, purchase)
    stream, version = ticket_stream(purchase.ticket_id), purchase.version
    events = change_row(session, actor, stream, purchase, values, at, name=row_name(purchase))
    line_events = write_lines(session, actor, purchase, wanted, at) if wanted is not None else ()
    if line_events and purchase.version == version:
        purchase.version += 1
        purchase.updated_at = at
        session.add(purchase)
        session.flush()
    warnings: tuple[str, ...] = ()
    if _content(purchase, present_lines(session, purchase)) != before:
        after = after_change(session, actor, ticket, purchase, at, named)
        events, warnings = (*events, *line_events, *after.events), after.warnings
    else:
        events += line_events
    name = purchase_name(request.id)
    text = _("#{number} · {name} is saved") if events else _("{name} is so already; nothing was changed.")
    return RowChanged(
        purchase.ticket_id, events, text.format(number=purchase.ticket_id, name=name), request.id, warnings
    )


def _content(purchase: Purchase, lines: list[PurchaseLine]) -> tuple[object, ...]:
    """What is decided about."""
    told = [(line.article, line.article_number, line.quantity, line.unit_cost) for line in lines]
    return (*(getattr(purchase, column) for column in _CONTENT), told)


def _wanted(
    session: Session, request: SavePurchase, ticket: Ticket, purchase: Purchase, at: datetime
) -> dict[str, Any]:
    """The columns as they shall be; everything wrong is told before anything is written."""
    values: dict[str, Any] = {"currency": purchase.currency}
    centre = session.get(CostCentre, purchase.cost_centre_id) if purchase.cost_centre_id else None
    if request.title is not None:
        values["title"] = _title(request.title)
    if request.supplier is not None:
        supplier = _supplier(session, request.supplier, purchase.supplier_id)
        values["supplier_id"] = supplier.id if supplier is not None else None
    if request.cost_centre is not None:
        centre = _cost_centre(session, request.cost_centre, purchase.cost_centre_id)
        values["cost_centre_id"] = centre.id if centre is not None else None
    if request.currency is not None:
        values["currency"] = checked_currency(request.currency)
    _check_currency(values["currency"], centre)
    if request.requester is not None:
        values["requester_id"] = (
            _requester(session, request.requester, purchase.requester_id, at) or ticket.requester_id
        )
    if request.notes is not None:
        values["notes"] = _notes(request.notes)
    return values


def _title(text: str) -> str:
    title = safe_line(text, TITLE_LIMIT).strip()
    if not title:
        raise UsageError(_("A purchase needs a title: what is bought, and what for."))
    return title


def _notes(text: str) -> str:
    return safe_block(text, NOTES_LIMIT).rstrip()


def _supplier(session: Session, name: str, present: int | None = None) -> Supplier | None:
    """One that is set aside is taken only where it is the purchase's already."""
    if not name.strip():
        return None
    row = supplier_named(session, name)
    if not row.active and row.id != present:
        raise Refused(_("The supplier “{name}” is set aside.").format(name=safe_line(row.name)))
    return row


def _cost_centre(session: Session, code: str, present: int | None = None) -> CostCentre | None:
    if not code.strip():
        return None
    row = cost_centre_named(session, code)
    if not row.active and row.id != present:
        raise Refused(_("The cost centre {code} is set aside.").format(code=safe_line(row.code)))
    return row


def _check_currency(currency: str, centre: CostCentre | None) -> None:
    if centre is not None and centre.currency != currency:
        raise UsageError(
            _("The cost centre {code} is in {theirs}, and the purchase in {ours}.").format(
                code=safe_line(centre.code), theirs=safe_line(centre.currency), ours=currency
            ),
            _("Its budget and its limits cannot be compared with another currency."),
        )


def _requester(session: Session, text: str, present: int | None, at: datetime) -> int | None:
    """Who gets it, by address (made when new) or exact name; None for nobody. Raises NotFound, UsageError."""
    text = text.strip()
    if not text:
        return None
    if present is not None and text == safe_line(requester_label(session, session.get_one(Person, present))):
        return present
    if "@" in text:
        name, address = valid_address(text)
        return known(person_for_address(session, address, safe_line(name, 200), at).id)
    same = session.exec(
        select(Person.id).where(same_name(Person.name, text), col(Person.merged_into_id).is_(None)).limit(2)
    ).all()
    if len(same) != 1:
        raise NotFound(
            _("There is no one person called “{name}”.").format(name=safe_line(text, 80)),
            _("Write the address, such as ana@example.org."),
        )
    return same[0]


def ask_for(session: Session, actor: Actor, request: AskPurchase) -> RowChanged:
    """Ask for the approval. Raises NotFound, UsageError (no lines), Refused (state, own wish), Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket, purchase = locked(session, request.id)
    refuse_stale(purchase, request.version)
    asked = ask(session, actor, ticket, purchase, now(session), request.chain.strip())
    return RowChanged(purchase.ticket_id, asked.events, asked.sentence, request.id, asked.warnings)


def refuse_stale(purchase: Purchase, version: int) -> None:
    """Raises Conflict where the purchase is not the one that was read as ``version`` (0: not checked)."""
    if version not in (0, purchase.version):
        raise Conflict(
            _("{name} has changed since you read it; nothing was done.").format(
                name=purchase_name(known(purchase.id))
            ),
            _("Look at it again."),
        )


def cancel(session: Session, actor: Actor, request: CancelPurchase) -> RowChanged:
    """Nothing is bought. Raises NotFound, UsageError (no reason), Refused (received already, somebody else's question), Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    _ticket, purchase = locked(session, request.id)
    refuse_stale(purchase, request.version)
    reason = safe_line(request.reason, REASON_LIMIT).strip()
    if not reason:
        raise UsageError(_("Say why it is cancelled."))
    if PurchaseState(purchase.state) not in CANCELLABLE:
        raise refused_now(purchase, _("{name} is {state}: it cannot be cancelled."))
    guard_change(session, actor, purchase)
    _refuse_invoiced(session, request.id)
    at = now(session)
    approval = waiting_approval(session, purchase)
    if approval is not None:
        take_back(session, actor, approval, at, reason)
    warnings: tuple[str, ...] = ()
    if purchase.state == PurchaseState.ORDERED.value and not _order_stopped(session, actor, purchase):
        warnings = (_("It was ordered: tell the supplier."),)
    tell(session, actor, purchase, "purchase_cancelled", at, reason=reason)
    events = set_state(session, actor, purchase, PurchaseState.CANCELLED, at)
    sentence = _("{name} is cancelled.").format(name=purchase_name(request.id))
    return RowChanged(purchase.ticket_id, events, sentence, request.id, warnings)


def _refuse_invoiced(session: Session, purchase_id: int) -> None:
    """Raises Refused where money is still asked for: nobody could pay or refuse it once the purchase has ended."""
    waiting = waiting_invoice(session, purchase_id)
    if waiting is not None:
        raise Refused(
            _("The invoice {number} is neither paid nor refused yet.").format(number=safe_line(waiting, 80)),
            _("Pay or refuse it first."),
        )


def _order_stopped(session: Session, actor: Actor, purchase: Purchase) -> bool:
    """Stop the mail of an order that has not left yet. Answers whether that was so: nobody was told of the order then."""
    item = session.exec(
        select(OutboxItem).where(
            OutboxItem.message_id == purchase.order_message_id,
            col(OutboxItem.state).in_((DeliveryState.HELD.value, DeliveryState.QUEUED.value)),
        )
    ).first()
    if item is None or purchase.order_message_id is None or not allowed(actor.role, Permission.WRITE):
        return False
    outbox.cancel(session, actor, CancelSend(known(item.id)))
    session.refresh(purchase)
    return True
