"""How the main screens look on a light terminal and without colour. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows
from tui_desk.app import DeskApp

Compare = Callable[..., bool]


def _app(room: Room, look: str, monkeypatch: pytest.MonkeyPatch) -> DeskApp:
    if look == "none":
        monkeypatch.setenv("NO_COLOR", "1")
    return DeskApp(room.gateway, replace(room.app().options, theme=look))


@pytest.mark.parametrize("look", ["light", "none"])
@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=lambda size: "x".join(map(str, size)))
def test_ticket(
    room: Room, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, look: str, size: tuple[int, int]
) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("enter")
        await shows(pilot, "INTERNAL NOTE", "1 Conversation 2")

    assert snap_compare(_app(room, look, monkeypatch), terminal_size=size, run_before=ready)


@pytest.mark.parametrize("look", ["light", "none"])
def test_a_dialog_above_the_queue(
    room: Room, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "3 Open 5", "No mailbox yet", "ana")
        await pilot.press("j", "s")
        await shows(pilot, "Status of #4", "Enter takes it")
        await pilot.press("down")

    assert snap_compare(_app(room, look, monkeypatch), terminal_size=(80, 24), run_before=ready)
