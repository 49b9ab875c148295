"""A ticket and an answer on a slow line: what is shown meanwhile, and that a key pressed too early does what it said, once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from textual.widgets import TextArea

from tests.screens.desk import Room, add_mailbox, shows, told, undo_for_long, until
from tui_desk.contracts.conversation import OpenCompose, SaveDraft, SendReply
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import DraftKind
from tui_desk.gateway import DeskGateway
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.queue import QueueScreen
from tui_desk.widgets.conversation_view import ConversationView

T = TypeVar("T")


class GatedGateway(DeskGateway):
    """The gateway on a slow line: requests of one kind are answered when the gate is opened, and the desk is opened then."""

    def __init__(self, room: Room, held: type[Request[Any]]) -> None:
        super().__init__(room.gateway.url, room.gateway.actor)
        self.held = held
        self.gate = asyncio.Event()
        self.sent = 0

    async def ask(self, request: Request[T]) -> T:
        if isinstance(request, self.held):
            await self.gate.wait()
        self.sent += isinstance(request, SendReply)
        return await super().ask(request)

    async def warm_up(self) -> None:
        await self.gate.wait()
        await super().warm_up()


@contextmanager
def slow_line(room: Room, held: type[Request[Any]] = OpenCompose) -> Iterator[GatedGateway]:
    """The application of ``room`` on such a line."""
    before, room.gateway = room.gateway, GatedGateway(room, held)
    try:
        yield room.gateway
    finally:
        room.gateway.close()
        room.gateway = before


async def test_the_first_ticket_shows_what_the_queue_knows_of_it_until_it_is_read(room: Room) -> None:
    number = room.ticket()
    with slow_line(room, ShowTicket) as gateway:
        async with room.running() as pilot:
            await shows(pilot, "Printer on fire")
            await pilot.press("enter")
            await shows(pilot, f"#{number} Printer on fire", "Otto", "It burns.")
            assert pilot.app.screen.query_one(ConversationView).current is None
            gateway.gate.set()
            await until(pilot, lambda: pilot.app.screen.query_one(ConversationView).current is not None)


async def test_a_send_asked_for_too_early_leaves_by_itself_and_once(room: Room) -> None:
    add_mailbox(room)
    undo_for_long(room)
    number = room.ticket()
    with slow_line(room) as gateway:
        async with room.running() as pilot:
            await shows(pilot, "Printer on fire")
            await pilot.press("r", *"Use water", "ctrl+s")
            await until(pilot, lambda: "it is sent as soon as they are there" in told(pilot))
            await pilot.press("ctrl+s", "q", "x")
            assert pilot.app.screen.query_one(TextArea).text == "Use water"
            gateway.gate.set()
            await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
            await until(pilot, lambda: "u stops it" in told(pilot))
            assert gateway.sent == 1
    messages = room.ask(ShowTicket(number)).messages
    assert [message.text for message in messages[1:]] == ["Use water"]


async def test_esc_takes_back_a_send_that_still_waits_for_its_recipients(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    with slow_line(room) as gateway:
        async with room.running() as pilot:
            await shows(pilot, "Printer on fire")
            await pilot.press("r", *"Use water", "ctrl+s")
            await until(pilot, lambda: "it is sent as soon as" in told(pilot))
            await pilot.press("escape")
            gateway.gate.set()
            await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
            await until(pilot, lambda: "kept" in told(pilot))
            assert gateway.sent == 0
    assert room.ask(OpenCompose(number, DraftKind.REPLY)).body == "Use water"


async def test_a_draft_that_comes_back_meanwhile_is_looked_at_before_it_is_sent(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    room.ask(SaveDraft(number, DraftKind.REPLY, "You fool, "))
    with slow_line(room) as gateway:
        async with room.running() as pilot:
            await shows(pilot, "Printer on fire")
            await pilot.press("r", *"use water", "ctrl+s")
            await until(pilot, lambda: "it is sent as soon as" in told(pilot))
            gateway.gate.set()
            await until(pilot, lambda: "Not sent yet" in told(pilot))
            assert pilot.app.screen.query_one(TextArea).text == "You fool, use water"
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
            assert gateway.sent == 1


async def test_what_was_typed_before_the_desk_answered_is_saved_once(room: Room) -> None:
    number = room.ticket()
    with slow_line(room) as gateway:
        async with room.running() as pilot:
            await shows(pilot, "Printer on fire")
            await pilot.press("n", *"watch out")
            screen = pilot.app.screen
            assert isinstance(screen, ComposeScreen)
            await until(pilot, screen._saving.locked)  # the draft waits to be saved
            gateway.gate.set()
            await until(pilot, lambda: room.ask(OpenCompose(number, DraftKind.NOTE)).body == "watch out")
            assert screen.query_one(TextArea).text == "watch out"
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
    assert room.ask(OpenCompose(number, DraftKind.NOTE)).body == "watch out"


async def test_a_note_typed_ahead_of_the_desk_and_left_at_once_is_kept(room: Room) -> None:
    number = room.ticket()
    with slow_line(room) as gateway:
        async with room.running() as pilot:
            await shows(pilot, "Printer on fire")
            await pilot.press("n", *"watch")
            screen = pilot.app.screen
            assert isinstance(screen, ComposeScreen)
            gateway.gate.set()
            await until(pilot, lambda: screen._opened is not None)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
    assert room.ask(OpenCompose(number, DraftKind.NOTE)).body == "watch"
