"""A ticket on a real desk: reading, moving, changing, writing, undoing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from textual.widgets import Input, TextArea

from tests.screens.desk import HOSTILE, Room, add_mailbox, fill, shows, text_of, told, undo_for_long, until
from tui_desk.contracts.conversation import AddNote, OpenCompose, SaveDraft, SendReply
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import LinkTickets, ShowTicket
from tui_desk.core.enums import DeliveryState, DraftKind, MessageKind, TicketStatus
from tui_desk.gateway import DeskGateway
from tui_desk.models import Message
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.queue import QueueScreen
from tui_desk.screens.ticket import TicketScreen
from tui_desk.widgets.conversation_view import ConversationView

T = TypeVar("T")


async def test_a_ticket_opens_with_its_conversation_and_panes(room: Room) -> None:
    number = room.ticket()
    room.ask(AddNote(number, "Call the fire brigade first."))
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(
            pilot, f"#{number} Printer on fire", "It burns.", "INTERNAL NOTE", "Call the fire brigade"
        )
        await pilot.press("2")
        await shows(pilot, "otto@client.test", "Organization")
        await pilot.press("3")
        await shows(pilot, "Ana Díaz opened the ticket")
        await pilot.press("4")
        await shows(pilot, "None. l links with another ticket.")
        await pilot.press("q")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_next_and_previous_ticket_while_reading(room: Room) -> None:
    numbers = fill(room, 3)
    async with room.running() as pilot:
        await shows(pilot, "Printer 3")
        await pilot.press("enter")
        await shows(pilot, f"#{numbers[2]}")
        await pilot.press("]")
        await shows(pilot, f"#{numbers[1]} Printer 2")
        await pilot.press("[")
        await shows(pilot, f"#{numbers[2]} Printer 3")
        await pilot.press("[")
        await until(pilot, lambda: "first ticket" in told(pilot))
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        assert queue.ticket_number() == numbers[2]


async def test_a_note_is_written_and_stays_inside(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "n", *"watch out", "ctrl+s")
        await until(pilot, lambda: len(room.ask(ShowTicket(number)).messages) == 2)
        note = room.ask(ShowTicket(number)).messages[-1]
        assert (note.kind, note.text.strip(), note.delivery) == (MessageKind.NOTE, "watch out", None)
        await shows(pilot, "INTERNAL NOTE", "watch out")


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
        await pilot.press("u")
        await until(pilot, lambda: room.ask(OpenCompose(number, DraftKind.REPLY)).body.strip() == "Use water")


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


async def test_a_link_is_made_opened_and_undone(room: Room) -> None:
    one, other = fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("enter")
        await shows(pilot, f"#{other}")
        await pilot.press("l", *str(one), "enter")
        await shows(pilot, "How do they belong together?", f"#{other} blocks #{one}")
        await pilot.press("enter")
        await until(pilot, lambda: room.ask(ShowTicket(other)).links)
        await pilot.press("4")
        await shows(pilot, "related to", f"#{one}")
        await pilot.press("enter")
        await shows(pilot, f"#{one} Printer 1")


async def test_a_link_of_any_kind_is_chosen_and_a_circle_is_refused(room: Room) -> None:
    one, other = fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("enter")
        await shows(pilot, f"#{other}")
        await pilot.press("l", *str(one), "enter")
        await shows(pilot, "How do they belong together?")
        await pilot.press(*"blocked", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(other)).links)
        await pilot.press("4")
        await shows(pilot, "blocked by", f"#{one}")
        await pilot.press("l", *str(one), "enter")
        await shows(pilot, "How do they belong together?")
        await pilot.press(*"part of", "enter")
        await until(pilot, lambda: "neither could end" in told(pilot))
    (link,) = room.ask(ShowTicket(one)).links
    assert (link.kind.value, link.outgoing) == ("blocks", True)


async def test_spam_asks_and_enter_does_not_do_it(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        await pilot.press("!")
        await shows(pilot, f"Mark #{number} as spam?")
        await pilot.press("enter")
        assert not room.ask(ShowTicket(number)).spam
        await pilot.press("!", "y")
        await until(pilot, lambda: room.ask(ShowTicket(number)).spam)
        assert room.ask(ShowTicket(number)).status is TicketStatus.CLOSED


async def test_a_message_that_comes_meanwhile_shows_by_itself(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        room.desk.ask(AddNote(number, "Seen by Ben"), room.desk.ben)
        await shows(pilot, "Seen by Ben")


async def test_a_message_below_what_is_read_leaves_a_mark_until_it_was_seen(room: Room) -> None:
    number = room.ticket(body="A long story.\n" * 60)
    mark = "↓ new message below · J"
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(pilot, "A long story.")
        assert mark not in text_of(pilot)
        room.desk.ask(AddNote(number, "Seen by Ben"), room.desk.ben)
        await shows(pilot, mark)
        assert "Seen by Ben" not in text_of(pilot)
        await pilot.press("2", "1", "j", "k")
        await shows(pilot, mark)
        await pilot.press("J")
        await shows(pilot, "Seen by Ben")
        await until(pilot, lambda: mark not in text_of(pilot))


async def test_hostile_text_is_literal_on_every_pane(room: Room) -> None:
    number = room.ticket(HOSTILE, "Evil [/] <evil@client.test>", body=HOSTILE * 3)
    room.ask(AddNote(number, HOSTILE))
    other = room.ticket(HOSTILE)
    room.ask(LinkTickets(number, other))
    for size in ((80, 24), (200, 50)):
        async with room.running(size) as pilot:
            await pilot.press(":", *str(number), "enter")
            await shows(pilot, "INTERNAL NOTE")
            for key in ("1", "2", "3", "4", "r", "escape", "n", "escape", "w", "escape"):
                await pilot.press(key)
                await pilot.pause()
                painted = text_of(pilot)
                assert not any(ord(char) < 32 and char != "\n" for char in painted)
                assert not set("\x9b\u202e\u202c\x7f") & set(painted)
            assert pilot.app.is_running


async def test_the_new_ticket_form(room: Room) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Nothing is open")
        await pilot.press("N", "ctrl+s")
        await until(pilot, lambda: "Who asks?" in told(pilot))
        await pilot.press(*"Erika", "enter", *"Lost key", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await shows(pilot, "Lost key", "Erika")


async def test_leaving_a_begun_ticket_asks(room: Room) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Nothing is open")
        await pilot.press("N", "x", "escape")
        await shows(pilot, "Leave without making the ticket?")
        await pilot.press("n")
        assert not isinstance(pilot.app.screen, QueueScreen)
        await pilot.press("escape", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))


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


async def test_spam_and_a_blocked_sender_show_and_are_taken_back(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        await pilot.press("B")
        await shows(pilot, "Block otto@client.test?")
        await pilot.press("y")
        await shows(pilot, "■ blocked")
        await pilot.press("!", "y")
        await shows(pilot, "SPAM")
        await pilot.press("B")
        await shows(pilot, "otto@client.test is blocked. Lift that?")
        await pilot.press("y")
        await until(pilot, lambda: not room.ask(ShowTicket(number)).blocked)
        await until(pilot, lambda: "■ blocked" not in text_of(pilot))
        await pilot.press("u")
        await shows(pilot, "■ blocked")
        await pilot.press("!")
        await shows(pilot, f"#{number} is marked as spam. Take that back?")
        await pilot.press("y")
        await until(pilot, lambda: not room.ask(ShowTicket(number)).spam)
        assert room.ask(ShowTicket(number)).status is TicketStatus.OPEN
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await pilot.press("B")
        await shows(pilot, "otto@client.test is blocked. Lift that?")


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


async def test_the_original_of_a_large_message_is_asked_for_by_a_key(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        await pilot.press("F")
        await until(pilot, lambda: "All of this message is here." in told(pilot))
        with room.desk.writing() as session:
            message = session.get_one(Message, room.ask(ShowTicket(number)).messages[0].id)
            message.marks = ["reduced"]
            session.add(message)
        await pilot.press("f5")
        await shows(pilot, "without its attachments")
        await pilot.press("F")
        await until(pilot, lambda: "not part of this desk any more" in told(pilot))
