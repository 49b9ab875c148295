"""A desk whose tickets and clock are the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.desk import Room, open_room
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.tickets import NewTicket, SetFields, TakeTicket
from tui_desk.core.enums import Channel, Priority, TicketStatus

_SUBJECTS = (
    ("Printer on floor 3 prints stripes", "Ana Pérez", Priority.HIGH, TicketStatus.OPEN),
    ("VPN drops every ten minutes", "Tom Becker", Priority.NORMAL, None),
    ("[/] Monitor flickers when warm", "Jürgen Weiß", Priority.LOW, TicketStatus.PENDING),
    ("日本語の件名 with mixed width", "王小明", Priority.NORMAL, None),
    ("Nobody can log in", "Sam O'Neill", Priority.CRITICAL, TicketStatus.OPEN),
)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Five tickets of different sorts; the last one has a note and is taken."""
    with open_room(tmp_path) as room:
        for subject, name, priority, status in _SUBJECTS:
            number = room.ask(
                NewTicket(
                    subject,
                    f"{name} <{subject[:3].strip('[/] ').lower() or 'x'}@client.test>"
                    if name.isascii()
                    else name,
                    "Hello,\n\nsince this morning it does not work any more.\n\nCould you have a look?",
                    channel=Channel.PHONE,
                    priority=priority,
                )
            )
            if status is not None:
                room.ask(SetFields(number, status=status))
        room.ask(AddNote(number, "The directory server was restarted at nine."))
        room.ask(TakeTicket(number))
        moment = room.desk.later(hours=3)
        room.clock = lambda: moment
        yield room
