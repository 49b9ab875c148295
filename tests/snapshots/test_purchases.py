"""How purchases look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.screens.desk import Room, shows, until
from tests.services.buying import LAPTOPS, MICE, approved, asked, decide, request
from tui_desk.contracts.approvals import SaveChain, StepInput
from tui_desk.contracts.purchases import LineInput, OrderPurchase, SaveSupplier
from tui_desk.screens.forms import FormScreen

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@pytest.fixture
def bought(room: Room) -> Room:
    """Purchases in several states, none of a cost centre: its budget is of the year it is."""
    desk = room.desk
    desk.ask(SaveSupplier(None, "ACME", "orders@acme.test", customer_number="C-77"), desk.root)
    desk.ask(SaveChain("Small", (StepInput(("sue",)),), Decimal(100), "EUR"), desk.root)
    ordered = approved(desk, number=5, cost_centre="", title="Laptops for Ana and Ben")
    desk.ask(OrderPurchase(ordered.id, "PO-0007", ordered.created_at.date()))
    asked(
        desk, LAPTOPS, number=5, cost_centre="", title="More laptops", notes="For the two who begin in May."
    )
    refused = asked(
        desk, LineInput("Yacht [/]", 1, Decimal("98765.4321")), number=1, cost_centre="", title="日本語の船"
    )
    decide(desk, refused, yes=False)
    request(
        desk,
        MICE,
        LineInput("Desk", 12, Decimal("349.00")),
        number=2,
        cost_centre="",
        supplier="",
        title="Desks",
    )
    moment = desk.later(minutes=5)
    room.clock = lambda: moment
    return room


@each_size
def test_list(bought: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "b")
        await shows(pilot, "Desks", "→ ordered", "4247.70 EUR")

    assert snap_compare(bought.app(), terminal_size=size, run_before=ready)


@each_size
def test_page(bought: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "b")
        await shows(pilot, "More laptops")
        await pilot.press("3", "enter")
        await shows(pilot, "waits for Sue Super", "2598.00 EUR", "#5 Nobody")

    assert snap_compare(bought.app(), terminal_size=size, run_before=ready)


@each_size
def test_form(bought: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "b")
        await shows(pilot, "More laptops")
        await pilot.press("3", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
        lines = pilot.app.screen.query_one("#field-lines", TextArea)
        lines.focus()
        await pilot.pause()
        lines.move_cursor(lines.document.end)
        await pilot.press("enter", *"3", "space", "x", "space", *"Dock", "space", "@", "space", *"1.299")
        await shows(pilot, "can be 1299 or 1.299", "so far")

    assert snap_compare(bought.app(), terminal_size=size, run_before=ready)


@each_size
def test_settings(bought: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "m", "7")
        await shows(pilot, "ACME", "above 100.00 EUR", "C-77")

    assert snap_compare(bought.app(), terminal_size=size, run_before=ready)
