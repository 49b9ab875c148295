"""What became of a message, recipient by recipient: written down after an attempt, and told on its ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from tui_desk.core.enums import DeliveryState
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.mail.smtp_values import Outcome, RecipientResult
from tui_desk.models import Delivery, OutboxItem
from tui_desk.services.actor import MAIL
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.send_queue import Schedule
from tui_desk.services.sending import Claim, claimed_item
from tui_desk.services.sent_ids import remember_ids


@dataclass(frozen=True, slots=True)
class Recorded:
    """Recipients of one attempt by how they ended."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """A recipient whose fate is told, and the reason where there is one."""

    address: str
    cause: str


def put_off(session: Session, claimed: Claim, cause: str, now: datetime, schedule: Schedule) -> int:
    """The server could not be reached: nothing was sent to anybody. Answers how many recipients failed for good."""
    results = [RecipientResult(each, Outcome.DEFERRED, None, None, cause) for each in claimed.recipients]
    return record_outcome(session, claimed, results, now, schedule).failed


def refuse(session: Session, claimed: Claim, cause: str, now: datetime, schedule: Schedule) -> int:
    """It cannot be sent at all as it stands: every recipient fails visibly. Answers how many."""
    results = [RecipientResult(each, Outcome.REFUSED, None, None, cause) for each in claimed.recipients]
    return record_outcome(session, claimed, results, now, schedule).failed


def record_outcome(
    session: Session,
    claimed: Claim,
    results: Sequence[RecipientResult],
    now: datetime,
    schedule: Schedule,
) -> Recorded:
    """Write what became of each of ``results``' recipients, and the ticket's events. Raises ClaimLost."""
    item = claimed_item(session, claimed)
    connection, wait = session.connection(), schedule.wait(item.attempts + 1)
    ended: dict[str, list[Ended]] = {name: [] for name in ("sent", "failed", "put_off", "unknown")}
    rows: list[dict[str, object]] = []
    for result in results:
        name, row = _row_of(result, now, last=wait is None)
        rows.append(row | {"outbox": item.id, "to": result.address})
        ended[name].append(Ended(result.address, str(row["reason"])))
    if rows:
        connection.execute(_WRITE_RESULT, rows)
    _move_on(session, item, results, ended, now, wait, schedule)
    remember_ids(session, item, results)
    tell(session, item, ended, now)
    return Recorded(**{name: len(those) for name, those in ended.items()})


_WRITE_RESULT = (
    update(Delivery)
    .where(col(Delivery.outbox_id) == bindparam("outbox"), col(Delivery.address) == bindparam("to"))
    .values(
        state=bindparam("new_state"),
        attempts=col(Delivery.attempts) + 1,
        code=bindparam("answer_code"),
        enhanced=bindparam("status"),
        cause=bindparam("reason"),
        in_flight=bindparam("flying"),
        updated_at=bindparam("now"),
    )
)


def _row_of(result: RecipientResult, now: datetime, *, last: bool) -> tuple[str, dict[str, object]]:
    """How a recipient ended, and what is written about it."""
    state, name = {
        Outcome.ACCEPTED: (DeliveryState.SENT, "sent"),
        Outcome.REFUSED: (DeliveryState.FAILED, "failed"),
        Outcome.UNKNOWN: (DeliveryState.UNKNOWN, "unknown"),
        Outcome.DEFERRED: (DeliveryState.FAILED, "failed") if last else (DeliveryState.QUEUED, "put_off"),
    }[result.outcome]
    return name, {
        "new_state": state.value,
        "answer_code": result.code,
        "status": result.enhanced or "",
        "reason": "" if result.outcome is Outcome.ACCEPTED else safe_line(result.text, 300),
        "flying": result.outcome is Outcome.UNKNOWN,
        "now": now,
    }


_MOVE_ON = (
    update(OutboxItem)
    .where(col(OutboxItem.id) == bindparam("outbox_id"))
    .values(
        state=bindparam("new_state"),
        attempts=bindparam("tries"),
        answered=bindparam("taken"),
        cause=bindparam("reason"),
        claimed_by="",
        claimed_until=None,
        next_attempt_at=bindparam("due_at"),
        finished_at=bindparam("done_at"),
    )
)


def _move_on(
    session: Session,
    item: OutboxItem,
    results: Sequence[RecipientResult],
    ended: Mapping[str, Sequence[Ended]],
    now: datetime,
    wait: timedelta | None,
    schedule: Schedule,
) -> None:
    """The item's own state after an attempt."""
    state, due_at = "done", item.next_attempt_at
    done_at: datetime | None = now
    if ended["unknown"]:
        state, done_at = DeliveryState.UNKNOWN.value, item.finished_at
        due_at = now + timedelta(seconds=schedule.unknown)
    elif ended["put_off"]:
        state, done_at = DeliveryState.QUEUED.value, item.finished_at
        due_at = now + (wait or timedelta())
    session.connection().execute(
        _MOVE_ON,
        {
            "outbox_id": item.id,
            "new_state": state,
            "tries": item.attempts + 1,
            "taken": item.answered or any(result.outcome is Outcome.ACCEPTED for result in results),
            "reason": next((each.text for each in results if each.outcome is not Outcome.ACCEPTED), ""),
            "due_at": due_at,
            "done_at": done_at,
        },
    )


_SENTENCES = {
    "sent": lambda: _("Sent to {to}"),
    "failed": lambda: _("Not delivered to {to}: {cause}"),
    "unknown": lambda: _("No answer whether it was delivered to {to}"),
}
_ACTIONS = {"sent": "sent", "failed": "send_failed", "unknown": "send_unknown"}


class Fate(Protocol):
    """What is told of a recipient."""

    @property
    def address(self) -> str: ...

    @property
    def cause(self) -> str: ...


def tell(session: Session, item: OutboxItem, ended: Mapping[str, Sequence[Fate]], now: datetime) -> None:
    """One event per way in which recipients ended; being put off is no event, the outbox shows it."""
    if item.ticket_id is None:
        return
    for name, deliveries in ended.items():
        if name not in _ACTIONS or not deliveries:
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
