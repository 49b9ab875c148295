"""Purchases at the keyboard: asked on a ticket, totals as one types, approval, order, the list, the settings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from textual.pilot import Pilot

from tests.screens.desk import HOSTILE, Room, add_mailbox, shows, text_of, told, until
from tests.services.buying import MICE, approved, asked, request, shop, show
from tui_desk.contracts.approvals import ListChains
from tui_desk.contracts.purchases import ListCostCentres, ListPurchases, ListSuppliers
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import PurchaseState, Role
from tui_desk.models import Agent
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.order_form import OrderFormScreen
from tui_desk.screens.purchase import PurchaseScreen
from tui_desk.screens.purchase_form import PurchaseFormScreen
from tui_desk.screens.purchase_settings import PurchaseSettingsScreen
from tui_desk.screens.purchases import PurchasesScreen
from tui_desk.screens.ticket import TicketScreen

S = PurchaseState


@pytest.fixture(autouse=True)
def today(room: Room) -> None:
    """The desk's own clock goes with the one of the application."""
    room.desk.now = utc_now() - timedelta(hours=1)


async def at(pilot: Pilot[None], screen: type[object]) -> None:
    """Wait for a screen; for a form until it has its values."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    form = pilot.app.screen
    if isinstance(form, FormScreen):
        await until(pilot, lambda: form.is_ready)


async def typed(pilot: Pilot[None], field: str, text: str) -> None:
    """Put the cursor into a field and type."""
    pilot.app.screen.query_one(f"#field-{field}").focus()
    await pilot.pause()
    await pilot.press(*({" ": "space", "\n": "enter"}.get(char, char) for char in text))


async def in_pane_work(pilot: Pilot[None], number: int) -> None:
    await pilot.press(*"gt", *str(number), "enter")
    await at(pilot, TicketScreen)
    await pilot.press("5")
    await shows(pilot, "Tasks")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_asked_on_a_ticket(room: Room, size: tuple[int, int]) -> None:
    shop(room.desk)
    number = room.ticket()
    async with room.running(size) as pilot:
        await in_pane_work(pilot, number)
        await pilot.press("+")
        await shows(pilot, "Ask for an approval")
        await pilot.press(*"purchase", "enter")
        await at(pilot, PurchaseFormScreen)
        await typed(pilot, "title", "Laptops")
        await typed(pilot, "lines", "2 x Laptop @ 1.299")
        await shows(pilot, "can be 1299 or 1.299")
        await pilot.press(*",00")
        await shows(pilot, "Total: 2598.00 EUR (1 line)")
        await pilot.press("enter", *"Mouse", "space", "@", "space", *"19,9", "space", *"USD")
        await shows(pilot, "is in USD and the purchase in EUR")
        await pilot.press(*["backspace"] * 4)
        await shows(pilot, "Total: 2617.90 EUR (2 lines)")
        await typed(pilot, "cost_centre", " ")
        await shows(pilot, "10000.00 EUR are left in the budget of IT")
        await pilot.press("ctrl+s")
        await at(pilot, TicketScreen)
        await until(pilot, lambda: "P1 added" in told(pilot))
        await until(pilot, lambda: len(room.ask(ListPurchases())) == 1)
    (made,) = room.ask(ListPurchases())
    assert (made.title, made.total, made.cost_centre) == ("Laptops", Decimal("2617.90"), "IT")


async def test_what_was_typed_is_not_lost(room: Room) -> None:
    shop(room.desk)
    made = request(room.desk)
    async with room.running() as pilot:
        await in_pane_work(pilot, made.ticket)
        await pilot.press("G")
        await pilot.press("e")
        await at(pilot, PurchaseFormScreen)
        await typed(pilot, "currency", "X")
        await shows(pilot, "The cost centre IT is in EUR")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "nothing was saved" in told(pilot))
        await pilot.press("escape")
        await shows(pilot, "Throw away what you typed here?")
        await pilot.press("escape")
        await at(pilot, PurchaseFormScreen)
        await pilot.press("backspace")
        # what the desk refuses keeps everything in the fields, too
        await typed(pilot, "requester", "")
        await pilot.press("ctrl+u", *"Zzz")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "no one person called" in told(pilot))
        assert isinstance(pilot.app.screen, PurchaseFormScreen)
        assert pilot.app.screen.value("requester") == "Zzz"
    assert show(room.desk, made.id) == made


async def test_from_the_list_over_the_approval_to_the_order(room: Room) -> None:
    add_mailbox(room)
    shop(room.desk)
    made = request(room.desk, MICE, title="Mice")
    ready = approved(room.desk, title="Laptops")
    async with room.running((120, 40)) as pilot:
        await pilot.press("g", "b")
        await at(pilot, PurchasesScreen)
        await shows(pilot, "Mice", "Laptops", "✓ approved")
        await pilot.press("O")
        await at(pilot, OrderFormScreen)
        await shows(pilot, "We order the following", "orders@acme.test")
        await typed(pilot, "note", "Please hurry.")
        await shows(pilot, "Please hurry.")
        await pilot.press("ctrl+s")
        await at(pilot, PurchasesScreen)
        await until(pilot, lambda: "The order goes to" in told(pilot))
        await until(pilot, lambda: show(room.desk, ready.id).state is S.ORDERED)
        await pilot.press("u")
        await until(pilot, lambda: "approved and not ordered" in told(pilot))
        assert show(room.desk, ready.id).state is S.APPROVED
        await shows(pilot, "✓ approved")
        await pilot.press("G")
        await shows(pilot, "press a to ask for the approval")
        await pilot.press("O")
        await until(pilot, lambda: "Only what is approved can be ordered" in told(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "needs no decision" in told(pilot))
        await pilot.press("X")
        await shows(pilot, "why?")
        await pilot.press(*"no", "enter")
        await until(pilot, lambda: show(room.desk, made.id).state is S.CANCELLED)
        await until(pilot, lambda: "Mice" not in text_of(pilot).split("─")[0])
        await pilot.press("5")
        await shows(pilot, "× cancelled")


async def test_one_purchase_on_a_page(room: Room) -> None:
    shop(room.desk)
    made = asked(room.desk, title=HOSTILE)
    async with room.running((200, 50)) as pilot:
        await in_pane_work(pilot, made.ticket)
        await pilot.press("G")
        await shows(pilot, "2657.70 EUR")
        await pilot.press("enter")
        await at(pilot, PurchaseScreen)
        await shows(pilot, "◔ waiting", "waits for Sue Super", "Approval", "asset: Laptop", "2657.70 EUR")
        for key, said in (("a", "asked already"), ("O", "Only what is approved")):
            await pilot.press(key)
            await until(pilot, lambda said=said: said in told(pilot))
        await pilot.press("t")
        await at(pilot, TicketScreen)
        await shows(pilot, "Purchases")


async def test_empty_lists_teach(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "b")
        await shows(pilot, "Nothing is being bought")
        for key, text in (
            ("3", "No purchase waits"),
            ("4", "Nothing is on its way"),
            ("5", "No purchases yet"),
        ):
            await pilot.press(key)
            await shows(pilot, text)
        await pilot.press("/", *"zzz")
        await shows(pilot, "No purchase has these words")


async def test_settings_are_kept_by_supervisors(room: Room) -> None:
    with room.desk.writing() as session:
        agent = session.get_one(Agent, room.desk.ana.agent_id)
        agent.role = Role.SUPERVISOR.value
        session.add(agent)
    async with room.running() as pilot:
        await pilot.press("g", "m")
        await shows(pilot, "7 Purchases")
        await pilot.press("7")
        await at(pilot, PurchaseSettingsScreen)
        await shows(pilot, "No suppliers and no cost centres yet", "PO-{year}-{number}")
        await pilot.press("N")
        await at(pilot, FormScreen)
        await typed(pilot, "name", "ACME")
        await typed(pilot, "email", "orders")
        await shows(pilot, "not a mail address")
        await pilot.press(*"@acme.test", "ctrl+s")
        await at(pilot, PurchaseSettingsScreen)
        await shows(pilot, "ACME", "orders@acme.test")
        await pilot.press("C")
        await at(pilot, FormScreen)
        await typed(pilot, "code", "IT")
        await typed(pilot, "budget", "25.000")
        await shows(pilot, "can be 25000 or 25.000")
        await pilot.press(*",00", "ctrl+s")
        await at(pilot, PurchaseSettingsScreen)
        await shows(pilot, "25000.00 of 25000.00 EUR")
        await pilot.press("L")
        await at(pilot, FormScreen)
        await typed(pilot, "name", "Board")
        await typed(pilot, "steps", "all: sue, root: 3")
        await typed(pilot, "above", "5000")
        await pilot.press("ctrl+s")
        await at(pilot, PurchaseSettingsScreen)
        await shows(pilot, "above 5000.00 EUR")
        await pilot.press("g", "g", "x")
        await until(pilot, lambda: "ACME is set aside" in told(pilot))
        await pilot.press("n")
        await shows(pilot, "Numbers of orders")
        await pilot.press("ctrl+u", *"B-{number}", "enter")
        await shows(pilot, "B-{number}")
    assert [one.active for one in room.ask(ListSuppliers(inactive=True))] == [False]
    assert [str(one.budget) for one in room.ask(ListCostCentres())] == ["25000.00"]
    (chain,) = room.ask(ListChains())
    assert (chain.above, chain.currency, chain.steps[0].mode) == (Decimal(5000), "EUR", "all")


async def test_agents_look_at_the_settings_only(room: Room) -> None:
    shop(room.desk)
    async with room.running() as pilot:
        await pilot.press("g", "m", "7")
        await shows(pilot, "ACME")
        await pilot.press("e")
        await until(pilot, lambda: "Only a supervisor" in told(pilot))
        await pilot.press("N")
        assert isinstance(pilot.app.screen, PurchaseSettingsScreen)
