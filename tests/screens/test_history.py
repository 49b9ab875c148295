"""Merging, splitting and taking back at the keyboard: what the dialogs show, and what the history does with a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.screens.desk import Room, shows, text_of, told, until
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.screens.dialogs import ConfirmDialog, PromptDialog
from tui_desk.screens.history import HistoryScreen
from tui_desk.screens.history_pane import HistoryPane
from tui_desk.screens.merge_dialog import MergeDialog
from tui_desk.screens.reader import ReaderDialog
from tui_desk.screens.split_dialog import SplitDialog
from tui_desk.screens.ticket import TicketScreen


def tickets(room: Room) -> tuple[int, int]:
    """Two of one requester; the second one is the first line of the queue."""
    return room.ticket(subject="Printer burns"), room.ticket(subject="Toner is out")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_ticket_is_merged_with_what_is_typed_or_picked(room: Room, size: tuple[int, int]) -> None:
    target, source = tickets(room)
    async with room.running(size) as pilot:
        pilot.app.push_screen(TicketScreen(source))
        await shows(pilot, "Toner is out")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MergeDialog))
        await shows(pilot, "Printer burns", f"#{source} goes into #{target}")
        await pilot.press("tab")
        await shows(pilot, f"#{target} goes into #{source}")
        await pilot.press("tab", *"4711")
        await shows(pilot, "There is no ticket #4711.")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, MergeDialog)
        await pilot.press(*["backspace"] * 4, *str(source))
        await shows(pilot, f"#{source} cannot be merged into itself.")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, MergeDialog)
        await pilot.press(*["backspace"] * len(str(source)), *str(target))
        await shows(pilot, f"#{source} goes into #{target}")
        await pilot.press("enter", "y")
        await shows(pilot, f"This was merged into #{target}")
        assert room.ask(ShowTicket(source)).merged_into == target
    assert room.ask(ShowTicket(source)).status is TicketStatus.CLOSED


async def test_the_time_of_what_happened_takes_no_more_room_than_it_needs(room: Room) -> None:
    number = room.ticket()
    app = room.app()
    app.options = replace(app.options, clock=lambda: room.desk.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.agent is not None)
        pilot.app.push_screen(TicketScreen(number))
        await shows(pilot, "Printer on fire")
        await pilot.press("3")
        await shows(pilot, "What happened")
        await until(pilot, lambda: pilot.app.screen.query_one(HistoryPane).current is not None)
        when, *_others = pilot.app.screen.query_one(HistoryPane).placed
        assert (when.column.id, when.width) == ("when", 5)
        pilot.app.screen.query_one(HistoryPane).events.clock = lambda: room.desk.now + timedelta(days=400)
        room.ask(SetFields(number, priority=Priority.HIGH))
        await until(pilot, lambda: pilot.app.screen.query_one(HistoryPane).placed[0].width == 16)


@pytest.mark.parametrize("typed", [False, True])
async def test_a_merge_says_by_name_what_goes_where_and_asks(room: Room, typed: bool) -> None:
    target, source = tickets(room)
    async with room.running() as pilot:
        await shows(pilot, "Toner is out")
        await pilot.press(*([":", *f"merge {target}", "enter"] if typed else ["m"]))
        if not typed:
            await shows(pilot, f"#{source} goes into #{target}")
            await pilot.press("enter")
        question = f"Merge #{source} into #{target}?"
        await shows(pilot, question, f"#{source} Toner is out · Otto", f"#{target} Printer burns · Otto")
        await pilot.press("enter")  # a second one does not merge
        await until(pilot, lambda: question not in text_of(pilot))
        assert room.ask(ShowTicket(source)).merged_into is None
        await pilot.press(":", *f"merge {target}", "enter")
        await shows(pilot, question)
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(source)).merged_into == target)


async def test_an_old_event_is_taken_back_after_asking(room: Room) -> None:
    number = room.ticket(subject="Printer burns")
    room.ask(SetFields(number, priority=Priority.HIGH))
    async with room.running() as pilot:
        pilot.app.push_screen(TicketScreen(number))
        await shows(pilot, "Printer burns")
        await pilot.press("3")
        pane = pilot.app.screen.query_one(HistoryPane)
        await until(pilot, lambda: pane.current is not None and pane.current.field == "priority")
        await pilot.press("u")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        assert room.ask(ShowTicket(number)).priority is Priority.HIGH
        await pilot.press("u")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: "undone" in told(pilot))
        assert room.ask(ShowTicket(number)).priority is Priority.NORMAL
        await until(pilot, lambda: pane.current is not None and "undid" not in pane.current.sentence)
        await pilot.press("G")
        await until(pilot, lambda: pane.current is not None and pane.current.action == "created")
        await pilot.press("u")
        await until(pilot, lambda: "cannot be undone" in told(pilot))


async def test_the_history_begins_with_what_happened_last(room: Room) -> None:
    number = room.ticket(subject="Printer burns")
    async with room.running() as pilot:
        pilot.app.push_screen(TicketScreen(number))
        await shows(pilot, "Printer burns")
        pane = pilot.app.screen.query_one(HistoryPane)
        await until(pilot, lambda: pane.events.total > 0)
        for priority in (Priority.HIGH, Priority.LOW):
            before = pane.events.total
            room.ask(SetFields(number, priority=priority))
            await until(pilot, lambda before=before: pane.events.total > before)
        await pilot.press("3")
        await until(pilot, lambda: pane.current is not None and "low" in pane.current.sentence)
        await pilot.press("j")  # who looks at another event stays there
        await until(pilot, lambda: pane.current is not None and "high" in pane.current.sentence)
        room.ask(SetFields(number, priority=Priority.CRITICAL))
        await until(pilot, lambda: pane.events.total > before + 1)
        await pilot.press("1", "3")
        await shows(pilot, "from low to critical")
        assert pane.current is not None
        assert "high" in pane.current.sentence


async def test_messages_are_marked_and_split_off(room: Room) -> None:
    target, source = tickets(room)
    room.ask(MergeTickets(target, (source,)))
    async with room.running() as pilot:
        pilot.app.push_screen(TicketScreen(target))
        await shows(pilot, "Printer burns")
        await pilot.press("S")
        await until(pilot, lambda: isinstance(pilot.app.screen, SplitDialog))
        await shows(pilot, "1 message goes.")
        await pilot.press("k", "x")
        await shows(pilot, "Something must stay")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, SplitDialog)
        await pilot.press("space")
        await shows(pilot, "1 message goes.")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PromptDialog))
        await pilot.press("end", "ctrl+u", *"Paper", "enter")
        await until(pilot, lambda: "1 message of" in told(pilot))
    assert len(room.ask(ShowTicket(target)).messages) == 1
    assert room.ask(ShowTicket(source + 1)).subject.endswith("Paper")


async def test_the_desk_and_its_things_have_histories(room: Room) -> None:
    number = room.ticket(subject="Printer burns")
    async with room.running() as pilot:
        await pilot.press("g", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        await shows(pilot, f"#{number}", "opened the ticket")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReaderDialog))
