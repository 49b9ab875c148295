"""Licences and contracts at the keyboard: written down, seats given and taken back, the key shown when asked for, periods renewed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tui_desk.contracts.agreements import CoverAsset, SaveContract, ShowContract
from tui_desk.contracts.desk import SaveAsset, ShowPerson
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.licences import (
    AssignSeat,
    LicenceView,
    SaveLicence,
    ShowLicence,
    ShowLicenceKey,
)
from tui_desk.contracts.people import SavePerson
from tui_desk.core.clock import utc_now
from tui_desk.gateway import DeskGateway
from tui_desk.screens.asset import AssetScreen
from tui_desk.screens.contract_form import ContractFormScreen, contract_problems
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.licence import LicenceScreen
from tui_desk.screens.licence_form import LicenceFormScreen, licence_problems
from tui_desk.screens.licences import ContractsScreen, LicencesScreen
from tui_desk.screens.person import PersonScreen

SECRET = "AAAA-BBBB-CCCC-1234"


async def typed(pilot: Pilot[None], field: str, text: str) -> None:
    """Put the cursor into a field and type, key by key."""
    pilot.app.screen.query_one(f"#field-{field}").focus()
    await pilot.pause()
    await pilot.press(*("space" if char == " " else char for char in text))


async def ready(pilot: Pilot[None], kind: type[FormScreen]) -> FormScreen:
    """The form, its values read."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_ready)
    screen = pilot.app.screen
    assert isinstance(screen, FormScreen)
    return screen


def licence(room: Room, name: str = "Editor", **fields: object) -> LicenceView:
    return room.ask(SaveLicence(None, name, **fields))


def person(room: Room, name: str) -> int:
    return room.ask(SavePerson(None, name, f"{name.lower()}@client.test")).id


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_licence_is_written_down_and_its_key_is_nowhere(room: Room, size: tuple[int, int]) -> None:
    async with room.running(size) as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "No licences yet")
        await pilot.press("N")
        await ready(pilot, LicenceFormScreen)
        await typed(pilot, "name", "Editor [/]")
        await typed(pilot, "seats", "2")
        await typed(pilot, "key", SECRET)
        await typed(pilot, "expires_on", "2029-01-31")
        assert SECRET not in text_of(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, LicencesScreen))
        await shows(pilot, "Editor [/]", "0 of 2", "● runs", "2029-01-31", "kept, encrypted")
        assert SECRET not in text_of(pilot)
    made = room.ask(ShowLicence(name="Editor [/]"))
    assert room.ask(ShowLicenceKey(made.id)).key == SECRET


async def test_what_is_wrong_is_told_and_nothing_typed_is_lost(room: Room) -> None:
    licence(room)
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "Editor")
        await pilot.press("N")
        form = await ready(pilot, LicenceFormScreen)
        await typed(pilot, "name", "editor")
        await typed(pilot, "seats", "many")
        await shows(pilot, "✗ A whole number")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 field is not right" in told(pilot))
        form.query_one("#field-seats", Input).value = "5"
        form.query_one("#field-key", Input).value = SECRET
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "There is a licence Editor already" in told(pilot))
        assert (form.value("seats"), form.value("key")) == ("5", SECRET)
        await pilot.press("escape")
        await shows(pilot, "Throw away what you typed here?")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, LicencesScreen))


async def test_seats_are_assigned_and_released(room: Room) -> None:
    made = licence(room, seats=2)
    person(room, "Otto")
    room.ask(SaveAsset(None, "IT-1", "Laptop of Otto"))
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "Editor", "● 0 of 2")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LicenceScreen))
        await shows(pilot, "Nobody has a seat yet")
        await pilot.press("a")
        await shows(pilot, "Who gets a seat of Editor?")
        await pilot.press(*"otto", "enter")
        await shows(pilot, "Who gets the seat?", "IT-1", "otto@client.test")
        await pilot.press(*"IT-1", "enter")
        await shows(pilot, "IT-1 has a seat of Editor. In use: 1 of 2", "IT-1 Laptop of Otto", "● 1 of 2")
        await pilot.press("a")
        await shows(pilot, "Who gets a seat of Editor?")
        await pilot.press(*"otto@client", "enter")
        await shows(pilot, "Otto has a seat", "▲ 2 of 2, none left")
        await pilot.press("a")
        await shows(pilot, "Who gets a seat of Editor?")
        await pilot.press(*"nobody", "enter")
        await until(pilot, lambda: "No person and no asset has the words" in told(pilot))
        await pilot.press("G", "r")
        await shows(pilot, "The seat of Otto is free again", "● 1 of 2", "Released")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetScreen))
        await shows(pilot, "Licences", "– Editor")
    assert room.ask(ShowLicence(made.id)).used == 1


async def test_the_last_seat_and_a_supervisors_word(room: Room, tmp_path: Path) -> None:
    made = licence(room, seats=1)
    for name in ("Otto", "Pia"):
        person(room, name)
    room.ask(AssignSeat(made.id, person="Otto"))
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "▲ 1 of 1, none left")
        await pilot.press("a")
        await shows(pilot, "Who gets a seat of Editor?")
        await pilot.press(*"pia", "enter")
        await until(pilot, lambda: "No seat of Editor is left: 1 of 1 are in use" in told(pilot))
    assert room.ask(ShowLicence(made.id)).used == 1
    gateway = DeskGateway(room.desk.database.url, room.desk.actors["sue"])
    try:
        async with Room(room.desk, gateway, tmp_path).running() as pilot:
            await pilot.press("g", "l")
            await shows(pilot, "▲ 1 of 1, none left")
            await pilot.press("a")
            await shows(pilot, "Who gets a seat of Editor?")
            await pilot.press(*"pia", "enter")
            await shows(pilot, "Assign it all the same")
            await pilot.press("y")
            await shows(pilot, "✗ 2 of 1, 1 too many")
            await pilot.press("w")
            await shows(pilot, "what needs care", "✗ 2 of 1, 1 too many")
    finally:
        gateway.close()


async def test_the_key_is_shown_when_asked_for_and_that_is_recorded(room: Room) -> None:
    made = licence(room, key=SECRET)
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "Editor")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LicenceScreen))
        await shows(pilot, "kept, encrypted")
        await pilot.press("K")
        await shows(pilot, "Show the key of Editor?")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, LicenceScreen))
        await pilot.press("K")
        await shows(pilot, "Show the key of Editor?")
        assert SECRET not in text_of(pilot)
        await pilot.press("y")
        await shows(pilot, SECRET)
        await pilot.press("escape")
        await until(pilot, lambda: SECRET not in text_of(pilot))
        await pilot.press("H")
        await shows(pilot, "looked at the licence key")
        assert SECRET not in text_of(pilot)
    sentences = [one.sentence for one in room.ask(ListEvents(stream=f"licence:{made.id}")).events]
    assert sum("looked at" in sentence for sentence in sentences) == 1


async def test_a_licence_without_a_key_says_so(room: Room) -> None:
    licence(room)
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "Editor")
        await pilot.press("enter")
        await shows(pilot, "none kept")
        await pilot.press("K")
        await until(pilot, lambda: "No key is kept for it" in told(pilot))
        await pilot.press("r")
        await until(pilot, lambda: "The cursor is on no seat" in told(pilot))


async def test_a_stale_form_keeps_what_was_typed(room: Room) -> None:
    made = licence(room, supplier="Softland")
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "Editor")
        await pilot.press("e")
        form = await ready(pilot, LicenceFormScreen)
        room.ask(SaveLicence(made.id, "Editor", supplier="Elsewhere", version=made.version))
        form.query_one("#field-supplier", Input).value = "Mine"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "now “Elsewhere”, yours “Mine”" in told(pilot))
        assert form.value("supplier") == "Mine"
    assert room.ask(ShowLicence(made.id)).supplier == "Elsewhere"


async def test_retired_ones_are_hidden_and_come_back(room: Room) -> None:
    licence(room)
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "Editor")
        await pilot.press("x")
        await until(pilot, lambda: "Editor is retired" in told(pilot))
        await shows(pilot, "No licences yet")
        await pilot.press("v")
        await shows(pilot, "× retired", "Editor")
        await pilot.press("x")
        await until(pilot, lambda: "in use again" in told(pilot))
        await shows(pilot, "– no end")
        await pilot.press("/", *"drawing")
        await shows(pilot, "No licence has these words")


async def test_licences_of_a_person_are_on_their_screen(room: Room) -> None:
    today = utc_now().date()
    over = licence(room, "Over", expires_on=today - timedelta(days=2))
    otto = person(room, "Otto")
    room.ask(AssignSeat(over.id, person_id=otto))
    async with room.running() as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "✗ over", "Over")
        await pilot.press("enter")
        await shows(pilot, "over for 2 days")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await shows(pilot, "✗ Over · over")
    assert room.ask(ShowPerson(otto)).licences


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_contract_is_written_down_covers_an_asset_and_is_renewed(
    room: Room, size: tuple[int, int]
) -> None:
    room.ask(SaveAsset(None, "PR-1", "Printer"))
    async with room.running(size) as pilot:
        await pilot.press("g", "l", "2")
        await until(pilot, lambda: isinstance(pilot.app.screen, ContractsScreen))
        await shows(pilot, "No contracts yet")
        await pilot.press("N")
        form = await ready(pilot, ContractFormScreen)
        await typed(pilot, "name", "Printers")
        await typed(pilot, "notice_days", "30")
        await shows(pilot, "✗ It counts from the end")
        form.query_one("#field-starts_on", Input).value = "2030-01-01"
        form.query_one("#field-ends_on", Input).value = "2029-12-31"
        await shows(pilot, "✗ It would end before it begins")
        form.query_one("#field-ends_on", Input).value = "2030-12-31"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ContractsScreen))
        await shows(pilot, "Printers", "2030-12-31", "maintenance")
        await pilot.press("enter")
        await shows(pilot, "2030-12-01", "It covers no asset yet", "2031-12-31")
        await pilot.press("a")
        await shows(pilot, "Which asset does Printers cover?")
        await pilot.press(*"pr-1", "enter")
        await shows(pilot, "Printers covers PR-1 now", "□ in stock")
        await pilot.press("R")
        await shows(pilot, "Renew Printers until which day?")
        await pilot.press("enter")
        await shows(pilot, "Printers runs from 2031-01-01 to 2031-12-31 now")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetScreen))
        await shows(pilot, "Contracts", "● Printers (maintenance)")
        await pilot.press("escape")
        await shows(pilot, "Covered assets", "PR-1")
        await pilot.press("r")
        await shows(pilot, "It covers no asset yet")
        await pilot.press("R")
        await shows(pilot, "Renew Printers until which day?")
        await pilot.press("end", *("backspace" for _key in range(10)), *"soon", "enter")
        await until(pilot, lambda: "A date as year-month-day" in told(pilot))
    assert room.ask(ShowContract(name="printers")).ends_on == date(2031, 12, 31)


async def test_strangers_text_is_text(room: Room) -> None:
    made = licence(room, f"Bad {HOSTILE}", product=HOSTILE, notes=HOSTILE, key=SECRET)
    contract = room.ask(SaveContract(None, f"Bad {HOSTILE}", notes=HOSTILE))
    asset = room.ask(SaveAsset(None, "IT-1", HOSTILE))
    room.ask(AssignSeat(made.id, asset_id=asset.id))
    room.ask(CoverAsset(contract.id, asset.id))
    async with room.running((200, 50)) as pilot:
        await pilot.press("g", "l")
        await shows(pilot, "[@click=app.exit]press[/]")
        await pilot.press("enter")
        await shows(pilot, "IT-1")
        assert not any(ord(char) < 32 for char in text_of(pilot).replace("\n", ""))
        await pilot.press("escape", "2")
        await until(pilot, lambda: isinstance(pilot.app.screen, ContractsScreen))
        await shows(pilot, "Bad")
        await pilot.press("enter")
        await shows(pilot, "IT-1")
        assert not any(ord(char) < 32 for char in text_of(pilot).replace("\n", ""))


def test_what_forms_find_wrong() -> None:
    right = {
        "name": "x", "product": "", "supplier": "", "seats": "", "key": "", "starts_on": "", "expires_on": "",
        "cost": "", "currency": "EUR", "notes": "",
    }  # fmt: skip
    assert licence_problems(right) == {}
    for field, text in (
        ("name", " "),
        ("seats", "-1"),
        ("cost", "1,5"),
        ("currency", "€"),
        ("expires_on", "x"),
    ):
        assert list(licence_problems({**right, field: text})) == [field]
    contract = {
        "name": "x", "kind": "lease", "number": "", "supplier": "", "starts_on": "", "ends_on": "2026-01-01",
        "notice_days": "", "renews": "no", "cost": "", "currency": "EUR", "notes": "",
    }  # fmt: skip
    assert contract_problems(contract) == {}
    for field, text in (("notice_days", "9999"), ("notice_days", "x"), ("starts_on", "2026-02-01")):
        wrong = "ends_on" if field == "starts_on" else field
        assert list(contract_problems({**contract, field: text})) == [wrong]
