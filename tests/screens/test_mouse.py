"""What a click does: the same as the key it stands for."""

from __future__ import annotations

from functools import partial

from textual.pilot import Pilot

from tests.screens.desk import Room, fill, shows, text_of, until
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.help import HelpScreen
from tui_desk.screens.notifications import NotificationsScreen
from tui_desk.screens.ticket import TicketScreen


async def click(pilot: Pilot[None], words: str) -> None:
    """Click the first place where ``words`` are painted."""
    await shows(pilot, words)
    rows = text_of(pilot).splitlines()
    y = next(index for index, row in enumerate(rows) if words in row)
    await pilot.click(offset=(rows[y].index(words) + 1, y))


def sorted_so(pilot: Pilot[None], falling: bool) -> bool:
    screen = pilot.app.screen
    return (screen.sort, screen.descending) == ("last_contact", falling)


async def click_heading(pilot: Pilot[None], title: str) -> None:
    """Click the title of a column, wherever else its words are."""
    rows = text_of(pilot).splitlines()
    y = next(index for index, row in enumerate(rows) if "Name" in row and title in row)
    await pilot.click(offset=(rows[y].index(title) + 1, y))


async def test_tabs_hints_and_answers_are_clicked(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await click(pilot, "6 All")
        await until(pilot, lambda: pilot.app.screen.view == "all")
        await click(pilot, "? Keys")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        await pilot.press("escape")
        await click(pilot, "I Take")
        await until(pilot, lambda: room.ask(ShowTicket(number)).assignee_login == "ana")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await click(pilot, "2 Details")
        await until(pilot, lambda: pilot.app.screen.pane == "details")
        await click(pilot, "1 Conversation")
        await until(pilot, lambda: pilot.app.screen.pane == "conversation")
        await pilot.press("n", *"Hot")
        screen = pilot.app.screen
        assert isinstance(screen, ComposeScreen)
        await pilot.press("f8")
        await click(pilot, "n Leave it")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("f8")
        await click(pilot, "y Throw it away")
        await until(pilot, lambda: screen not in pilot.app.screen_stack)


async def test_a_heading_sorts_and_what_waits_leads_there(room: Room) -> None:
    fill(room)
    async with room.running((200, 24)) as pilot:
        await shows(pilot, "Printer 12", "Changed▾")
        await click(pilot, "Age")
        await shows(pilot, "Age▾", "newest first")
        await click(pilot, "Subject")
        await shows(pilot, "cannot go by this column")
        assert pilot.app.screen.sort == "created"
        await pilot.press("g", "p")
        await shows(pilot, "Last contact", "Person 12")
        for falling in (True, False, True):
            await click_heading(pilot, "Last contact")
            await until(pilot, partial(sorted_so, pilot, falling))
        await pilot.press("escape")
        room.desk.ask(AddNote(1, "Look, @ana."), room.desk.root)
        await click(pilot, "1 notification")
        await until(pilot, lambda: isinstance(pilot.app.screen, NotificationsScreen))
