"""Lists of any length and files at the keyboard: an order, the count, a preview, all of it done or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert
from textual.pilot import Pilot

from tests.screens.desk import Room, shows, text_of, told, until
from tui_desk.contracts.desk import ListAssets, SaveAsset, ShowAsset
from tui_desk.core.enums import AssetState
from tui_desk.models import Asset
from tui_desk.models.base import table_of
from tui_desk.screens.asset_import import AssetImportScreen
from tui_desk.screens.assets import AssetsScreen


async def answered(pilot: Pilot[None], text: str) -> None:
    """Type over what a prompt offers."""
    await pilot.press("end", "ctrl+u", *("space" if char == " " else char for char in text), "enter")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_file_is_shown_before_it_is_taken(room: Room, tmp_path: Path, size: tuple[int, int]) -> None:
    room.ask(SaveAsset(None, "LT-1", "Laptop", location="Room 1"))
    path = tmp_path / "in.csv"
    path.write_text("tag,name,location\nLT-1,Laptop Pro,\nLT-2,[/] new,Room 2\nLT-3,,x\n")
    async with room.running(size) as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "LT-1")
        await pilot.press("I")
        await shows(pilot, "Read assets from which file?")
        await answered(pilot, str(path))
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetImportScreen))
        await shows(pilot, "LT-2", "LT-3", "changed", "new", "refused", "An asset needs a name")
        assert len(room.ask(ListAssets())) == 1
        await pilot.press("c")
        await until(pilot, lambda: "Empty cells leave what is there" in told(pilot))
        await pilot.press("a")
        await shows(pilot, "Import 2 rows?", "refused are left out")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetsScreen))
        await shows(pilot, "LT-2", "Laptop Pro")
        await until(pilot, lambda: "1 new, 1 changed, 1 left out" in told(pilot))
    assert room.ask(ShowAsset(tag="LT-1")).location == "Room 1"


async def test_somebody_was_faster(room: Room, tmp_path: Path) -> None:
    made = room.ask(SaveAsset(None, "LT-1", "Laptop"))
    path = tmp_path / "in.csv"
    path.write_text("tag,name\nLT-1,Laptop Pro\n")
    async with room.running((120, 40)) as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "LT-1")
        await pilot.press("I")
        await shows(pilot, "Read assets from which file?")
        await answered(pilot, str(path))
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetImportScreen))
        await shows(pilot, "Laptop → Laptop Pro")
        room.ask(SaveAsset(made.id, "LT-1", "By Ben"))
        await pilot.press("a")
        await shows(pilot, "Import 1 row?")
        await pilot.press("y")
        await until(pilot, lambda: "would no longer do what was shown" in told(pilot))
        await shows(pilot, "By Ben → Laptop Pro")
    assert room.ask(ShowAsset(tag="LT-1")).name == "By Ben"


async def test_the_list_goes_into_a_file(room: Room, tmp_path: Path) -> None:
    room.ask(SaveAsset(None, "LT-1", "=Laptop"))
    path = tmp_path / "out.csv"
    path.write_text("mine")
    async with room.running() as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "LT-1")
        await pilot.press("E")
        await shows(pilot, "into which file?")
        await answered(pilot, str(path))
        await shows(pilot, "is there already")
        await pilot.press("n")
        await until(pilot, lambda: "Nothing was written" in told(pilot))
        assert path.read_text() == "mine"
        await pilot.press("E")
        await shows(pilot, "into which file?")
        await answered(pilot, str(path))
        await shows(pilot, "is there already")
        await pilot.press("y")
        await until(pilot, lambda: "1 asset in" in told(pilot))
    assert "LT-1,'=Laptop" in path.read_text()


async def test_a_long_list_is_paged_sorted_and_counted(room: Room) -> None:
    with room.desk.writing() as session:
        at = room.desk.now
        rows = [
            {
                "tag": f"A-{n:04}",
                "name": f"Device {n}",
                "location": f"Room {2000 - n:04}",
                "state": AssetState.IN_USE.value,
                "created_at": at,
                "updated_at": at,
            }
            for n in range(1, 1201)
        ]
        session.execute(insert(table_of(Asset)), rows)
    async with room.running((120, 40)) as pilot:
        await pilot.press("g", "a")
        await shows(pilot, "A-0001", "Assets (1000+)")
        await pilot.press("G")
        await shows(pilot, "A-1200")
        await pilot.press("z")
        await shows(pilot, "Sort by")
        for char in "location":
            await pilot.press(char)
        await pilot.press("enter")
        await shows(pilot, "Location ↑", "Room 0800")
        await pilot.press("z")
        await shows(pilot, "Sort by")
        await pilot.press("enter")
        await shows(pilot, "Location ↓", "A-0001", "Room 1999")
        assert "Room 0800" not in text_of(pilot)
        await pilot.press("/")
        for char in "device 77":
            await pilot.press("space" if char == " " else char)
        await shows(pilot, "Assets (11)", "A-0077", "A-0779")
