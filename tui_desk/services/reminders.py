"""An agent's own reminders: to be told of a ticket at a moment, once, whoever's clock finds it.

They are one agent's private notes, so no history tells of them. Whichever worker deletes the row writes the notification, in one
transaction; what fell due while nothing ran is told when a worker runs again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from tui_desk.contracts.flow import AddReminder, ListReminders, ReminderView, RemoveReminder
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Reminder, Ticket
from tui_desk.rules.moments import not_too_far
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import CLOCK, Actor
from tui_desk.services.context import known, now, require, ticket_to_read
from tui_desk.services.notify import TEXT_LIMIT, notify

KIND = "reminder"
MOST = 1_000
"""Reminders that one agent can have."""
AT_ONCE = 200


def add(session: Session, actor: Actor, request: AddReminder) -> ReminderView:
    """Raises NotFound, UsageError for a moment that is over or too far away, Refused where there are too many already."""
    require(actor, Permission.VIEW)
    ticket = ticket_to_read(session, request.number)
    at, due_at = now(session), request.due_at.astimezone(UTC)
    if due_at <= at:
        raise UsageError(_("That moment is over."), _("Name one that is still to come."))
    not_too_far(due_at, at, due_at.astimezone().strftime("%Y-%m-%d %H:%M"))
    mine = select(func.count()).select_from(Reminder).where(Reminder.agent_id == actor.agent_id)
    if session.exec(mine).one() >= MOST:
        raise Refused(
            _("You have {count} reminders already.").format(count=MOST),
            _("Remove some: tui-desk reminder remove ID."),
        )
    row = Reminder(
        agent_id=known(actor.agent_id),
        ticket_id=request.number,
        due_at=due_at,
        text=safe_line(request.text, TEXT_LIMIT).strip(),
        created_at=at,
    )
    session.add(row)
    session.flush()
    return _view(row, ticket.subject)


def list_reminders(session: Session, actor: Actor, request: ListReminders) -> tuple[ReminderView, ...]:
    require(actor, Permission.VIEW)
    statement = (
        select(Reminder, Ticket.subject)
        .join(Ticket, col(Ticket.id) == Reminder.ticket_id)
        .where(Reminder.agent_id == actor.agent_id)
    )
    if request.number is not None:
        statement = statement.where(Reminder.ticket_id == request.number)
    rows = session.exec(statement.order_by(col(Reminder.due_at), col(Reminder.id)).limit(MOST)).all()
    return tuple(_view(row, subject) for row, subject in rows)


def remove(session: Session, actor: Actor, request: RemoveReminder) -> ReminderView:
    """Raises NotFound, also for those of others."""
    require(actor, Permission.VIEW)
    statement = select(Reminder).where(Reminder.id == request.id, Reminder.agent_id == actor.agent_id)
    row = session.exec(statement.with_for_update()).first()
    if row is None:
        raise NotFound(_("You have no reminder {id}.").format(id=request.id))
    view = _view(row, ticket_to_read(session, row.ticket_id).subject)
    session.delete(row)
    return view


def reminders_at(session: Session, actor: Actor, number: int) -> int:
    """How many the acting agent has at a ticket."""
    statement = select(func.count()).select_from(Reminder)
    return session.exec(
        statement.where(Reminder.ticket_id == number, Reminder.agent_id == actor.agent_id)
    ).one()


def _view(row: Reminder, subject: str) -> ReminderView:
    return ReminderView(known(row.id), row.ticket_id, safe_line(subject), row.due_at, safe_line(row.text))


# -- what the clock does ---------------------------------------------------------------------------------------------
def due(session: Session, at: datetime) -> Sequence[int]:
    """Reminders whose moment has come. Never writes."""
    statement = select(Reminder.id).where(col(Reminder.due_at) <= at).order_by(col(Reminder.due_at))
    return [known(row_id) for row_id in session.exec(statement.limit(AT_ONCE)).all()]


def remind(session: Session, reminder_id: int, at: datetime) -> bool:
    """Tell of one of :func:`due`. Answers whether this call did: of several workers one does."""
    gone = session.execute(
        delete(Reminder)
        .where(col(Reminder.id) == reminder_id, col(Reminder.due_at) <= at)
        .returning(col(Reminder.agent_id), col(Reminder.ticket_id), col(Reminder.text))
    ).first()
    if gone is None:
        return False
    agent_id, number, text = gone
    notify(session, CLOCK, agent_id, KIND, at, ticket=number, text=text)
    return True
