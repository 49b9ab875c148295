"""How licences and contracts look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows
from tui_desk.contracts.agreements import CoverAsset, SaveContract
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.licences import AssignSeat, ReleaseSeat, SaveLicence
from tui_desk.contracts.people import SavePerson
from tui_desk.core.enums import ContractKind

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@pytest.fixture
def stocked(room: Room) -> Room:
    """Licences of every state of use, contracts of every kind of end. Days are far from today, whatever day it is."""
    ask = room.ask
    for number, name in enumerate(("Ana Pérez", "Tom Becker", "王小明"), start=1):
        ask(SavePerson(None, name, f"user{number}@licences.test"))
    asset = ask(SaveAsset(None, "NB-0042", "ThinkPad T14")).id
    drawing = ask(
        SaveLicence(
            None, "Drawing, yearly", "Draw Pro 12", "Softland", 3, date(2024, 1, 1), date(2024, 12, 31),
            Decimal("4900.00"), "EUR", "Renewed by the design team; ask Ana first.", key="XXXX-YYYY-ZZZZ",
        )
    )  # fmt: skip
    for number in (1, 2, 3):
        shown = ask(AssignSeat(drawing.id, f"user{number}@licences.test"))
    ask(ReleaseSeat(shown.holders[0].id))
    ask(AssignSeat(drawing.id, asset_id=asset))
    office = ask(SaveLicence(None, "Office", "Office suite", "Softland", 2, None, date(2090, 12, 31)))
    for number in (1, 2):
        ask(AssignSeat(office.id, f"user{number}@licences.test"))
    ask(SaveLicence(office.id, "Office", "Office suite", "Softland", 1, None, date(2090, 12, 31)))
    ask(SaveLicence(None, "Terminal [/]", "Open terminal"))
    service = ask(
        SaveContract(
            None, "Printers, service", ContractKind.MAINTENANCE, "W-2090/17", "Copyland", date(2090, 1, 1),
            date(2090, 12, 31), 90, True, Decimal("1200"), "EUR", "Toner is included.",
        )
    )  # fmt: skip
    ask(CoverAsset(service.id, asset))
    ask(SaveContract(None, "Copier", ContractKind.LEASE, "L-4", "Copyland", None, date(2024, 6, 30)))
    return room


@each_size
@pytest.mark.parametrize("tab", ["1", "2"], ids=["licences", "contracts"])
def test_lists(stocked: Room, snap_compare: Compare, size: tuple[int, int], tab: str) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "l", tab)
        await shows(pilot, *(("Drawing", "Office", "Terminal") if tab == "1" else ("Copier", "Printers")))

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)


@each_size
def test_a_licence(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "l")
        await shows(pilot, "Drawing")
        await pilot.press("enter")
        await shows(pilot, "NB-0042 ThinkPad")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)


@each_size
def test_a_contract(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "l", "2")
        await shows(pilot, "Copier", "Printers")
        await pilot.press("G", "enter")
        await shows(pilot, "NB-0042", "Covered assets")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)


@each_size
def test_the_form(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "l")
        await shows(pilot, "Drawing")
        await pilot.press("e")
        await shows(pilot, "Draw Pro 12", "A key is kept")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)
