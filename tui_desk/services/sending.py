"""The outbox as the send worker sees it: claim, put on record before DATA, write down what became of each recipient.

Every write is fenced by the item's epoch: a sender that slept too long finds that its claim is gone and writes nothing.
A message whose answer never came is *unknown*: neither queued nor sent, until proof is found or it is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, update
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tui_desk.core.enums import DeliveryState, MailboxState
from tui_desk.core.errors import Conflict, NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.blobs import load_blob
from tui_desk.mail.smtp_values import Outcome, RecipientResult
from tui_desk.models import Delivery, Mailbox, OutboxItem, Ticket
from tui_desk.models.base import UtcDateTime
from tui_desk.services.actor import MAIL
from tui_desk.services.context import known
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.readdress import readdress
from tui_desk.services.send_pace import limit_of, may_send, take
from tui_desk.services.senders import FALLBACK, MAILBOX
from tui_desk.services.sent_ids import remember_ids
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting

MAX_RESENDS = 3
"""How often a message without an answer is sent again by itself; then a person decides."""

CLAIM = timedelta(minutes=5)
"""How long a claim holds before DATA."""
IN_FLIGHT = timedelta(minutes=20)
"""How long it holds from DATA on: longer than the ten minutes a server may take to answer (RFC 5321, 4.5.3.2.6)."""

WAITING = ("held", "queued", "sending", "unknown")


class ClaimLost(Conflict):
    """Another process has the message now: whatever was to be written about it is not."""


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


@dataclass(frozen=True, slots=True)
class Route:
    """A way out. ``mailbox_id`` None: the fallback sender. ``version`` changes when its settings do."""

    mailbox_id: int | None
    version: int = 0

    @property
    def way(self) -> str:
        return FALLBACK if self.mailbox_id is None else MAILBOX

    @property
    def name(self) -> str:
        return "fallback" if self.mailbox_id is None else f"mailbox:{self.mailbox_id}"


class ClaimedItem(Protocol):
    """What tells one claim from a later one."""

    @property
    def outbox_id(self) -> int: ...

    @property
    def epoch(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Claim:
    """One item that only we may send now, and the recipients that still lack it; :func:`prepare` loads its bytes."""

    outbox_id: int
    epoch: int
    ticket_id: int | None
    rfc_message_id: str
    recipients: tuple[str, ...]
    until: datetime
    """When the claim ends."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What goes to the server for a claim."""

    envelope_from: str
    raw: bytes


def routes(session: Session) -> list[Route]:
    """All ways out there are now."""
    rows = session.execute(
        select(Mailbox.id, Mailbox.version).where(
            Mailbox.smtp_host != "", Mailbox.state != MailboxState.REMOVED.value
        )
    ).all()
    found = [Route(int(mailbox_id), version) for mailbox_id, version in rows]
    value = read_setting(session, FALLBACK_SENDER)
    if isinstance(value, dict) and value.get("smtp_host"):
        found.append(Route(None, hash(str(sorted(value.items())))))
    return found


@lru_cache(maxsize=64)
def _due(route: Route, all_routes: tuple[Route, ...]) -> Select[Any]:
    """The id of the next message that may leave by ``route`` at ``:now``. Built once: building costs more than asking."""
    now = bindparam("now", type_=UtcDateTime())
    return (
        rows_of(col(OutboxItem.id))
        .where(
            col(OutboxItem.state) == DeliveryState.QUEUED.value,
            col(OutboxItem.next_attempt_at) <= now,
            or_(col(OutboxItem.claimed_until).is_(None), col(OutboxItem.claimed_until) <= now),
            of_route(route, all_routes),
            _first_of_its_ticket(),
        )
        .order_by(col(OutboxItem.id))
        .limit(1)
    )


@lru_cache(maxsize=64)
def _next_item(route: Route, all_routes: tuple[Route, ...]) -> Select[Any]:
    return _due(route, all_routes).with_only_columns(OutboxItem).with_for_update(skip_locked=True)


def of_route(route: Route, all_routes: Sequence[Route]) -> ColumnElement[bool]:
    """Which items leave by ``route``: a mailbox's own unless it is paused, and by the fallback all that have no other way."""
    if route.mailbox_id is not None:
        sends = exists().where(
            col(Mailbox.id) == route.mailbox_id, col(Mailbox.state) != MailboxState.PAUSED.value
        )
        return and_(col(OutboxItem.mailbox_id) == route.mailbox_id, sends)
    others = [other.mailbox_id for other in all_routes if other.mailbox_id is not None]
    return or_(col(OutboxItem.mailbox_id).is_(None), col(OutboxItem.mailbox_id).not_in(others))


@lru_cache(maxsize=1)
def _first_of_its_ticket() -> ColumnElement[bool]:
    """No earlier message of the same ticket still waits: answers are never reordered."""
    earlier = aliased(OutboxItem)
    undecided = and_(col(earlier.state) == "unknown", col(earlier.resends_after_unknown) >= MAX_RESENDS)
    return ~exists().where(
        col(earlier.ticket_id) == col(OutboxItem.ticket_id),
        col(earlier.id) < OutboxItem.id,
        col(earlier.state).in_(WAITING),
        ~undecided,
    )


def claim(
    session: Session, route: Route, all_routes: Sequence[Route], holder: str, now: datetime
) -> Claim | None:
    """The next message that may leave by ``route``, claimed; None when there is none, or none now (``send_pace``)."""
    item = session.execute(_next_item(route, tuple(all_routes)), {"now": now}).scalars().first()
    if item is None or not take(session, route.name, now):
        return None
    recipients = tuple(
        session.exec(
            select(Delivery.address)
            .where(Delivery.outbox_id == item.id, Delivery.state == DeliveryState.QUEUED.value)
            .order_by(col(Delivery.id))
        )
    )
    item.epoch += 1
    item.claimed_by, item.claimed_until = holder, now + CLAIM
    if not recipients:  # everybody ended otherwise meanwhile
        item.state, item.finished_at = "done", now
    session.add(item)
    session.flush()
    return Claim(known(item.id), item.epoch, item.ticket_id, item.rfc_message_id, recipients, now + CLAIM)


def prepared_already(session: Session, claimed: Claim, route: Route) -> Prepared | None:
    """What :func:`prepare` gives, where nothing need be written for it (the usual case: a read). Raises ClaimLost, NotFound."""
    item = session.exec(select(OutboxItem).where(OutboxItem.id == claimed.outbox_id)).first()
    if item is None or item.epoch != claimed.epoch:
        raise _lost(claimed.outbox_id)
    if item.sender != route.way:
        return None
    return Prepared(item.envelope_from, load_blob(session, item.mime_sha256))


def prepare(session: Session, claimed: Claim, route: Route) -> Prepared:
    """The bytes of a claimed message, under the name of the way by which it really leaves. In a writing session.

    Apart from :func:`claim`, so that bytes that are missing or damaged (NotFound) concern this message only. Raises ClaimLost.
    """
    item = claimed_item(session, claimed)
    untried = item.attempts == item.resends_after_unknown == 0 and not item.answered
    if item.sender != route.way and untried:
        readdress(session, item, route.mailbox_id)
    item.sender = route.way
    session.add(item)
    session.flush()
    return Prepared(item.envelope_from, load_blob(session, item.mime_sha256))


def something_due(session: Session, route: Route, all_routes: Sequence[Route], now: datetime) -> bool:
    """Whether :func:`claim` would find something (a read)."""
    found = session.execute(_due(route, tuple(all_routes)), {"now": now}).first()
    return found is not None and may_send(session, route.name, now)


_UNANSWERED = (
    select(OutboxItem.id)
    .where(
        or_(
            col(OutboxItem.state) == DeliveryState.UNKNOWN.value,
            and_(
                col(OutboxItem.state) == DeliveryState.QUEUED.value, col(OutboxItem.resends_after_unknown) > 0
            ),
        )
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
            OutboxItem.state == DeliveryState.QUEUED.value,
            OutboxItem.next_attempt_at <= now,
            col(OutboxItem.claimed_until).is_(None),
            of_route(route, all_routes),
        )
        .limit(limit)
    )
    return len(session.exec(waiting).all())


def begin_data(session: Session, claimed: Claim, accepted: Sequence[str], now: datetime) -> None:
    """Put on record that from now on the server may have it for ``accepted``. Raises ClaimLost."""
    _fenced(session, claimed, state=DeliveryState.SENDING.value, until=now + IN_FLIGHT)
    session.execute(
        update(Delivery)
        .where(col(Delivery.outbox_id) == claimed.outbox_id, col(Delivery.address).in_(list(accepted)))
        .values(state=DeliveryState.SENDING.value, in_flight=True, updated_at=now)
    )


def keep(session: Session, claimed: Claim, now: datetime) -> datetime:
    """The mail is still on its way to the server: the claim lasts longer. Answers until when; raises ClaimLost."""
    until = now + IN_FLIGHT
    _fenced(session, claimed, until=until)
    return until


def _fenced(session: Session, claimed: Claim, *, until: datetime, state: str | None = None) -> None:
    values: dict[str, object] = {"claimed_until": until}
    if state is not None:
        values["state"] = state
    done = session.connection().execute(
        update(OutboxItem)
        .where(col(OutboxItem.id) == claimed.outbox_id, col(OutboxItem.epoch) == claimed.epoch)
        .values(values)
    )
    if done.rowcount != 1:
        raise _lost(claimed.outbox_id)


def _lost(outbox_id: int) -> ClaimLost:
    return ClaimLost(_("Another process has taken over outgoing message {id}.").format(id=outbox_id))


def locked_item(session: Session, outbox_id: int) -> OutboxItem:
    """An item, locked until the end of the transaction, its ticket first. Raises NotFound.

    Everybody who writes about an item and tells its ticket goes through here: two that lock them in different orders wait for
    each other until PostgreSQL ends one.
    """
    while True:
        row = session.execute(select(OutboxItem.ticket_id).where(OutboxItem.id == outbox_id)).first()
        with session.begin_nested() as attempt:
            if row is not None:
                lock_ticket(session, row[0])
            item = session.exec(
                select(OutboxItem)
                .where(OutboxItem.id == outbox_id)
                .with_for_update()
                .execution_options(populate_existing=True)
            ).first()
            if row is None or item is None:
                raise NotFound(_("There is no outgoing message {id}.").format(id=outbox_id))
            if item.ticket_id == row[0]:
                return item
            # It was moved to another ticket while we waited. Both locks are given back (as PostgreSQL does at the end of a
            # savepoint that is undone): whoever has that ticket may be waiting for this item.
            attempt.rollback()


def claimed_item(session: Session, claimed: ClaimedItem) -> OutboxItem:
    """The item of a claim, locked. Raises ClaimLost when the claim is no longer ours."""
    try:
        item = locked_item(session, claimed.outbox_id)
    except NotFound as error:
        raise _lost(claimed.outbox_id) from error
    if item.epoch != claimed.epoch:
        raise _lost(claimed.outbox_id)
    return item


def put_off(session: Session, claimed: Claim, cause: str, now: datetime, schedule: Schedule) -> int:
    """The server could not be reached: nothing was sent to anybody. Answers how many recipients failed for good."""
    results = [RecipientResult(each, Outcome.DEFERRED, None, None, cause) for each in claimed.recipients]
    return record_outcome(session, claimed, results, now, schedule).failed


def refuse(session: Session, claimed: Claim, cause: str, now: datetime, schedule: Schedule) -> int:
    """It cannot be sent at all as it stands: every recipient fails visibly. Answers how many."""
    results = [RecipientResult(each, Outcome.REFUSED, None, None, cause) for each in claimed.recipients]
    return record_outcome(session, claimed, results, now, schedule).failed


@dataclass(frozen=True, slots=True)
class Recorded:
    """Recipients of one attempt by how they ended."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    unknown: int = 0


def record_outcome(
    session: Session,
    claimed: Claim,
    results: Sequence[RecipientResult],
    now: datetime,
    schedule: Schedule,
) -> Recorded:
    """Write what became of each recipient, and the ticket's events. Raises ClaimLost."""
    item = claimed_item(session, claimed)
    item.attempts += 1
    item.answered = item.answered or any(result.outcome is Outcome.ACCEPTED for result in results)
    wait = schedule.wait(item.attempts)
    by_address = {result.address: result for result in results}
    counts = {"sent": 0, "failed": 0, "put_off": 0, "unknown": 0}
    ended: dict[str, list[Delivery]] = {}
    for delivery in session.exec(
        select(Delivery)
        .where(Delivery.outbox_id == item.id)
        .order_by(col(Delivery.id))
        .execution_options(populate_existing=True)
    ):
        result = by_address.get(delivery.address)
        if result is None:
            continue
        name = _write_result(delivery, result, now, last=wait is None)
        session.add(delivery)
        counts[name] += 1
        ended.setdefault(name, []).append(delivery)
    _move_on(item, counts, now, wait, schedule)
    item.cause = next((result.text for result in results if result.outcome is not Outcome.ACCEPTED), "")
    session.add(item)
    session.flush()
    remember_ids(session, item, results)
    tell(session, item, ended, now)
    return Recorded(**counts)


def lock_ticket(session: Session, ticket_id: int | None) -> None:
    """Events of a ticket are numbered: only one transaction at a time writes them."""
    if ticket_id is not None:
        session.execute(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update()).first()


def _write_result(delivery: Delivery, result: RecipientResult, now: datetime, *, last: bool) -> str:
    delivery.attempts += 1
    delivery.code, delivery.enhanced = result.code, result.enhanced or ""
    delivery.cause = "" if result.outcome is Outcome.ACCEPTED else safe_line(result.text, 300)
    delivery.updated_at = now
    delivery.in_flight = result.outcome is Outcome.UNKNOWN
    state, name = {
        Outcome.ACCEPTED: (DeliveryState.SENT, "sent"),
        Outcome.REFUSED: (DeliveryState.FAILED, "failed"),
        Outcome.UNKNOWN: (DeliveryState.UNKNOWN, "unknown"),
        Outcome.DEFERRED: (DeliveryState.FAILED, "failed") if last else (DeliveryState.QUEUED, "put_off"),
    }[result.outcome]
    delivery.state = state.value
    return name


def _move_on(
    item: OutboxItem, counts: dict[str, int], now: datetime, wait: timedelta | None, schedule: Schedule
) -> None:
    """The item's own state after an attempt."""
    item.claimed_by, item.claimed_until = "", None
    if counts["unknown"]:
        item.state = DeliveryState.UNKNOWN.value
        item.next_attempt_at = now + timedelta(seconds=schedule.unknown)
    elif counts["put_off"]:
        item.state = DeliveryState.QUEUED.value
        item.next_attempt_at = now + (wait or timedelta())
    else:
        item.state, item.finished_at = "done", now


_SENTENCES = {
    "sent": lambda: _("Sent to {to}"),
    "failed": lambda: _("Not delivered to {to}: {cause}"),
    "unknown": lambda: _("No answer whether it was delivered to {to}"),
}
_ACTIONS = {"sent": "sent", "failed": "send_failed", "unknown": "send_unknown"}


def tell(session: Session, item: OutboxItem, ended: dict[str, list[Delivery]], now: datetime) -> None:
    """One event per way in which recipients ended; being put off is no event, the outbox shows it."""
    if item.ticket_id is None:
        return
    for name, deliveries in ended.items():
        if name not in _ACTIONS:
            continue
        to = ", ".join(visible_address(delivery.address) for delivery in deliveries)
        cause = next((delivery.cause for delivery in deliveries if delivery.cause), _("no reason was given"))
        record(
            session,
            MAIL,
            ticket_stream(item.ticket_id),
            _ACTIONS[name],
            now,
            after={
                "outbox_id": item.id,
                "to": [delivery.address for delivery in deliveries],
                "rfc_message_id": item.rfc_message_id,
                "sentence": _SENTENCES[name]().format(to=to, cause=cause),
            },
        )
