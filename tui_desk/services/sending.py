"""One outgoing message as the send worker has it: claimed, its bytes, on record before DATA. Afterwards: ``send_outcomes``.

Every write is fenced by the item's epoch: a sender that slept too long finds that its claim is gone and writes nothing.
A message whose answer never came is *unknown*: neither queued nor sent, until proof is found or it is sent again.
Statements are built once: building one costs more than asking it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Update, bindparam, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import Conflict, NotFound
from tui_desk.core.i18n import _
from tui_desk.db.blobs import load_blob
from tui_desk.db.engine import writes_alone
from tui_desk.models import Delivery, OutboxItem, Ticket
from tui_desk.services.readdress import readdress
from tui_desk.services.send_pace import take
from tui_desk.services.send_queue import next_item
from tui_desk.services.send_routes import Route

CLAIM = timedelta(minutes=5)
"""How long a claim holds before DATA."""
IN_FLIGHT = timedelta(minutes=20)
"""How long it holds from DATA on: longer than the ten minutes a server may take to answer (RFC 5321, 4.5.3.2.6)."""


class ClaimLost(Conflict):
    """Another process has the message now: whatever was to be written about it is not."""


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
    sender: str
    """Under the name of which way its bytes are, and these: what :func:`prepare` changes where it leaves by another one."""
    envelope_from: str
    mime_sha256: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What goes to the server for a claim."""

    envelope_from: str
    raw: bytes


_STILL_LACK_IT = (
    rows_of(col(Delivery.address))
    .where(
        col(Delivery.outbox_id) == bindparam("outbox_id"), col(Delivery.state) == DeliveryState.QUEUED.value
    )
    .order_by(col(Delivery.id))
)
_TAKE = (
    update(OutboxItem)
    .where(col(OutboxItem.id) == bindparam("outbox_id"))
    .values(epoch=bindparam("new_epoch"), claimed_by=bindparam("holder"), claimed_until=bindparam("until"))
)
_NOBODY_LEFT = (
    update(OutboxItem)
    .where(col(OutboxItem.id) == bindparam("outbox_id"))
    .values(state="done", finished_at=bindparam("now"))
)


def claim(
    session: Session, route: Route, all_routes: Sequence[Route], holder: str, now: datetime
) -> Claim | None:
    """The next message that may leave by ``route``, claimed; None when there is none, or none now (``send_pace``)."""
    item = next_item(session, route, all_routes, now)
    if item is None or not take(session, route.name, now):
        return None
    connection, key = session.connection(), {"outbox_id": item.id}
    recipients = tuple(connection.execute(_STILL_LACK_IT, key).scalars())
    until = now + CLAIM
    connection.execute(_TAKE, {**key, "new_epoch": item.epoch + 1, "holder": holder, "until": until})
    if not recipients:  # everybody ended otherwise meanwhile
        connection.execute(_NOBODY_LEFT, {**key, "now": now})
    return Claim(
        item.id,
        item.epoch + 1,
        item.ticket_id,
        item.rfc_message_id,
        recipients,
        until,
        item.sender,
        item.envelope_from,
        item.mime_sha256,
    )


def prepared_already(session: Session, claimed: Claim, route: Route) -> Prepared | None:
    """What :func:`prepare` gives, where nothing need be written for it (the usual case: a read). Raises NotFound."""
    if claimed.sender != route.way:
        return None
    return Prepared(claimed.envelope_from, load_blob(session, claimed.mime_sha256))


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


_CLAIMED = (col(OutboxItem.id) == bindparam("outbox_id"), col(OutboxItem.epoch) == bindparam("our_epoch"))
_IS_SENDING = (
    update(OutboxItem)
    .where(*_CLAIMED)
    .values(claimed_until=bindparam("until"), state=DeliveryState.SENDING.value)
)
_KEEP = update(OutboxItem).where(*_CLAIMED).values(claimed_until=bindparam("until"))
_ARE_IN_FLIGHT = (
    update(Delivery)
    .where(
        col(Delivery.outbox_id) == bindparam("outbox"),
        col(Delivery.address).in_(bindparam("accepted", expanding=True)),
    )
    .values(state=DeliveryState.SENDING.value, in_flight=True, updated_at=bindparam("now"))
)


def begin_data(session: Session, claimed: Claim, accepted: Sequence[str], now: datetime) -> None:
    """Put on record that from now on the server may have it for ``accepted``. Raises ClaimLost."""
    _fenced(session, claimed, _IS_SENDING, now + IN_FLIGHT)
    in_flight = {"outbox": claimed.outbox_id, "accepted": list(accepted), "now": now}
    session.connection().execute(_ARE_IN_FLIGHT, in_flight)


def keep(session: Session, claimed: Claim, now: datetime) -> datetime:
    """The mail is still on its way to the server: the claim lasts longer. Answers until when; raises ClaimLost."""
    until = now + IN_FLIGHT
    _fenced(session, claimed, _KEEP, until)
    return until


def _fenced(session: Session, claimed: Claim, statement: Update, until: datetime) -> None:
    ours = {"outbox_id": claimed.outbox_id, "our_epoch": claimed.epoch, "until": until}
    if session.connection().execute(statement, ours).rowcount != 1:
        raise _lost(claimed.outbox_id)


def _lost(outbox_id: int) -> ClaimLost:
    return ClaimLost(_("Another process has taken over outgoing message {id}.").format(id=outbox_id))


_TICKET_OF = rows_of(col(OutboxItem.ticket_id)).where(col(OutboxItem.id) == bindparam("outbox_id"))
_TICKET_LOCK = rows_of(col(Ticket.id)).where(col(Ticket.id) == bindparam("ticket_id")).with_for_update()
_ITEM_LOCK = (
    select(OutboxItem)
    .where(col(OutboxItem.id) == bindparam("outbox_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def locked_item(session: Session, outbox_id: int) -> OutboxItem:
    """An item, locked until the end of the transaction, its ticket first. Raises NotFound.

    Everybody who writes about an item and tells its ticket goes through here: two that lock them in different orders wait for
    each other until PostgreSQL ends one.
    """
    key = {"outbox_id": outbox_id}
    if writes_alone(session):
        found = session.exec(_ITEM_LOCK, params=key).first()
        if found is None:
            raise _missing(outbox_id)
        return found
    while True:
        row = session.execute(_TICKET_OF, key).first()
        with session.begin_nested() as attempt:
            if row is not None:
                lock_ticket(session, row[0])
            item = session.exec(_ITEM_LOCK, params=key).first()
            if row is None or item is None:
                raise _missing(outbox_id)
            if item.ticket_id == row[0]:
                return item
            # It was moved to another ticket while we waited. Both locks are given back (as PostgreSQL does at the end of a
            # savepoint that is undone): whoever has that ticket may be waiting for this item.
            attempt.rollback()


def _missing(outbox_id: int) -> NotFound:
    return NotFound(_("There is no outgoing message {id}.").format(id=outbox_id))


def claimed_item(session: Session, claimed: ClaimedItem) -> OutboxItem:
    """The item of a claim, locked. Raises ClaimLost when the claim is no longer ours."""
    try:
        item = locked_item(session, claimed.outbox_id)
    except NotFound as error:
        raise _lost(claimed.outbox_id) from error
    if item.epoch != claimed.epoch:
        raise _lost(claimed.outbox_id)
    return item


def lock_ticket(session: Session, ticket_id: int | None) -> None:
    """Events of a ticket are numbered: only one transaction at a time writes them."""
    if ticket_id is not None:
        session.execute(_TICKET_LOCK, {"ticket_id": ticket_id}).first()
