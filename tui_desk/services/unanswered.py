"""What waits in the outbox: undo windows, claims whose owner is gone, and messages whose answer never came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from tui_desk.core.enums import DeliveryState
from tui_desk.core.i18n import _
from tui_desk.models import Delivery, OutboxItem
from tui_desk.services.context import known
from tui_desk.services.send_later import AT_ONCE, release_scheduled
from tui_desk.services.send_outcomes import tell
from tui_desk.services.send_queue import IS_WAITING, MAX_RESENDS, Schedule, leaves_later
from tui_desk.services.send_routes import Route, of_route
from tui_desk.services.sending import CLAIM, claimed_item, locked_item


def release_held(session: Session, now: datetime) -> bool:
    """Messages whose undo window is over, or whose time has come, may leave. Answers whether there may be more."""
    looked_at = release_scheduled(session, now)
    ids = [
        known(row_id)
        for row_id in session.exec(
            select(OutboxItem.id)
            .where(
                IS_WAITING,
                OutboxItem.state == DeliveryState.HELD.value,
                col(OutboxItem.held_until) <= now,
                ~leaves_later(OutboxItem),
            )
            .with_for_update(skip_locked=True)
        )
    ]
    if ids:
        session.execute(
            update(OutboxItem)
            .where(col(OutboxItem.id).in_(ids))
            .values(state=DeliveryState.QUEUED.value, next_attempt_at=now)
        )
        session.execute(
            update(Delivery)
            .where(col(Delivery.outbox_id).in_(ids), col(Delivery.state) == DeliveryState.HELD.value)
            .values(state=DeliveryState.QUEUED.value, updated_at=now)
        )
    return looked_at == AT_ONCE


def held_due(session: Session, now: datetime) -> bool:
    """Whether any undo window is over or any time has come (a read, so that nothing is written when nothing is to do)."""
    return bool(
        session.execute(
            select(OutboxItem.id)
            .where(
                IS_WAITING, OutboxItem.state == DeliveryState.HELD.value, col(OutboxItem.held_until) <= now
            )
            .limit(1)
        ).first()
    )


def claim_holders(session: Session) -> set[str]:
    """Who has claimed something that is not finished."""
    rows = session.exec(
        select(OutboxItem.claimed_by)
        .where(
            IS_WAITING,
            col(OutboxItem.state).in_(["queued", "sending", "unknown"]),
            OutboxItem.claimed_by != "",
        )
        .distinct()
    )
    return set(rows)


def late_claims(session: Session, now: datetime) -> bool:
    """Whether any claim took too long (a read)."""
    return bool(
        session.execute(
            select(OutboxItem.id)
            .where(
                IS_WAITING,
                col(OutboxItem.state).in_(["queued", "sending"]),
                OutboxItem.claimed_by != "",
                col(OutboxItem.claimed_until) <= now,
            )
            .limit(1)
        ).first()
    )


def unknown_due(session: Session, now: datetime) -> bool:
    """Whether any message without an answer is due for a look at what became of it (a read)."""
    return bool(
        session.execute(
            select(OutboxItem.id)
            .where(
                IS_WAITING,
                OutboxItem.state == DeliveryState.UNKNOWN.value,
                OutboxItem.resends_after_unknown < MAX_RESENDS,
                OutboxItem.next_attempt_at <= now,
            )
            .limit(1)
        ).first()
    )


def sweep(session: Session, now: datetime, dead: set[str], schedule: Schedule) -> int:
    """Claims of the dead and of those that took too long: before DATA they are free again, from DATA on *unknown*."""
    over = or_(col(OutboxItem.claimed_until) <= now, col(OutboxItem.claimed_by).in_(sorted(dead)))
    rows = session.execute(
        select(OutboxItem.ticket_id, OutboxItem.id).where(
            IS_WAITING,
            col(OutboxItem.state).in_(["queued", "sending", "unknown"]),
            OutboxItem.claimed_by != "",
            over,
        )
    ).all()
    swept = 0
    for _ticket, outbox_id in sorted((ticket or 0, known(number)) for ticket, number in rows):
        item = locked_item(session, outbox_id)  # everybody locks tickets in this order
        late = item.claimed_until is not None and item.claimed_until <= now
        if not item.claimed_by or not (late or item.claimed_by in dead):
            continue  # somebody else was quicker
        swept += 1
        item.epoch += 1
        item.claimed_by, item.claimed_until = "", None
        if item.state == DeliveryState.SENDING.value:
            item.state = DeliveryState.UNKNOWN.value
            item.next_attempt_at = now + timedelta(seconds=schedule.unknown)
            item.cause = _("The sending process ended before the server answered.")
            flying = session.exec(
                select(Delivery).where(Delivery.outbox_id == item.id, col(Delivery.in_flight))
            ).all()
            for delivery in flying:
                delivery.state, delivery.cause, delivery.updated_at = "unknown", item.cause, now
                session.add(delivery)
            tell(session, item, {"unknown": list(flying)}, now)
        session.add(item)
        session.flush()
    return swept


@dataclass(frozen=True, slots=True)
class Unproved:
    """A message without an answer: proof is wanted for ``recipients``."""

    outbox_id: int
    epoch: int
    ticket_id: int | None
    mailbox_id: int | None
    rfc_message_id: str
    recipients: tuple[str, ...]
    copy_proves: bool
    """Whether a copy in the Sent folder can only come from the attempt in question: an earlier one that was answered for
    others left one as well."""


def claim_unknown(
    session: Session, route: Route, all_routes: Sequence[Route], holder: str, now: datetime
) -> Unproved | None:
    """The next message for which proof should be looked for, claimed; None when there is none."""
    item = session.exec(
        select(OutboxItem)
        .where(
            IS_WAITING,
            OutboxItem.state == DeliveryState.UNKNOWN.value,
            OutboxItem.resends_after_unknown < MAX_RESENDS,
            OutboxItem.next_attempt_at <= now,
            or_(col(OutboxItem.claimed_until).is_(None), col(OutboxItem.claimed_until) <= now),
            of_route(route, all_routes),
        )
        .order_by(col(OutboxItem.next_attempt_at), col(OutboxItem.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if item is None:
        return None
    item.epoch += 1
    item.claimed_by, item.claimed_until = holder, now + CLAIM
    session.add(item)
    session.flush()
    rows = session.execute(
        select(Delivery.address, Delivery.state)
        .where(Delivery.outbox_id == item.id)
        .order_by(col(Delivery.id))
    ).all()
    others_have_it = any(state in (DeliveryState.SENT, DeliveryState.BOUNCED) for _address, state in rows)
    return Unproved(
        known(item.id),
        item.epoch,
        item.ticket_id,
        item.mailbox_id,
        item.rfc_message_id,
        tuple(address for address, state in rows if state == DeliveryState.UNKNOWN),
        not item.answered and not others_have_it,
    )


def settle_unknown(session: Session, unproved: Unproved, proved: bool, now: datetime) -> None:
    """With proof the recipients have it; without, it is sent to them again with the same bytes, a bounded number of times.

    Raises ClaimLost.
    """
    item = claimed_item(session, unproved)
    item.answered = item.answered or proved
    deliveries = session.exec(
        select(Delivery)
        .where(Delivery.outbox_id == item.id)
        .order_by(col(Delivery.id))
        .execution_options(populate_existing=True)
    ).all()
    flying = [delivery for delivery in deliveries if delivery.state == DeliveryState.UNKNOWN.value]
    for delivery in flying:
        delivery.state = (DeliveryState.SENT if proved else DeliveryState.QUEUED).value
        delivery.in_flight, delivery.updated_at = False, now
        delivery.cause = (
            ""  # of an answer that did not come: what waits with a cause was put off by the server
        )
        session.add(delivery)
    item.claimed_by, item.claimed_until = "", None
    waiting = any(delivery.state == DeliveryState.QUEUED.value for delivery in deliveries)
    item.state = DeliveryState.QUEUED.value if waiting else "done"
    item.finished_at = None if waiting else now
    item.next_attempt_at = now
    if not proved and flying:
        item.resends_after_unknown += 1
    session.add(item)
    session.flush()
    if proved:
        tell(session, item, {"sent": flying}, now)


def waiting_count(session: Session) -> int:
    """How many messages wait in the outbox in any state."""
    return len(session.exec(select(OutboxItem.id).where(IS_WAITING)).all())
