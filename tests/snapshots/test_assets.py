"""How an asset, its types and what a ticket names of it look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows
from tui_desk.contracts.assets import RelateAssets, SaveAssetType
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.tickets import LinkAsset
from tui_desk.core.enums import AssetRelationKind, AssetState

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@pytest.fixture
def stocked(room: Room) -> Room:
    """Assets whose days are far from today, whatever day it is; a ticket that names two of them and is linked with one."""
    laptop = room.ask(
        SaveAsset(
            None, "NB-0042", "ThinkPad T14", "laptop", "PF3X1234", state=AssetState.IN_USE, supplier="Laptop Shop",
            cost=Decimal("1299.90"), purchased_on=date(2020, 1, 31), warranty_until=date(2023, 1, 31),
            hostname="nb-ana", notes="The screen was replaced.",
        )
    ).id  # fmt: skip
    rack = room.ask(SaveAsset(None, "RACK-1", "Rack [/]", "Rack", serial="PF3X1234")).id
    switch = room.ask(SaveAsset(None, "SW-0001", "日本 switch", "Switch")).id
    room.ask(RelateAssets(laptop, switch, AssetRelationKind.CONNECTED_TO))
    room.ask(RelateAssets(switch, rack, AssetRelationKind.PART_OF))
    room.desk.ask(SaveAssetType("Laptop", 36), room.desk.actors["sue"])
    number = room.ticket("NB-0042 loses its network", body="The port of SW-0001 is dark.")
    room.ask(LinkAsset(number, laptop))
    return room


@each_size
def test_an_asset(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "a")
        await shows(pilot, "NB-0042")
        await pilot.press("enter")
        await shows(pilot, "nb-ana", "loses its network")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)


@each_size
def test_types(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "m", "9")
        await shows(pilot, "Laptop", "Rack", "a word only")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)


@each_size
def test_a_ticket_that_names_assets(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "NB-0042 loses")
        await pilot.press("g", "g", "enter")
        await shows(pilot, "! warranty of NB-0042 over since 2023-01-31", "Names SW-0001")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)
