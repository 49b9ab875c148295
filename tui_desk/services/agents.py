"""Who works here: agents, teams, and the first agent of an empty desk."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, or_, select

from tui_desk.contracts.desk import (
    ListAgents,
    ListTeams,
    RemoveTeam,
    SaveAgent,
    SaveTeam,
    TeamView,
)
from tui_desk.contracts.status import AgentView
from tui_desk.core.enums import Role
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.db.same_name import same_name
from tui_desk.models import (
    Agent,
    CannedReply,
    ChecklistItem,
    Macro,
    Mailbox,
    MailboxAddress,
    Task,
    Team,
    TeamMember,
    Ticket,
    TicketMailbox,
    TicketTemplate,
)
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.address_input import checked
from tui_desk.services.assignees import team_named
from tui_desk.services.context import known, now, require
from tui_desk.services.events import record
from tui_desk.services.review_rows import agent_left
from tui_desk.services.senders import own_addresses
from tui_desk.services.settings_store import EXPIRY_TEAM, change_setting, read_setting

_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,63}\$?")
NAME_LIMIT = 80
SIGNATURE_LIMIT = 2_000


def ensure_first_agent(session: Session, login: str, name: str) -> Actor:
    """Who acts under ``login``: the first one on an empty desk becomes its admin.

    In a writing session. Raises NotFound for somebody who is no agent of a desk that has agents, Refused for an inactive one.
    """
    found = session.exec(select(Agent).where(Agent.login == login)).first()
    if found is not None and found.active:
        return actor_of(found)
    if found is not None:
        raise Refused(
            _("{login} is not an active agent of this desk.").format(login=safe_line(login)),
            _("An admin brings you back with: tui-desk agent set {login} --active").format(
                login=safe_line(login)
            ),
        )
    if session.exec(select(Agent.id).limit(1)).first() is not None:
        raise NotFound(
            _("{login} is not an agent of this desk.").format(login=safe_line(login)),
            _("One of its admins ({admins}) adds you with: tui-desk agent add {login} --name NAME").format(
                admins=", ".join(_admins(session)), login=safe_line(login)
            ),
        )
    agent = Agent(
        login=login, name=safe_line(name, NAME_LIMIT) or login, role=Role.ADMIN.value, created_at=now(session)
    )
    session.add(agent)
    session.flush()
    actor = actor_of(agent)
    record(
        session,
        actor,
        f"agent:{agent.id}",
        "created",
        now(session),
        after={"login": login, "role": agent.role},
    )
    return actor


def _admins(session: Session) -> list[str]:
    logins = session.exec(
        select(Agent.login)
        .where(Agent.role == Role.ADMIN.value, col(Agent.active))
        .order_by(col(Agent.id))
        .limit(3)
    )
    return [safe_line(login) for login in logins]


def actor_of(agent: Agent, session_name: str = "") -> Actor:
    """The agent as one who acts."""
    return Actor(known(agent.id), agent.login, agent.name, Role(agent.role), session_name)


def list_agents(session: Session, actor: Actor, request: ListAgents) -> tuple[AgentView, ...]:
    """Agents by login."""
    require(actor, Permission.VIEW)
    statement = select(Agent).order_by(func.lower(Agent.login))
    if not request.include_inactive:
        statement = statement.where(col(Agent.active))
    teams = _team_names(session)
    return tuple(_view(agent, teams) for agent in session.exec(statement))


def _team_names(session: Session) -> dict[int, tuple[str, ...]]:
    """The teams of every agent, by name."""
    found: dict[int, tuple[str, ...]] = {}
    rows = session.exec(
        select(TeamMember.agent_id, Team.name)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .order_by(func.lower(Team.name))
    )
    for agent_id, name in rows:
        found[agent_id] = (*found.get(agent_id, ()), safe_line(name))
    return found


def _view(agent: Agent, teams: dict[int, tuple[str, ...]]) -> AgentView:
    return AgentView(
        id=known(agent.id),
        login=safe_line(agent.login),
        name=safe_line(agent.name),
        email=visible_address(agent.email),
        role=Role(agent.role),
        active=agent.active,
        teams=teams.get(known(agent.id), ()),
        signature=safe_block(agent.signature),
    )


def save_agent(session: Session, actor: Actor, request: SaveAgent) -> AgentView:
    """Add or change an agent. Admins may; everybody may change their own name, address and signature.

    Raises UsageError, NotFound (agent, team), Refused (rights, login taken, the last admin).
    """
    own = request.login == actor.login and not request.create
    if not own or request.role is not None or request.active is not None or request.teams is not None:
        require(actor, Permission.ADMINISTER)
    at = now(session)
    values = _agent_values(session, request)
    teams = [team_named(session, name) for name in request.teams] if request.teams is not None else None
    agent = _new_agent(session, request) if request.create else _agent(session, request.login)
    if not request.create:
        _keep_an_admin(session, agent, values)
    before = {name: getattr(agent, name) for name in values}
    for name, value in values.items():
        setattr(agent, name, value)
    if request.create:
        agent.created_at = at
        agent.name = agent.name or agent.login
    session.add(agent)
    session.flush()
    stream = f"agent:{agent.id}"
    if request.create:
        record(session, actor, stream, "created", at, after={"login": agent.login, "role": agent.role})
    for name, value in values.items():
        if not request.create and before[name] != value:
            record(session, actor, stream, "changed", at, field=name, before=before[name], after=value)
    if teams is not None:
        _set_teams(session, actor, agent, teams)
    if not agent.active or agent.role == Role.READ_ONLY.value:
        agent_left(session, actor, known(agent.id), at)
    return _view(agent, _team_names(session))


def _agent_values(session: Session, request: SaveAgent) -> dict[str, Any]:
    """The columns to set, checked."""
    values: dict[str, Any] = {}
    if request.name is not None:
        values["name"] = safe_line(request.name, NAME_LIMIT).strip()
        if not values["name"] and not request.create:
            raise UsageError(_("An agent needs a name."))
    if request.email is not None:
        values["email"] = checked(request.email) if request.email.strip() else ""
        if values["email"] and address_key(values["email"]) in own_addresses(session):
            raise Refused(
                _("{address} is an address of this desk, not of a person.").format(
                    address=visible_address(values["email"])
                )
            )
        _refuse_taken_address(session, values["email"], request.login)
    if request.role is not None:
        values["role"] = request.role.value
    if request.active is not None:
        values["active"] = request.active
    if request.signature is not None:
        values["signature"] = safe_block(request.signature, SIGNATURE_LIMIT)
    return values


def _refuse_taken_address(session: Session, email: str, login: str) -> None:
    if not email:
        return
    other = session.exec(
        select(Agent.login).where(same_name(Agent.email, email), Agent.login != login, col(Agent.active))
    ).first()
    if other is not None:
        raise Refused(
            _("{address} is the address of the agent {login} already.").format(
                address=visible_address(email), login=safe_line(other)
            )
        )


def _new_agent(session: Session, request: SaveAgent) -> Agent:
    if not _LOGIN.fullmatch(request.login):
        raise UsageError(
            _("“{login}” cannot be a login.").format(login=safe_line(request.login)),
            _("Use letters, digits, dot, hyphen and underscore, as for an account on the host."),
        )
    taken = session.exec(select(Agent.login).where(same_name(Agent.login, request.login))).first()
    if taken is not None:
        raise Refused(_("There is an agent {login} already.").format(login=safe_line(taken)))
    return Agent(login=request.login, created_at=now(session))


def _agent(session: Session, login: str) -> Agent:
    agent = session.exec(select(Agent).where(same_name(Agent.login, login)).with_for_update()).first()
    if agent is None:
        raise NotFound(
            _("There is no agent “{login}”.").format(login=safe_line(login)),
            _("tui-desk agent list shows those there are."),
        )
    return agent


def _keep_an_admin(session: Session, agent: Agent, values: dict[str, Any]) -> None:
    """A desk whose last admin is gone can never be changed again."""
    stays = values.get("role", agent.role) == Role.ADMIN.value and values.get("active", agent.active)
    if stays or agent.role != Role.ADMIN.value or not agent.active:
        return
    others = session.exec(
        select(Agent.id)
        .where(Agent.role == Role.ADMIN.value, col(Agent.active), Agent.id != agent.id)
        .with_for_update()
    ).first()
    if others is None:
        raise Refused(
            _("{login} is the only admin of this desk.").format(login=safe_line(agent.login)),
            _("Make somebody else an admin first."),
        )


def _set_teams(session: Session, actor: Actor, agent: Agent, teams: list[Team]) -> None:
    before = sorted(
        session.exec(
            select(Team.name)
            .join(TeamMember, col(TeamMember.team_id) == Team.id)
            .where(TeamMember.agent_id == agent.id)
        )
    )
    after = sorted({team.name for team in teams})
    if before == after:
        return
    session.execute(delete(TeamMember).where(col(TeamMember.agent_id) == agent.id))
    for team_id in {known(team.id) for team in teams}:
        session.add(TeamMember(team_id=team_id, agent_id=known(agent.id)))
    session.flush()
    record(
        session,
        actor,
        f"agent:{agent.id}",
        "changed",
        now(session),
        field="teams",
        before=before,
        after=after,
    )


def list_teams(session: Session, actor: Actor, _request: ListTeams) -> tuple[TeamView, ...]:
    """Teams by name, with the logins of their members."""
    require(actor, Permission.VIEW)
    return tuple(
        _team_view(session, team) for team in session.exec(select(Team).order_by(func.lower(Team.name))).all()
    )


def _team_view(session: Session, team: Team) -> TeamView:
    members = session.exec(
        select(Agent.login)
        .join(TeamMember, col(TeamMember.agent_id) == Agent.id)
        .where(TeamMember.team_id == team.id)
        .order_by(func.lower(Agent.login))
    )
    return TeamView(known(team.id), safe_line(team.name), tuple(map(safe_line, members)))


def save_team(session: Session, actor: Actor, request: SaveTeam) -> TeamView:
    """Add a team, or give one another name. Raises UsageError, NotFound, Refused (name taken)."""
    require(actor, Permission.ADMINISTER)
    name = safe_line(request.name, NAME_LIMIT).strip()
    if not name or name.lower() in ("none", "me"):
        raise UsageError(_("“{name}” cannot be the name of a team.").format(name=name))
    team = team_named(session, request.rename_from) if request.rename_from else Team(name=name)
    taken = session.exec(select(Team).where(same_name(Team.name, name))).first()
    if taken is not None and taken.id != team.id:
        raise Refused(_("There is a team {name} already.").format(name=safe_line(taken.name)))
    before = team.name if request.rename_from else None
    team.name = name
    session.add(team)
    session.flush()
    if before and read_setting(session, EXPIRY_TEAM) == before:
        change_setting(session, actor, EXPIRY_TEAM, name, now(session))
    action = "changed" if request.rename_from else "created"
    record(session, actor, f"team:{team.id}", action, now(session), field="name", before=before, after=name)
    return _team_view(session, team)


def remove_team(session: Session, actor: Actor, request: RemoveTeam) -> None:
    """Remove a team that nothing uses. Raises NotFound, Refused naming what uses it."""
    require(actor, Permission.ADMINISTER)
    team = team_named(session, request.name)
    for column, where, used_by in (
        (Ticket.id, Ticket.team_id == team.id, _("tickets")),
        (TeamMember.agent_id, TeamMember.team_id == team.id, _("agents")),
        (Mailbox.id, or_(Mailbox.team_id == team.id), _("mailboxes")),
        (MailboxAddress.id, MailboxAddress.team_id == team.id, _("company addresses")),
        (Task.id, Task.team_id == team.id, _("tasks")),
        (ChecklistItem.id, ChecklistItem.team_id == team.id, _("checklists")),
        (CannedReply.id, CannedReply.team_id == team.id, _("canned replies")),
        (Macro.id, Macro.team_id == team.id, _("macros")),
        (TicketTemplate.id, TicketTemplate.team_id == team.id, _("templates")),
    ):
        if session.execute(select(col(column)).where(where).limit(1)).first() is not None:
            raise Refused(
                _("The team {name} cannot be removed: {used_by} belong to it.").format(
                    name=safe_line(team.name), used_by=used_by
                ),
                _("Give them to another team first."),
            )
    # What came by an address that was theirs once stays: only that the team sees it, too, ends with the team.
    session.execute(update(TicketMailbox).where(col(TicketMailbox.team_id) == team.id).values(team_id=None))
    record(session, actor, f"team:{team.id}", "removed", now(session), field="name", before=team.name)
    session.delete(team)
    session.flush()
