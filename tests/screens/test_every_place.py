"""Every place of the desk on both databases and at several sizes: it opens, shows strangers' text as text, and leads back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.desk import HOSTILE, Room, shows, text_of, until
from tests.services.desk import open_desk
from tui_desk.contracts.desk import SaveAsset, SaveTeam
from tui_desk.gateway import DeskGateway
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import PLACES, load_place

HARMLESS = "[/] [@click=app.exit]press[/]"


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (60, 16), (20, 5)])
async def test_every_place_opens_and_leads_back(
    database_url: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    with open_desk(database_url) as desk:
        gateway = DeskGateway(desk.database.url, desk.root)
        room = Room(desk, gateway, tmp_path)
        try:
            desk.ask(SaveAsset(None, "IT-1", f"Printer {HOSTILE}", owner="otto@client.test"), desk.root)
            desk.ask(SaveTeam(f"Team {HARMLESS}"), desk.root)
            room.ticket(f"Stripes {HOSTILE}")
            async with room.running(size) as pilot:
                for place in PLACES:
                    room_of = load_place(place)
                    pilot.app.go_to(place)
                    await until(pilot, lambda kind=room_of: isinstance(pilot.app.screen, kind))
                    screen = pilot.app.screen
                    assert isinstance(screen, BaseScreen)
                    await until(pilot, lambda screen=screen: not screen._loading)
                    await pilot.pause()
                    assert not any(ord(char) < 32 for char in text_of(pilot).replace("\n", "")), place
                pilot.app.go_to("queue")
                await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        finally:
            gateway.close()


async def test_things_are_written_on_both_databases(database_url: str, tmp_path: Path) -> None:
    with open_desk(database_url) as desk:
        gateway = DeskGateway(desk.database.url, desk.root)
        try:
            async with Room(desk, gateway, tmp_path).running((200, 50)) as pilot:
                await pilot.press("g", "e", "3", "N")
                await shows(pilot, "Name of the new team")
                await pilot.press(*"Network", "enter")
                await shows(pilot, "Team Network is added")
                await pilot.press("g", "a", "N")
                await shows(pilot, "What is written on its label")
                await pilot.press(*"IT-9", "enter", *"Switch", "ctrl+s")
                await shows(pilot, "IT-9 is saved", "Switch")
        finally:
            gateway.close()
