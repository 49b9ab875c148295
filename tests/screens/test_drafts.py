"""Drafts of answers and notes: saved as one types, kept when one leaves, back when a send is stopped."""

from __future__ import annotations

from textual.widgets import Input, TextArea

from tests.screens.desk import Room, add_mailbox, shows, told, undo_for_long, until
from tui_desk.contracts.conversation import OpenCompose, SaveDraft, SendReply
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import DeliveryState, DraftKind
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.queue import QueueScreen
from tui_desk.screens.ticket import TicketScreen


async def test_a_reply_is_held_and_u_brings_it_back_to_a_draft(room: Room) -> None:
    add_mailbox(room)
    undo_for_long(room)
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "r")
        await until(pilot, lambda: pilot.app.screen.query_one("#to", Input).value)
        await pilot.press(*"Use water", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        sent = room.ask(ShowTicket(number)).messages[-1]
        assert sent.delivery is not None
        assert sent.delivery.state is DeliveryState.HELD
        await shows(pilot, "Use water")
        await until(pilot, lambda: "u stops it" in told(pilot))
        assert told(pilot).startswith(f"#{number}: ")
        await pilot.press("u")
        await until(pilot, lambda: f"#{number}: Not sent." in told(pilot))
        assert room.ask(OpenCompose(number, DraftKind.REPLY)).body.strip() == "Use water"


async def test_what_is_typed_is_saved_as_one_types_and_after_esc(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.screen.query_one("#to", Input).value)
        await pilot.press(*"half a thought")
        await until(pilot, lambda: room.ask(OpenCompose(number, DraftKind.REPLY)).body == "half a thought")
        await pilot.press("!", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        assert room.ask(OpenCompose(number, DraftKind.REPLY)).body == "half a thought!"
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.screen.query_one(TextArea).text == "half a thought!")


async def test_leaving_while_writing_loses_nothing(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.screen.query_one("#to", Input).value)
        await pilot.press(*"nearly lost")
        pilot.app.exit()  # what the driver does on SIGHUP and SIGTERM
    assert room.ask(OpenCompose(number, DraftKind.REPLY)).body == "nearly lost"


async def test_esc_at_once_keeps_what_was_typed_and_the_draft_of_before(room: Room) -> None:
    number = room.ticket()
    room.ask(SaveDraft(number, DraftKind.REPLY, "begun, "))
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("r", *"abc", "escape")
        await until(pilot, lambda: room.ask(OpenCompose(number, DraftKind.REPLY)).body == "begun, abc")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))


async def test_a_draft_emptied_again_leaves_nothing(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("n", *"ab")
        await until(pilot, lambda: room.ask(ShowTicket(number)).drafts)
        await pilot.press("backspace", "backspace", "escape")
        await until(pilot, lambda: not room.ask(ShowTicket(number)).drafts)


async def test_a_newer_message_stops_the_send_and_is_shown(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.screen.query_one("#to", Input).value)
        await pilot.press(*"My answer")
        colleague = room.desk.ben
        room.desk.ask(SendReply(number, "A colleague was faster", now=True), colleague)
        await pilot.press("ctrl+s")
        await shows(pilot, "Look again before this leaves", "A colleague was faster")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        assert "Not sent" in told(pilot)
        await pilot.press("ctrl+s")
        await shows(pilot, "Look again before this leaves")
        await pilot.press("y")
        await until(pilot, lambda: len(room.ask(ShowTicket(number)).messages) == 3)


async def test_a_stopped_forward_is_opened_again_as_a_forward(room: Room) -> None:
    add_mailbox(room)
    undo_for_long(room)
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "f")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await shows(pilot, "The last mail of the conversation follows below your words.")
        await pilot.press(*"Fire Brigade <fire@town.test>", "enter", "enter")
        pilot.app.screen.query_one(TextArea).focus()
        await pilot.press(*"Please help", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "◷ held")
        await pilot.press("u")
        await shows(pilot, "Your draft (Forward)", "f opens it")
        assert not room.ask(OpenCompose(number, DraftKind.REPLY)).body
        await pilot.press("f")
        await shows(pilot, "Please help", "Fire Brigade <fire@town.test>")
