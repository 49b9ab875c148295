"""How the queue, a ticket and writing look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows, until

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))


@pytest.mark.parametrize("size", [*SIZES, (120, 40)], ids=lambda size: "x".join(map(str, size)))
def test_queue(room: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "3 Open 5", "No mailbox yet", "ana")
        await pilot.press("j")
        if size[0] >= 100:
            await shows(pilot, "since this morning")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_ticket(room: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("enter")
        await shows(pilot, "INTERNAL NOTE", "1 Conversation 2")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("key", ["r", "n"])
def test_writing(room: Room, snap_compare: Compare, size: tuple[int, int], key: str) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("enter")
        await shows(pilot, "INTERNAL NOTE")
        await pilot.press(key, *"We look into it.")
        await shows(pilot, "We look into it.", "#5 Nobody can log in")
        await until(pilot, lambda: key == "n" or pilot.app.screen.query_one("#notice").display)

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


def test_help(room: Room, snap_compare: Compare) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "3 Open 5", "No mailbox yet", "ana")
        await pilot.press("?")
        await shows(pilot, "Keys: Queue")

    assert snap_compare(room.app(), terminal_size=(80, 24), run_before=ready)


def test_without_colour(room: Room, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "3 Open 5", "No mailbox yet", "ana")

    assert snap_compare(room.app(), terminal_size=(80, 24), run_before=ready)
