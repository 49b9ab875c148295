"""Handing a ticket over to another team with a note, and the next action: one change each, taken back as a whole."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from tui_desk.contracts.ticket_work import HandOver, SetNextAction
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import MessageKind
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Agent, Team, TeamMember, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_for_work, team_named
from tui_desk.services.changes import set_fields, told
from tui_desk.services.context import known, now, require, ticket_to_work_on
from tui_desk.services.conversation import keep_note
from tui_desk.services.fields import reference
from tui_desk.services.notify import notify
from tui_desk.services.tickets import refuse_without_note

NEXT_ACTION_LIMIT = 200


def set_next_action(session: Session, actor: Actor, request: SetNextAction) -> FieldChanged:
    """Write down what is to be done next. Raises NotFound, UsageError (a day without an action)."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    text = safe_line(request.text, NEXT_ACTION_LIMIT).strip()
    if request.on is not None and not text:
        raise UsageError(_("Say what is to be done on that day."))
    values = {"next_action": text, "next_action_on": request.on.isoformat() if request.on else None}
    changed = set_fields(session, actor, ticket, values, now(session))
    return told(request.number, changed, {name: value for name, value in values.items() if value} or values)


def hand_over(session: Session, actor: Actor, request: HandOver) -> FieldChanged:
    """Give the ticket to a team, tell its members, and keep the note in the conversation.

    Without an assignee nobody has it afterwards. Raises NotFound, Refused (the team has it already; a note is required; the agent
    is not in the team).
    """
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    team = team_named(session, request.team)
    agent = agent_for_work(session, actor, request.assignee) if request.assignee.strip() else None
    _check(session, ticket, team, agent, request.note)
    at = now(session)
    if request.note.strip():
        body = _("Handed over to {team}:").format(team=safe_line(team.name)) + f"\n\n{request.note.strip()}"
        keep_note(session, actor, ticket, body, MessageKind.NOTE, (), at)
    values: dict[str, Any] = {
        "team": reference(team.id, team.name),
        "assignee": reference(agent.id, agent.name or agent.login) if agent else None,
    }
    changed = set_fields(session, actor, ticket, values, at)
    _tell(session, actor, ticket, team, agent)
    return told(request.number, changed, values)


def _check(session: Session, ticket: Ticket, team: Team, agent: Agent | None, note: str) -> None:
    if ticket.team_id == team.id and (agent is None or ticket.assignee_id == agent.id):
        raise Refused(
            _("#{number} is with {team} already.").format(number=ticket.id, team=safe_line(team.name))
        )
    if agent is not None and session.get(TeamMember, (team.id, agent.id)) is None:
        raise Refused(
            _("{agent} is not in the team {team}.").format(
                agent=safe_line(agent.name or agent.login), team=safe_line(team.name)
            )
        )
    if not note.strip():
        refuse_without_note(session, ticket, team.id)


def _tell(session: Session, actor: Actor, ticket: Ticket, team: Team, agent: Agent | None) -> None:
    members = [known(agent.id)] if agent is not None else _active_members(session, team)
    for agent_id in members:
        notify(
            session,
            actor,
            agent_id,
            "handover",
            now(session),
            ticket=known(ticket.id),
            text=safe_line(agent.name or agent.login) if agent else team.name,
        )


def _active_members(session: Session, team: Team) -> list[int]:
    return [
        known(agent_id)
        for agent_id in session.exec(
            select(Agent.id)
            .join(TeamMember, col(TeamMember.agent_id) == Agent.id)
            .where(TeamMember.team_id == team.id, col(Agent.active).is_(True))
            .order_by(col(Agent.id))
        )
    ]
