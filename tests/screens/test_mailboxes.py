"""Settings → Mail at the keyboard: type an address, test, save, pause, remove; passwords are never seen."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.screens.desk import Room, shows, text_of, told, until
from tests.screens.mailbox_desk import LOOPBACK, SECRET, closed_port, mailboxes, open_form, put
from tui_desk.contracts.desk import SaveTeam
from tui_desk.contracts.mailboxes import MailboxSettings, SaveMailbox, ShowFallbackSender
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import MailboxState, Security, SentCopies
from tui_desk.screens.fallback_sender import FallbackSenderScreen
from tui_desk.screens.first_run import FirstRunScreen
from tui_desk.screens.mailbox_form import MailboxFormScreen
from tui_desk.screens.mailboxes import MailboxesScreen
from tui_desk.services import send_outcomes, sending
from tui_desk.services.outbox import enqueue
from tui_desk.services.send_queue import Schedule
from tui_desk.services.send_routes import Route


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_mailbox_is_added_from_the_keyboard(admin_room: Room, size: tuple[int, int]) -> None:
    admin_room.desk.ask(SaveTeam("Network"), admin_room.desk.root)
    async with admin_room.running(size) as pilot:
        screen = await open_form(pilot)
        put(
            screen,
            **LOOPBACK,
            imap_port=str(closed_port()),
            team="Network",
            after_import="move",
            move_to="Done",
            start="date",
            start_date="2026-01-31",
            addresses="printers@desk.test, Printers, Network",
            acknowledge="yes",
            acknowledgement="Thank you [/]",
            signature="The desk",
        )
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, "help@desk.test", "fallback sender")
        assert SECRET not in text_of(pilot)
    (saved,) = mailboxes(admin_room)
    assert (saved.after_import, saved.start, saved.team) == ("move:Done", "2026-01-31", "Network")
    assert saved.has_password
    assert saved.imap_security is Security.NONE
    assert [a.address for a in saved.addresses] == ["printers@desk.test"]
    assert saved.acknowledgement == "Thank you [/]"


async def test_nothing_is_saved_half_and_the_text_stays(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, address="help@desk.test", imap_host="imap host")
        await shows(pilot, "✗ This is not the name of a server.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "not right yet; nothing was saved" in told(pilot))
        await pilot.press("g", "q")  # typing, not going anywhere
        assert pilot.app.screen is screen
        await pilot.press("ctrl+q")
        await shows(pilot, "Throw away what you typed here?")
        await pilot.press("n")
        assert screen.value("imap_host") == "imap hostgq"
    assert mailboxes(admin_room) == ()


async def test_a_password_in_clear_over_the_network_asks_first(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, **{**LOOPBACK, "imap_host": "imap.example.org", "smtp_host": ""})
        await pilot.press("ctrl+s")
        await shows(pilot, "without encryption?", "imap.example.org")
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing was saved" in told(pilot))
        assert mailboxes(admin_room) == ()
        await pilot.press("ctrl+s")
        await shows(pilot, "without encryption?")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
    assert mailboxes(admin_room)[0].insecure_ok


async def test_edit_keeps_the_password_pause_resume_and_remove(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, **LOOPBACK, imap_port=str(closed_port()))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, "help@desk.test")
        await pilot.press("e")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, MailboxFormScreen) and pilot.app.screen.is_ready
        )
        again = pilot.app.screen
        assert isinstance(again, MailboxFormScreen)
        assert again.value("password") == ""
        put(again, name="Renamed")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await until(pilot, lambda: mailboxes(admin_room)[0].name == "Renamed")
        assert mailboxes(admin_room)[0].has_password
        await pilot.press("p")
        await until(pilot, lambda: "is paused" in told(pilot))
        await shows(pilot, "‖ paused")
        assert mailboxes(admin_room)[0].state is MailboxState.PAUSED
        await pilot.press("p")
        await until(pilot, lambda: "is resumed; it is being tried" in told(pilot))
        await until(pilot, lambda: "‖ paused" not in text_of(pilot))
        await pilot.press("D")
        await shows(pilot, "Remove help@desk.test")
        await pilot.press("y")
        await until(pilot, lambda: "is removed" in told(pilot))
    assert mailboxes(admin_room) == ()


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_speed_and_copies_are_set_and_shown(admin_room: Room, size: tuple[int, int]) -> None:
    async with admin_room.running(size) as pilot:
        screen = await open_form(pilot)
        put(screen, **LOOPBACK, imap_port="1", send_per_minute="thirty", sent_copies="no")
        await until(pilot, lambda: screen.control("send_per_minute").region.height > 0)
        screen.control("send_per_minute").focus()
        await shows(pilot, "A whole number from 0 to 6000.", "Messages a minute at most")
        put(screen, send_per_minute="30")
        screen.control("sent_copies").focus()
        await shows(pilot, "Copies in Sent", "Sent folder")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, "help@desk.test")
        if size[0] >= 200:
            await shows(pilot, "30 messages a minute", "never")
    (saved,) = mailboxes(admin_room)
    assert (saved.send_per_minute, saved.sent_copies) == (30, SentCopies.NO)


async def test_a_mailbox_that_cannot_send_is_in_trouble(admin_room: Room) -> None:
    desk = admin_room.desk
    number = desk.ask(
        SaveMailbox(
            None,
            MailboxSettings("help@desk.test", imap_host="imap.desk.test", smtp_host="h.test", password="x"),
        ),
        desk.root,
    ).id
    at = utc_now()
    with desk.writing() as session:
        out = enqueue(
            session, mime=b"From: a@b.test\r\n\r\nx\r\n", rfc_message_id="1@desk.test",
            envelope_from="help@desk.test", recipients=("anna@x.test",), now=at, mailbox_id=number,
        )  # fmt: skip
        claim = sending.claim(session, Route(number), [Route(number)], "test", at)
        assert claim is not None
        assert claim.outbox_id == out
        send_outcomes.put_off(session, claim, "h.test refuses connections.", at, Schedule())
    async with admin_room.running((200, 50)) as pilot:
        await pilot.press("g", "m")
        await shows(pilot, "trouble", "Sending fails: h.test")


async def test_the_fallback_sender_is_set_and_taken_away(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        for address in ("no-reply@desk.test", ""):
            await pilot.press("g", "m", "f")
            await until(
                pilot,
                lambda: isinstance(pilot.app.screen, FallbackSenderScreen) and pilot.app.screen.is_ready,
            )
            screen = pilot.app.screen
            assert isinstance(screen, FallbackSenderScreen)
            put(screen, address=address)
            if address:
                put(screen, smtp_host="127.0.0.1", smtp_security="none", smtp_user="", password="")
            await pilot.press("ctrl+s")
            if not address:
                await shows(pilot, "Take the fallback sender away?")
                await pilot.press("y")
            await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
            stored = admin_room.desk.ask(ShowFallbackSender(), admin_room.desk.root)
            assert stored.address == address


async def test_who_may_not_change_settings_is_told(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "m")
        await shows(pilot, "No mailbox yet")
        await pilot.press("N")
        await until(pilot, lambda: "Only an admin" in told(pilot))


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (60, 16)])
async def test_the_first_run_leads_to_the_first_mailbox(admin_room: Room, size: tuple[int, int]) -> None:
    async with admin_room.running(size) as pilot:
        pilot.app.push_screen(FirstRunScreen())
        await shows(pilot, "Welcome to tui-desk", "Root")
        if size[0] >= 200:
            await shows(pilot, str(admin_room.state_folder / "desk.db"))
        await pilot.press("enter")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, MailboxFormScreen) and pilot.app.screen.is_ready
        )
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        assert pilot.app.screen.query(Input).__len__() == 0
