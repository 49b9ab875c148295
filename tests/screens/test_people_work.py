"""People and organisations at the keyboard: written down, merged, split, and from a ticket to its requester."""

from __future__ import annotations

import pytest

from tests.screens.desk import HOSTILE, Room, shows, until
from tui_desk.contracts.desk import ListPeople, ShowPerson
from tui_desk.contracts.people import AddAddress, ShowOrganization
from tui_desk.screens.organizations import OrganizationsScreen
from tui_desk.screens.people import PeopleScreen
from tui_desk.screens.person import PersonScreen
from tui_desk.screens.person_form import PersonFormScreen
from tui_desk.screens.ticket import TicketScreen


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_from_a_ticket_to_who_asks_and_their_organization(room: Room, size: tuple[int, int]) -> None:
    room.ticket(f"Lamp {HOSTILE}")
    async with room.running(size) as pilot:
        await shows(pilot, "Lamp")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "It burns.")
        await pilot.press("P")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await shows(pilot, "otto@client.test", "phone 1", "Lamp")
        await pilot.press("o")
        await shows(pilot, "belongs to no organization yet")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonFormScreen))
        await shows(pilot, "Otto")
        await pilot.press("tab", *"Acme", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await shows(pilot, "Acme")
        await pilot.press("o")
        await shows(pilot, "Organizations › Acme", "1 person", "Lamp")
    assert len(room.ask(ShowOrganization(name="Acme")).people) == 1


async def test_two_records_are_merged_and_an_address_is_split_off(room: Room) -> None:
    room.ticket("One", "Otto <otto@client.test>")
    room.ticket("Two", "Ottokar <ottokar@home.test>")
    async with room.running() as pilot:
        await pilot.press("g", "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PeopleScreen))
        await shows(pilot, "Otto", "Ottokar")
        await pilot.press("m")
        await shows(pilot, "Who is Otto too?")
        await pilot.press(*"home.test", "enter")
        await shows(pilot, "Which record is the same person?", "Ottokar")
        await pilot.press("enter")
        await shows(pilot, "Merge Ottokar into Otto?", "1 ticket,")
        await pilot.press("y")
        await until(pilot, lambda: len(room.ask(ListPeople())) == 1)
        await shows(pilot, "otto@client.test  +1")
        await pilot.press("S")
        await shows(pilot, "Which address belongs to somebody else?")
        await pilot.press(*"home", "enter")
        await shows(pilot, "a record of its own?")
        await pilot.press("y")
        await until(pilot, lambda: len(room.ask(ListPeople())) == 2)
    assert room.ask(ShowPerson(address="ottokar@home.test")).name == ""


async def test_organizations_are_written_down(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "i")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrganizationsScreen))
        await shows(pilot, "No organization yet.")
        await pilot.press("N")
        await shows(pilot, "New organization")
        await pilot.press("ctrl+s")
        await shows(pilot, "An organization needs a name.")
        await pilot.press(*"Acme", "tab", *"acme.test", "ctrl+s")
        await shows(pilot, "Acme", "acme.test")
    room.ticket("Lamp", "eva@acme.test")
    eva = room.ask(ShowPerson(address="eva@acme.test"))
    assert eva.organization == "Acme"
    assert room.ask(AddAddress(eva.id, "eva@else.test")).addresses == ("eva@acme.test", "eva@else.test")
