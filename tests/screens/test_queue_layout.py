"""The queue in the agent's own columns and groups, and what it says when the row under the cursor moves."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.screens.desk import Room, fill, shows, text_of, told, until
from tui_desk.contracts.queue_layout import ShowQueueLayout
from tui_desk.contracts.tickets import SetFields, TakeTicket
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.screens.columns_dialog import ColumnsDialog
from tui_desk.screens.queue import QueueScreen


def _queue(pilot: Pilot[None]) -> QueueScreen:
    screen = pilot.app.screen
    assert isinstance(screen, QueueScreen)
    return screen


def _header(pilot: Pilot[None]) -> str:
    return next((line for line in text_of(pilot).splitlines() if " # " in line), "")


async def test_columns_are_chosen_ordered_and_sized_and_stay_so(room: Room) -> None:
    fill(room)
    async with room.running() as pilot:
        await shows(pilot, "Printer 12", "Requester")
        await pilot.press("=")
        await until(pilot, lambda: isinstance(pilot.app.screen, ColumnsDialog))
        await shows(pilot, "Columns and groups of the queue", "[x] Who is there", "no room here")
        await pilot.press(*"jjjjj", "space")  # the subject is always shown
        await pilot.press("j", "space")  # requester away
        await pilot.press("j", "j", "K", "+", "+")  # assignee before priority, and wider
        await shows(pilot, "[ ] Requester", "your width", "[x] Subject")
        await pilot.press("enter")
        await until(pilot, lambda: "Requester" not in _header(pilot))
        await until(pilot, lambda: room.gateway.ask_now(ShowQueueLayout()).columns)
        assert "Priority" in _header(pilot)  # there is room for it now
        assert _header(pilot).index("Assignee") < _header(pilot).index("Priority")
        await pilot.press("=", "r", "escape")  # left as it was
        await pilot.press(":", *"columns colour", "enter")
        await shows(pilot, "There is no column “colour”.")
        await pilot.press("escape", "escape")
    async with room.running((200, 50)) as pilot:  # another terminal
        await shows(pilot, "Printer 12")
        await until(pilot, lambda: "Assignee" in _header(pilot) and "Requester" not in _header(pilot))
        await pilot.press(":", *"columns team,subject:20", "enter")
        await until(pilot, lambda: _header(pilot).split()[:3] == ["#", "Team", "Subject"])
        await pilot.press(":", *"columns reset", "enter")
        await until(pilot, lambda: "Requester" in _header(pilot))
    assert room.gateway.ask_now(ShowQueueLayout()).columns == ()


async def test_groups_have_headings_that_the_cursor_passes_over(room: Room) -> None:
    numbers = fill(room, 6)
    room.ask(TakeTicket(numbers[0]))
    async with room.running() as pilot:
        await shows(pilot, "Printer 6")
        await pilot.press(":", *"group status", "enter")
        await shows(pilot, "last change first › by status", "── ● new", "── ◐ open", "Grouped by: status.")
        queue = _queue(pilot)
        assert queue.ticket_number() == numbers[0]  # where the cursor stood, wherever its row went
        await pilot.press("g", "g")
        visited = [queue.ticket_number()]
        for _each in range(5):
            await pilot.press("j")
            visited.append(queue.ticket_number())
        assert visited == [*reversed(numbers[1:]), numbers[0]]
        await pilot.press("k")
        assert queue.ticket_number() == numbers[1]
        await pilot.press("g", "g")
        assert queue.ticket_number() == numbers[-1]
        assert "── ● new" in text_of(pilot)
        assert queue.neighbour(1) == numbers[-2]
        await pilot.press("V", "G", "V")  # a range holds tickets, no headings
        assert set(queue.marked) == set(numbers[:-1])
        await pilot.press(":", *"group priority", "enter")
        await shows(pilot, "── ▲ critical", "── △ high", "── ▽ low", "▲!")
        await pilot.press(":", *"group none", "enter")
        await until(pilot, lambda: "──" not in text_of(pilot))
        assert room.gateway.ask_now(ShowQueueLayout()).group == ""
        await pilot.press(":", *"group colour", "enter")
        await shows(pilot, "colour")


async def test_headings_say_how_many_are_in_their_groups(room: Room) -> None:
    numbers = fill(room, 6)
    room.ask(TakeTicket(numbers[0]))
    async with room.running() as pilot:
        await shows(pilot, "Printer 6")
        await pilot.press(":", *"group status", "enter")
        await shows(pilot, "── ● new · 5 ", "── ◐ open · 1 ")
        room.ask(TakeTicket(numbers[1]))  # elsewhere
        await shows(pilot, "── ● new · 4 ", "── ◐ open · 2 ")
        await pilot.press("1")
        await shows(pilot, "── ◐ open · 2 ")
        await until(pilot, lambda: "new ·" not in text_of(pilot))
        await pilot.press("/", *'"printer 1"', "enter")
        await shows(pilot, "── ◐ open · 1 ")
        await pilot.press("escape", "3", "g", "g", "x", "x", "*")
        await shows(pilot, "── ● new · 2 ")


async def test_a_row_that_moves_under_the_cursor_is_told(room: Room) -> None:
    numbers = fill(room, 5)
    async with room.running() as pilot:
        await shows(pilot, "Printer 5")
        queue = _queue(pilot)
        await pilot.press("j", "j")
        here = queue.ticket_number()
        assert here == numbers[2]
        room.ticket("Brand new")  # above it
        await until(
            pilot, lambda: told(pilot) == f"The list went down a line; the cursor is still on #{here}."
        )
        assert queue.ticket_number() == here
        await pilot.press(":", *"group status", "enter")
        await shows(pilot, "by status")
        under = queue.ticket_number()
        await pilot.press("escape")
        room.ask(SetFields(under, status=TicketStatus.PENDING))
        await until(pilot, lambda: f"#{under} changed: it stands under “◌ pending” now." in told(pilot))
        assert queue.ticket_number() == under
        room.ask(SetFields(under, status=TicketStatus.CLOSED))
        await until(pilot, lambda: f"#{under} is no longer in this view." in told(pilot))
        await pilot.press("I")
        assert queue.ticket_number() == under  # and no other one was hit


async def test_who_answered_and_how_urgent_it_is_show_without_colour(room: Room) -> None:
    number = room.ticket("Paper jam")
    room.ask(SetFields(number, status=TicketStatus.OPEN, priority=Priority.CRITICAL))
    async with room.running() as pilot:
        await shows(pilot, "▲! ←  Paper jam")


async def test_the_order_of_the_list_is_told_by_a_mark_and_its_time_is_shown(room: Room) -> None:
    fill(room, 4)
    async with room.running() as pilot:
        await shows(pilot, "Printer 4", "last change first")
        await until(pilot, lambda: "Changed▾" in _header(pilot))
        assert "Age" not in _header(pilot)  # what little room there is, is for the time that rows go by
        await pilot.press(":", *"sort created", "enter")
        await until(pilot, lambda: "Age▾" in _header(pilot))
        assert "▾" not in _header(pilot).replace("Age▾", "")
        await pilot.press(":", *"sort priority", "enter")
        await until(pilot, lambda: "!▾" in _header(pilot))
    async with room.running((200, 50)) as pilot:
        await until(pilot, lambda: "Changed▾" in _header(pilot) and "Age" in _header(pilot))
