"""Sending later at the keyboard: the line that is read as one types, the ticket and the outbox that say when, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select
from textual.pilot import Pilot

from tests.screens.desk import Room, add_mailbox, shows, text_of, told, until
from tests.services.correspondence import mail, received
from tui_desk.contracts.conversation import CancelSend, ListOutbox, OutgoingView, SendReply
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DeliveryState
from tui_desk.models import OutboxItem
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.outbox import OutboxScreen
from tui_desk.screens.send_at import SendAtDialog
from tui_desk.screens.ticket import TicketScreen
from tui_desk.services import send_later


@pytest.fixture
def number(room: Room) -> int:
    add_mailbox(room)
    return room.ticket("Printer on fire")


def deliveries(room: Room) -> list[OutgoingView]:
    return [row.delivery for row in room.ask(ListOutbox(everything=True))]


async def open_ticket(pilot: Pilot[None]) -> None:
    await shows(pilot, "Printer on fire")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    await shows(pilot, "It burns.")


async def type_when(pilot: Pilot[None], when: str) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, SendAtDialog))
    await pilot.press(*when)


async def test_what_is_typed_is_read_at_once_and_it_leaves_then(room: Room, number: int) -> None:
    async with room.running() as pilot:
        await open_ticket(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press(*"We come.", "ctrl+g")
        await type_when(pilot, "tomorow")
        await shows(pilot, "“tomorow” is not understood as a time.")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, SendAtDialog)
        await pilot.press("backspace", "backspace", "backspace", *"rrow 9")
        await shows(pilot, "09:00 (in ")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await until(pilot, lambda: "It leaves " in told(pilot))
        assert "u stops it" in told(pilot)
        await shows(pilot, "leaves ", "09:00 (in ", "takes it back")
        (held,) = deliveries(room)
        assert (held.state, held.later) == (DeliveryState.HELD, True)
        assert held.held_until is not None
        assert held.held_until.astimezone().strftime("%H:%M") == "09:00"
        await pilot.press("u")
        await until(pilot, lambda: deliveries(room)[0].state is DeliveryState.CANCELLED)
        await until(pilot, lambda: "draft again" in told(pilot))


async def test_a_note_has_no_time(room: Room, number: int) -> None:
    async with room.running() as pilot:
        await open_ticket(pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press(*"Mine.", "ctrl+g")
        await until(pilot, lambda: "A note does not leave" in told(pilot))


async def test_ones_mind_can_be_changed_without_losing_a_word(room: Room, number: int) -> None:
    async with room.running() as pilot:
        await open_ticket(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press(*"We come.", "ctrl+g")
        await type_when(pilot, "fri")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press(*" Soon.")
        await shows(pilot, "We come. Soon.")
    assert deliveries(room) == []


def leaves_later(room: Room, number: int) -> int:
    result = room.ask(SendReply(number, "We come.", leave_at=utc_now() + timedelta(hours=40)))
    assert result.outbox_id is not None
    return result.outbox_id


async def test_later_u_in_the_ticket_asks_and_takes_it_back(room: Room, number: int) -> None:
    leaves_later(room, number)
    async with room.running() as pilot:
        await open_ticket(pilot)
        await shows(pilot, "Y sends it now")
        await pilot.press("u")
        await shows(pilot, "Undo your last change", "that leaves at")
        await pilot.press("y")
        await until(pilot, lambda: deliveries(room)[0].state is DeliveryState.CANCELLED)


async def test_the_outbox_changes_the_time_sends_now_and_takes_back(room: Room, number: int) -> None:
    leaves_later(room, number)
    async with room.running() as pilot:
        await pilot.press("g", "o")
        await until(pilot, lambda: isinstance(pilot.app.screen, OutboxScreen))
        await shows(pilot, "held", "leaves ", "(in 40 h)")
        await pilot.press("H")
        await type_when(pilot, "in 3 days")
        await shows(pilot, "(in 3 days)")
        await pilot.press("enter")
        await until(pilot, lambda: "It leaves " in told(pilot))
        await shows(pilot, "leaves ", "(in 3 days)")
        await pilot.press("H")
        await type_when(pilot, "now")
        await shows(pilot, "It leaves at once.")
        await pilot.press("enter")
        await until(pilot, lambda: deliveries(room)[0].state is DeliveryState.QUEUED)
        await pilot.press("H")
        await until(pilot, lambda: "It is not held" in told(pilot))
        await pilot.press("X")
        await until(pilot, lambda: deliveries(room)[0].state is DeliveryState.CANCELLED)


async def test_who_wrote_meanwhile_is_shown_before_it_is_sent_all_the_same(room: Room, number: int) -> None:
    leaves_later(room, number)
    async with room.running() as pilot:
        await open_ticket(pilot)
        received(room.desk, number, mail(Message_ID="<two@client.test>"))
        with room.desk.writing() as session:
            send_later.stop_doubtful(session, send_later.doubtful(session), utc_now())
        await until(pilot, lambda: "does not leave by itself: Otto has written since." in told(pilot))
        await shows(pilot, "Y sends it all the same")
        await pilot.press("Y")
        await shows(pilot, "Look again before this leaves", "Otto has written since.")
        await pilot.press("n")
        await until(pilot, lambda: "It stays held." in told(pilot))
        assert deliveries(room)[0].stopped
        await pilot.press("Y")
        await shows(pilot, "Look again before this leaves")
        await pilot.press("y")
        await until(pilot, lambda: deliveries(room)[0].state is DeliveryState.QUEUED)
    with room.desk.database.reading() as session:
        assert session.exec(select(OutboxItem)).one().cause == ""


async def test_a_time_may_stand_behind_the_actions_name(room: Room, number: int) -> None:
    leaves_later(room, number)
    async with room.running() as pilot:
        await pilot.press("g", "o")
        await shows(pilot, "(in 40 h)")
        await pilot.press(":", *"leave_at in 2 days", "enter")
        await until(pilot, lambda: "(in 48 h)" in text_of(pilot))


async def test_what_was_stopped_is_one_line_and_is_not_counted(room: Room, number: int) -> None:
    sent = room.ask(SendReply(number, "Use water.", confirmed=("outsider",)))
    assert sent.outbox_id is not None
    room.ask(CancelSend(sent.outbox_id))
    async with room.running((200, 50)) as pilot:  # with a preview
        await shows(pilot, "Printer on fire", "It burns.", "· cancelled")
        assert "Use water." not in text_of(pilot)
        await open_ticket(pilot)
        await shows(pilot, "– cancelled", "1 Conversation 1")
        assert "Use water." not in text_of(pilot)
        await pilot.press("enter")  # it opens as what was read does
        await shows(pilot, "Use water.")
