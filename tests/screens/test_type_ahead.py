"""What is typed faster than screens open reaches the screen it is meant for, in a real terminal."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from textual.screen import Screen
from textual.widgets import TextArea

from tests.screens.desk import Room, shows, text_of, told, until
from tests.services.bought import buy
from tests.support.ports import PATIENCE
from tests.terminal.pty_app import PtyApp
from tui_desk.cli.main import run
from tui_desk.contracts.desk import ListAgents
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.invoices import InvoiceLineInput, ListInvoices
from tui_desk.contracts.purchases import LineInput, NewPurchase, ShowPurchase, ShowPurchaseChoices
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.receipts import ReceiveGoods
from tui_desk.contracts.tickets import ShowTicket, TakeTicket
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import Unavailable
from tui_desk.gateway import DeskGateway
from tui_desk.screens import type_ahead
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.invoices import InvoicesScreen
from tui_desk.screens.purchase import PurchaseScreen
from tui_desk.screens.purchase_form import PurchaseFormScreen
from tui_desk.screens.ticket import TicketScreen

T = TypeVar("T")


class FarAway(DeskGateway):
    """A desk whose answers to ``far`` (the list of agents) come when ``near`` is set."""

    near: asyncio.Event
    far: tuple[type[Request[Any]], ...] = (ListAgents,)
    broken = False

    async def ask(self, request: Request[T]) -> T:
        if isinstance(request, self.far):
            await self.near.wait()
            if self.broken:
                raise Unavailable("The desk is away.")
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
    monkeypatch.setattr(type_ahead, "HOLD_SECONDS", 5.0)  # longer than typing a few keys takes anywhere
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


def _far(room: Room, request: type[Request[Any]]) -> FarAway:
    gateway = FarAway(room.desk.database.url, room.desk.ana)
    gateway.near, gateway.far = asyncio.Event(), (request,)
    room.gateway = gateway
    return gateway


def _written(screen: Screen[object]) -> str:
    texts = screen.query(TextArea) if isinstance(screen, ComposeScreen) else ()
    return next((text.text for text in texts), "")


async def test_keys_typed_while_a_ticket_is_read_wait_for_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "HOLD_SECONDS", PATIENCE)
    room.ticket()
    gateway = _far(room, ShowTicket)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "n", *"quiet status Inbox")
        await shows(pilot, "Still at it")
        assert isinstance(pilot.app.screen, TicketScreen)
        assert "There is no" not in told(pilot)
        gateway.near.set()
        await until(pilot, lambda: _written(pilot.app.screen) == "quiet status Inbox")
    gateway.close()


async def test_what_is_typed_while_a_form_is_read_reaches_its_fields(room: Room) -> None:
    number = room.ticket()
    away = _far(room, ShowPurchaseChoices)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        pilot.app.push_screen(PurchaseFormScreen(number, None))
        await shows(pilot, "New purchase")
        await pilot.press(*"Chairs", "tab", *"4 x Chair @ 10")
        away.near.set()
        await shows(pilot, "40.00")
        form = pilot.app.screen
        assert (form.value("title"), form.value("lines")) == ("Chairs", "4 x Chair @ 10")
    away.close()


async def test_keys_typed_before_a_purchase_is_read_wait_for_it(room: Room) -> None:
    number = room.ticket()
    lines = (LineInput("Chair", 4, Decimal(10)),)
    purchase = room.ask(NewPurchase(number, "Chairs", lines, currency="EUR")).id
    gateway = _far(room, ShowPurchase)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        pilot.app.push_screen(PurchaseScreen(purchase))
        await shows(pilot, "Purchases › P1")
        await pilot.press("e")
        gateway.near.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, PurchaseFormScreen))
        await shows(pilot, "Ctrl+S Save")  # ending while it is put together is another test
    gateway.close()


async def test_what_follows_from_an_action_waits_until_its_list_is_read_again(room: Room) -> None:
    bought = buy(room.desk, number=room.ticket("Laptops"))
    room.ask(ReceiveGoods(bought.id, bought.all_of_it()))
    bought.invoice("RE-17", InvoiceLineInput(bought.seats, 10, Decimal(49)))
    moment = room.desk.later(minutes=5)
    room.clock = lambda: moment
    gateway = _far(room, ListInvoices)
    gateway.near.set()
    async with room.running() as pilot:
        pilot.app.push_screen(InvoicesScreen(bought.id))
        await shows(pilot, "RE-17")
        gateway.near.clear()
        await pilot.press("a", "p")
        await until(pilot, lambda: "accepted" in told(pilot) or "Still at it" in told(pilot))
        assert "Only an accepted invoice is paid" not in told(pilot)
        gateway.near.set()
        await shows(pilot, "■ paid")
    gateway.close()


async def test_keys_are_dropped_where_the_ticket_cannot_be_read(room: Room) -> None:
    room.ticket()
    gateway = _far(room, ShowTicket)
    gateway.broken = True
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "n", *"qI")
        gateway.near.set()
        await until(pilot, lambda: "The desk is away. 3 keys typed meanwhile were dropped." in told(pilot))
        assert isinstance(pilot.app.screen, TicketScreen)
        gateway.broken = False
        await pilot.press("n", *"now")
        await until(pilot, lambda: _written(pilot.app.screen) == "now")
    gateway.close()


async def test_keys_are_dropped_where_reading_the_ticket_takes_too_long(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "HOLD_SECONDS", 5.0)  # longer than typing a few keys takes anywhere
    number = room.ticket()
    gateway = _far(room, ShowTicket)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "I", *"Iq")
        await until(pilot, lambda: "3 keys typed meanwhile were dropped" in told(pilot))
        gateway.near.set()
        await shows(pilot, "It burns.")
        assert room.ask(ShowTicket(number)).assignee_login == ""
        await pilot.press("I")
        await until(pilot, lambda: room.ask(ShowTicket(number)).assignee_login == "ana")
        await until(pilot, lambda: "dropped" not in told(pilot))
    gateway.close()


async def test_keys_typed_before_the_queue_is_read_wait_for_its_rows(room: Room) -> None:
    second, _first = room.ticket("Printer on fire"), room.ticket("Coffee machine leaks")
    gateway = _far(room, ListTickets)
    async with room.running() as pilot:
        await pilot.press("j", "I", "enter")
        await shows(pilot, "Still at it")
        gateway.near.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "Printer on fire", "It burns.")
        await until(pilot, lambda: room.ask(ShowTicket(second)).assignee_login == "ana")
    gateway.close()


async def test_keys_are_dropped_where_the_queue_cannot_be_read(room: Room) -> None:
    number = room.ticket()
    gateway = _far(room, ListTickets)
    gateway.broken = True
    async with room.running() as pilot:
        await pilot.press("I", *"jI")
        gateway.near.set()
        await until(pilot, lambda: "The desk is away. 3 keys typed meanwhile were dropped." in told(pilot))
        gateway.broken = False
        await pilot.press("I")
        await until(pilot, lambda: room.ask(ShowTicket(number)).assignee_login == "ana")
    gateway.close()


async def test_keys_typed_behind_another_view_act_on_its_rows(room: Room) -> None:
    mine, others = room.ticket("Printer on fire"), room.ticket("Coffee machine leaks")
    room.ask(TakeTicket(mine))
    gateway = _far(room, ListTickets)
    gateway.near.set()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire", "Coffee machine leaks")
        gateway.near.clear()
        await pilot.press("2", "I")
        await shows(pilot, "Still at it")
        gateway.near.set()
        await until(pilot, lambda: room.ask(ShowTicket(others)).assignee_login == "ana")
    gateway.close()
