"""A ticket on a real desk: reading, moving, changing, writing, undoing."""

from __future__ import annotations

from datetime import timedelta

from tests.screens.desk import HOSTILE, Room, fill, shows, text_of, told, until
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.licences import AssignSeat, SaveLicence
from tui_desk.contracts.tickets import LinkAsset, LinkTickets, ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import MessageKind, TicketStatus
from tui_desk.models import Message
from tui_desk.screens import words
from tui_desk.screens.queue import QueueScreen


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


async def test_times_and_days_are_whole_at_eighty_columns(room: Room) -> None:
    today = utc_now().date()
    names = ("Collection of the tools for PDF files", "Drawing program of the joinery, large")
    asset = room.ask(SaveAsset(None, "IT-1", "Laptop"))
    for name, days in zip(names, (-9, 30), strict=True):
        licence = room.ask(SaveLicence(None, name, expires_on=today + timedelta(days=days)))
        room.ask(AssignSeat(licence.id, asset="IT-1"))
    number = room.ticket(
        requester="Ingrid Solheim of the reception <ingrid.solheim@halden-finch-in-the-north.example>"
    )
    room.ask(LinkAsset(number, asset.id))
    ticket = room.ask(ShowTicket(number))
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        opened = words.moment(ticket.created_at, utc_now())
        await shows(pilot, f"…  opened {opened}", f"over since {today - timedelta(days=9)}")
        await shows(pilot, "! licence Collection", "! licence Drawing", "ends in 30 days")
        message = next(line for line in text_of(pilot).splitlines() if "← Phone" in line)
        assert message.rstrip(" ▁▂▃▄▅▆▇█").endswith(words.moment(ticket.messages[0].at, utc_now()))


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
        await shows(pilot, "Throw this ticket away?")
        await pilot.press("n")
        assert not isinstance(pilot.app.screen, QueueScreen)
        await pilot.press("escape", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))


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
