"""Settings at the keyboard: sections, agents, teams, the desk; what a role may not do is said."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tui_desk.contracts.desk import ListAgents, ListTeams, SaveAgent, SaveTeam, ShowSettings
from tui_desk.core.enums import Role
from tui_desk.screens.agents import AgentsScreen
from tui_desk.screens.asset_types import AssetTypesScreen
from tui_desk.screens.checklists import ChecklistsScreen
from tui_desk.screens.desk_settings import DeskFormScreen, DeskSettingsScreen
from tui_desk.screens.field_settings import FieldSettingsScreen
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.mailboxes import MailboxesScreen
from tui_desk.screens.purchase_settings import PurchaseSettingsScreen
from tui_desk.screens.teams import TeamsScreen
from tui_desk.screens.time_settings import TimeSettingsScreen


async def form(pilot: Pilot[None]) -> FormScreen:
    """The form in front, its values read."""
    await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
    screen = pilot.app.screen
    assert isinstance(screen, FormScreen)
    return screen


def put(screen: FormScreen, **values: str) -> None:
    """Type into fields at once."""
    for name, value in values.items():
        screen.query_one(f"#field-{name}", Input).value = value


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_sections_are_one_key_apart(admin_room: Room, size: tuple[int, int]) -> None:
    async with admin_room.running(size) as pilot:
        await pilot.press("g", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgentsScreen))
        await shows(pilot, "root", "(you)")
        for key, screen in (
            ("3", TeamsScreen),
            ("4", DeskSettingsScreen),
            ("5", ChecklistsScreen),
            ("6", TimeSettingsScreen),
            ("7", PurchaseSettingsScreen),
            ("8", FieldSettingsScreen),
            ("9", AssetTypesScreen),
            ("tab", MailboxesScreen),
        ):
            await pilot.press(key)
            await until(pilot, lambda screen=screen: isinstance(pilot.app.screen, screen))
            await pilot.pause()
        await pilot.press("shift+tab", "q")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def test_an_agent_is_added_changed_and_deactivated(admin_room: Room) -> None:
    admin_room.desk.ask(SaveTeam("Network"), admin_room.desk.root)
    async with admin_room.running() as pilot:
        await pilot.press("g", "e")
        await shows(pilot, "ben")
        await pilot.press("N")
        screen = await form(pilot)
        put(screen, login="no spaces!", name="Zoe [/]", teams="Network, Nowhere")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "2 fields are not right" in told(pilot))
        put(screen, login="zoe", teams="Network", email="zoe@desk.test")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgentsScreen))
        await shows(pilot, "Zoe [/]", "Network")
        table = pilot.app.screen.query_one("#list")
        zoe = next(a for a in admin_room.desk.ask(ListAgents(), admin_room.desk.root) if a.login == "zoe")
        assert table.move_to_key(zoe.id)
        await pilot.press("D")
        await shows(pilot, "Deactivate Zoe")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgentsScreen))
        await pilot.press("D")
        await shows(pilot, "Deactivate Zoe")
        await pilot.press("y")
        await until(pilot, lambda: "zoe is inactive" in told(pilot))
        await shows(pilot, "○ inactive")
    agents = admin_room.desk.ask(ListAgents(include_inactive=True), admin_room.desk.root)
    assert not next(a for a in agents if a.login == "zoe").active


async def test_nobody_deactivates_themselves(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        await pilot.press("g", "e")
        await shows(pilot, "(you)")
        table = pilot.app.screen.query_one("#list")
        root = next(a for a in admin_room.desk.ask(ListAgents()) if a.login == "root")
        assert table.move_to_key(root.id)
        await pilot.press("D")
        await until(pilot, lambda: "cannot deactivate yourself" in told(pilot))


async def test_an_agent_may_look_and_change_only_their_own(room: Room) -> None:
    room.desk.ask(SaveAgent("ana", signature="Ana"), room.desk.root)
    async with room.running() as pilot:
        await pilot.press("g", "e")
        await shows(pilot, "(you)")
        await pilot.press("N")
        await until(pilot, lambda: "Only an admin" in told(pilot))
        me = next(a for a in room.ask(ListAgents()) if a.login == "ana")
        assert pilot.app.screen.query_one("#list").move_to_key(me.id)
        await pilot.press("e")
        screen = await form(pilot)
        put(screen, name="Ana Maria")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgentsScreen) or "✗" in text_of(pilot))
        assert isinstance(pilot.app.screen, AgentsScreen), text_of(pilot)
    assert next(a for a in room.ask(ListAgents()) if a.login == "ana").role is Role.AGENT


async def test_teams_are_added_renamed_and_removed(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        await pilot.press("g", "e", "3")
        await shows(pilot, "No teams yet")
        for name in ("Network", "[/] Printers"):
            await pilot.press("N")
            await shows(pilot, "Name of the new team")
            pilot.app.screen.query_one(Input).value = name
            await pilot.press("enter")
            await until(pilot, lambda name=name: f"Team {name} is added" in told(pilot))
        await shows(pilot, "[/] Printers", "Network")
        await pilot.press("g", "g", "e")
        await shows(pilot, "New name of")
        pilot.app.screen.query_one(Input).value = "Infrastructure"
        await pilot.press("enter")
        await until(pilot, lambda: "called Infrastructure" in told(pilot))
        await pilot.press("D")
        await shows(pilot, "Remove team")
        await pilot.press("y")
        await until(pilot, lambda: "is removed" in told(pilot))
    assert len(admin_room.desk.ask(ListTeams(), admin_room.desk.root)) == 1


async def test_the_desks_settings_are_changed(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        await pilot.press("g", "e", "4")
        await shows(pilot, "Undo window", "10 seconds")
        await pilot.press("e")
        screen = await form(pilot)
        assert isinstance(screen, DeskFormScreen)
        put(screen, desk_name=f"Desk {HOSTILE[:0]}[/]", undo_seconds="abc")
        await shows(pilot, "A whole number from 0 to 300.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 field is not right" in told(pilot))
        put(screen, undo_seconds="30", largest_mail_mb="0")
        await shows(pilot, "A whole number from 1 to 1000.")
        put(screen, largest_mail_mb="25")
        await pilot.press("ctrl+s")
        await shows(pilot, "30 seconds", "Desk [/]", "25 MB")
    saved = admin_room.desk.ask(ShowSettings(), admin_room.desk.root)
    assert (saved.undo_seconds, saved.largest_mail_mb) == (30, 25)
