"""Marks in the queue and what is done to all that is marked."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from tests.screens.desk import Room, add_mailbox, fill, shows, text_of, told, undo_for_long, until
from tui_desk.contracts.bulk import ChangeBulk
from tui_desk.contracts.conversation import ListOutbox
from tui_desk.contracts.macros import SaveCanned, SaveMacro
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.tasks import AddTask
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.core.errors import Unavailable
from tui_desk.screens.bulk_dialog import BulkDialog
from tui_desk.screens.bulk_reply import BulkReplyScreen
from tui_desk.screens.query_dialog import QueryDialog
from tui_desk.screens.queue import QueueScreen


def queue_of(pilot) -> QueueScreen:
    return next(one for one in pilot.app.screen_stack if isinstance(one, QueueScreen))


async def test_marks_by_key_range_and_query_survive_changes_and_say_what_is_not_shown(room: Room) -> None:
    numbers = fill(room, 6)
    async with room.running() as pilot:
        await shows(pilot, "Printer 6")
        queue = queue_of(pilot)
        await pilot.press("x", "x")
        await shows(pilot, "› 2 marked", f"*    {numbers[5]} ● new")
        assert queue.marked == (numbers[5], numbers[4])
        await pilot.press("k", "x")
        assert queue.marked == (numbers[5],), "the same key takes it away"
        await pilot.press("V", "j", "j")
        await shows(pilot, "A range begins here")
        await pilot.press("V")
        await until(pilot, lambda: "A range begins here" not in told(pilot), 60)
        assert set(queue.marked) == {numbers[5], *numbers[1:4]}
        await pilot.press("1")
        await shows(pilot, "› 4 marked, 4 not shown here › Queue › Mine")
        await pilot.press("*")
        await shows(pilot, "4 marked › Queue › Only the marked", "Printer 6", "Printer 2")
        assert "Printer 5" not in text_of(pilot)
        await pilot.press("escape")
        await shows(pilot, "not shown here")
        await pilot.press("3")
        room.ask(SetFields(numbers[3], status=TicketStatus.RESOLVED))
        await shows(pilot, "4 marked, 1 not shown here")
        room.ask(MergeTickets(numbers[0], (numbers[1],)))
        await shows(
            pilot, f"A marked ticket is gone, and so is its mark: #{numbers[1]} (merged into #{numbers[0]})"
        )
        await shows(pilot, "3 marked, 1 not shown here")
        await pilot.press("escape")
        await until(pilot, lambda: queue.marked == ())
        await pilot.press("X")
        await shows(pilot, "› 3 marked")
        await pilot.press("escape", "/", *"printer", "enter")
        await pilot.press("M", *"priority:critical", "enter")
        await shows(pilot, "› 1 marked")
        await pilot.press("M", "enter")
        await until(pilot, lambda: len(queue.marked) == 4)
        await pilot.press("escape")
        assert queue.query_text == "printer", "first the marks go"
        await pilot.press("M", *"stauts:open", "enter")
        await shows(pilot, "! stauts:open: “stauts” is no field")
        assert isinstance(pilot.app.screen, QueryDialog)
        await pilot.press(*["backspace"] * len("stauts:open"), *"prio", "tab")
        await shows(pilot, "Tab: low  normal  high  critical")
        await pilot.press(*"cr", "tab", "enter")
        await shows(pilot, "› 1 marked")
        await pilot.press("escape")
        await until(pilot, lambda: queue.marked == ())
        await pilot.press("M", "x", "escape")
        await until(pilot, lambda: pilot.app.screen is queue)
        assert queue.marked == ()


async def test_a_change_of_all_that_is_marked_is_shown_first_and_undone_at_once(room: Room) -> None:
    numbers = fill(room, 4)
    room.ask(AddTask(numbers[2], "Order toner"))
    async with room.running() as pilot:
        await shows(pilot, "Printer 4")
        await pilot.press("x", "x", "x", "s", *"resol", "enter")
        await shows(
            pilot,
            "Status of 3 marked tickets: resolved",
            "2 change · 1 cannot",
            "Order toner",
            "y Change 2 tickets",
        )
        await pilot.press("enter", "n")
        await shows(pilot, "Nothing was changed.")
        assert room.ask(ShowTicket(numbers[3])).status is TicketStatus.NEW
        await pilot.press("s", *"resol", "enter")
        await shows(pilot, "d Give a reason")
        await pilot.press("d")
        await shows(pilot, "Why go on all the same?")
        await pilot.press(*"fair", "enter")
        await shows(pilot, "3 change", "y Change 3 tickets")
        await pilot.press("y")
        await shows(pilot, "3 tickets changed", "u takes all of it back", "3 Open 1")
        assert [room.ask(ShowTicket(one)).status.value for one in numbers[1:]] == ["resolved"] * 3
        assert queue_of(pilot).marked == ()
        await pilot.press("u")
        await shows(pilot, "Undone in 3 tickets", "3 Open 4")
        await pilot.press("X", "#", *"vpn", "enter")
        await shows(pilot, "3 change", "vpn")
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(numbers[3])).tags == ("vpn",))


async def test_a_macro_for_many_shows_what_each_of_them_will_read(room: Room) -> None:
    add_mailbox(room)
    fill(room, 3)
    reply = (
        "Hello {requester.name},\n" + "\n".join(f"line {at}" for at in range(30)) + "\nBye {requester.name}"
    )
    room.desk.ask(SaveMacro(None, "Ask", {"priority": "low"}, reply=reply, send=True), room.desk.root)
    async with room.running() as pilot:
        await shows(pilot, "Printer 3")
        await pilot.press("x", "x", "x", ";", *"ask", "enter")
        await shows(pilot, "3 change", "• sends a reply: Hello Person 3", "• sets priority: low", "To: p3@")
        await pilot.press("j")
        await shows(pilot, "• sends a reply: Hello Person 2", "To: p2@")
        assert "Bye Person 2" not in text_of(pilot)
        await pilot.press(*["pagedown"] * 8)
        await shows(pilot, "Bye Person 2")
        await pilot.press("k")
        await shows(pilot, "To: p3@")
        await pilot.press("n")
        await shows(pilot, "Nothing was changed.")


async def test_what_changed_meanwhile_is_told_and_stays_marked(room: Room) -> None:
    numbers = fill(room, 3)
    async with room.running() as pilot:
        await shows(pilot, "Printer 3")
        await pilot.press("x", "x", "a")
        await shows(pilot, "Assign 2 marked tickets to", "nobody")
        assert "• nobody" not in text_of(pilot), "many have no one value: none is shown as theirs"
        await pilot.press("escape", "p", *"low", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BulkDialog))
        await shows(pilot, "y Change")
        room.ask(SetFields(numbers[2], priority=Priority.HIGH))
        await pilot.press("y")
        await shows(pilot, "changed meanwhile", "What was left alone stays marked.")
        await pilot.press("escape")
        await shows(pilot, "1 ticket changed · 1 left alone", "› 1 marked")
        assert queue_of(pilot).marked == (numbers[2],)


async def test_what_was_done_to_many_is_told_though_the_one_under_the_cursor_left_the_view(
    room: Room,
) -> None:
    numbers = fill(room, 3)
    async with room.running() as pilot:
        await shows(pilot, "Printer 3")
        await pilot.press("x", "x", "k", "s", *"resol", "enter")
        await shows(pilot, "Status of 2 marked tickets")
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(numbers[2])).status is TicketStatus.RESOLVED)
        await shows(pilot, "×", "3 Open 1")
        queue = queue_of(pilot)
        await until(pilot, lambda: not queue.is_renewing())
        await queue.workers.wait_for_complete()
        assert told(pilot) == "2 tickets changed u takes all of it back"


async def test_merge_and_spam_of_all_that_is_marked(room: Room) -> None:
    numbers = fill(room, 4)
    async with room.running() as pilot:
        await shows(pilot, "Printer 4")
        await pilot.press("x", "x", "m")
        await shows(pilot, "Merge 2 marked tickets into", f"#{numbers[2]}")
        await pilot.press("enter")
        await shows(pilot, f"goes into #{numbers[2]} and is closed", "the others go into this one")
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(numbers[3])).merged_into == numbers[2])
        await shows(pilot, "u takes all of it back")
        await pilot.press("u")
        await shows(pilot, "Undone in 1 ticket")
        await pilot.press("G", "x", "!")
        await shows(pilot, "Mark 1 marked ticket as spam")
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(numbers[0])).spam)


async def test_one_text_for_all_that_are_marked(room: Room) -> None:
    add_mailbox(room)
    undo_for_long(room)
    numbers = fill(room, 3)
    async with room.running((120, 40)) as pilot:
        await shows(pilot, "Printer 3")
        await pilot.press("x", "x", "r")
        await until(pilot, lambda: isinstance(pilot.app.screen, BulkReplyScreen))
        await shows(pilot, "To the requesters of 2 marked tickets", "{requester.first_name}")
        area = pilot.app.screen.query_one(TextArea)
        area.text = "Dear {requester.name},\n{ticket.nmae} is done."
        await shows(pilot, "Line 2, column 1: {ticket.nmae}")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Nothing was sent." in told(pilot))
        assert area.cursor_location == (1, 0)
        area.text = "Dear {requester.name},\n{ticket.subject} is done."
        await until(pilot, lambda: "Nothing was sent." not in told(pilot))
        await pilot.press("escape")
        await shows(pilot, "The text is kept: r brings it back.")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, BulkReplyScreen))
        assert "is done." in pilot.app.screen.query_one(TextArea).text
        await pilot.press("ctrl+x")
        await shows(pilot, "y Send 2 mails", "To: p", "Dear Person 3,", "never called back")
        await pilot.press("j")
        await shows(pilot, "Dear Person 2,", "Printer 2 prints stripes is done.")
        await pilot.press("y")
        await shows(pilot, "2 mails written. They leave in", "u stops all of them")
        assert len(room.ask(ListOutbox())) == 2
        assert room.ask(ShowTicket(numbers[2])).status is TicketStatus.RESOLVED
        await pilot.press("u")
        await shows(pilot, "Undone in 2 tickets")
        assert room.ask(ListOutbox()) == ()
        assert room.ask(ShowTicket(numbers[2])).status is TicketStatus.NEW


async def test_a_text_for_many_takes_canned_replies(room: Room) -> None:
    add_mailbox(room)
    fill(room, 2)
    room.desk.ask(
        SaveCanned(None, "Password", "Hello {requester.name}, a new one is set.", "pw"), room.desk.root
    )
    async with room.running((120, 40)) as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("x", "x", "r")
        await until(pilot, lambda: isinstance(pilot.app.screen, BulkReplyScreen))
        area = pilot.app.screen.query_one(TextArea)
        area.insert(";pw")  # Tab comes before the desk was asked
        await pilot.press("tab")
        await until(pilot, lambda: area.text == "Hello {requester.name}, a new one is set.")
        await pilot.press("enter", "ctrl+n")
        await shows(pilot, "Put in a canned reply", "As in #2:", "Hello Person 2, a new one is set.")
        await pilot.press(*"pass", "enter")
        await until(pilot, lambda: area.text.count("a new one is set.") == 2)
        await pilot.press("enter", *";wp", "tab")
        await until(pilot, lambda: "could be completed" in told(pilot))
        assert area.has_focus
        await pilot.press("ctrl+s")
        await shows(pilot, ";wp stands in the text as it is", "Hello Person 2, a new one is set.")


async def test_an_attempt_that_broke_down_is_gone_on_with_and_nobody_gets_it_twice(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_desk.services import bulk

    def gone(*_values: object) -> str:
        raise Unavailable("The connection is lost.")

    add_mailbox(room)
    undo_for_long(room)
    fill(room, 2)
    async with room.running((120, 40)) as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("x", "x", "r")
        await until(pilot, lambda: isinstance(pilot.app.screen, BulkReplyScreen))
        pilot.app.screen.query_one(TextArea).text = "It is done."
        await pilot.press("ctrl+s")
        await shows(pilot, "y Send 2 mails")
        with monkeypatch.context() as broken:
            broken.setattr(bulk, "told", gone)
            await pilot.press("y")
            await shows(pilot, "The connection is lost.")
        assert len(room.ask(ListOutbox())) == 2
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BulkReplyScreen))
        assert "Nothing was sent" not in told(pilot)
        await pilot.press("escape")  # also out of the screen, and back by r: it is the same deed still
        await until(pilot, lambda: not isinstance(pilot.app.screen, BulkReplyScreen))
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, BulkReplyScreen))
        assert pilot.app.screen.query_one(TextArea).text == "It is done."
        await pilot.press("ctrl+s")
        await shows(pilot, "y Send 2 mails")
        await pilot.press("y")
        await shows(pilot, "2 were done before")
        assert len(room.ask(ListOutbox())) == 2


async def test_a_reader_marks_but_changes_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(room, 2)
    room.gateway.actor = room.desk.rita
    asked: list[object] = []
    monkeypatch.setattr(ChangeBulk, "__post_init__", lambda self: asked.append(self), raising=False)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("x", "s")
        await shows(pilot, "Your role may read here")
        assert asked == []
