"""Deliveries and invoices at the keyboard: received in parts, checked while one types, accepted with a reason, paid; nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tests.services.bought import Bought, buy, tagged
from tui_desk.contracts.desk import ShowAsset
from tui_desk.contracts.invoices import InvoiceLineInput, ListInvoices
from tui_desk.contracts.receipts import ReceiveGoods, ReceiveLine
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import AssetState, InvoiceState
from tui_desk.core.errors import NotFound
from tui_desk.models import PurchaseLine
from tui_desk.screens import words
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.invoice import InvoiceScreen
from tui_desk.screens.invoice_form import InvoiceFormScreen
from tui_desk.screens.invoices import InvoicesScreen
from tui_desk.screens.purchase import PurchaseScreen
from tui_desk.screens.purchases import PurchasesScreen
from tui_desk.screens.receive_form import ReceiveFormScreen


@pytest.fixture(autouse=True)
def today(room: Room) -> None:
    """The desk's own clock goes with the one of the application."""
    room.desk.now = utc_now() - timedelta(hours=1)


@pytest.fixture
def bought(room: Room) -> Bought:
    """Three laptops, ten seats and a day of work, ordered."""
    return buy(room.desk, number=room.ticket("Laptops"))


async def type_in(pilot: Pilot[None], text: str) -> None:
    for char in text:
        await pilot.press({" ": "space", "\n": "enter"}.get(char, char))


async def typed(pilot: Pilot[None], field: str, text: str) -> None:
    """Put the cursor into a field, empty it and type."""
    control = pilot.app.screen.query_one(f"#field-{field}")
    control.focus()
    if isinstance(control, TextArea):
        control.load_text("")
    else:
        control.value = ""  # a line to type in
    await pilot.pause()
    await type_in(pilot, text)


async def form(pilot: Pilot[None], kind: type[FormScreen]) -> FormScreen:
    """The form, its values read."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_ready)
    assert isinstance(pilot.app.screen, FormScreen)
    return pilot.app.screen


async def purchase(pilot: Pilot[None]) -> None:
    """The page of the purchase, from the list."""
    await pilot.press("g", "b")
    await shows(pilot, "P1", "Laptops")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, PurchaseScreen))
    await shows(pilot, "Receipts")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_part_is_received_and_taken_back(room: Room, bought: Bought, size: tuple[int, int]) -> None:
    tagged(room.desk, "LT-0042")
    async with room.running(size) as pilot:
        await purchase(pilot)
        await shows(pilot, "0 of 14 pieces", "Nothing came yet")
        await pilot.press("V")
        shown = await form(pilot, ReceiveFormScreen)
        await shows(pilot, "3 ordered, 0 received", "LT-0043, LT-0044, LT-0045")
        await typed(pilot, f"pieces-{bought.laptops}", "4")
        await shows(pilot, "✗ Still to come: 3.")
        await typed(pilot, f"pieces-{bought.laptops}", "2")
        await typed(pilot, f"serials-{bought.laptops}", "PF1\nPF2\nPF3")
        await shows(pilot, "✗ 3 serial numbers for 2 assets.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 field is not right" in told(pilot))
        await pilot.press("backspace", "backspace", "backspace")
        await typed(pilot, f"pieces-{bought.seats}", "0")
        await typed(pilot, "day", "tomorrow")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 field is not right" in told(pilot))
        await typed(pilot, "day", "today")
        assert shown.value(f"serials-{bought.laptops}").split() == ["PF1", "PF2"]
        shown.query_one("#field-owner").focus()
        await pilot.press("right", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PurchaseScreen))
        await until(pilot, lambda: "LT-0043 … LT-0044" in told(pilot))
        await shows(pilot, "3 of 14 pieces", "LT-0043, LT-0044")
        asset = room.ask(ShowAsset(tag="LT-0044"))
        assert (asset.state, asset.serial, asset.owner) == (AssetState.IN_USE, "PF2", "Otto")
        await pilot.press("u")
        await shows(pilot, "0 of 14 pieces", "Nothing came yet")
    with pytest.raises(NotFound):
        room.ask(ShowAsset(tag="LT-0044"))


async def test_what_a_colleague_received_meanwhile_is_told(room: Room, bought: Bought) -> None:
    async with room.running() as pilot:
        await purchase(pilot)
        await pilot.press("V")
        shown = await form(pilot, ReceiveFormScreen)
        room.desk.ask(ReceiveGoods(bought.id, (ReceiveLine(bought.laptops, 1),)), room.desk.ben)
        await typed(pilot, "note", "mine")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Ben Otto received 1" in told(pilot))
        assert pilot.app.screen is shown
        assert shown.value("note") == "mine"
        await pilot.press("escape")
        await shows(pilot, "Throw away what you typed here?")
        await pilot.press("y")
        await shows(pilot, "1 of 14 pieces")


async def test_a_surplus_is_taken_when_one_says_so(room: Room, bought: Bought) -> None:
    async with room.running() as pilot:
        await purchase(pilot)
        await pilot.press("V")
        shown = await form(pilot, ReceiveFormScreen)
        assert shown.query_one("#row-surplus").display is False
        await typed(pilot, f"pieces-{bought.service}", "2")
        await until(pilot, lambda: shown.query_one("#row-surplus").display)
        shown.query_one("#field-surplus").focus()
        await pilot.press("right", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PurchaseScreen))
    assert [line.received for line in bought.now().lines] == [3, 10, 2]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_an_invoice_is_checked_while_one_types_and_accepted_with_a_reason(
    room: Room, bought: Bought, size: tuple[int, int]
) -> None:
    room.ask(ReceiveGoods(bought.id, bought.all_of_it()))
    async with room.running(size) as pilot:
        await purchase(pilot)
        await pilot.press("I")
        shown = await form(pilot, InvoiceFormScreen)
        assert shown.value("lines").splitlines()[0] == "1: 3 @ 1299.90 | ThinkPad T14"
        await shows(pilot, "Total 4789.70 EUR")
        await typed(pilot, "currency", "USD")
        await shows(pilot, "✗ It was ordered in EUR")
        await typed(pilot, "currency", "eur")
        await typed(pilot, "lines", "1: 3 @ 1.310")
        await shows(pilot, "can be")
        await typed(pilot, "lines", "1: 4 @ 1310\nFreight @ 19.90")
        await shows(pilot, "differs by +1360.20 EUR", "1 more than ordered")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 field is not right" in told(pilot))
        await typed(pilot, "number", "RE-17")
        await typed(pilot, "due", "2020-01-01")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "cannot be due" in told(pilot))
        assert shown.value("number") == "RE-17"
        await typed(pilot, "due", "in 14 days")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PurchaseScreen))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(pilot.app.screen, InvoicesScreen))
        await shows(pilot, "RE-17", "5259.90 EUR", "≠")
        await pilot.press("p")
        await until(pilot, lambda: "Only an accepted invoice" in told(pilot))
        await pilot.press("a")
        await shows(pilot, "RE-17 is not what was ordered", "≠ Freight: not ordered, 19.90 EUR")
        await pilot.press("escape", "a")
        await shows(pilot, "RE-17 is not what was ordered")
        await type_in(pilot, "agreed")
        await pilot.press("enter")
        await shows(pilot, "✓ accepted")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, InvoiceScreen))
        await shows(pilot, "Accepted: agreed", "Differs by")
        await pilot.press("p")
        await shows(pilot, "■ paid")
        await pilot.press("u")
        await shows(pilot, "✓ accepted")
    (invoice,) = room.ask(ListInvoices())
    assert (invoice.state, invoice.note) == (InvoiceState.ACCEPTED, "Accepted: agreed")


async def test_an_invoice_is_refused_opened_again_and_corrected(room: Room, bought: Bought) -> None:
    room.ask(ReceiveGoods(bought.id, bought.all_of_it()))
    bought.invoice("RE-1", InvoiceLineInput(bought.laptops, 2, Decimal(1300)), note="as it came")
    async with room.running() as pilot:
        await pilot.press("g", "b")
        await until(pilot, lambda: isinstance(pilot.app.screen, PurchasesScreen))
        await shows(pilot, "Laptops")
        await pilot.press("i")
        await shows(pilot, "RE-1", "2600.00 EUR")
        await pilot.press("R")
        await shows(pilot, "Refuse RE-1, 2600.00 EUR: why?")
        await type_in(pilot, "too dear")
        await pilot.press("enter")
        await shows(pilot, "Nothing is to be paid")
        await pilot.press("2")
        await shows(pilot, "✗ refused")
        await pilot.press("e")
        await until(pilot, lambda: "Only an open invoice is changed" in told(pilot))
        await pilot.press("o")
        await shows(pilot, "○ open")
        await pilot.press("e")
        shown = await form(pilot, InvoiceFormScreen)
        assert shown.value("lines") == "1: 2 @ 1300.00 | ThinkPad T14"
        assert shown.value("note") == "as it came\nRefused: too dear"
        await typed(pilot, "lines", "1: 2")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, InvoicesScreen))
        await shows(pilot, "2599.80 EUR")
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, PurchaseScreen))


async def test_what_never_comes_is_given_up(room: Room, bought: Bought) -> None:
    async with room.running() as pilot:
        await purchase(pilot)
        await pilot.press("Z")
        await until(pilot, lambda: "cancelled with X" in told(pilot))
        room.ask(ReceiveGoods(bought.id, (ReceiveLine(bought.laptops, 1),)))
        await shows(pilot, "1 of 14 pieces")
        await pilot.press("Z")
        await shows(pilot, "why is nothing more waited for?")
        await type_in(pilot, "sold out")
        await pilot.press("enter")
        await until(pilot, lambda: "13 pieces never came" in told(pilot))
        await shows(pilot, "■ closed")
        await pilot.press("V")
        await until(pilot, lambda: "it has ended" in told(pilot))


async def test_what_a_stranger_wrote_is_only_text(room: Room, bought: Bought) -> None:
    with room.desk.writing() as session:
        session.get_one(PurchaseLine, bought.laptops).article = HOSTILE
    room.ask(ReceiveGoods(bought.id, (ReceiveLine(bought.laptops, 3, (HOSTILE,), (HOSTILE,)),), note=HOSTILE))
    bought.invoice(HOSTILE, InvoiceLineInput(None, 1, Decimal(5), HOSTILE), note=HOSTILE)
    async with room.running() as pilot:
        await purchase(pilot)
        for keys in (("V",), ("I",), ("i",)):
            await pilot.press(*keys)
            await until(pilot, lambda: not isinstance(pilot.app.screen, PurchaseScreen))
            await pilot.pause()
            assert "\x1b" not in text_of(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, PurchaseScreen))


def test_a_day_has_its_name_within_a_week_only() -> None:
    now = utc_now()
    day = now.astimezone().date()
    assert words.day(day + timedelta(days=14), now) != words.day(day + timedelta(days=4), now)
    assert len(words.day(day + timedelta(days=4), now)) == 3
    assert words.day(date(day.year + 2, 1, 31), now) == f"{day.year + 2}-01-31"
