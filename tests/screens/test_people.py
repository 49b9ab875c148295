"""People at the keyboard: found as one types, their tickets one key away, strangers' names harmless."""

from __future__ import annotations

import pytest

from tests.screens.desk import Room, shows, text_of, until
from tui_desk.contracts.desk import SaveAsset
from tui_desk.screens.person import PersonScreen
from tui_desk.screens.ticket import TicketScreen


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_person_and_their_tickets_are_found(room: Room, size: tuple[int, int]) -> None:
    for index in range(5):
        room.ticket(f"Trouble {index}", f"Person {index} <p{index}@client.test>")
    room.ask(SaveAsset(None, "IT-3", "Printer", owner="p3@client.test"))
    async with room.running(size) as pilot:
        await pilot.press("g", "p")
        await shows(pilot, "p0@client.test", "p4@client.test")
        await pilot.press("/", *"p3@")
        await until(pilot, lambda: "p4@client.test" not in text_of(pilot))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await shows(pilot, "Person 3", "Trouble 3", "IT-3")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))


async def test_a_hostile_name_is_shown_and_does_nothing(room: Room) -> None:
    room.ticket("x", '"[@click=app.exit]press[/] [/] \\[" <evil@client.test>')
    async with room.running((200, 50)) as pilot:
        await pilot.press("g", "p")
        await shows(pilot, "evil@client.test", "[@click=app.exit]press[/]")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await shows(pilot, "[@click=app.exit]press[/]")
        await pilot.click("#record")
        assert pilot.app.is_running


async def test_nobody_yet(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "p")
        await shows(pilot, "Nobody yet.", "Whoever writes to a mailbox")
