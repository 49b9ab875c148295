"""The outbox as people and other use cases see it: put a message in, take it back, try again, list.

Bytes and Message-ID are fixed here and never change, whatever is tried later (``services.sending``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import CancelSend, ListOutbox, OutboxRow, RetrySend, ShowOutbox
from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.blobs import store_blob
from tui_desk.models import Delivery, Message, OutboxItem, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services import context
from tui_desk.services.actor import Actor
from tui_desk.services.answered import take_back_answer
from tui_desk.services.context import known, require, ticket_to_change
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.order_stopped import order_stopped
from tui_desk.services.outgoing_view import deliveries_of, obstacles, outgoing_view
from tui_desk.services.returned import back_to_draft
from tui_desk.services.sending import locked_item


def enqueue(
    session: Session,
    *,
    mime: bytes,
    rfc_message_id: str,
    envelope_from: str,
    recipients: Sequence[str],
    now: datetime,
    ticket_id: int | None = None,
    message_id: int | None = None,
    mailbox_id: int | None = None,
    sender: str = "mailbox",
    held_until: datetime | None = None,
    later: bool = False,
    automatic: bool = False,
) -> int:
    """Put a composed mail into the outbox; answers the item's id. In the caller's transaction.

    ``recipients`` are all envelope recipients (To, Cc, Bcc), each once. ``held_until`` is the end of the undo window (None or
    past: it may leave at once), or with ``later`` the time that somebody named (``send_later``). ``sender``: mailbox, fallback or none, as it looks now; the worker decides again when it sends.
    """
    if not recipients:
        raise UsageError(_("There is nobody to send this to."))
    held = held_until is not None and held_until > now
    state = DeliveryState.HELD if held else DeliveryState.QUEUED
    item = OutboxItem(
        ticket_id=ticket_id,
        message_id=message_id,
        mailbox_id=mailbox_id,
        sender=sender,
        state=state.value,
        automatic=automatic,
        envelope_from=envelope_from,
        rfc_message_id=rfc_message_id,
        mime_sha256=store_blob(session, mime),
        created_at=now,
        held_until=held_until if held else None,
        next_attempt_at=held_until if held and later and held_until is not None else now,
    )
    session.add(item)
    session.flush()
    session.execute(
        insert(Delivery),
        [
            {"outbox_id": item.id, "address": address, "state": state.value, "updated_at": now}
            for address in dict.fromkeys(recipients)
        ],
    )
    return known(item.id)


def cancel(session: Session, actor: Actor, request: CancelSend) -> str:
    """Undo a send that is held, or cancel one that waits; the text goes back to a draft. Answers a sentence.

    Raises NotFound, and Refused where a server may already have it or everything has ended.
    """
    require(actor, Permission.WRITE)
    item = locked_item(session, request.outbox_id)
    deliveries = deliveries_of(session, [request.outbox_id]).get(request.outbox_id, [])
    now = context.now(session)
    open_ones = _not_begun(item, deliveries)
    for delivery in open_ones:
        delivery.state, delivery.cause, delivery.updated_at = DeliveryState.CANCELLED.value, "", now
        session.add(delivery)
    whole = len(open_ones) == len(deliveries)
    item.state = DeliveryState.CANCELLED.value if whole else "done"
    _take_from_senders(item)
    item.finished_at = now
    session.add(item)
    message = session.get(Message, item.message_id) if item.message_id is not None else None
    order = order_stopped(session, actor, message, now) if whole and message is not None else ""
    returned = back_to_draft(session, actor, item, now) if whole and not order else None
    if item.ticket_id is not None:
        ticket = ticket_to_change(session, item.ticket_id)
        message = session.get(Message, item.message_id) if item.message_id is not None else None
        if whole and message is not None:
            take_back_answer(session, actor, ticket, message, known(item.id), now)
        _tell(session, actor, item, "send_cancelled", _("{actor} stopped a message to {to}"), open_ones, now)
    if order:
        return order
    if returned is not None:
        return _("Not sent. The text is a draft again.")
    return _("Not sent to {to}.").format(to=", ".join(visible_address(each.address) for each in open_ones))


def _not_begun(item: OutboxItem, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """What can still be stopped. Raises Refused where that is nothing, or a server may already have some of it."""
    if item.state == DeliveryState.SENDING or any(delivery.in_flight for delivery in deliveries):
        raise Refused(
            _("This message is being sent: it can no longer be stopped."),
            _("Its state shows when the server has answered."),
        )
    open_ones = [delivery for delivery in deliveries if delivery.state in ("held", "queued")]
    if not open_ones:
        raise Refused(_("There is nothing left of this message to cancel."))
    return open_ones


def _take_from_senders(item: OutboxItem) -> None:
    """Whoever claimed it before writes nothing about it any more."""
    item.epoch += 1
    item.claimed_by, item.claimed_until = "", None


def _tell(
    session: Session,
    actor: Actor,
    item: OutboxItem,
    action: str,
    sentence: str,
    deliveries: Sequence[Delivery],
    now: datetime,
) -> None:
    """In the history of its ticket; ``sentence`` names the actor and the recipients."""
    told = sentence.format(actor=actor.name or actor.login, to=", ".join(each.address for each in deliveries))
    stream = ticket_stream(known(item.ticket_id))
    record(session, actor, stream, action, now, after={"outbox_id": item.id, "sentence": told})


def retry(session: Session, actor: Actor, request: RetrySend) -> str:
    """Send again to the recipients that failed, bounced, are unknown or wait for another attempt, with the same bytes. Answers a sentence."""
    require(actor, Permission.WRITE)
    item = locked_item(session, request.outbox_id)
    deliveries = deliveries_of(session, [request.outbox_id]).get(request.outbox_id, [])
    now = context.now(session)
    if item.state == DeliveryState.SENDING:
        raise Refused(_("This message is being sent right now."))
    again = [each for each in deliveries if each.state in ("failed", "bounced", "unknown", "queued")]
    if not again:
        raise Refused(_("Every recipient has this message already, or it was cancelled."))
    for delivery in again:
        if delivery.state != DeliveryState.QUEUED:  # what put that off holds until it is tried again
            delivery.code, delivery.enhanced, delivery.cause, delivery.updated_at = None, "", "", now
        delivery.state, delivery.in_flight = DeliveryState.QUEUED.value, False
        delivery.attempts = 0
        session.add(delivery)
    item.state, item.next_attempt_at, item.finished_at = DeliveryState.QUEUED.value, now, None
    _take_from_senders(item)
    item.attempts = 0
    item.resends_after_unknown = 0
    item.cause = ""
    session.add(item)
    if item.ticket_id is not None:
        ticket_to_change(session, item.ticket_id)
        _tell(session, actor, item, "send_retried", _("{actor} asked to send again to {to}"), again, now)
    return ngettext(
        "It is sent again to {count} recipient.", "It is sent again to {count} recipients.", len(again)
    ).format(count=len(again))


def list_outbox(session: Session, actor: Actor, request: ListOutbox) -> tuple[OutboxRow, ...]:
    """Outgoing messages, newest first; by default everything that is not (yet) sent and not cancelled."""
    require(actor, Permission.VIEW)
    statement = select(OutboxItem).order_by(col(OutboxItem.id).desc()).limit(request.limit)
    if not request.everything:
        states = [state.value for state in request.states] or [
            "held",
            "queued",
            "sending",
            "unknown",
            "failed",
            "bounced",
        ]
        wanted = select(Delivery.outbox_id).where(col(Delivery.state).in_(states))
        statement = statement.where(col(OutboxItem.id).in_(wanted))
    items = list(session.exec(statement))
    return _rows(session, items)


def show_outbox(session: Session, actor: Actor, request: ShowOutbox) -> OutboxRow:
    """One outgoing message. Raises NotFound."""
    require(actor, Permission.VIEW)
    item = session.get(OutboxItem, request.outbox_id)
    if item is None:
        raise NotFound(_("There is no outgoing message {id}.").format(id=request.outbox_id))
    return _rows(session, [item])[0]


def _rows(session: Session, items: Sequence[OutboxItem]) -> tuple[OutboxRow, ...]:
    deliveries = deliveries_of(session, [known(item.id) for item in items])
    stuck = obstacles(session, items)
    tickets = [item.ticket_id for item in items if item.ticket_id is not None]
    subjects = dict(session.exec(select(Ticket.id, Ticket.subject).where(col(Ticket.id).in_(tickets))).all())
    return tuple(
        OutboxRow(
            outbox_id=known(item.id),
            ticket=item.ticket_id or 0,
            subject=safe_line(subjects.get(item.ticket_id, "")),
            to=", ".join(visible_address(each.address) for each in deliveries.get(known(item.id), [])),
            sender=visible_address(item.envelope_from),
            created_at=item.created_at,
            delivery=outgoing_view(item, deliveries.get(known(item.id), []), stuck.get(known(item.id), "")),
        )
        for item in items
    )
