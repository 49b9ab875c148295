"""A ticket of many messages: the newest are read at once, the others when one comes near to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from tests.screens.desk import Room, shows, text_of, until
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.models import Message
from tui_desk.models.base import table_of
from tui_desk.screens.ticket import TicketScreen

COUNT = 230


@pytest.fixture
def number(room: Room) -> int:
    """A ticket of so many messages."""
    found = room.ticket(body="message 1 of it")
    with room.desk.writing() as session:
        person = session.get_one(Message, 1).author_person_id
        rows = [
            {
                "ticket_id": found,
                "kind": "email",
                "direction": "in",
                "author_person_id": person,
                "author_name": "Otto",
                "author_address": "otto@client.test",
                "at": room.desk.now + timedelta(minutes=place),
                "text": f"message {place} of it",
            }
            for place in range(2, COUNT + 1)
        ]
        session.execute(insert(table_of(Message)), rows)
    return found


def test_only_so_many_are_asked_for(room: Room, number: int) -> None:
    view = room.ask(ShowTicket(number, newest=3))
    assert [message.text for message in view.messages] == [
        f"message {place} of it" for place in (228, 229, 230)
    ]
    assert view.earlier == COUNT - 3
    whole = room.ask(ShowTicket(number))
    assert (len(whole.messages), whole.earlier) == (COUNT, 0)
    assert room.ask(ShowTicket(number, newest=COUNT)).earlier == 0
    assert whole.messages[-3:] == view.messages


async def test_the_oldest_is_one_key_away(room: Room, number: int) -> None:
    async with room.running((120, 40)) as pilot:
        pilot.app.push_screen(TicketScreen(number))
        await shows(pilot, f"message {COUNT} of it", str(COUNT))
        screen = pilot.app.screen
        assert isinstance(screen, TicketScreen)
        await until(pilot, lambda: screen.ticket is not None)  # until then what the queue knew of it is shown
        assert screen.ticket is not None
        assert len(screen.ticket.messages) < COUNT / 2
        await pilot.press("g", "g")
        await shows(pilot, "message 1 of it")
        await pilot.press("G")
        await shows(pilot, f"message {COUNT} of it")


async def test_going_up_comes_to_every_message(room: Room, number: int) -> None:
    async with room.running((120, 40)) as pilot:
        pilot.app.push_screen(TicketScreen(number))
        await shows(pilot, f"message {COUNT} of it")
        screen = pilot.app.screen
        assert isinstance(screen, TicketScreen)
        seen: set[str] = set()

        def at_first() -> bool:
            return "message 1 of it" in text_of(pilot)

        for _page in range(COUNT):
            seen |= {line for line in text_of(pilot).split("\n") if " of it" in line}
            if at_first():
                break
            before = text_of(pilot)
            await pilot.press("pageup")
            await until(pilot, lambda before=before: text_of(pilot) != before)
        assert at_first()
        numbers = {int(line.split("message ")[1].split(" ")[0]) for line in seen}
        assert numbers == set(range(1, COUNT + 1))
