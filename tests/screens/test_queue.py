"""The queue on a real desk: views, cursor, filter, live changes, actions, sizes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from textual.widgets import Input, OptionList

from tests.screens.desk import HOSTILE, Room, add_mailbox, fill, shows, text_of, told, undo_for_long, until
from tui_desk.app import DeskApp
from tui_desk.contracts.conversation import OpenCompose
from tui_desk.contracts.tickets import SetFields, ShowTicket, TakeTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DraftKind, Priority, TicketStatus
from tui_desk.screens.command_line import CommandDialog
from tui_desk.screens.message_line import UNDO_SECONDS, MessageLine
from tui_desk.screens.palette import PaletteScreen
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
        await shows(pilot, "Nothing is open. N writes down a call", "No mailbox yet", "g m adds a mailbox")
        assert "mail arrives by itself" not in text_of(pilot)
        await pilot.press("1")
        await shows(pilot, "Nothing is assigned to you. 2 shows")


async def test_an_empty_view_names_the_keys_of_now(room: Room) -> None:
    add_mailbox(room)
    async with room.running() as pilot:
        await shows(pilot, "N writes down a call or a visit; mail arrives by itself.")
        assert isinstance(pilot.app, DeskApp)
        pilot.app.use_preset("vim")
        await pilot.press("g", "1")
        await shows(pilot, "Nothing is assigned to you. g 2 shows")


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
        await shows(pilot, "Enter Keep  Tab Complete  Esc Clear")
        await pilot.press("enter")
        await until(pilot, lambda: "Enter Keep" not in text_of(pilot))
        assert pilot.app.focused is pilot.app.screen.query_one("#tickets")
        await pilot.press("escape")
        await shows(pilot, "Printer 12", "Coffee machine")


async def test_nothing_fits_the_filter(room: Room) -> None:
    fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("/", *"zzqq")
        await shows(pilot, "Nothing in this view fits the filter.")


async def test_a_word_the_filter_does_not_know_is_named_with_what_it_knows(room: Room) -> None:
    fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("/", *"status:")
        await shows(pilot, "Tab: new  open  pending  on_hold  resolved  closed")
        await pilot.press("o")
        await shows(pilot, "Tab: open  on_hold")
        await pilot.press("x", "enter")
        await shows(pilot, "! status:ox: “ox” is no status. The list stays as it was.", "Printer 2")
        await pilot.press("escape")
        await until(pilot, lambda: "is no status" not in text_of(pilot))
        await pilot.press(":", *"filter stauts:open", "enter")
        await shows(pilot, "! stauts:open: “stauts” is no field")
        assert isinstance(pilot.app.screen, CommandDialog)  # nothing was done
        await pilot.press(*["backspace"] * len("stauts:open"), *"prio", "tab")
        await shows(pilot, "filter priority:", "Tab: low  normal  high  critical")
        await pilot.press("tab", "tab")
        await shows(pilot, "filter priority:normal")
        await pilot.press(*",hi", "tab", "enter")
        await shows(pilot, "priority:normal,high", "Printer 2")
        await until(pilot, lambda: "Printer 1" not in text_of(pilot) or "hit" in text_of(pilot))


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


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_ticket_that_left_the_view_is_shown_as_it_is(room: Room, size: tuple[int, int]) -> None:
    """Its row stays under the cursor; the row, what is offered for it and the preview go by what holds now."""
    number = fill(room, 3)[1]
    async with room.running(size) as pilot:
        await shows(pilot, "Printer 2 ")
        await pilot.press("2", "j")
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        await until(pilot, lambda: queue.ticket_number() == number)
        await pilot.press("I")
        await until(pilot, lambda: "◐ open" in _line_with(pilot, "×") and "ana" in _line_with(pilot, "×"))
        await pilot.press("s")
        await shows(pilot, f"Status of #{number}")
        await until(pilot, lambda: "◐ open" in _line_with(pilot, "•"))
        await pilot.press("escape", "a")
        await shows(pilot, f"Assign #{number} to")
        await until(pilot, lambda: "Ana" in _line_with(pilot, "•"))
        await pilot.press("escape")
        room.ask(SetFields(number, priority=Priority.CRITICAL))
        await until(pilot, lambda: "▲" in _line_with(pilot, "×"))
        if size[0] == 140:
            await shows(pilot, "◐ open   ▲ critical   Person 2")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        await pilot.press("q")
        await until(pilot, lambda: "◐ open" in _line_with(pilot, "×"))
        await pilot.press("?")
        await shows(pilot, "type to search")
        pilot.app.screen.query_one(Input).value = "×"
        await shows(pilot, "It is no longer in this view")


def _line_with(pilot, sign: str) -> str:
    return next((line for line in text_of(pilot).splitlines() if sign in line), "")


async def test_the_tabs_are_written_alike_where_there_is_little_room(room: Room) -> None:
    fill(room, 12)
    async with room.running((60, 20)) as pilot:
        await shows(pilot, "1:Mine", "3:Open 12", "4:Pending")
        await pilot.press("2")
        await shows(pilot, "1:Mine", "2:Unassigned 12", "3:Open")


async def test_the_command_line_does_the_same(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press(":", *"prior")
        await shows(pilot, "priority <priority>  Priority")
        await pilot.press(*"ity high", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(number)).priority is Priority.HIGH)
        await pilot.press(":", *"nonsense", "enter")
        await shows(pilot, "not something one can do here")
        await pilot.press("escape", ":", *str(number), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))


async def test_back_leads_past_tickets_asked_for_by_number_to_the_list(room: Room) -> None:
    numbers = fill(room, 3)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        for number in numbers:
            await pilot.press(":", *str(number), "enter")
            await until(pilot, lambda number=number: getattr(pilot.app.screen, "number", 0) == number)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))


async def test_a_ticket_without_a_category_has_none_first_in_the_list(room: Room) -> None:
    one, other = fill(room, 2)
    room.ask(SetFields(one, category="Network/VPN"))
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press(":", *str(other), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await pilot.press("c")
        await shows(pilot, "• no category")
        text = text_of(pilot)
        assert text.index("no category") < text.index("  Network")
        await pilot.press("escape", ":", *str(one), "enter")
        await until(pilot, lambda: pilot.app.screen.crumb.startswith(f"#{one} "))
        await pilot.press("c")
        await shows(pilot, "• Network/VPN")
        text = text_of(pilot)
        assert text.index("• Network/VPN") < text.index("no category")


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
        await pilot.press("?", *"reply")
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


async def test_escape_clears_and_never_leaves(room: Room) -> None:
    fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("q")
        assert "q again" in told(pilot)
        await pilot.press("escape", "escape", "escape", "escape")
        await pilot.pause()
        assert told(pilot) == ""
        assert not pilot.app._exit
        await pilot.press("/", *"zzqq", "enter", "escape")
        await shows(pilot, "Printer 2")
        await pilot.press("q", "j", "q")
        await pilot.pause()
        assert not pilot.app._exit


@pytest.mark.usefixtures("notices_pass")
async def test_what_was_done_is_told_for_a_time_and_warnings_stay(room: Room) -> None:
    room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        line = pilot.app.screen.query_one(MessageLine)
        await pilot.press("S")
        await until(pilot, lambda: "Sorted" in told(pilot))
        assert 5 < line.told.reading_seconds < 10
        line._end()  # its time is over
        await until(pilot, lambda: told(pilot) == "")
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        screen.say("The disk is full.", level="error")
        assert line._timer is None
        await pilot.press("escape")
        assert told(pilot) == ""


async def test_a_refusal_goes_with_the_next_key(room: Room) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Nothing is open")
        await pilot.press("r")
        assert told(pilot) == "There is no ticket here."
        await pilot.press("2")
        assert told(pilot) == ""


async def test_undo_takes_back_what_was_just_done_and_says_what(room: Room) -> None:
    number = room.ticket()
    room.ask(SetFields(number, priority=Priority.HIGH))  # earlier, and not by this terminal
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("u")
        await until(pilot, lambda: "Nothing to undo" in told(pilot))
        assert room.ask(ShowTicket(number)).priority is Priority.HIGH
        await pilot.press("I")
        await until(pilot, lambda: "u takes it back" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "undone" in told(pilot))
        assert room.ask(ShowTicket(number)).assignee_login == ""
        await pilot.press("u")
        await until(pilot, lambda: "Nothing to undo" in told(pilot))
        assert room.ask(ShowTicket(number)).priority is Priority.HIGH


async def test_undo_goes_on_with_what_was_done_before_naming_it(room: Room) -> None:
    first, second = room.ticket("First"), room.ticket("Second")
    room.ask(SetFields(first, priority=Priority.HIGH))  # not by this terminal
    async with room.running() as pilot:
        await shows(pilot, "First", "Second")
        for _ticket in range(2):
            await pilot.press("I")
            await until(pilot, lambda: "u takes it back" in told(pilot))
            await pilot.press("j")
        assert {room.ask(ShowTicket(one)).assignee_login for one in (first, second)} == {"ana"}
        await pilot.press("u")
        await until(pilot, lambda: "u goes on" in told(pilot))
        still = next(one for one in (first, second) if room.ask(ShowTicket(one)).assignee_login)
        await pilot.press("u")
        await shows(pilot, "Undo what you did before that, too?", f"#{still}")
        await pilot.press("n")
        assert room.ask(ShowTicket(still)).assignee_login == "ana"
        await pilot.press("u")
        await shows(pilot, "Undo what you did before that, too?")
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(still)).assignee_login == "")
        await until(pilot, lambda: "undone" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Nothing to undo" in told(pilot))
        assert room.ask(ShowTicket(first)).priority is Priority.HIGH


async def test_undo_says_that_a_note_stays(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("I")
        await until(pilot, lambda: "u takes it back" in told(pilot))
        await pilot.press("n", *"Hot", "ctrl+s")
        await until(pilot, lambda: "The note is kept" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Your note stays" in told(pilot))
        assert room.ask(ShowTicket(number)).assignee_login == "ana"


async def test_undo_is_over_with_its_notice(room: Room) -> None:
    number = room.ticket()
    later = [0.0]
    room.clock = lambda: utc_now() + timedelta(seconds=later[0])
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("I")
        await until(pilot, lambda: "u takes it back" in told(pilot))
        later[0] = UNDO_SECONDS
        await until(pilot, lambda: told(pilot) == "")
        await pilot.press("u")
        await until(pilot, lambda: "Nothing to undo" in told(pilot))
        assert room.ask(ShowTicket(number)).assignee_login == "ana"


def _leaves_in(notice: str) -> int:
    found = re.search(r"It leaves in (\d+) seconds", notice)
    assert found is not None, notice
    return int(found[1])


async def test_a_send_is_stopped_from_the_queue_and_told_until_it_leaves(room: Room) -> None:
    add_mailbox(room)
    window = undo_for_long(room)
    number = room.ticket()
    room.ask(SetFields(number, priority=Priority.HIGH))
    later = [0.0]
    room.clock = lambda: utc_now() + timedelta(seconds=later[0])
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        for outcome in ("stopped", "left"):
            await pilot.press("r")
            await until(pilot, lambda: pilot.app.screen.query_one("#to", Input).value)
            await pilot.press(*"Use water", "ctrl+s")
            await until(pilot, lambda: "u stops it" in told(pilot))
            if outcome == "stopped":
                first = _leaves_in(told(pilot))
                assert 0 < first <= window
                await until(pilot, lambda first=first: _leaves_in(told(pilot)) < first)
                await pilot.press("u")
                await until(pilot, lambda: "u stops it" not in told(pilot))
                await until(
                    pilot, lambda: room.ask(OpenCompose(number, DraftKind.REPLY)).body.strip() == "Use water"
                )
            else:
                later[0] = window + 1
                await until(pilot, lambda: told(pilot) == "")
                await pilot.press("u")
                await until(pilot, lambda: "Nothing to undo" in told(pilot))
    assert room.ask(ShowTicket(number)).priority is Priority.HIGH


async def test_an_older_change_is_undone_in_its_ticket_after_asking(room: Room) -> None:
    number = room.ticket()
    room.ask(SetFields(number, priority=Priority.HIGH))
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "u")
        await shows(pilot, f"Undo your last change of #{number}?", "riority")
        await pilot.press("escape")
        assert room.ask(ShowTicket(number)).priority is Priority.HIGH
        await pilot.press("u")
        await shows(pilot, f"Undo your last change of #{number}?")
        await pilot.press("y")
        await until(pilot, lambda: room.ask(ShowTicket(number)).priority is Priority.NORMAL)


async def test_keys_on_a_terminal_too_small_do_nothing_but_leave(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.resize_terminal(20, 5)
        await shows(pilot, "No key")
        await pilot.press("I", "s", *"reso", "enter", "q", "q")
        await pilot.resize_terminal(80, 24)
        await shows(pilot, "Printer on fire")
        assert room.ask(ShowTicket(number)).assignee_login == ""
        assert pilot.app.screen.query_one("#tickets").has_focus
        await pilot.press("s")
        await shows(pilot, f"Status of #{number}")
        await pilot.resize_terminal(20, 5)
        await shows(pilot, "No key")
        await pilot.press(*"reso", "enter")
        await pilot.resize_terminal(80, 24)
        await shows(pilot, f"Status of #{number}")
        assert room.ask(ShowTicket(number)).status is TicketStatus.NEW
        await pilot.resize_terminal(20, 5)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: pilot.app._exit)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_assignee_has_its_column_at_eighty(
    room: Room, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("TUI_DESK_LANG", language)
    fill(room)
    async with room.running() as pilot:
        await shows(pilot, "Printer 12 prints")
        header = next(line for line in text_of(pilot).splitlines() if " # " in line)
        titles = {"en": ("Subject", "Requester", "Assignee"), "es": ("Asunto", "Solicitante", "Asignado")}
        assert all(title in header for title in titles[language])
        assert "…" not in header


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_palette_has_one_line_for_an_action(
    room: Room, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    monkeypatch.setenv("TUI_DESK_LANG", language)
    room.ticket()
    async with room.running((width, 24)) as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
        options = pilot.app.screen.query_one(OptionList)
        await until(pilot, lambda: options.virtual_size.height > 0)
        await pilot.pause()
        assert options.virtual_size.height == options.option_count
        await until(pilot, lambda: "…" in text_of(pilot))
        await pilot.resize_terminal(200, 50)
        await until(pilot, lambda: options.virtual_size.height == options.option_count)
