"""Settings → Teams: groups of agents that tickets are handed to."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui_desk.actions.administration import SETTINGS, TEAMS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.contracts.desk import ListTeams, RemoveTeam, SaveTeam, TeamView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class TeamsScreen(SettingsSection, BrowseScreen[TeamView]):
    """The list of teams."""

    scopes = (TEAMS, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "teams"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Teams')}"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Team"), 18, flex=1),
            Column("count", _("Agents"), 7, align="right"),
            Column("members", _("Who"), 24, flex=3),
        )

    async def read(self) -> Sequence[TeamView]:
        return await self.ask(ListTeams())

    def row(self, item: TeamView) -> TableRow:
        cells = (
            Cell(item.name, "strong"),
            Cell(str(len(item.members)), "" if item.members else "muted"),
            Cell(", ".join(item.members) or "–", "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: TeamView) -> Content:
        members = Fact(_("Agents"), "\n".join(item.members) or _("nobody yet"))
        how = _("Agents are put into teams in section Agents (e on an agent).")
        return blocks(heading(item.name), labelled((members,)), sentence(how, "$muted"))

    def empty_text(self) -> str:
        return _("No teams yet. N adds one; a mailbox can hand its tickets to it.")

    def item_facts(self, item: TeamView) -> set[str]:
        return {"team"}

    def _item(self) -> TeamView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def open_item(self, item: TeamView) -> None:
        if self.may_change():
            self.run_guarded(_("Rename team"), self.do_rename_team(""))

    async def do_add_team(self, argument: str) -> None:
        name = argument or await self.prompt(
            _("Name of the new team"), detail=_("Such as Support or Network.")
        )
        if name and name.strip():
            await self._save(SaveTeam(name.strip()), _("Team {name} is added."))

    async def do_rename_team(self, argument: str) -> None:
        team = self._item()
        name = argument or await self.prompt(_("New name of {team}").format(team=team.name), team.name)
        if name and name.strip() and name.strip() != team.name:
            await self._save(
                SaveTeam(name.strip(), rename_from=team.name), _("The team is called {name} now.")
            )

    async def _save(self, request: SaveTeam, sentence: str) -> None:
        saved = await self.ask(request)
        self.say(sentence.format(name=saved.name), level="done")
        self.select_soon(saved.id)

    async def do_remove_team(self, argument: str) -> None:
        team = self._item()
        question = _("Remove team {team}?").format(team=team.name)
        detail = _("Only a team that no ticket, mailbox or agent uses can be removed.")
        if await self.confirm(question, detail, _("Remove the team")):
            await self.ask(RemoveTeam(team.name))
            self.say(_("Team {team} is removed.").format(team=team.name), level="done")
            self.gone()
