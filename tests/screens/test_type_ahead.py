"""What is typed faster than screens open reaches the screen it is meant for, in a real terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypeVar

import pytest

from tests.screens.desk import Room, shows, text_of, told, until
from tests.terminal.pty_app import PtyApp
from tui_desk.cli.main import run
from tui_desk.contracts.desk import ListAgents
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import TicketStatus
from tui_desk.gateway import DeskGateway
from tui_desk.screens import type_ahead

T = TypeVar("T")


class FarAway(DeskGateway):
    """A desk whose list of agents comes when ``near`` is set."""

    near: asyncio.Event

    async def ask(self, request: Request[T]) -> T:
        if isinstance(request, ListAgents):
            await self.near.wait()
        return await super().ask(request)


def _desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    environment = {"TUI_DESK_DATABASE": str(folder / "desk.db"), "TUI_DESK_AGENT": "ana"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    words = [
        "ticket",
        "new",
        "--subject",
        "Printer",
        "--requester",
        "zoe@acme.example",
        "--channel",
        "phone",
        "--body",
        "It burns.",
    ]
    assert run(words) == 0
    return environment


def test_a_sentence_typed_behind_its_key_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyApp(["-m", "tui_desk"], env=_desk(tmp_path, monkeypatch)) as app:
        app.wait_text("Printer")
        app.press("\rnUse the extinguisher, not the status key.")
        app.wait_text("Use the extinguisher, not the status key.")


def test_a_choice_typed_behind_its_key_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyApp(["-m", "tui_desk"], env=_desk(tmp_path, monkeypatch)) as app:
        app.wait_text("Printer")
        app.press("spend\r")
        app.wait_text("pending")
        app.wait_for(lambda: any("◌ pending" in line for line in app.text()))


def test_a_number_typed_behind_the_colon_opens_that_ticket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PtyApp(["-m", "tui_desk"], env=_desk(tmp_path, monkeypatch)) as app:
        app.wait_text("Printer")
        app.press(":#1\r")
        app.wait_text("#1 Printer")
        assert app.exit_status is None


async def test_keys_wait_for_a_choice_that_takes_long_to_load(room: Room) -> None:
    number = room.ticket()
    room.gateway = FarAway(room.desk.database.url, room.desk.ana)
    room.gateway.near = asyncio.Event()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("a", *"ben", "enter", "I")
        await shows(pilot, "Still at it")
        assert text_of(pilot).count("Assign #") == 0
        room.gateway.near.set()
        await until(pilot, lambda: room.ask(ShowTicket(number)).assignee_login == "ana")
        history = [event.sentence for event in room.ask(ShowTicket(number)).events]
        assert any("Ben Otto" in sentence for sentence in history)
        assert "Still at it" not in told(pilot)
    room.gateway.close()


async def test_keys_are_dropped_and_nothing_is_asked_any_more_where_it_takes_too_long(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "HOLD_SECONDS", 0.5)
    number = room.ticket()
    room.gateway = FarAway(room.desk.database.url, room.desk.ana)
    room.gateway.near = asyncio.Event()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("a", "I", "I", "N")
        await until(pilot, lambda: "3 keys typed meanwhile were dropped" in told(pilot))
        room.gateway.near.set()
        await pilot.press("s", *"pend", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(number)).status is TicketStatus.PENDING)
        assert room.ask(ShowTicket(number)).assignee_login == ""
        assert "Assign #" not in text_of(pilot)
    room.gateway.close()
