"""Telling an agent: a row that the agent's terminals show until it was read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from tui_desk.core.safe_text import safe_line
from tui_desk.models import Notification
from tui_desk.services.actor import Actor

TEXT_LIMIT = 200


def notify(
    session: Session,
    actor: Actor,
    agent_id: int,
    kind: str,
    at: datetime,
    *,
    ticket: int | None = None,
    message_id: int | None = None,
    subject: str = "",
    text: str = "",
) -> None:
    """Tell ``agent_id``, but nobody of what he did himself. ``text`` holds a title or a name, no sentence."""
    if agent_id == actor.agent_id:
        return
    session.add(
        Notification(
            agent_id=agent_id,
            kind=kind,
            ticket_id=ticket,
            message_id=message_id,
            subject=subject,
            by_agent_id=actor.agent_id,
            text=safe_line(text, TEXT_LIMIT),
            at=at,
        )
    )


def settle(
    session: Session,
    subject: str,
    kinds: Collection[str],
    at: datetime,
    agents: Collection[int] | None = None,
) -> None:
    """What told ``agents`` (None: everybody) to do something is settled, whoever did it: it counts as read."""
    statement = update(Notification).where(
        col(Notification.subject) == subject,
        col(Notification.kind).in_(kinds),
        col(Notification.read_at).is_(None),
    )
    if agents is not None:
        statement = statement.where(col(Notification.agent_id).in_(agents))
    session.execute(statement.values(read_at=at))
