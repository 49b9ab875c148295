"""The state of what leaves, as screens show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import OutgoingView, RecipientDelivery
from tui_desk.core.enums import DeliveryState, MailboxState
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.models import Delivery, Mailbox, OutboxItem
from tui_desk.rules.deliveries import worst
from tui_desk.services.context import known
from tui_desk.services.send_queue import is_scheduled
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting

WAITING = (DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN)


def outgoing_view(item: OutboxItem, deliveries: Sequence[Delivery], obstacle: str = "") -> OutgoingView:
    """One outgoing message with its recipients; ``obstacle`` as :func:`obstacles` found it."""
    recipients = tuple(
        RecipientDelivery(
            address=visible_address(delivery.address),
            state=DeliveryState(delivery.state),
            cause=safe_line(delivery.cause),
            attempts=delivery.attempts,
            at=delivery.updated_at,
        )
        for delivery in deliveries
    )
    state = worst(recipient.state for recipient in recipients)
    cause = next((one.cause for one in recipients if one.state is state and one.cause), "")
    stopped = is_scheduled(item) and item.held_until is None
    return OutgoingView(
        outbox_id=known(item.id),
        state=state,
        cause=safe_line(item.cause) if stopped else obstacle or cause or safe_line(item.cause),
        held_until=item.held_until if state is DeliveryState.HELD else None,
        next_attempt_at=_next_attempt(item, state) if state in WAITING and not obstacle else None,
        one_way=item.sender == "fallback",
        recipients=recipients,
        later=is_scheduled(item),
        stopped=stopped,
    )


def _next_attempt(item: OutboxItem, state: DeliveryState) -> datetime | None:
    return item.held_until if state is DeliveryState.HELD else item.next_attempt_at


def obstacles(session: Session, items: Sequence[OutboxItem]) -> dict[int, str]:
    """Why waiting messages cannot leave at all, a sentence by outbox id: no server sends for them, or it is paused."""
    waiting = [item for item in items if item.state in (DeliveryState.HELD, DeliveryState.QUEUED)]
    if not waiting:
        return {}
    senders = {
        row_id: (address, state)
        for row_id, address, state in session.exec(
            select(Mailbox.id, Mailbox.address, Mailbox.state).where(
                Mailbox.smtp_host != "", Mailbox.state != MailboxState.REMOVED.value
            )
        )
    }
    fallback = read_setting(session, FALLBACK_SENDER)
    has_fallback = isinstance(fallback, dict) and bool(fallback.get("smtp_host"))
    found: dict[int, str] = {}
    for item in waiting:
        address, state = senders.get(item.mailbox_id, ("", ""))
        if state == MailboxState.PAUSED:
            found[known(item.id)] = _("{mailbox} is paused: resume it in Settings → Mail.").format(
                mailbox=visible_address(address)
            )
        elif not state and not has_fallback:
            found[known(item.id)] = _(
                "No sending server: set SMTP in Settings → Mail, or a fallback sender there."
            )
    return found


def deliveries_of(session: Session, outbox_ids: Sequence[int]) -> dict[int, list[Delivery]]:
    """The recipients of some outgoing messages, in the order they were named."""
    found: dict[int, list[Delivery]] = defaultdict(list)
    if outbox_ids:
        for delivery in session.exec(
            select(Delivery).where(col(Delivery.outbox_id).in_(outbox_ids)).order_by(col(Delivery.id))
        ):
            found[delivery.outbox_id].append(delivery)
    return found


def outgoing_of_ticket(session: Session, ticket_id: int) -> dict[int, OutgoingView]:
    """What left or waits in a ticket, by message id."""
    items = session.exec(
        select(OutboxItem)
        .where(OutboxItem.ticket_id == ticket_id, col(OutboxItem.message_id).is_not(None))
        .order_by(col(OutboxItem.id))
    ).all()
    deliveries = deliveries_of(session, [known(item.id) for item in items])
    stuck = obstacles(session, items)
    return {
        known(item.message_id): outgoing_view(item, deliveries[known(item.id)], stuck.get(known(item.id), ""))
        for item in items
    }
