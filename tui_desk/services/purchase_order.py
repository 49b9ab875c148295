"""Ordering an approved purchase: its number, its day, and the order by mail to the supplier where that is wished.

The mail is an ordinary outgoing one of the ticket: held for the undo window, shown in the conversation, and an answer to it comes
back into the ticket. It holds the order and nothing of the conversation; stopped before it leaves, nothing is ordered.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import takewhile

from sqlmodel import Session, col, func, select

from tui_desk.contracts.purchases import DraftOrder, OrderDraft, OrderPurchase
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.enums import Direction, MessageKind, PurchaseState
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.db.same_name import same_name
from tui_desk.models import Message, Purchase, Supplier, Ticket
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.rules.permissions import Permission
from tui_desk.rules.purchases import next_number
from tui_desk.rules.recipients import Recipients
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, refuse_merged, require, ticket_to_read
from tui_desk.services.conversation import add_watchers, remember
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.order_text import order_body, order_subject
from tui_desk.services.outgoing_mail import queue_mail
from tui_desk.services.people import addresses_of
from tui_desk.services.purchase_approval import refused_now, set_state, tell
from tui_desk.services.purchase_lines import present_lines
from tui_desk.services.purchase_settings import order_scheme
from tui_desk.services.purchase_view import lines_of_purchases, not_found, purchase_name
from tui_desk.services.purchases import locked, refuse_stale
from tui_desk.services.senders import own_addresses, sender_for, signature_for
from tui_desk.services.settings_store import UNDO_SECONDS, read_setting

NUMBER_LIMIT = 60
NOTE_LIMIT = 5_000

_LONGEST_AGO = 366
"""Days that an order may be written down late."""


def order(session: Session, actor: Actor, request: OrderPurchase) -> RowChanged:
    """Order an approved purchase, with or without a mail. Everything wrong is told before anything is written.

    Raises NotFound, UsageError (number, day, no supplier), Refused (state, number taken, no address), Conflict.
    """
    require(actor, Permission.CHANGE_TICKETS)
    if request.mail:
        require(actor, Permission.WRITE)
    ticket, purchase = locked(session, request.id)
    refuse_merged(ticket)
    refuse_stale(purchase, request.version)
    _refuse_unapproved(purchase)
    at = now(session)
    supplier = _supplier(session, purchase)
    number = _number(session, purchase, request.order_number, at)
    day = _day(request.ordered_on, at)
    message = None
    if request.mail:
        _address(session, ticket, supplier)
        message = _message(session, actor, ticket, purchase, supplier, number, day, request.note, at)
    events = set_state(
        session,
        actor,
        purchase,
        PurchaseState.ORDERED,
        at,
        order_number=number,
        ordered_on=day,
        order_message_id=message.id if message is not None else None,
    )
    sentence = _("{name} is ordered: {number}.").format(name=purchase_name(request.id), number=number)
    warnings: tuple[str, ...] = ()
    if message is not None:
        event, notice = _send(session, actor, ticket, purchase, supplier, message, number, at)
        events, warnings = (*events, event), (notice,) if notice else ()
        sentence = _("{name} is ordered: {number}. The order goes to {to}.").format(
            name=purchase_name(request.id), number=number, to=visible_address(supplier.email)
        )
    return RowChanged(purchase.ticket_id, events, sentence, request.id, warnings)


def draft_order(session: Session, actor: Actor, request: DraftOrder) -> OrderDraft:
    """What :func:`order` would do. Raises NotFound."""
    require(actor, Permission.VIEW)
    purchase = session.get(Purchase, request.id)
    if purchase is None:
        raise not_found(request.id)
    ticket = ticket_to_read(session, purchase.ticket_id)
    at = now(session)
    supplier = session.get(Supplier, purchase.supplier_id) if purchase.supplier_id else None
    number = safe_line(request.order_number, NUMBER_LIMIT).strip() or _next_number(session, at)
    problem, notice = "", ""
    try:
        supplier = _supplier(session, purchase)
        _address(session, ticket, supplier)
        notice = sender_for(session, ticket).notice
    except (Refused, UsageError) as error:
        problem = str(error)
    lines = lines_of_purchases(session, [request.id])[request.id]
    day = at.astimezone().date()
    return OrderDraft(
        order_number=number,
        to=visible_address(supplier.email) if supplier is not None and supplier.email else "",
        subject=order_subject(number),
        body=order_body(purchase, lines, supplier, number, day, _note(request.note)),
        problem=problem,
        notice=notice,
    )


def _refuse_unapproved(purchase: Purchase) -> None:
    state = PurchaseState(purchase.state)
    if state is PurchaseState.APPROVED:
        return
    refused = refused_now(purchase, _("{name} is {state}: it cannot be ordered."))
    if state in (PurchaseState.DRAFT, PurchaseState.REFUSED):
        raise Refused(refused.sentence, _("Ask for its approval first: a, or “purchase ask”."))
    raise refused


def _supplier(session: Session, purchase: Purchase) -> Supplier:
    if purchase.supplier_id is None:
        raise UsageError(
            _("{name} has no supplier yet: who sells it?").format(name=purchase_name(known(purchase.id))),
            _("Name one with e, or “purchase set”."),
        )
    return session.get_one(Supplier, purchase.supplier_id)


def _address(session: Session, ticket: Ticket, supplier: Supplier) -> None:
    """Raises Refused where no order can go to the supplier by mail."""
    if not supplier.email:
        raise Refused(
            _("The supplier “{name}” has no mail address.").format(name=safe_line(supplier.name)),
            _("Order without a mail, or give it one: Settings → Purchases."),
        )
    key = address_key(supplier.email)
    if is_one_of(key, own_addresses(session)):
        raise Refused(
            _("{address} is an address of this desk: an order would come straight back.").format(
                address=visible_address(supplier.email)
            )
        )
    requester = addresses_of(session, [ticket.requester_id])[ticket.requester_id]
    if key in map(address_key, requester):
        raise Refused(
            _("{address} is the address of who asks in #{number}, not of a supplier.").format(
                address=visible_address(supplier.email), number=ticket.id
            )
        )


def _day(wanted: date | None, at: datetime) -> date:
    today = at.astimezone().date()
    if wanted is not None and wanted > today:
        raise UsageError(_("{day} is still to come.").format(day=wanted.isoformat()))
    if wanted is not None and wanted < today - timedelta(days=_LONGEST_AGO):
        raise UsageError(_("{day} is more than a year ago.").format(day=wanted.isoformat()))
    return wanted or today


def _number(session: Session, purchase: Purchase, wanted: str, at: datetime) -> str:
    """The number that is given, or the next one. Raises Refused where another order has it."""
    number = safe_line(wanted, NUMBER_LIMIT).strip()
    following = _next_number(session, at, lock=True)  # nobody gives a number beside us
    if not number:
        return following
    taken = session.exec(
        select(Purchase.id).where(same_name(Purchase.order_number, number), col(Purchase.id) != purchase.id)
    ).first()
    if taken is not None:
        raise Refused(
            _("{name} has the order number {number} already.").format(
                name=purchase_name(taken), number=number
            ),
            _("Leave it empty for the next free one."),
        )
    return number


def _next_number(session: Session, at: datetime, *, lock: bool = False) -> str:
    scheme = order_scheme(session, lock=lock)
    # SQLite's lower() knows A to Z only, so that no more than this is compared by the database
    begin = "".join(takewhile(str.isascii, scheme.partition("{")[0])).lower()
    used = session.exec(
        select(Purchase.order_number).where(
            func.lower(Purchase.order_number).startswith(begin, autoescape=True), Purchase.order_number != ""
        )
    )
    return next_number(scheme, desk_day(session, at).year, used)


def _note(text: str) -> str:
    return safe_block(text, NOTE_LIMIT).strip()


def _message(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    purchase: Purchase,
    supplier: Supplier,
    number: str,
    day: date,
    note: str,
    at: datetime,
) -> Message:
    """The order as a message of the ticket. Raises Refused on a desk that has no address to write from."""
    sender = sender_for(session, ticket)
    message = Message(
        ticket_id=known(ticket.id),
        kind=MessageKind.EMAIL.value,
        direction=Direction.OUT.value,
        author_agent_id=actor.agent_id,
        author_name=actor.name or actor.login,
        author_address=sender.address,
        at=at,
        subject=order_subject(number),
        recipients_to=[[supplier.name, supplier.email]],
        text=order_body(purchase, present_lines(session, purchase), supplier, number, day, _note(note)),
    )
    session.add(message)
    session.flush()
    return message


def _send(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    purchase: Purchase,
    supplier: Supplier,
    message: Message,
    number: str,
    at: datetime,
) -> tuple[int, str]:
    """Queue the order like any mail; answers the event, and what is to be known of the way it goes."""
    sender = sender_for(session, ticket)
    hold = int(read_setting(session, UNDO_SECONDS))
    recipients = Recipients(((supplier.name, supplier.email),))
    outbox_id = queue_mail(
        session,
        ticket,
        message,
        recipients,
        sender,
        signature_for(session, actor, ticket),
        forward=False,
        alone=True,
        held_until=at + timedelta(seconds=hold) if hold > 0 else None,
    )
    remember(session, ticket, message)
    add_watchers(session, actor, ticket, recipients, at)
    event = tell(
        session,
        actor,
        purchase,
        "order_mailed",
        at,
        number=number,
        to=[supplier.email],
        message_id=message.id,
        outbox_id=outbox_id,
    )
    return event, sender.notice
