"""Who is named in a note: agents and teams are told, and a named agent watches the ticket from now on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.models import Agent, Message, Team, TeamMember, Ticket, Watcher
from tui_desk.rules.mentions import handle, mentioned
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.notify import notify


def tell_mentioned(
    session: Session, actor: Actor, ticket: Ticket, message: Message, at: datetime, written: str | None = None
) -> None:
    """Tell everybody whom ``message`` names, each once; the acting agent and those who are not active any more are left out.

    ``written``: what of its text somebody wrote, where the rest was filled in.
    """
    handles = mentioned(message.text if written is None else written)
    if not handles:
        return
    active = session.exec(select(Agent.id, Agent.login).where(col(Agent.active).is_(True))).all()
    named = {known(agent_id) for agent_id, login in active if handle(login) in handles}
    _watch(session, ticket, named)
    present = {known(agent_id) for agent_id, _login in active}
    for agent_id in sorted((named | _members(session, handles)) & present):
        notify(
            session,
            actor,
            agent_id,
            "mention",
            at,
            ticket=known(ticket.id),
            message_id=message.id,
            text=" ".join(message.text.split()),
        )


def _members(session: Session, handles: frozenset[str]) -> set[int]:
    teams = [
        team_id for team_id, name in session.exec(select(Team.id, Team.name)).all() if handle(name) in handles
    ]
    return set(session.exec(select(TeamMember.agent_id).where(col(TeamMember.team_id).in_(teams))).all())


def _watch(session: Session, ticket: Ticket, agents: set[int]) -> None:
    watching = set(session.exec(select(Watcher.agent_id).where(Watcher.ticket_id == ticket.id)))
    for agent_id in sorted(agents - watching):
        session.add(Watcher(ticket_id=known(ticket.id), agent_id=agent_id, role="watcher"))
    session.flush()
