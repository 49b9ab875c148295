"""A mailbox at the keyboard: its form opened and filled in, and what is stored."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.screens.desk import Room, until
from tui_desk.contracts.mailboxes import ListMailboxes, MailboxView
from tui_desk.screens.fallback_sender import FallbackSenderScreen
from tui_desk.screens.mailbox_form import MailboxFormScreen
from tui_desk.widgets.choice_field import ChoiceField

SECRET = "hunter2-never-shown"


def closed_port() -> int:
    """A port nobody listens on: the one of tcpmux, which no connection is ever given."""
    return 1


def mailboxes(room: Room) -> tuple[MailboxView, ...]:
    """What is stored."""
    return room.desk.ask(ListMailboxes(), room.desk.root)


async def open_form(pilot: Pilot[None]) -> MailboxFormScreen:
    """A new mailbox's form."""
    await pilot.press("g", "m", "N")
    await until(pilot, lambda: isinstance(pilot.app.screen, MailboxFormScreen) and pilot.app.screen.is_ready)
    screen = pilot.app.screen
    assert isinstance(screen, MailboxFormScreen)
    return screen


def put(screen: MailboxFormScreen | FallbackSenderScreen, **values: str) -> None:
    """Fill fields as a person does."""
    for name, value in values.items():
        control = screen.control(name)
        if isinstance(control, ChoiceField):
            control.choose(value)
        elif isinstance(control, TextArea):
            control.text = value
        else:
            control.value = value


LOOPBACK = {
    "address": "help@desk.test",
    "imap_host": "127.0.0.1",
    "imap_security": "none",
    "imap_user": "help",
    "password": SECRET,
    "smtp_host": "127.0.0.1",
    "smtp_security": "none",
}
