"""The top line: a long subject never hides how the desk does."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from sqlmodel import select
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from tests.screens.desk import Room, add_mailbox, shows, text_of, until
from tui_desk.contracts.conversation import AddNote, SendReply
from tui_desk.contracts.tickets import ReportPresence
from tui_desk.core.enums import DeliveryState, PresenceMode
from tui_desk.models import Delivery
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.chrome import TitleLine
from tui_desk.screens.host import DeskHost
from tui_desk.screens.title_words import title_forms


def fail_for_everybody(room: Room, number: int) -> None:
    """A reply to two people that reached neither."""
    room.ask(
        SendReply(
            number,
            "An answer.",
            cc="two@client.test",
            now=True,
            confirmed=("outsider", "recipients_changed"),
        )
    )
    with room.desk.writing() as session:
        deliveries = session.exec(select(Delivery)).all()
        assert len(deliveries) == 2
        for delivery in deliveries:
            delivery.state = DeliveryState.FAILED.value
            session.add(delivery)


async def test_a_long_subject_is_cut_and_messages_are_counted_not_recipients(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket("The printer in the basement " * 6)
    fail_for_everybody(room, number)
    async with room.running() as pilot:
        await shows(pilot, "1 not sent")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        await until(pilot, lambda: "The printer in" in text_of(pilot).splitlines()[0])
        top = text_of(pilot).splitlines()[0]
        assert "…  1 not sent  ana" in top


async def test_a_killed_terminal_of_one_s_own_is_nobody_else(room: Room) -> None:
    number = room.ticket()
    room.desk.now = room.gateway_now()
    room.ask(ReportPresence(number, "killed-terminal", PresenceMode.WRITING))
    room.desk.ask(ReportPresence(number, "terminal-ben", PresenceMode.VIEWING), room.desk.ben)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(pilot, "It burns.", "Ben Otto")
        assert "Ana Díaz is writing" not in text_of(pilot)


async def test_no_key_stands_in_the_title_where_it_would_be_text(room: Room) -> None:
    number = room.ticket()
    room.desk.ask(AddNote(number, "@ana have a look"), room.desk.ben)
    async with room.running() as pilot:
        await shows(pilot, "1 notification: g n")
        await pilot.press("/")
        await until(pilot, lambda: "1 notification  ana" in text_of(pilot).splitlines()[0])
        await pilot.press("escape")
        await shows(pilot, "1 notification: g n")


class _Line(App[None]):
    def compose(self) -> ComposeResult:
        yield TitleLine()


async def test_however_long_the_place_is_named_the_right_side_is_whole() -> None:
    app = _Line()
    async with app.run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        shown = app.query_one(TitleLine)
        for length in range(1, 60):
            shown.show(Content("x" * length), Content("1 not sent  ana"))
            assert str(shown.render()).endswith("  1 not sent  ana"), length


async def top_of(pilot: Pilot[None], **told: int | bool) -> str:
    """The title line of the screen in front, 80 columns wide, on a desk of which there is so much to tell."""
    host, screen = cast("DeskHost", pilot.app), cast("BaseScreen", pilot.app.screen)
    assert host.status is not None
    forms = title_forms(screen.crumbs(), replace(host.status, **told), host.agent, "g n")
    app = _Line()
    async with app.run_test(size=(80, 3)) as other:
        shown = app.query_one(TitleLine)
        shown.show(*forms[0], *forms[1:])
        await other.pause()
        return str(shown.render())


@pytest.mark.parametrize("group", ["", "priority"])
async def test_at_80_columns_view_hits_and_order_stand_beside_all_there_is_to_tell(
    room: Room, group: str
) -> None:
    """And what did not leave or was held back is never cut."""
    for index in range(3):
        room.ticket(f"Lamp {index}")
    async with room.running() as pilot:
        await shows(pilot, "Lamp 2")
        if group:
            await pilot.press(":", *f"group {group}", "enter")
            await shows(pilot, f"by {group}")
        await pilot.press("2", "/", *"lamp", "enter")
        await shows(pilot, "Unassigned › 3 hits › last change first")
        top = await top_of(pilot, demo=True, notifications=6, suspended=2, outbox_failed=1)
        assert top.startswith("Unassigned › 3 hits › ▾ changed")
        assert "6 notif" in top
        assert "2 susp" in top
        assert top.endswith("1 unsent" if group else "1 not sent")
        much = {"notifications": 16, "suspended": 12, "outbox_failed": 11, "timer_ticket": 9}
        top = await top_of(pilot, demo=True, timer_minutes=5, **much)
        assert top.startswith("Unassigned › 3 hits › ▾ changed")
        assert top.endswith("16 notif.  12 susp.  11 unsent")


async def test_the_title_names_the_key_that_shows_notifications(room: Room) -> None:
    number = room.ticket()
    room.desk.ask(AddNote(number, "@ana please"), room.desk.ben)
    async with room.running() as pilot:
        await shows(pilot, "1 notification: g n  ana")


async def test_with_marks_the_view_is_still_named(room: Room) -> None:
    for index in range(3):
        room.ticket(f"Lamp {index}")
    async with room.running() as pilot:
        await shows(pilot, "Lamp 2")
        await pilot.press("x", "x", "/", *'"lamp 1"', "enter")
        await shows(pilot, "2 marked, 1 not shown here › Queue › Open › 1 hit › last change first")
        top = await top_of(pilot, demo=True, suspended=2, outbox_failed=1)
        assert top.startswith("2 marked, 1 not here › Open › 1 hit › ▾ changed  ")
        assert top.endswith("DEMO  2 suspended  1 not sent")


def test_where_there_is_little_room_the_farthest_place_goes_first() -> None:
    lefts = [
        left.plain for left, _right in title_forms(("Settings › Mail › Fallback sender",), None, None, "")
    ]
    assert lefts[-2:] == ["Mail › Fallback sender", "Fallback sender"]
