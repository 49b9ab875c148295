"""An agent's notifications: read, and marked as read."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import update
from sqlmodel import Session, col, select

from tui_desk.contracts.notifications import ListNotifications, MarkRead, NotificationView
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Agent, Notification, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require


def list_notifications(
    session: Session, actor: Actor, request: ListNotifications
) -> tuple[NotificationView, ...]:
    """The acting agent's own, newest first."""
    require(actor, Permission.VIEW)
    statement = (
        select(Notification, Agent.name, Agent.login, Ticket.subject)
        .outerjoin(Agent, col(Agent.id) == Notification.by_agent_id)
        .outerjoin(Ticket, col(Ticket.id) == Notification.ticket_id)
        .where(Notification.agent_id == actor.agent_id)
    )
    if not request.everything:
        statement = statement.where(col(Notification.read_at).is_(None))
    rows = session.exec(statement.order_by(col(Notification.id).desc()).limit(request.limit)).all()
    return tuple(
        _view(row, safe_line(name or login or ""), subject or "") for row, name, login, subject in rows
    )


def _view(row: Notification, by: str, subject: str) -> NotificationView:
    return NotificationView(
        id=known(row.id),
        kind=row.kind,
        sentence=_sentence(row, by),
        ticket=row.ticket_id,
        ticket_subject=safe_line(subject),
        message_id=row.message_id,
        subject=row.subject,
        by=by,
        at=row.at,
        read=row.read_at is not None,
    )


def _sentence(row: Notification, by: str) -> str:
    who, what = by or _("The desk"), safe_line(row.text)
    known_kind = _SENTENCES.get(row.kind)
    return known_kind(who, what) if known_kind is not None else f"{who}: {what or row.kind}"


_SENTENCES: dict[str, Callable[[str, str], str]] = {
    "mention": lambda who, what: _("{who} mentions you: {what}").format(who=who, what=what),
    "handover": lambda who, what: _("{who} hands it over to {what}").format(who=who, what=what),
    "review": lambda who, what: _("{who} asks you to check a draft: {what}").format(who=who, what=what),
    "reviewed": lambda who, what: _("{who} has looked at your draft: {what}").format(who=who, what=what),
    "review_lost": lambda _who, what: _(
        "Whoever was asked to check your draft works here no more: {what}"
    ).format(what=what),
    "rated": lambda _who, what: _("You were rated: {what}").format(what=what),
    "approval": lambda who, what: _("{who} asks you to decide: {what}").format(who=who, what=what),
    "decided": lambda _who, what: _("Decided: {what}").format(what=what),
    "answer_refused": lambda _who, what: _("An answer to an approval was not counted: {what}").format(
        what=what
    ),
    "overdue": lambda _who, what: _("Nobody has decided in time: {what}").format(what=what),
    "reminder": lambda _who, what: _("You wanted to be reminded: {what}").format(what=what or "–"),
    "snooze_over": lambda _who, what: _("It is back, the moment has come: {what}").format(what=what),
    "snooze_answered": lambda _who, what: _("It is back, the requester has written: {what}").format(
        what=what
    ),
    "snooze_returned": lambda _who, what: _("It is back, a mail of it did not arrive: {what}").format(
        what=what
    ),
    "task": lambda who, what: _("{who} gave you a task: {what}").format(who=who, what=what),
    "send_stopped": lambda _who, what: _("Your mail does not leave by itself: {what}").format(what=what),
    "expiry": lambda _who, what: _("Ends soon: {what}").format(what=what),
    "expiry_over": lambda _who, what: _("Has ended: {what}").format(what=what),
    "expiry_notice": lambda _who, what: _("Last day for notice: {what}").format(what=what),
    "expiry_renews": lambda _who, what: _("It renews by itself: {what}").format(what=what),
    "expiry_due": lambda _who, what: _("To be paid: {what}").format(what=what),
}
"""Sentences by kind; ``what`` is a title, a name or somebody's words."""


def mark_read(session: Session, actor: Actor, request: MarkRead) -> int:
    """Mark one's own as read. Answers how many were unread."""
    require(actor, Permission.VIEW)
    statement = update(Notification).where(
        col(Notification.agent_id) == actor.agent_id, col(Notification.read_at).is_(None)
    )
    if request.ticket is not None:
        statement = statement.where(col(Notification.ticket_id) == request.ticket)
    elif not request.everything:
        statement = statement.where(col(Notification.id).in_(request.ids))
    result = session.execute(statement.values(read_at=now(session)))
    return int(getattr(result, "rowcount", 0))
