"""Settings → Agents → one agent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.desk import ListTeams, SaveAgent
from tui_desk.contracts.status import AgentView
from tui_desk.core.enums import Role
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words
from tui_desk.screens.field_problems import address_problem
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.choice_field import Option

_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")


class AgentFormScreen(FormScreen):
    """Adds an agent, or changes this one. The login stays once it is made."""

    scopes = (FORM, GLOBAL)

    def __init__(self, agent: AgentView | None) -> None:
        self.agent = agent
        self._teams: frozenset[str] = frozenset()
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Agents')} › {agent.login if agent else _('New agent')}"

    def fields(self) -> tuple[Field, ...]:
        login = Field(
            "login",
            _("Login"),
            help=_("Their account on this system: whoever starts tui-desk under it is this agent."),
            placeholder="ana",
        )
        fields = (
            Field("name", _("Name"), help=_("What colleagues and requesters see.")),
            Field(
                "email",
                _("Address"),
                help=_("Their own address; mail from it counts as the agent's when verified."),
            ),
            Field(
                "role",
                _("Role"),
                "choice",
                help=" ".join(f"{desk_words.role(r)}: {desk_words.role_explained(r)}" for r in Role),
                options=tuple(Option(role.value, desk_words.role(role)) for role in Role),
            ),
            Field("teams", _("Teams"), help=_("Names of teams, with commas between.")),
            Field("signature", _("Signature"), "block", help=_("Stands below their answers."), lines=4),
        )
        return fields if self.agent else (login, *fields)

    async def initial(self) -> Mapping[str, str]:
        teams = await self.ask(ListTeams())
        self._teams = frozenset(team.name for team in teams)
        if self._teams:
            self.show_notes((_("Teams: {names}").format(names=", ".join(sorted(self._teams))),))
        agent = self.agent
        if agent is None:
            return {"role": Role.AGENT.value}
        return {
            "name": agent.name,
            "email": agent.email,
            "role": agent.role.value,
            "teams": ", ".join(agent.teams),
            "signature": agent.signature,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {"name": "" if values["name"].strip() else _("What is their name?")}
        if values["email"].strip():
            found["email"] = address_problem(values["email"].strip())
        unknown = [name for name in _names(values["teams"]) if name not in self._teams]
        if unknown:
            found["teams"] = _("There is no team {team}; section Teams adds one.").format(team=unknown[0])
        if self.agent is None and not _LOGIN.fullmatch(values["login"].strip()):
            found["login"] = _("Letters, digits, dot, dash and underscore, such as ana or ana.perez.")
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        saved = await self.ask(
            SaveAgent(
                login=self.agent.login if self.agent else values["login"].strip(),
                create=self.agent is None,
                name=values["name"].strip(),
                email=values["email"].strip(),
                role=self._changed_role(values["role"]),
                teams=self._changed_teams(values["teams"]),
                signature=values["signature"].strip("\n"),
            )
        )
        return _("{name} is saved.").format(name=saved.name or saved.login)

    def _changed_role(self, value: str) -> Role | None:
        """Only what was changed is asked for, so that agents may edit their own name and signature."""
        role = Role(value)
        return None if self.agent is not None and self.agent.role is role else role

    def _changed_teams(self, text: str) -> tuple[str, ...] | None:
        names = _names(text)
        return None if self.agent is not None and set(self.agent.teams) == set(names) else names


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
