"""The queue on a real desk: views, cursor, filter, live changes, actions, sizes."""

from __future__ import annotations

import pytest

from tests.screens.desk import HOSTILE, Room, fill, shows, text_of, told, until
from tui_desk.contracts.tickets import SetFields, ShowTicket, TakeTicket
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.screens.queue import QueueScreen
from tui_desk.screens.ticket import TicketScreen


async def test_the_newest_change_is_first_and_keys_move(room: Room) -> None:
    numbers = fill(room)
    async with room.running() as pilot:
        await shows(pilot, "Printer 12 prints", "3 Open 12")
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        await pilot.press("j", "j", "down")
        assert queue.ticket_number() == numbers[-4]
        await pilot.press("G")
        assert queue.ticket_number() == numbers[0]
        await pilot.press("g", "g")
        assert queue.ticket_number() == numbers[-1]
        await pilot.press("ctrl+d", "ctrl+u", "k")
        assert queue.ticket_number() == numbers[-1]


async def test_an_empty_view_teaches(room: Room) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Nothing is open. N writes down a call", "No mailbox yet")
        await pilot.press("1")
        await shows(pilot, "Nothing is assigned to you. 2 shows")


async def test_views_change_by_number_and_tab(room: Room) -> None:
    numbers = fill(room, 3)
    room.ask(TakeTicket(numbers[0]))
    async with room.running() as pilot:
        await shows(pilot, "1 Mine 1", "2 Unassigned 2", "3 Open 3")
        await pilot.press("1")
        await until(pilot, lambda: "Printer 2" not in text_of(pilot))
        await shows(pilot, "Printer 1 prints", "Queue › Mine")
        await pilot.press("tab")
        await shows(pilot, "Queue › Unassigned", "Printer 2 prints")


async def test_the_filter_narrows_as_one_types_and_esc_clears(room: Room) -> None:
    fill(room)
    room.ticket("Coffee machine leaks")
    async with room.running() as pilot:
        await shows(pilot, "Coffee machine", "Printer 12")
        await pilot.press("/", *"coffee")
        await until(pilot, lambda: "Printer 12" not in text_of(pilot) and "Coffee machine" in text_of(pilot))
        await pilot.press("enter")
        assert pilot.app.focused is pilot.app.screen.query_one("#tickets")
        await pilot.press("escape")
        await shows(pilot, "Printer 12", "Coffee machine")


async def test_nothing_fits_the_filter(room: Room) -> None:
    fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("/", *"zzqq")
        await shows(pilot, "Nothing in this view fits the filter.")


async def test_a_change_by_a_colleague_shows_by_itself_and_the_cursor_stays(room: Room) -> None:
    numbers = fill(room, 5)
    async with room.running() as pilot:
        await shows(pilot, "Printer 5")
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        await pilot.press("j")
        here = queue.ticket_number()
        assert here == numbers[3]
        room.ticket("Brand new")
        await shows(pilot, "Brand new", "3 Open 6")
        assert queue.ticket_number() == here


async def test_take_status_and_priority(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire", "● new")
        await pilot.press("I")
        await shows(pilot, "◐ open", "Ana")
        assert room.ask(ShowTicket(number)).assignee_login == "ana"
        await pilot.press("p")
        await shows(pilot, f"Priority of #{number}")
        await pilot.press(*"crit", "enter")
        await shows(pilot, "▲")
        assert room.ask(ShowTicket(number)).priority is Priority.CRITICAL
        await pilot.press("s", *"pend", "enter")
        await shows(pilot, "◌ pending")


async def test_a_ticket_that_leaves_the_view_is_told_and_no_other_one_is_hit(room: Room) -> None:
    numbers = fill(room, 3)
    async with room.running() as pilot:
        await shows(pilot, "Printer 3")
        room.ask(SetFields(numbers[2], status=TicketStatus.CLOSED))
        await until(pilot, lambda: f"#{numbers[2]} is no longer in this view." in told(pilot))
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        assert queue.ticket_number() == numbers[2]


async def test_the_command_line_does_the_same(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press(":", *"priority high", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(number)).priority is Priority.HIGH)
        await pilot.press(":", *"nonsense", "enter")
        await until(pilot, lambda: "not something one can do here" in told(pilot))
        await pilot.press(":", *str(number), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))


async def test_the_palette_finds_by_title_and_does_it(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("ctrl+p", *"take", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(number)).assignee_login == "ana")


async def test_what_cannot_be_done_says_why(room: Room) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Nothing is open")
        await pilot.press("r")
        assert told(pilot) == "There is no ticket here."
        await pilot.press("?")
        await pilot.press("ctrl+d")
        await shows(pilot, "Not now: There is no ticket here.")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_preview_comes_where_there_is_room(room: Room, size: tuple[int, int]) -> None:
    room.ticket()
    async with room.running(size) as pilot:
        await shows(pilot, "Printer on fire")
        if size[0] >= 100:
            await shows(pilot, "It burns.")
        else:
            assert "It burns." not in text_of(pilot)


@pytest.mark.parametrize("size", [(20, 5), (59, 24), (80, 15), (1, 1)])
async def test_a_terminal_too_small_is_told_and_nothing_is_lost(room: Room, size: tuple[int, int]) -> None:
    number = room.ticket()
    async with room.running(size) as pilot:
        if size[0] > 10:
            await shows(pilot, "60×16")
        await pilot.resize_terminal(80, 24)
        await shows(pilot, "Printer on fire", str(number))


async def test_hostile_text_is_shown_literally_and_runs_nothing(room: Room) -> None:
    room.ticket(HOSTILE, "Evil [/] \x1b[31m <evil@client.test>")
    for size in ((80, 24), (200, 50)):
        async with room.running(size) as pilot:
            await shows(pilot, "[/]")
            painted = text_of(pilot)
            assert not any(ord(char) < 32 and char != "\n" for char in painted)
            assert "\u202e" not in painted
            assert "\x9b" not in painted


async def test_q_asks_once_before_it_leaves(room: Room) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Nothing is open")
        await pilot.press("q")
        assert "q again" in told(pilot)
        assert pilot.app.is_running
        await pilot.press("q")
        await until(pilot, lambda: pilot.app._exit)
