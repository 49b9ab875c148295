"""Assets' life and relations, their types, and what tickets name of them, at the keyboard."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from textual.widgets import Input

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tests.screens.test_assets import ready, typed
from tui_desk.contracts.assets import ListAssetTypes, RelateAssets
from tui_desk.contracts.desk import SaveAsset, ShowAsset
from tui_desk.contracts.licences import SaveLicence
from tui_desk.contracts.recognition import RecogniseInTicket
from tui_desk.contracts.tickets import LinkAsset, ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import AssetRelationKind, AssetState
from tui_desk.screens.asset import AssetScreen
from tui_desk.screens.asset_types import AssetTypesScreen
from tui_desk.screens.assets import AssetsScreen
from tui_desk.screens.ticket import TicketScreen
from tui_desk.services.actor import Actor


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_an_asset_goes_into_use_and_is_retired(room: Room, size: tuple[int, int]) -> None:
    asset = room.ask(SaveAsset(None, "IT-1", "Laptop"))
    number = room.ticket("Slow")
    async with room.running(size) as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "IT-1")
        await pilot.press("s")
        await shows(pilot, "It becomes:", "in use", "in repair")
        await pilot.press("enter")
        await shows(pilot, "Who has IT-1 from now on?")
        await pilot.press(*"otto@client.test", "enter")
        await until(pilot, lambda: "IT-1 is in use" in told(pilot))
        assert room.ask(ShowAsset(asset.id)).owner == "Otto"
        room.ask(LinkAsset(number, asset.id))
        await pilot.press("x")
        await shows(pilot, "although something hangs on it", f"#{number} Slow")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetsScreen))
        assert room.ask(ShowAsset(asset.id)).state is AssetState.IN_USE
        await pilot.press("x")
        await shows(pilot, "although something hangs on it")
        await pilot.press("y")
        await until(pilot, lambda: "IT-1 is retired" in told(pilot))
    assert room.ask(ShowAsset(asset.id)).state is AssetState.RETIRED


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_everything_of_an_asset_is_on_its_screen(room: Room, size: tuple[int, int]) -> None:
    today = utc_now().date()
    asset = room.ask(
        SaveAsset(
            None,
            "IT-1",
            "Laptop",
            serial="PF3X",
            hostname="nb-ana",
            state=AssetState.IN_USE,
            cost=Decimal("1200.00"),
            purchased_on=today.replace(day=1),
            depreciation_months=12,
        )
    )
    room.ask(SaveAsset(None, "IT-2", "Other", serial="PF3X"))
    rack = room.ask(SaveAsset(None, "RACK-1", "Rack"))
    room.ask(RelateAssets(asset.id, rack.id, AssetRelationKind.PART_OF))
    async with room.running(size) as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "IT-1")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetScreen))
        await shows(pilot, "! It is in use, but nobody has it", "! Its serial number is also that of IT-2")
        await shows(pilot, "Host name", "nb-ana")
        if size[1] > 24:
            await shows(
                pilot, "Book value", "100.00 EUR less each month", "Relations", "is part of", "RACK-1"
            )


async def test_a_relation_is_noted_and_taken_away(room: Room) -> None:
    server = room.ask(SaveAsset(None, "SRV-1", "Server"))
    room.ask(SaveAsset(None, "VM-1", "Machine"))
    async with room.running() as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "SRV-1")
        await pilot.press("L")
        await shows(pilot, "is installed on", "carries", "contains")
        await pilot.press(*"carries", "enter")
        await shows(pilot, "SRV-1 carries")
        await pilot.press(*"vm-1", "enter")
        await until(pilot, lambda: "SRV-1 carries VM-1" in told(pilot))
        [seen] = room.ask(ShowAsset(server.id)).relations
        assert (seen.tag, seen.outgoing, seen.kind) == ("VM-1", False, AssetRelationKind.INSTALLED_ON)
        await pilot.press("L")
        await shows(pilot, "take away: carries VM-1")
        await pilot.press(*"take", "enter")
        await until(pilot, lambda: "taken away" in told(pilot))
    assert not room.ask(ShowAsset(server.id)).relations


async def test_the_form_says_which_state_may_follow(room: Room) -> None:
    room.ask(SaveAsset(None, "IT-1", "Laptop", state=AssetState.IN_USE))
    async with room.running() as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "IT-1")
        await pilot.press("e")
        form = await ready(pilot)
        form.query_one("#field-state").focus()
        await pilot.press("left", "left")
        await shows(pilot, "✗ It is in use and can become: in stock")
        await pilot.press("right")
        await typed(pilot, "depreciation_months", "abc")
        await shows(pilot, "✗ A whole number of months")
        form.query_one("#field-depreciation_months", Input).value = "36"
        await typed(pilot, "hostname", "nb-1")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "IT-1 is saved" in told(pilot))
    asset = room.ask(ShowAsset(tag="IT-1"))
    assert (asset.hostname, asset.depreciation_months, asset.state) == ("nb-1", 36, AssetState.IN_STOCK)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_types_are_kept_in_the_settings(room: Room, size: tuple[int, int]) -> None:
    room.ask(SaveAsset(None, "IT-1", "Laptop", type="laptop"))
    room.gateway.actor = as_supervisor(room)
    async with room.running(size) as pilot:
        await pilot.press("g", "m", "9")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetTypesScreen))
        await shows(pilot, "laptop", "not in the list", "9 Asset types")
        await pilot.press("a")
        await shows(pilot, "Name of the new type")
        await pilot.press("enter")
        await until(pilot, lambda: "The type laptop is saved: 1 asset" in told(pilot))
        await pilot.press("e")
        await shows(pilot, "New name of laptop")
        await pilot.press("ctrl+u", *"Notebook", "enter")
        await until(pilot, lambda: "The type Notebook is saved" in told(pilot))
        await shows(pilot, "Notebook")
        await pilot.press("m")
        await shows(pilot, "Over how many months")
        await pilot.press(*"36", "enter")
        await shows(pilot, "36 months")
        await pilot.press("x")
        await shows(pilot, "set aside")
    [kept] = room.ask(ListAssetTypes(everything=True))
    assert (kept.name, kept.depreciation_months, kept.active, kept.assets) == ("Notebook", 36, False, 1)


def as_supervisor(room: Room) -> Actor:
    return room.desk.actors["sue"]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_what_a_ticket_names_is_linked_or_dismissed_by_one_key(
    room: Room, size: tuple[int, int]
) -> None:
    asset = room.ask(
        SaveAsset(None, "IT-0042", f"Laptop {HOSTILE}", warranty_until=utc_now().date() - timedelta(days=3))
    )
    room.ask(SaveLicence(None, "Adobe Acrobat Pro", expires_on=utc_now().date() + timedelta(days=9)))
    number = room.ticket("it-0042 hangs", body="And Adobe Acrobat Pro asks for its key.")
    async with room.running(size) as pilot:
        await shows(pilot, "it-0042 hangs")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "Names IT-0042", "(+1)" if size[0] > 80 else "Names")
        await pilot.press("=")
        await until(pilot, lambda: "asset IT-0042 linked" in told(pilot))
        await shows(pilot, "! warranty of IT-0042 over since", "Names the licence Adobe Acrobat Pro")
        await pilot.press("-")
        await until(pilot, lambda: "is not offered here any more" in told(pilot))
        await until(pilot, lambda: "Names the licence" not in text_of(pilot))
        await pilot.press("u")
        await shows(pilot, "Names the licence Adobe Acrobat Pro")
        await pilot.press("=")
        await shows(pilot, "licence Adobe Acrobat Pro ends in 9 days" if size[0] > 80 else "! warranty")
        await pilot.press("4")
        await shows(pilot, "Licences", "Adobe Acrobat Pro")
    shown = room.ask(ShowTicket(number))
    assert [one.id for one in shown.assets] == [asset.id]
    assert [one.name for one in shown.licences] == ["Adobe Acrobat Pro"]
    assert room.ask(RecogniseInTicket(number)) == ()
