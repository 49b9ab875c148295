"""Approvals at the keyboard: asked on a ticket, decided with two keys and a comment, changed, reminded, substitutes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from textual.pilot import Pilot

from tests.screens.desk import HOSTILE, Room, add_mailbox, shows, text_of, told, until
from tui_desk.contracts.approvals import (
    AddSubstitute,
    ApprovalView,
    DecideApproval,
    ListApprovals,
    ListSubstitutes,
    NewApproval,
    ShowApproval,
    StepInput,
)
from tui_desk.core.clock import utc_now
from tui_desk.screens.approval_form import ApprovalFormScreen
from tui_desk.screens.approvals import ApprovalsScreen
from tui_desk.screens.decide_dialog import DecideDialog
from tui_desk.screens.ticket import TicketScreen


@pytest.fixture(autouse=True)
def today(room: Room) -> None:
    """The desk's own clock goes with the one of the application."""
    room.desk.now = utc_now() - timedelta(hours=1)


def asked_of_ana(room: Room, title: str = "A laptop", **values: object) -> ApprovalView:
    """Ben asks Ana, who sits at the terminal."""
    number = room.ticket()
    request = NewApproval(number, title, (StepInput(("ana",)),), **values)
    return room.desk.ask(request, room.desk.ben)


async def typed(pilot: Pilot[None], field: str, text: str) -> None:
    """Put the cursor into a field and type."""
    pilot.app.screen.query_one(f"#field-{field}").focus()
    await pilot.pause()
    await type_in(pilot, text)


async def type_in(pilot: Pilot[None], text: str) -> None:
    for char in text:
        await pilot.press({" ": "space", "\n": "enter"}.get(char, char))


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_decided_from_the_list(room: Room, size: tuple[int, int]) -> None:
    mine = asked_of_ana(room, HOSTILE, amount=Decimal("1249.90"), currency="EUR", details=HOSTILE)
    other = room.ticket("Another")
    room.ask(NewApproval(other, "A yacht", (StepInput(("ben",)),)))
    async with room.running(size) as pilot:
        await pilot.press("g", "v")
        await shows(pilot, "» for you", "A yacht", "1249.90 EUR")
        await pilot.press("D")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideDialog))
        await shows(pilot, "y or n")
        await pilot.press("y")
        await shows(pilot, "Enter decides")
        await pilot.press("up", "n")
        await type_in(pilot, "no money y")
        await pilot.press("enter")
        await until(pilot, lambda: "is refused" in told(pilot))
        await until(pilot, lambda: "» for you" not in text_of(pilot))
        await pilot.press("3")
        await shows(pilot, "✗ refused")
    done = room.ask(ShowApproval(mine.id))
    assert (done.state, done.steps[0].approvers[0].comment) == ("refused", "no money y")


async def test_leaving_the_dialog_decides_nothing(room: Room) -> None:
    mine = asked_of_ana(room)
    async with room.running() as pilot:
        await pilot.press("g", "v")
        await shows(pilot, "» for you")
        for keys in (("escape",), ("y", "escape"), ("q",), ("enter", "escape")):
            await pilot.press("D")
            await until(pilot, lambda: isinstance(pilot.app.screen, DecideDialog))
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(pilot.app.screen, ApprovalsScreen))
    assert room.ask(ShowApproval(mine.id)).state == "waiting"


async def test_what_waits_for_others_says_so(room: Room) -> None:
    number = room.ticket()
    room.ask(NewApproval(number, "A yacht", (StepInput(("ben",)),)))
    async with room.running() as pilot:
        await pilot.press("g", "v")
        await shows(pilot, "A yacht", "Ben Otto")
        await pilot.press("D")
        await until(pilot, lambda: "does not wait for you" in told(pilot))
        await pilot.press("2")
        await shows(pilot, "Nothing waits for you")
        await pilot.press("1")
        await shows(pilot, "A yacht")
        await pilot.press("/", *"zzz")
        await shows(pilot, "No approval has these words")


async def test_asked_on_a_ticket_and_decided_there(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    async with room.running() as pilot:
        await pilot.press(*"gt", *str(number), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await pilot.press("5")
        await shows(pilot, "Approvals", "None. + asks somebody")
        await pilot.press("+")
        await shows(pilot, "Ask for an approval")
        await type_in(pilot, "approval")
        await pilot.press("enter")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, ApprovalFormScreen) and pilot.app.screen.is_ready
        )
        await typed(pilot, "title", "A laptop")
        await typed(pilot, "amount", "12,5")
        await shows(pilot, "✗ A number with a point")
        await pilot.press("backspace", "backspace", *".50")
        await typed(pilot, "steps", "ben: soon")
        await shows(pilot, "number of days")
        await pilot.press(*["backspace"] * 6, "enter")
        await type_in(pilot, "all: boss@corp.test, sue: 3")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "A laptop", "Ben Otto")
        assert "approval “A laptop” was asked for" in told(pilot)  # the mail about it is no news
        await pilot.press("D")
        await until(pilot, lambda: "does not wait for you" in told(pilot))
    (made,) = room.ask(ListApprovals())
    assert (made.amount, made.currency) == (Decimal("12.50"), "EUR")
    assert [(step.mode, len(step.approvers)) for step in made.steps] == [("any", 1), ("all", 2)]


async def test_decided_in_pane_work(room: Room) -> None:
    mine = asked_of_ana(room, gates=("resolve",))
    async with room.running() as pilot:
        await pilot.press(*"gt", *str(mine.ticket), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await pilot.press("5")
        await shows(pilot, "for you: D")
        screen = pilot.app.screen
        assert isinstance(screen, TicketScreen)
        await until(pilot, lambda: screen.approval() is not None)
        await pilot.press("D")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideDialog))
        await pilot.press("y", "enter")
        await until(pilot, lambda: "is approved" in told(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ApprovalsScreen))
        await shows(pilot, f"Approvals of #{mine.ticket}", "✓ approved")


async def test_changed_reminded_and_taken_back(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    made = room.ask(NewApproval(number, "A yacht", (StepInput(("ben",)),)))
    room.desk.ask(DecideApproval(made.id, yes=True), room.desk.ben)
    made = room.ask(NewApproval(number, "A boat", (StepInput(("ben", "sue"), "all"),)))
    async with room.running() as pilot:
        await pilot.press("g", "v")
        await shows(pilot, "A boat")
        await pilot.press("R")
        await until(pilot, lambda: "2 approvers are asked again" in told(pilot))
        await pilot.press("e")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, ApprovalFormScreen) and pilot.app.screen.is_ready
        )
        await typed(pilot, "details", "With sails")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is saved" in told(pilot))
        await pilot.press("X")
        await shows(pilot, "Take “A boat” back?")
        await pilot.press("y")
        await until(pilot, lambda: "is taken back" in told(pilot))
        await shows(pilot, "Nothing waits for a decision")
        await pilot.press("3")
        await shows(pilot, "A boat", "A yacht")
        await pilot.press("e")
        await until(pilot, lambda: "decided already" in told(pilot))
    done = room.ask(ShowApproval(made.id))
    assert (done.state, done.details) == ("cancelled", "With sails")


async def test_substitutes(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "v")
        await shows(pilot, "Nothing waits for a decision")
        await pilot.press("s")
        await shows(pilot, "Nobody is away")
        await pilot.press("N")
        await shows(pilot, "Substitute", "Away")
        await until(pilot, lambda: getattr(pilot.app.screen, "is_ready", False))
        await typed(pilot, "substitute", "ben")
        await typed(pilot, "until_on", "2020-01-01")
        await shows(pilot, "✗ An absence ends")
        await pilot.press(*["backspace"] * 10, *"2030-01-01")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Ben Otto decides for Ana" in told(pilot))
        await shows(pilot, "Ana Díaz", "2030-01-01")
        await pilot.press("X", "y")
        await shows(pilot, "Nobody is away")
    assert room.ask(ListSubstitutes(past=True)) == ()


async def test_somebody_who_stands_in_sees_it(room: Room) -> None:
    day = room.desk.now.date()
    room.desk.ask(AddSubstitute("ben", "ana", day, day + timedelta(days=3)), room.desk.ben)
    number = room.ticket()
    room.desk.ask(NewApproval(number, "A desk", (StepInput(("ben",)),)), room.desk.actors["sue"])
    async with room.running((200, 50)) as pilot:
        await pilot.press("g", "v")
        await shows(pilot, "» for you", "away: Ana Díaz decides too")
