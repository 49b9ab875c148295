"""How fields of your own look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows
from tui_desk.contracts.custom_fields import FieldInput, SaveField
from tui_desk.contracts.desk import SaveAgent, SaveAsset
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject, Role

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@pytest.fixture
def defined(room: Room) -> Room:
    """Fields of every kind, a ticket with values in most of them, and ana who may define fields."""

    def define(subject: FieldSubject, name: str, kind: FieldKind, **more: Any) -> None:
        room.desk.ask(SaveField(None, subject, name, kind=kind, **more), room.desk.actors["sue"])

    ticket = FieldSubject.TICKET
    define(
        ticket,
        "cost_group",
        FieldKind.CHOICE,
        choices=("Berlin", "Madrid", "日本 [/]"),
        label="Cost group",
        required=FieldRequired.RESOLVING,
    )
    define(ticket, "amount", FieldKind.NUMBER)
    define(ticket, "delivery", FieldKind.DATE)
    define(ticket, "stands_in", FieldKind.PERSON)
    define(ticket, "device", FieldKind.ASSET)
    define(ticket, "cause", FieldKind.TEXT, label="What it was caused by, in short")
    define(FieldSubject.PERSON, "badge", FieldKind.TEXT, required=FieldRequired.ALWAYS)
    define(FieldSubject.ASSET, "ram", FieldKind.NUMBER, label="Memory (GB)", applies_to="laptop")
    room.ask(SaveAsset(None, "LT-1", "ThinkPad", type="laptop", fields=(FieldInput("ram", "16"),)))
    room.ticket(
        fields=(
            FieldInput("amount", "1249,5"),
            FieldInput("delivery", "2099-12-01"),
            FieldInput("stands_in", "Otto"),
            FieldInput("device", "LT-1"),
        )
    )
    room.desk.ask(SaveAgent("ana", role=Role.SUPERVISOR), room.desk.root)
    return room


@each_size
def test_the_fields_of_a_ticket(defined: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Printer on fire", "ana")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        await pilot.press("e")
        await shows(pilot, "1249.5")
        await pilot.press("tab", *"x")
        await shows(pilot, "is no number")

    assert snap_compare(defined.app(), terminal_size=size, run_before=ready)


@each_size
def test_the_settings(defined: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Printer on fire", "ana")
        await pilot.press("g", "m", "8")
        await shows(pilot, "Memory (GB)", "has:cost_group")

    assert snap_compare(defined.app(), terminal_size=size, run_before=ready)


@each_size
def test_a_definition(defined: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Printer on fire", "ana")
        await pilot.press("g", "m", "8")
        await shows(pilot, "Memory (GB)")
        await pilot.press("e")
        await shows(pilot, "Madrid")

    assert snap_compare(defined.app(), terminal_size=size, run_before=ready)
