"""How deliveries and invoices look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows, until
from tests.services.bought import Bought, buy, tagged
from tui_desk.contracts.invoices import DecideInvoice, InvoiceLineInput
from tui_desk.contracts.receipts import ReceiveGoods, ReceiveLine
from tui_desk.core.enums import InvoiceState
from tui_desk.screens.forms import FormScreen

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@pytest.fixture
def bought(room: Room) -> Bought:
    """Two of three laptops came; one invoice is accepted, one asks for more than came and for freight."""
    bought = buy(room.desk, number=5)
    tagged(room.desk, "LT-0042")
    lines = (ReceiveLine(bought.laptops, 2, (), ("PF3X1", "PF3X2")), ReceiveLine(bought.seats, 10))
    room.ask(ReceiveGoods(bought.id, lines, note="One box is dented."))
    first = bought.invoice("RE-2026-17", InvoiceLineInput(bought.seats, 10, Decimal(49)))
    room.ask(DecideInvoice(first.id, InvoiceState.ACCEPTED))
    more = (
        InvoiceLineInput(bought.laptops, 3, Decimal("1310.00")),
        InvoiceLineInput(None, 1, Decimal("19.90"), "[/] 送料"),
    )
    bought.invoice("RE-2026-18", *more, due_on=date(2026, 3, 1))
    moment = room.desk.later(minutes=5)
    room.clock = lambda: moment
    return bought


async def page(pilot: Pilot[None]) -> None:
    """The page of the purchase."""
    await shows(pilot, "Nobody can log in", "ana")
    await pilot.press("g", "b")
    await shows(pilot, "Laptops")
    await pilot.press("enter")
    await shows(pilot, "12 of 14 pieces")


@each_size
def test_receipts_and_invoices(
    room: Room, bought: Bought, snap_compare: Compare, size: tuple[int, int]
) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await page(pilot)
        await pilot.press("G")
        await shows(pilot, "RE-2026-18", "Altogether")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@each_size
def test_receive_form(room: Room, bought: Bought, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await page(pilot)
        await pilot.press("V")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
        await pilot.press("backspace", "2")
        await shows(pilot, "✗ Still to come: 1.", "LT-0045, LT-0046")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@each_size
def test_invoice_form(room: Room, bought: Bought, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await page(pilot)
        await pilot.press("I")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
        await pilot.press("1", "tab", "tab")
        await shows(pilot, "Total 400.00 EUR", "1 not received")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@each_size
def test_invoices(room: Room, bought: Bought, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "b")
        await shows(pilot, "Laptops")
        await pilot.press("i")
        await shows(pilot, "RE-2026-17", "RE-2026-18", "yesterday, overdue", "not what was ordered")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)
