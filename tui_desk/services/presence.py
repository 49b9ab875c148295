"""Who is at a ticket: one row per terminal, repeated every 20 seconds, ignored after a minute."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import ReportPresence
from tui_desk.models import Presence
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import found_or_made, now, require, ticket_to_read
from tui_desk.services.last_seen import mark_seen
from tui_desk.services.ticket_view import present_at

FORGOTTEN_AFTER = timedelta(hours=1)


def report(session: Session, actor: Actor, request: ReportPresence) -> tuple[PresenceView, ...]:
    """Note where this terminal is, and answer who else is there. Raises NotFound."""
    require(actor, Permission.VIEW)
    ticket_to_read(session, request.number)
    at = now(session)
    session.execute(delete(Presence).where(col(Presence.at) < at - FORGOTTEN_AFTER))
    if request.seen:
        mark_seen(session, actor, request.number, request.seen, request.events)
    if request.mode is None:
        session.execute(delete(Presence).where(col(Presence.session) == request.session))
        return present_at(session, request.number, actor, request.session)
    if actor.agent_id is not None:
        _put(session, actor.agent_id, request, request.mode.value)
    return present_at(session, request.number, actor, request.session)


def _put(session: Session, agent_id: int, request: ReportPresence, mode: str) -> None:
    at = now(session)
    fresh = Presence(session=request.session, agent_id=agent_id, ticket_id=request.number, mode=mode, at=at)

    def find() -> Presence | None:
        return session.exec(
            select(Presence).where(Presence.session == request.session).with_for_update()
        ).first()

    def make() -> Presence:
        session.add(fresh)
        session.flush()
        return fresh

    row = found_or_made(session, find, make)
    row.agent_id, row.ticket_id, row.mode, row.at = agent_id, request.number, mode, at
    session.add(row)
