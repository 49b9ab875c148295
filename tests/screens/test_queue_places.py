"""Where the cursor of the queue is when one comes back: the next key must be meant for the ticket one has just seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.screens.desk import Room, shows, text_of, told, until
from tui_desk.contracts.desk import SaveAgent, SaveTeam
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.contracts.views import SaveView
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.screens.filter_line import FilterLine
from tui_desk.screens.lists import ScreenTable
from tui_desk.screens.lost_place import place_of, take_up
from tui_desk.screens.queue import QueueScreen
from tui_desk.screens.ticket import TicketScreen
from tui_desk.widgets.virtual_table import VirtualTable


def in_ticket(pilot, number: int) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, TicketScreen) and screen.number == number and screen.ticket is not None


def stands_on(pilot, number: int) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, QueueScreen) and screen.table().current_key == number


def row_is_stale(pilot) -> bool:
    row = pilot.app.screen.table().current_row
    return row is None or row.stale


@pytest.fixture
def lamps(room: Room) -> list[int]:
    """Tickets, the newest last; the first is the most urgent one."""
    room.desk.now = utc_now() - timedelta(minutes=30)
    first = room.ticket("Lamp 0", priority=Priority.CRITICAL)
    return [first, *(room.ticket(f"Lamp {index}") for index in range(1, 9))]


async def test_the_cursor_goes_to_the_ticket_that_was_brought(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("enter")
        await until(pilot, lambda: in_ticket(pilot, lamps[8]))
        await pilot.press(">")
        await until(pilot, lambda: in_ticket(pilot, lamps[0]))
        await pilot.press("q")
        await until(pilot, lambda: stands_on(pilot, lamps[0]))


async def test_the_cursor_goes_to_the_ticket_that_was_named(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press(":", *str(lamps[3]), "enter")
        await until(pilot, lambda: in_ticket(pilot, lamps[3]))
        await pilot.press("q")
        await until(pilot, lambda: stands_on(pilot, lamps[3]))
        await pilot.press("enter")
        await until(pilot, lambda: in_ticket(pilot, lamps[3]))


async def test_a_ticket_far_down_the_list_is_found(room: Room) -> None:
    """More rows than are held; keys typed behind q are about the ticket that was left."""
    deep = room.ticket("Deep one")
    for index in range(400):
        room.ticket(f"Lamp {index}")
    async with room.running() as pilot:
        await shows(pilot, "Lamp 399")
        await pilot.press(":", *str(deep), "enter")
        await until(pilot, lambda: in_ticket(pilot, deep))
        await pilot.press("q", "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen) and pilot.app.screen.marked)
        assert pilot.app.screen.marked == (deep,)


async def test_a_ticket_of_another_view_is_told(room: Room, lamps: list[int]) -> None:
    room.desk.ask(SetFields(lamps[2], status=TicketStatus.CLOSED))
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("j", ":", *str(lamps[2]), "enter")
        await until(pilot, lambda: in_ticket(pilot, lamps[2]))
        await pilot.press("q")
        await until(pilot, lambda: f"#{lamps[2]} is not in this view." in told(pilot))
        assert stands_on(pilot, lamps[7])
        await pilot.press("6")
        await until(pilot, lambda: "is not in this view" not in told(pilot))


async def test_each_view_keeps_its_place(room: Room, lamps: list[int]) -> None:
    room.ask(SetFields(lamps[1], assignee="ana"))
    room.ask(SetFields(lamps[2], assignee="ana"))
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await until(pilot, lambda: stands_on(pilot, lamps[2]))  # what was changed last is first
        await pilot.press("j", "j", "j")
        await until(pilot, lambda: stands_on(pilot, lamps[7]))
        await pilot.press("1", "j")
        await until(pilot, lambda: stands_on(pilot, lamps[1]))
        await pilot.press("3")
        await until(pilot, lambda: stands_on(pilot, lamps[7]))
        await pilot.press("1")
        await until(pilot, lambda: stands_on(pilot, lamps[1]))


async def test_the_marked_ones_are_a_look_aside(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("x", "x", "j", "j")
        await until(pilot, lambda: stands_on(pilot, lamps[4]))
        await pilot.press("*")
        await until(pilot, lambda: pilot.app.screen.table().current_key in (lamps[8], lamps[7]))
        await pilot.press("*")
        await until(pilot, lambda: stands_on(pilot, lamps[4]))


async def test_a_filter_taken_away_leaves_the_cursor_on_its_ticket(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("j", "j")
        await pilot.press("/", *"lamp 3")
        await until(pilot, lambda: stands_on(pilot, lamps[3]))
        await pilot.press("escape")  # in the line: one has changed one's mind
        await until(pilot, lambda: stands_on(pilot, lamps[6]))
        await pilot.press("/", *"lamp 3", "enter")
        await until(pilot, lambda: stands_on(pilot, lamps[3]))
        await pilot.press("escape")  # in the list: one stands on what was found
        await shows(pilot, "Lamp 8")
        await until(pilot, lambda: stands_on(pilot, lamps[3]))


async def test_typing_begins_a_new_filter_and_an_arrow_goes_on_with_the_old_one(
    room: Room, lamps: list[int]
) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("/", *"lamp", "enter", "x", "escape")
        field = pilot.app.screen.query_one(FilterLine)
        await until(pilot, lambda: isinstance(pilot.app.screen.focused, ScreenTable))
        assert field.value == "lamp"
        await pilot.press("/", *"burns")
        await until(pilot, lambda: field.value == "burns")
        await pilot.press("enter", "/", "end", *" 4")
        await until(pilot, lambda: field.value == "burns 4")


async def test_the_title_says_how_many_were_found(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        assert "hit" not in text_of(pilot)
        await pilot.press("/", *"lamp", "enter")
        await shows(pilot, "Open › 9 hits")
        await pilot.press("/", *'"lamp 3"', "enter")
        await shows(pilot, "Open › 1 hit ")
        await pilot.press("1")
        await shows(pilot, "Mine › 0 hits")
        await pilot.press("3", "escape")
        await until(pilot, lambda: "hit" not in text_of(pilot))


async def test_the_page_of_keys_says_what_the_signs_mean(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("?", *"answered")
        await shows(pilot, "Signs", "←", "The requester has answered")
        await pilot.press(*["backspace"] * len("answered"), *"critical")
        await shows(pilot, "▲!", "Priority: critical")


async def test_a_bare_number_finds_the_ticket_of_that_number(room: Room, lamps: list[int]) -> None:
    room.ticket(f"Lamps like {lamps[2]}")
    room.ask(SetFields(lamps[2], priority=Priority.HIGH))
    room.ticket(f"Another {lamps[2]}")
    async with room.running() as pilot:
        await shows(pilot, "Another")
        await pilot.press("/", *str(lamps[2]))
        await shows(pilot, f":{lamps[2]} Enter opens #{lamps[2]}.")
        await until(pilot, lambda: stands_on(pilot, lamps[2]))


async def test_the_last_digits_are_my_teams_and_what_is_overdue(room: Room, lamps: list[int]) -> None:
    room.desk.ask(SaveTeam("Light"), room.desk.root)
    room.desk.ask(SaveAgent("ana", teams=("Light",)), room.desk.root)
    room.ask(SetFields(lamps[5], team="Light"))
    async with room.running((200, 50)) as pilot:
        await shows(pilot, "Lamp 8", "8 My teams 1")
        assert "Overdue" not in text_of(pilot)  # nothing is
        await pilot.press("8")
        await until(pilot, lambda: stands_on(pilot, lamps[5]))
        await pilot.press("9")
        await shows(pilot, "9 Overdue", "Nothing is overdue")


async def test_what_the_list_before_has_read_does_not_take_the_way_back(room: Room, lamps: list[int]) -> None:
    """After a lost connection the place is taken up while the first rows may still be on their way."""
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        queue.come_back("all", "lamp", "created", lamps[2])
        queue.post_message(VirtualTable.RowsRefreshed(queue.table(), None))
        await until(pilot, lambda: stands_on(pilot, lamps[2]))


async def test_rows_of_the_list_before_that_are_told_late_do_not_either(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        await pilot.press("j", "j")
        await until(pilot, lambda: stands_on(pilot, lamps[6]))
        place = queue.place_now()
        await pilot.press("k", "k")
        await until(pilot, lambda: stands_on(pilot, lamps[8]))
        queue.list_from(place)
        queue.on_virtual_table_rows_refreshed(VirtualTable.RowsRefreshed(queue.table(), None))
        await until(pilot, lambda: stands_on(pilot, lamps[6]))


async def test_what_is_taken_back_is_under_the_cursor_again(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("j", "j", "j", "s", *"clos", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(lamps[5])).status is TicketStatus.CLOSED)
        await pilot.press("j", "j")
        await until(pilot, lambda: stands_on(pilot, lamps[3]))
        await until(pilot, lambda: "Lamp 5" not in text_of(pilot))
        await pilot.press("u")
        await until(pilot, lambda: stands_on(pilot, lamps[5]) and not row_is_stale(pilot))
        await until(pilot, lambda: "is not in this view" not in told(pilot))


async def test_many_taken_back_leave_the_cursor_on_the_first_of_them(room: Room, lamps: list[int]) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("j", "x", "x", "s", *"clos", "enter")
        await shows(pilot, "Status of 2 marked tickets")
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(lamps[6])).status is TicketStatus.CLOSED)
        await pilot.press("G")
        await until(pilot, lambda: stands_on(pilot, lamps[0]))
        await pilot.press("u")
        await until(pilot, lambda: stands_on(pilot, lamps[7]) and not row_is_stale(pilot))


async def test_the_next_ticket_is_the_one_behind_that_which_was_brought(room: Room, lamps: list[int]) -> None:
    """Not the one behind the line on which the list was left."""
    room.ask(
        SetFields(lamps[4], priority=Priority.CRITICAL)
    )  # first in the list now, and the most urgent but one
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await until(pilot, lambda: stands_on(pilot, lamps[4]))
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: in_ticket(pilot, lamps[7]))
        await pilot.press(">")
        await until(pilot, lambda: in_ticket(pilot, lamps[0]) or in_ticket(pilot, lamps[4]))
        brought = pilot.app.screen.number
        order = [lamps[4], *lamps[8:4:-1], *lamps[3::-1]]
        step, beside = ("]", 1) if brought == lamps[4] else ("[", -1)
        await pilot.press(step)
        await until(pilot, lambda: in_ticket(pilot, order[order.index(brought) + beside]))


async def test_behind_a_ticket_that_the_list_has_not_the_list_goes_on_where_it_stood(
    room: Room, lamps: list[int]
) -> None:
    room.ask(SetFields(lamps[2], assignee="ana"))
    room.ask(SetFields(lamps[3], assignee="ana"))
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("1")
        await until(pilot, lambda: stands_on(pilot, lamps[3]))
        await pilot.press(">")
        await until(pilot, lambda: in_ticket(pilot, lamps[0]))  # nobody's
        await pilot.press("]")
        await until(pilot, lambda: in_ticket(pilot, lamps[2]))
        sentence = f"#{lamps[0]} is not in the list you came from: it goes on from #{lamps[3]}."
        await until(pilot, lambda: sentence in told(pilot))


async def test_a_saved_view_goes_by_its_name_again_after_a_lost_connection(
    room: Room, lamps: list[int]
) -> None:
    view = room.ask(SaveView(None, "All lamps", "lamp")).view
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        await pilot.press("v", *"lamps", "enter")
        await shows(pilot, "Queue › All lamps")
        place = place_of(pilot.app)
        assert place is not None
        assert place.saved == view.id
    async with room.running() as pilot:
        await shows(pilot, "Lamp 8")
        take_up(pilot.app.screen, place, at_once=True)
        await shows(pilot, "Queue › All lamps › 9 hits")
