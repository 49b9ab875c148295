"""Settings → Agents: who works here, and what they may do."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui_desk.actions.administration import AGENTS, SETTINGS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.contracts.desk import ListAgents, SaveAgent
from tui_desk.contracts.status import AgentView
from tui_desk.core.enums import Role
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class AgentsScreen(SettingsSection, BrowseScreen[AgentView]):
    """The list of agents, inactive ones too."""

    scopes = (AGENTS, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "agents"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Agents')}"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("login", _("Login"), 12),
            Column("name", _("Name"), 16, flex=2),
            Column("role", _("Role"), 12),
            Column("teams", _("Teams"), 14, flex=3),
            Column("email", _("Address"), 20, flex=6, priority=1),
            Column("active", _("State"), 10),
        )

    async def read(self) -> Sequence[AgentView]:
        return await self.ask(ListAgents(include_inactive=True))

    def row(self, item: AgentView) -> TableRow:
        quiet = "" if item.active else "muted"
        me = self.host.agent is not None and self.host.agent.id == item.id
        return TableRow(
            item.id,
            (
                Cell(item.login, "strong" if item.active else "muted"),
                Cell(f"{item.name} {_('(you)')}" if me else item.name, quiet),
                Cell(
                    desk_words.role(item.role), "accent" if item.role is Role.ADMIN and item.active else quiet
                ),
                Cell(", ".join(item.teams) or "–", quiet if item.teams else "muted"),
                Cell(item.email, "muted"),
                Cell(_("● active"), "success") if item.active else Cell(_("○ inactive"), "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: AgentView) -> Content:
        facts = (
            Fact(_("Login"), item.login),
            Fact(_("Address"), item.email or "–"),
            Fact(_("Role"), f"{desk_words.role(item.role)}: {desk_words.role_explained(item.role)}"),
            Fact(_("Teams"), ", ".join(item.teams) or "–"),
            Fact(_("Signature"), item.signature),
        )
        return blocks(heading(item.name or item.login, "" if item.active else _("inactive")), labelled(facts))

    def item_facts(self, item: AgentView) -> set[str]:
        me = self.host.agent is not None and self.host.agent.id == item.id
        return {"agent"} if me else {"agent", "other_agent"}

    def _item(self) -> AgentView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def do_add_agent(self, argument: str) -> None:
        from tui_desk.screens.agent_form import AgentFormScreen

        self.app.push_screen(AgentFormScreen(None))

    def open_item(self, item: AgentView) -> None:
        from tui_desk.screens.agent_form import AgentFormScreen

        self.app.push_screen(AgentFormScreen(item))

    def do_edit_agent(self, argument: str) -> None:
        self.open_item(self._item())

    async def do_switch_agent(self, argument: str) -> None:
        agent = self._item()
        if agent.active:
            question = _("Deactivate {name}?").format(name=agent.name or agent.login)
            detail = _(
                "They cannot work here any more. Their tickets stay assigned to them; everything they did stays."
            )
            if not await self.confirm(question, detail, _("Deactivate")):
                return
        await self.ask(SaveAgent(agent.login, active=not agent.active))
        sentence = _("{login} is inactive now.") if agent.active else _("{login} is active again.")
        self.say(sentence.format(login=agent.login), level="done")
        self.reload()
