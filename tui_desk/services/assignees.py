"""Who can be given work: agents and teams, by what a request calls them."""

from __future__ import annotations

from sqlmodel import Session, select

from tui_desk.core.enums import Role
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Agent, Team
from tui_desk.services.actor import Actor


def agent_named(session: Session, actor: Actor, login: str) -> Agent:
    """The agent with that login (``me``: the acting one), active or not. Raises NotFound."""
    if login == "me":
        agent = session.get(Agent, actor.agent_id) if actor.agent_id is not None else None
    else:
        agent = session.exec(select(Agent).where(same_name(Agent.login, login.strip()))).first()
    if agent is None:
        raise NotFound(_("There is no agent “{login}”.").format(login=safe_line(login)))
    return agent


def agent_for_work(session: Session, actor: Actor, login: str) -> Agent:
    """The active agent with that login (``me``: the acting one) who may have tickets. Raises NotFound, Refused."""
    agent = agent_named(session, actor, login)
    if not agent.active or agent.role == Role.READ_ONLY.value:
        raise Refused(_("{login} cannot have tickets.").format(login=safe_line(agent.login)))
    return agent


def team_named(session: Session, name: str) -> Team:
    """Raises NotFound."""
    team = session.exec(select(Team).where(same_name(Team.name, name.strip()))).first()
    if team is None:
        raise NotFound(
            _("There is no team “{name}”.").format(name=safe_line(name)),
            _("tui-desk team list shows those there are."),
        )
    return team
