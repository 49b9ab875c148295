"""From one ticket to the next at the keyboard: `>`, `Z`, and where one is afterwards."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.flow import AddReminder, ListReminders, SnoozeTicket
from tui_desk.contracts.notifications import ListNotifications, MarkRead
from tui_desk.contracts.own_settings import SaveOwnSettings, ShowOwnSettings
from tui_desk.contracts.tickets import NewTicket, SetFields, ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import AfterWork, Priority, Signal, TicketStatus
from tui_desk.screens.attention import Attention
from tui_desk.screens.message_line import MessageLine
from tui_desk.screens.own_settings_form import OwnSettingsScreen
from tui_desk.screens.queue import QueueScreen
from tui_desk.screens.ticket import TicketScreen


@pytest.fixture
def now_room(room: Room) -> Room:
    """The desk's clock is that of the machine, as the gateway's is."""
    room.desk.now = utc_now() - timedelta(minutes=30)
    return room


def in_ticket(pilot, number: int) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, TicketScreen) and screen.number == number and screen.ticket is not None


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_next_brings_one_after_the_other_and_says_why(now_room: Room, size: tuple[int, int]) -> None:
    room = now_room
    plain, high = room.ticket("Plain one"), room.ticket(f"High {HOSTILE}", priority=Priority.HIGH)
    critical = room.ask(NewTicket("Server room", "a@client.test", "It burns", priority=Priority.CRITICAL))
    async with room.running(size) as pilot:
        await shows(pilot, "Server room", "Plain one")
        await pilot.press(">")
        await until(pilot, lambda: in_ticket(pilot, critical))
        await shows(pilot, "critical, nobody has taken it", "2 more wait")
        await pilot.press(">")
        await until(pilot, lambda: in_ticket(pilot, high))
        await pilot.press(">")
        await until(pilot, lambda: in_ticket(pilot, plain))
        await pilot.press("w")
        await shows(pilot, f"How urgent #{plain} is", "nobody has taken it", "points")
        await pilot.press("escape", "q")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await pilot.press(">")  # all were brought and none was touched: it begins anew
        await until(pilot, lambda: in_ticket(pilot, critical))
        room.desk.ask(SetFields(critical, status=TicketStatus.CLOSED))
        room.desk.ask(SetFields(high, assignee="ben"))
        room.desk.ask(SetFields(plain, assignee="ben"))
        await pilot.press(">")
        await until(pilot, lambda: "Nothing else waits for you." in told(pilot))


async def test_why_a_ticket_was_brought_is_still_told_behind_a_question(now_room: Room) -> None:
    """Not what was done to the ticket before: while one reads something else its time does not run."""
    room = now_room
    plain, high = room.ticket("Plain one"), room.ticket("High one", priority=Priority.HIGH)
    async with room.running() as pilot:
        await shows(pilot, "Plain one")
        await until(pilot, lambda: pilot.app.screen.table().current_key is not None)
        await pilot.press("G", "p", *"low", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(plain)).priority is Priority.LOW)
        await until(pilot, lambda: "u takes it back" in told(pilot))
        await pilot.press(">")
        await until(pilot, lambda: in_ticket(pilot, high))
        ticket, why = pilot.app.screen, told(pilot)
        assert why.startswith(f"#{high}: ")
        for key in ("s", "?"):
            await pilot.press(key)
            await until(pilot, lambda: pilot.app.screen is not ticket)
            ticket.query_one(MessageLine)._end()  # its time is over
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is ticket)
            await pilot.pause()
            assert told(pilot) == why


async def test_a_ticket_is_put_off_and_brought_back(now_room: Room) -> None:
    room = now_room
    number, other = room.ticket("Broken lamp"), room.ticket("Something else")
    async with room.running() as pilot:
        await shows(pilot, "Broken lamp")
        assert "Snoozed" not in text_of(pilot)
        await pilot.press("G", "Z")
        await shows(pilot, f"Put #{number} off", "Snooze until the requester writes", "Remind me")
        await pilot.press(*"nonsense")
        await shows(pilot, "is not understood")
        await pilot.press("enter")
        await pilot.press("ctrl+u", *"3d")
        await shows(pilot, "Snooze until", "(in 3 days)")
        await pilot.press("enter")
        await until(pilot, lambda: "is snoozed until" in told(pilot))
        await shows(pilot, "×", "☾ 1")
        assert room.ask(ShowTicket(number)).snooze is not None
        await pilot.press("7")
        await shows(pilot, "Broken lamp", "Snoozed until", "· Ana")
        await pilot.press("enter")
        await until(pilot, lambda: in_ticket(pilot, number))
        await shows(pilot, "☾ snoozed until", "Ana Díaz")
        await pilot.press("Z")
        await shows(pilot, "Bring it back now")
        await pilot.press("enter")
        await until(pilot, lambda: room.ask(ShowTicket(number)).snooze is None)
        await until(pilot, lambda: f"#{number} is back." in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: room.ask(ShowTicket(number)).snooze is not None)
    assert room.ask(ShowTicket(other)).snooze is None


async def test_one_is_reminded_and_a_reminder_is_removed(now_room: Room) -> None:
    room = now_room
    number = room.ticket("Broken lamp")
    async with room.running() as pilot:
        await shows(pilot, "Broken lamp")
        await pilot.press("Z", *"3d", "down", "enter")
        await shows(pilot, "Reminder,", "Only you are told.")
        await pilot.press(*"Call", "enter")
        await until(pilot, lambda: "You will be reminded" in told(pilot))
        (made,) = room.ask(ListReminders(number))
        assert made.text == "Call"
        await pilot.press("Z")
        await shows(pilot, "Remove the reminder:", "Call")
        await pilot.press("up", "enter")  # it stands at the end
        await until(pilot, lambda: not room.ask(ListReminders(number)))
    assert room.ask(ShowTicket(number)).snooze is None


@pytest.mark.parametrize(("after", "place"), [(AfterWork.STAY, 2), (AfterWork.NEXT, 1), (AfterWork.BACK, 0)])
async def test_where_one_is_after_resolving_an_open_ticket(
    now_room: Room, after: AfterWork, place: int
) -> None:
    """The queue has the newest first: from ticket 2 the next one is ticket 1."""
    room = now_room
    numbers = [0, *(room.ticket(f"Lamp {index}") for index in (1, 2, 3))]
    room.ask(SaveOwnSettings(after=after))
    async with room.running() as pilot:
        await shows(pilot, "Lamp 3")
        await pilot.press("j", "enter")
        await until(pilot, lambda: in_ticket(pilot, numbers[2]))
        await pilot.press("s", *"resol", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(numbers[2])).status is TicketStatus.RESOLVED)
        if place:
            await until(pilot, lambda: in_ticket(pilot, numbers[place]))
        else:
            await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await until(pilot, lambda: "takes it back" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: room.ask(ShowTicket(numbers[2])).status is not TicketStatus.RESOLVED)


async def test_back_in_the_list_is_the_line_above(now_room: Room) -> None:
    room = now_room
    numbers = [room.ticket(f"Lamp {index}") for index in (1, 2, 3)]
    room.ask(SaveOwnSettings(after=AfterWork.BACK))
    room.ask(SnoozeTicket(numbers[0], utc_now() + timedelta(days=1)))
    room.ask(AddReminder(numbers[0], utc_now() + timedelta(days=1)))
    async with room.running() as pilot:
        await shows(pilot, "Lamp 3", "☾ 1")
        await pilot.press("j", "s", *"resol", "enter")
        await until(pilot, lambda: "Lamp 2" not in text_of(pilot))
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        await until(pilot, lambda: screen.table().current_key == numbers[2])


async def test_new_notifications_call_once_and_not_when_it_is_quiet(now_room: Room) -> None:
    room, sent = now_room, []
    number = room.ticket(f"Lamp {HOSTILE}")
    async with room.running() as pilot:
        attention = Attention(pilot.app, {"TERM": "xterm-kitty"}, sent.append)

        async def look() -> list[str]:
            sent.clear()
            await attention.look(len(room.ask(ListNotifications())))
            return list(sent)

        def mention() -> None:
            room.desk.ask(AddNote(number, f"@ana {HOSTILE}"), room.desk.ben)

        mention()
        assert await look() == ["\x1b]2;(1) tui-desk\x07"], "what was there at the start is no news"
        mention()
        title, call = await look()
        assert title == "\x1b]2;(2) tui-desk\x07"
        assert call.startswith(f"\x1b]9;tui-desk: #{number} Ben Otto mentions you")
        assert call.count("\x1b") == call.count("\x07") == 1
        assert await look() == []
        for silent in (
            SaveOwnSettings(silent=("mention",)),
            SaveOwnSettings(silent=(), quiet_weekends=True, quiet="00:00-23:59"),
            SaveOwnSettings(quiet="", quiet_weekends=False, signal=Signal.OFF),
        ):
            room.ask(silent)
            mention()
            # 23:59 is the one minute of the day that the span leaves out
            assert len(await look()) == 1 or utc_now().astimezone().strftime("%H:%M") == "23:59"
        room.ask(SaveOwnSettings(signal=Signal.BELL))
        mention()
        assert (await look())[1] == "\x07"
        mention()
        reading = asyncio.create_task(attention.look(len(room.ask(ListNotifications()))))
        await asyncio.sleep(0)
        reading.cancel()  # the next look at the desk's status takes its place
        await asyncio.gather(reading, return_exceptions=True)
        assert (await look())[-1] == "\x07"
        assert await look() == []
        room.ask(MarkRead(everything=True))
        assert await look() == ["\x1b]2;tui-desk\x07"]
        sent.clear()
        attention.leave()
        assert sent == ["\x1b]2;\x07"]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_ones_own_settings_are_a_form(now_room: Room, size: tuple[int, int]) -> None:
    room = now_room
    async with room.running(size) as pilot:
        await pilot.press("g", "f")
        await until(pilot, lambda: isinstance(pilot.app.screen, OwnSettingsScreen))
        await shows(pilot, "After the work", "stay here", "Signal", "Quiet from")
        await pilot.press("right", "tab", "tab", *"25-7")
        await shows(pilot, "is no span of the day")
        await pilot.press("ctrl+u", *"22-7", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
    own = room.ask(ShowOwnSettings())
    assert (own.after, own.quiet) == (AfterWork.NEXT, "22:00-07:00")
