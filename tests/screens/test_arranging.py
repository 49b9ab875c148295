"""Next action, hand-over and notifications at the keyboard."""

from __future__ import annotations

import pytest

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.desk import SaveAgent, SaveTeam
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import MessageKind
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.notifications import NotificationsScreen
from tui_desk.screens.ticket import TicketScreen


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_the_next_action_stands_at_the_top(room: Room, size: tuple[int, int]) -> None:
    number = room.ticket("Broken lamp")
    async with room.running(size) as pilot:
        await shows(pilot, "Broken lamp")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "It burns.")
        await pilot.press("A")
        await shows(pilot, f"Next action of #{number}")
        await pilot.press(*"Call", "enter")
        await shows(pilot, "By when?")
        await pilot.press(*"nonsense", "enter")
        await shows(pilot, "nonsense", "is not understood")
        await pilot.press("ctrl+u", *"tomorrow 10", "enter")
        await shows(pilot, "goes by days")
        await pilot.press("ctrl+u", *"tomorrow", "enter")
        await shows(pilot, "→ Call", "by tomorrow")
    view = room.ask(ShowTicket(number))
    assert view.next_action == "Call"
    assert view.next_action_on is not None


async def test_a_ticket_is_handed_over_with_a_note(room: Room) -> None:
    for name, member in (("Service desk", "ana"), ("Network", "ben")):
        room.desk.ask(SaveTeam(name), room.desk.root)
        room.desk.ask(SaveAgent(member, teams=(name,)), room.desk.root)
    number = room.ticket("Dead port")
    room.ask(SetFields(number, team="Service desk"))
    async with room.running() as pilot:
        await shows(pilot, "Dead port")
        await pilot.press("h")
        await shows(pilot, "Hand", "Network")
        await pilot.press(*"xyz")
        await shows(pilot, "nothing fits")
        await pilot.press("enter", "ctrl+u", *"netw", "enter")
        await shows(pilot, "Who takes it?", "nobody yet")
        await pilot.press("enter")
        await shows(pilot, "Note for Network")
        await pilot.press(*"Port12", "ctrl+s")
        await shows(pilot, "team: Network")
    view = room.ask(ShowTicket(number))
    assert view.messages[-1].text == "Handed over to Network:\n\nPort12"
    (told,) = room.desk.ask(ListNotifications(), room.desk.ben)
    assert told.ticket == number


async def test_notifications_lead_to_their_tickets(room: Room) -> None:
    first, second = room.ticket("First one"), room.ticket(f"Second {HOSTILE}")
    for number in (first, second):
        room.desk.ask(AddNote(number, f"@ana please {HOSTILE}"), room.desk.ben)
    async with room.running() as pilot:
        await shows(pilot, "2 notifications")
        await pilot.press("g", "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, NotificationsScreen))
        await shows(pilot, "Ben Otto mentions you", "[/]")
        await pilot.press("x")
        await until(pilot, lambda: "1 notification" in text_of(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "First one")
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, NotificationsScreen))
        assert not room.ask(ListNotifications())
        await pilot.press("v")
        await shows(pilot, "First one", "Second")


async def test_a_name_after_an_at_is_finished_with_tab(room: Room) -> None:
    room.desk.ask(SaveTeam("Service desk"), room.desk.root)
    number = room.ticket("Who knows")
    async with room.running() as pilot:
        await shows(pilot, "Who knows")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press(*"See @be")
        await shows(pilot, "Tab:", "@ben Ben Otto")
        await pilot.press("tab", *"and @serv")
        await shows(pilot, "@service-desk Service desk")
        await pilot.press("tab", "ctrl+s")
        await until(pilot, lambda: len(room.ask(ShowTicket(number)).messages) == 2)
    assert room.ask(ShowTicket(number)).messages[-1].text == "See @ben and @service-desk"


async def test_a_call_is_written_down(room: Room) -> None:
    number = room.ticket("Ring ring")
    async with room.running() as pilot:
        await shows(pilot, "Ring ring")
        await pilot.press("C")
        await shows(pilot, "Log what?", "Phone call")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await shows(pilot, "Phone call · only agents see this")
        await pilot.press(*"Called", "ctrl+s")
        await until(pilot, lambda: told(pilot) == "Phone call: kept; only agents see it.")
    assert room.ask(ShowTicket(number)).messages[-1].kind is MessageKind.PHONE
