"""What time alone brings about: undo windows end, resolved tickets are closed, approvers are reminded, agents are told of what
ends soon, what was put off comes back, old traces go, the write-ahead log is emptied."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import Conflict, DeskError, Unavailable
from tui_desk.models import Acknowledged, Presence, Ticket
from tui_desk.services import approval_clock, expiry_alerts, recurring, snoozes, surveys
from tui_desk.services.actor import CLOCK
from tui_desk.services.changes import set_fields
from tui_desk.services.reminders import due as reminders_due
from tui_desk.services.reminders import remind
from tui_desk.services.settings_store import REOPEN_DAYS, read_setting
from tui_desk.workers.checkpointing import checkpoint_if_due
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.outbox_sweep import sweep_outbox

CLOSED_AT_ONCE = 100
PRESENCE_KEPT = timedelta(minutes=10)
ACKNOWLEDGED_KEPT = timedelta(days=2)
SLOW_SECONDS = 300.0
RECURRING_SECONDS = 20.0
"""How often it is looked whether a recurring ticket is due."""
FLOW_SECONDS = 5.0
"""How often it is looked whether a snooze ends or a reminder is due."""


@dataclass
class ClockWork:
    """The clock of one worker; only the holder of the lease *clock* (and *checkpoint*) does the slow part."""

    context: WorkerContext
    slow_at: float = 0.0
    recurring_at: float = 0.0
    flow_at: float = 0.0

    def tick(self) -> None:
        """Called about once a second."""
        sweep_outbox(self.context)
        now = time.monotonic()
        checkpoint_if_due(self.context)
        if now >= self.recurring_at:
            self.recurring_at = now + RECURRING_SECONDS
            make_recurring(self.context, self.context.clock())
        if now >= self.flow_at:
            self.flow_at = now + FLOW_SECONDS
            bring_back(self.context, self.context.clock())
        if now >= self.slow_at:
            self.slow_at = now + SLOW_SECONDS
            self.slow()

    def slow(self) -> None:
        """Close what was resolved long ago, remind, tell of what ends, and forget old traces."""
        now = self.context.clock()
        while close_resolved(self.context, now):
            pass
        attend_approvals(self.context, now)
        ask_for_ratings(self.context, now)
        tell_of_ends(self.context, now)
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        with self.context.database.reading() as session:
            old = session.exec(
                select(Presence.session).where(Presence.at < now - PRESENCE_KEPT).limit(1)
            ).first()
            stale = session.exec(
                select(Acknowledged.address).where(Acknowledged.at < now - ACKNOWLEDGED_KEPT).limit(1)
            ).first()
        if old is None and stale is None:
            return
        with self.context.database.writing() as session:
            session.execute(delete(Presence).where(col(Presence.at) < now - PRESENCE_KEPT))
            session.execute(delete(Acknowledged).where(col(Acknowledged.at) < now - ACKNOWLEDGED_KEPT))


def make_recurring(context: WorkerContext, now: datetime) -> int:
    """Make the tickets whose date has come. Answers how many; one of which none can be made is paused."""
    with context.database.reading() as session:
        found = recurring.due(session, now)
    made = 0
    for recurring_id in found:
        try:
            with context.database.writing() as session:
                session.info["clock"] = context.clock
                made += recurring.make_due(session, recurring_id, now) is not None
        except Unavailable:
            raise  # nothing is wrong with the template: it is tried again
        except Conflict:
            continue  # neither here, where somebody made the same thing at the same moment
        except DeskError as error:
            with context.database.writing() as session:
                session.info["clock"] = context.clock
                recurring.put_off(session, recurring_id, now, error.sentence)
    return made


def close_resolved(context: WorkerContext, now: datetime) -> int:
    """Close tickets that were resolved longer ago than the desk's setting says. Answers how many (at most a batch)."""
    with context.database.reading() as session:
        numbers = _due(session, now)
    if not numbers:
        return 0
    with context.database.writing() as session:
        tickets = session.exec(
            select(Ticket)
            .where(col(Ticket.id).in_(numbers), Ticket.status == TicketStatus.RESOLVED.value)
            .order_by(col(Ticket.id))
            .with_for_update()
        ).all()
        for ticket in tickets:
            set_fields(session, CLOCK, ticket, {"status": TicketStatus.CLOSED.value}, now)
    return len(tickets)


def attend_approvals(context: WorkerContext, now: datetime) -> int:
    """Remind approvers, tell who asked what is overdue, ask the substitutes of people who are away since today. Answers how
    many approvals there was something to do about."""
    with context.database.reading() as session:
        found = approval_clock.due(session, now)
    done = 0
    for approval_id in found:
        with context.database.writing() as session:
            done += approval_clock.attend(session, approval_id, now)
    return done


def tell_of_ends(context: WorkerContext, now: datetime) -> int:
    """Tell agents of warranties, licences, contracts and invoices that end soon. Answers of how many things they were told."""
    told = 0
    while True:
        with context.database.reading() as session:
            found = expiry_alerts.due(session, now)
        done = 0
        for together in expiry_alerts.groups(found):
            with context.database.writing() as session:
                done += expiry_alerts.tell(session, together, now)
        told += done
        if not done or len(found) < expiry_alerts.AT_ONCE:
            return told


def bring_back(context: WorkerContext, now: datetime) -> int:
    """End the snoozes that are over and tell of reminders that are due. Answers how many; at most some hundred at once."""
    with context.database.reading() as session:
        snoozed, reminders = snoozes.due(session, now), reminders_due(session, now)
    done = 0
    for ended in snoozed:
        with context.database.writing() as session:
            done += snoozes.end(session, ended, now)
    for reminder_id in reminders:
        with context.database.writing() as session:
            done += remind(session, reminder_id, now)
    return done


def ask_for_ratings(context: WorkerContext, now: datetime) -> int:
    """Send the surveys that are due. Answers how many leave."""
    with context.database.reading() as session:
        found = surveys.due(session, now)
    asked = 0
    for number in found:
        with context.database.writing() as session:
            asked += surveys.ask(session, number, now)
    return asked


def _due(session: Session, now: datetime) -> list[int]:
    days = int(read_setting(session, REOPEN_DAYS))
    rows = session.exec(
        select(Ticket.id)
        .where(
            Ticket.status == TicketStatus.RESOLVED.value,
            col(Ticket.resolved_at) <= now - timedelta(days=days),
        )
        .limit(CLOSED_AT_ONCE)
    )
    return [row for row in rows if row is not None]
