"""Assets at the keyboard: search, write down, change, retire; nothing typed is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tui_desk.contracts.desk import ListAssets, SaveAsset, ShowAsset
from tui_desk.contracts.tickets import LinkAsset
from tui_desk.core.enums import AssetState
from tui_desk.screens.asset import AssetScreen
from tui_desk.screens.asset_form import AssetFormScreen, asset_problems
from tui_desk.screens.assets import AssetsScreen
from tui_desk.screens.ticket import TicketScreen


async def typed(pilot: Pilot[None], field: str, text: str) -> None:
    """Put the cursor into a field and type, key by key."""
    pilot.app.screen.query_one(f"#field-{field}").focus()
    await pilot.pause()
    for char in text:
        await pilot.press("space" if char == " " else char)


async def ready(pilot: Pilot[None]) -> AssetFormScreen:
    """The form, its values read."""
    await until(pilot, lambda: isinstance(pilot.app.screen, AssetFormScreen) and pilot.app.screen.is_ready)
    screen = pilot.app.screen
    assert isinstance(screen, AssetFormScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_an_asset_is_written_down(room: Room, size: tuple[int, int]) -> None:
    async with room.running(size) as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "No assets yet")
        await pilot.press("N")
        await ready(pilot)
        await typed(pilot, "tag", "IT-7")
        await typed(pilot, "name", "ThinkPad [/]")
        await typed(pilot, "cost", "1249.90")
        await typed(pilot, "owner", "otto@client.test")
        await typed(pilot, "warranty_until", "2029-01-31")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetsScreen))
        await shows(pilot, "IT-7", "ThinkPad [/]", "1249.90 EUR", "2029-01-31")
    asset = room.ask(ShowAsset(tag="IT-7"))
    assert asset.cost == Decimal("1249.90")
    assert asset.owner_id is not None


async def test_what_is_wrong_is_told_and_nothing_typed_is_lost(room: Room) -> None:
    room.ask(SaveAsset(None, "IT-1", "Printer"))
    async with room.running() as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "IT-1")
        await pilot.press("N")
        form = await ready(pilot)
        await typed(pilot, "tag", "IT-1")
        await typed(pilot, "cost", "12,5")
        await shows(pilot, "✗ A number with a point")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "2 fields are not right" in told(pilot))
        await typed(pilot, "name", "Other")
        form.query_one("#field-cost", Input).value = "12.5"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "belongs to another asset" in told(pilot))
        assert form.value("name") == "Other"
        await pilot.press("escape")
        await shows(pilot, "Throw away what you typed here?")
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is form)
        assert form.value("cost") == "12.5"
        await pilot.press("escape")
        await shows(pilot, "Throw away what you typed here?")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetsScreen))
    assert len(room.ask(ListAssets())) == 1


async def test_a_colleagues_change_is_not_overwritten(room: Room) -> None:
    asset = room.ask(SaveAsset(None, "IT-1", "Printer"))
    async with room.running() as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "IT-1")
        await pilot.press("e")
        form = await ready(pilot)
        await typed(pilot, "location", "Room 9")
        room.ask(SaveAsset(asset.id, "IT-1", "Printer", location="Cellar", version=asset.version))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile" in told(pilot))
        assert form.value("location") == "Room 9"
    assert room.ask(ShowAsset(asset.id)).location == "Cellar"


async def test_search_retire_and_show_retired(room: Room) -> None:
    for number in range(30):
        room.ask(SaveAsset(None, f"IT-{number}", f"Thing {number}", serial=f"SN{number * 7}"))
    async with room.running() as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "IT-1")
        await pilot.press("/", *"SN203")
        await shows(pilot, "IT-29")
        await until(pilot, lambda: "IT-1 " not in text_of(pilot))
        await pilot.press("enter", "x")
        await until(pilot, lambda: "IT-29 is retired" in told(pilot))
        await pilot.press("escape")
        await shows(pilot, "IT-1")
        await pilot.press("v")
        await shows(pilot, "with retired ones")
    assert room.ask(ShowAsset(tag="IT-29")).state is AssetState.RETIRED


async def test_linked_tickets_are_one_key_away(room: Room) -> None:
    asset = room.ask(SaveAsset(None, "IT-1", "Printer", notes=HOSTILE))
    number = room.ticket("Stripes")
    room.ask(LinkAsset(number, asset.id))
    async with room.running() as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "IT-1")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetScreen))
        await shows(pilot, "Stripes", "[@click=app.exit]press[/]")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))


async def test_a_hostile_asset_is_shown_and_changes_nothing(room: Room) -> None:
    room.ask(SaveAsset(None, "IT-1", HOSTILE, type=HOSTILE, location=HOSTILE))
    for size in ((80, 24), (200, 50)):
        async with room.running(size) as pilot:
            await pilot.press("g", "a")
            await shows(pilot, "[/] [@click=app.exit]" if size[0] > 100 else "IT-1")
            await pilot.press("e")
            await ready(pilot)
            assert not any(ord(char) < 32 for char in text_of(pilot).replace("\n", ""))


def test_a_warranty_cannot_end_before_it_begins() -> None:
    values = dict.fromkeys(("tag", "name", "cost", "currency"), "x") | {"cost": ""}
    values |= {"purchased_on": "2026-01-31", "warranty_until": "2026-01-30"}
    assert list(asset_problems(values)) == ["warranty_until"]
