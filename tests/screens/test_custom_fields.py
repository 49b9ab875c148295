"""Fields of your own at the keyboard: on a ticket, a person and an asset; required ones are asked for where one saves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.screens.desk import Room, shows, text_of, until
from tui_desk.contracts.custom_fields import FieldInput, ListFields, SaveField
from tui_desk.contracts.desk import SaveAgent, SaveAsset, ShowAsset, ShowPerson
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject, Role, TicketStatus
from tui_desk.screens.field_settings import FieldFormScreen, FieldSettingsScreen
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.person import PersonScreen
from tui_desk.screens.ticket import TicketScreen
from tui_desk.screens.ticket_fields import TicketFieldsScreen

TICKET, PERSON, ASSET = FieldSubject.TICKET, FieldSubject.PERSON, FieldSubject.ASSET


def define(
    room: Room, subject: FieldSubject, name: str, kind: FieldKind = FieldKind.TEXT, **more: Any
) -> None:
    room.desk.ask(SaveField(None, subject, name, kind=kind, **more), room.desk.actors["sue"])


async def open_ticket(pilot: Any) -> None:
    await shows(pilot, "Printer on fire")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    await shows(pilot, "It burns.")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_fields_of_a_ticket_are_changed_and_shown(room: Room, size: tuple[int, int]) -> None:
    define(room, TICKET, "cost_group", FieldKind.CHOICE, choices=("A", "B"), label="Cost group")
    define(room, TICKET, "amount", FieldKind.NUMBER)
    define(room, TICKET, "backup", FieldKind.PERSON)
    number = room.ticket()
    async with room.running(size) as pilot:
        await open_ticket(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketFieldsScreen))
        await shows(pilot, "Fields of your own", "Cost group", "○ A", "○ B")
        await pilot.press("right", "tab", *"1,249")
        await shows(pilot, "can be two numbers")
        await pilot.press("ctrl+s")
        await shows(pilot, "1 field is not right yet")
        await pilot.press(*".90", "tab", *"nobody@x.test")
        await shows(pilot, "Nobody here is nobody@x.test")
        await pilot.press("ctrl+u", *"otto")
        await shows(pilot, "otto@client.test")  # what is typed is completed
        await pilot.press("right")
        await shows(pilot, "✓ Otto")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "Cost group: A", "u takes it back")
        await pilot.press("2")
        await shows(pilot, "Cost group", "1249.9")
        await pilot.press("u")
        await until(pilot, lambda: not any(room.ask(ShowTicket(number)).fields.values()))


async def test_resolving_leads_to_what_is_missing_and_then_resolves(room: Room) -> None:
    define(room, TICKET, "site", label="Site")
    define(room, TICKET, "cause", required=FieldRequired.RESOLVING, label="Cause")
    number = room.ticket()
    async with room.running() as pilot:
        await open_ticket(pilot)
        await pilot.press("s")
        await shows(pilot, "Status of")
        await pilot.press(*"resolved", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketFieldsScreen))
        await shows(pilot, "becomes resolved")
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "field-own-cause")
        await pilot.press("ctrl+s")
        await shows(pilot, "Cause must have a value")
        await pilot.press(*"dust", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await until(pilot, lambda: room.ask(ShowTicket(number)).status is TicketStatus.RESOLVED)
    assert room.ask(ShowTicket(number)).fields == {"site": None, "cause": "dust"}


async def test_a_ticket_without_fields_says_where_they_come_from(room: Room) -> None:
    room.ticket()
    async with room.running() as pilot:
        await open_ticket(pilot)
        await pilot.press("e")
        await shows(pilot, "There are no fields of your own")


async def test_a_new_ticket_asks_for_what_it_must_have(room: Room) -> None:
    define(room, TICKET, "site", required=FieldRequired.ALWAYS)
    async with room.running() as pilot:
        await pilot.press("N")
        await shows(pilot, "Requester")
        await pilot.press(*"eva@acme.test", "tab", *"Lamp", "ctrl+s")
        await shows(pilot, "New ticket › Fields")
        await pilot.press("escape")
        await shows(pilot, "eva@acme.test")  # what was typed is there
        await pilot.press("ctrl+s")
        await shows(pilot, "New ticket › Fields")
        await pilot.press("ctrl+s")
        await shows(pilot, "Site must have a value")
        await pilot.press(*"Rome", "ctrl+s")
        await shows(pilot, "#1 is made.")
    assert room.ask(ShowTicket(1)).fields == {"site": "Rome"}


async def test_a_colleague_was_first_and_nothing_typed_is_lost(room: Room) -> None:
    define(room, TICKET, "site")
    number = room.ticket()
    async with room.running() as pilot:
        await open_ticket(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketFieldsScreen))
        await shows(pilot, "Site")
        room.desk.ask(SetFields(number, fields=(FieldInput("site", "Bonn"),)), room.desk.ben)
        await pilot.press(*"Rome", "ctrl+s")
        await shows(pilot, "now “Bonn”, yours “Rome”")
        assert isinstance(pilot.app.screen, TicketFieldsScreen)
        assert pilot.app.screen.value("own-site") == "Rome"


async def test_a_person_has_fields_in_their_form_and_on_their_screen(room: Room) -> None:
    define(room, PERSON, "badge", required=FieldRequired.ALWAYS)
    room.ticket()
    async with room.running() as pilot:
        await open_ticket(pilot)
        await pilot.press("P")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await shows(pilot, "Badge", "needed, missing")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await shows(pilot, "Otto")
        await pilot.press("ctrl+s")
        await shows(pilot, "Badge must have a value")
        await pilot.press(*"0042", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await shows(pilot, "Badge", "0042")
    assert room.ask(ShowPerson(address="otto@client.test")).fields == {"badge": "0042"}


async def test_an_asset_has_the_fields_of_its_type(room: Room) -> None:
    define(room, ASSET, "ram", FieldKind.NUMBER, applies_to="laptop", label="Memory")
    made = room.ask(SaveAsset(None, "LT-1", "ThinkPad", type="laptop"))
    async with room.running((200, 50)) as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "LT-1")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await shows(pilot, "Memory")
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        form.control("own-ram").focus()
        await pilot.press(*"x16")
        await shows(pilot, "is no number")
        await pilot.press("ctrl+u", *"16", "ctrl+s")
        await until(pilot, lambda: room.ask(ShowAsset(made.id)).fields == {"ram": "16"})
        await pilot.press("enter")
        await shows(pilot, "Fields of your own", "Memory", "16")


async def test_a_supervisor_defines_fields_in_the_settings(room: Room) -> None:
    room.desk.ask(SaveAgent("ana", role=Role.SUPERVISOR), room.desk.root)
    async with room.running((200, 50)) as pilot:
        await pilot.press("g", "m", "8")
        await shows(pilot, "No fields of your own yet.")
        await pilot.press("N")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldFormScreen))
        await shows(pilot, "Belongs to", "● tickets")
        form = pilot.app.screen
        assert isinstance(form, FieldFormScreen)
        await pilot.press("tab", *"Cost group")
        await until(pilot, lambda: form.value("name") == "cost_group")
        form.control("kind").focus()
        await pilot.press("right", "right", "right")
        await until(pilot, lambda: form.value("kind") == "choice")
        await pilot.press("ctrl+s")
        await shows(pilot, "A choice needs values to choose from.")
        await pilot.press(*"A", "enter", *"B")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldSettingsScreen))
        await shows(pilot, "Cost group", "choice", "has:cost_group")
        await pilot.press("x")
        await shows(pilot, "is set aside; its values stay")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldFormScreen))
        await shows(pilot, "Cost group")
        await pilot.press(*"s", "ctrl+s")
        await shows(pilot, "The field Cost groups is saved.")
    (saved,) = room.ask(ListFields(inactive=True))
    assert (saved.name, saved.label, saved.choices, saved.active) == (
        "cost_group",
        "Cost groups",
        ("A", "B"),
        False,
    )


async def test_the_filter_line_helps_with_fields_of_your_own(room: Room) -> None:
    define(room, TICKET, "cost_group", FieldKind.CHOICE, choices=("Alpha", "Beta"))
    define(room, TICKET, "amount", FieldKind.NUMBER)
    first, second = room.ticket(), room.ticket("Lamp")
    room.ask(SetFields(first, fields=(FieldInput("cost_group", "Alpha"), FieldInput("amount", "7"))))
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire", "Lamp")
        await pilot.press("/", *"cost_group:")
        await shows(pilot, "Tab: Alpha  Beta")
        await pilot.press(*"al")
        await shows(pilot, "Tab: Alpha")
        await pilot.press(*"pha")
        await until(pilot, lambda: "Lamp" not in text_of(pilot))
        await shows(pilot, "Printer on fire")
        await pilot.press(*" amount>1,000")
        await shows(pilot, "amount>1,000: “1,000” can be two numbers")
    assert second
