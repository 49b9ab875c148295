"""What in the outbox is due, in which order, and when what failed is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, literal_column, or_, update
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tui_desk.core.enums import DeliveryState
from tui_desk.models import OutboxItem
from tui_desk.models.base import UtcDateTime
from tui_desk.services.send_pace import limit_of, may_send
from tui_desk.services.send_routes import Route, of_route, routes

MAX_RESENDS = 3
"""How often a message without an answer is sent again by itself; then a person decides."""

WAITING = ("held", "queued", "sending", "unknown")


def _is_waiting(table: Any) -> ColumnElement[bool]:
    return col(table.state).in_([literal_column(f"'{state}'") for state in WAITING])


IS_WAITING = _is_waiting(OutboxItem)
"""Not ended. Part of every question about what is to be done, word for word as the index over what waits has it (SQLite asks for
that): without, each would look at all that was ever sent."""


def is_scheduled(item: OutboxItem) -> bool:
    """Whether a message waits for a time that somebody named, or (without one) for somebody to look at it again.

    One in its undo window could leave at once for all anybody asked, and has that as the time of its next attempt.
    """
    later = item.held_until is None or item.next_attempt_at >= item.held_until
    return item.state == DeliveryState.HELD.value and later


def leaves_later(table: Any) -> ColumnElement[bool]:
    """:func:`is_scheduled` as a condition on ``table`` (OutboxItem, or an alias of it)."""
    return and_(
        table.state == DeliveryState.HELD.value,
        or_(table.held_until.is_(None), table.next_attempt_at >= table.held_until),
    )


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to try again, in seconds. After the last step of ``backoff`` a recipient that is put off has failed (two days)."""

    backoff: tuple[float, ...] = (60, 300, 900, 3600, 7200, 14400, 28800, 57600, 57600)
    unknown: float = 60
    """Between a missing answer and the look for proof."""

    def wait(self, attempts: int) -> timedelta | None:
        """The pause after ``attempts`` failed attempts; None: give up."""
        if attempts > len(self.backoff):
            return None
        return timedelta(seconds=self.backoff[max(0, attempts - 1)])


@lru_cache(maxsize=64)
def _due(route: Route, all_routes: tuple[Route, ...]) -> Select[Any]:
    """The id of the next message that may leave by ``route`` at ``:now``. Built once: building costs more than asking."""
    now = bindparam("now", type_=UtcDateTime())
    return (
        rows_of(col(OutboxItem.id))
        .where(
            IS_WAITING,
            col(OutboxItem.state) == DeliveryState.QUEUED.value,
            col(OutboxItem.next_attempt_at) <= now,
            or_(col(OutboxItem.claimed_until).is_(None), col(OutboxItem.claimed_until) <= now),
            of_route(route, all_routes),
            _first_of_its_ticket(),
        )
        .order_by(
            col(OutboxItem.next_attempt_at), col(OutboxItem.id)
        )  # as the index has them: the first is found at once
        .limit(1)
    )


@lru_cache(maxsize=64)
def _next_item(route: Route, all_routes: tuple[Route, ...]) -> Select[*tuple[Any, ...]]:
    return (
        _due(route, all_routes)
        .with_only_columns(
            col(OutboxItem.id),
            col(OutboxItem.epoch),
            col(OutboxItem.ticket_id),
            col(OutboxItem.rfc_message_id),
            col(OutboxItem.sender),
            col(OutboxItem.envelope_from),
            col(OutboxItem.mime_sha256),
        )
        .with_for_update(skip_locked=True)
    )


@lru_cache(maxsize=1)
def _first_of_its_ticket() -> ColumnElement[bool]:
    """No earlier message of the same ticket still waits: answers are never reordered. One for later holds nobody up."""
    earlier = aliased(OutboxItem)
    undecided = and_(col(earlier.state) == "unknown", col(earlier.resends_after_unknown) >= MAX_RESENDS)
    return ~exists().where(
        col(earlier.ticket_id) == col(OutboxItem.ticket_id),
        col(earlier.id) < OutboxItem.id,
        _is_waiting(earlier),
        ~undecided,
        ~leaves_later(earlier),
    )


def next_item(
    session: Session, route: Route, all_routes: Sequence[Route], now: datetime
) -> Row[*tuple[Any, ...]] | None:
    """The next message that may leave by ``route``, locked: the columns that a claim is made of."""
    return session.connection().execute(_next_item(route, tuple(all_routes)), {"now": now}).first()


def something_due(session: Session, route: Route, all_routes: Sequence[Route], now: datetime) -> bool:
    """Whether :func:`next_item` would find something (a read)."""
    found = session.execute(_due(route, tuple(all_routes)), {"now": now}).first()
    return found is not None and may_send(session, route.name, now)


def try_now(session: Session, mailbox_id: int | None, now: datetime) -> None:
    """What was put off is due at ``now``, and its schedule begins anew: its mailbox (None: the fallback sender) sends otherwise now.

    A row that somebody has locked is passed over, and whoever calls this locks nothing after it: else two could wait for each other.
    """
    if mailbox_id is None:
        those = of_route(Route(None), routes(session))
    else:
        those = func.coalesce(col(OutboxItem.mailbox_id), 0) == mailbox_id
    put_off = (
        select(OutboxItem.id)
        .where(
            IS_WAITING, OutboxItem.state == DeliveryState.QUEUED.value, col(OutboxItem.attempts) > 0, those
        )
        .with_for_update(skip_locked=True)
    )
    ids = session.exec(put_off).all()
    if ids:
        session.connection().execute(_TRY_NOW, [{"outbox_id": each, "now": now} for each in ids])


_TRY_NOW = (
    update(OutboxItem)
    .where(col(OutboxItem.id) == bindparam("outbox_id"))
    .values(next_attempt_at=bindparam("now", type_=UtcDateTime()), attempts=1)
)
"""As after the first attempt: none would mean that its bytes may still be changed."""

_UNANSWERED = (
    select(OutboxItem.id)
    .where(
        IS_WAITING,
        or_(
            col(OutboxItem.state) == DeliveryState.UNKNOWN.value,
            and_(
                col(OutboxItem.state) == DeliveryState.QUEUED.value, col(OutboxItem.resends_after_unknown) > 0
            ),
        ),
    )
    .limit(1)
)


def backlog(session: Session, route: Route, all_routes: Sequence[Route], now: datetime, limit: int) -> int:
    """How many messages wait to leave by ``route`` now, up to ``limit`` (a read).

    1 where their number a minute is limited, and as long as an answer is missing: whoever dies then takes one message along,
    so that none is in flight at every death until nobody dares to send it again.
    """
    if limit_of(session, route.name) or session.exec(_UNANSWERED).first() is not None:
        return 1
    waiting = (
        select(OutboxItem.id)
        .where(
            IS_WAITING,
            OutboxItem.state == DeliveryState.QUEUED.value,
            OutboxItem.next_attempt_at <= now,
            col(OutboxItem.claimed_until).is_(None),
            of_route(route, all_routes),
        )
        .limit(limit)
    )
    return len(session.exec(waiting).all())
