"""Settings → Mail at the keyboard: type an address, test, save, pause, remove; passwords are never seen."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.screens.desk import Room, shows, text_of, told, until
from tests.services.desk import open_desk
from tests.support.dns_server import running_dns
from tests.support.dovecot import Dovecot
from tests.support.pace import in_time
from tests.support.postfix import Postfix
from tui_desk.contracts.desk import SaveTeam
from tui_desk.contracts.mailboxes import (
    ListMailboxes,
    MailboxSettings,
    MailboxView,
    SaveMailbox,
    ShowFallbackSender,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import MailboxState, Security, SentCopies
from tui_desk.gateway import DeskGateway
from tui_desk.models import Mailbox
from tui_desk.screens.check_dialog import CheckDialog
from tui_desk.screens.fallback_sender import FallbackSenderScreen
from tui_desk.screens.first_run import FirstRunScreen
from tui_desk.screens.mailbox_form import MailboxFormScreen
from tui_desk.screens.mailboxes import MailboxesScreen
from tui_desk.services import send_outcomes, sending
from tui_desk.services.outbox import enqueue
from tui_desk.services.send_queue import Schedule
from tui_desk.services.send_routes import Route
from tui_desk.widgets.choice_field import ChoiceField

SECRET = "hunter2-never-shown"


@pytest.fixture
def admin_room(tmp_path: Path) -> Iterator[Room]:
    """A desk whose agent at the keyboard is its admin."""
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as desk:
        gateway = DeskGateway(desk.database.url, desk.root)
        try:
            yield Room(desk, gateway, tmp_path)
        finally:
            gateway.close()


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


async def test_the_address_fills_in_its_provider_but_not_over_what_was_typed(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, smtp_host="mine.example.org")
        for key in "desk@gmail.com":
            await pilot.press(key)
        await pilot.press("enter")
        await until(pilot, lambda: screen.value("imap_host") == "imap.gmail.com")
        assert screen.value("imap_user") == "desk@gmail.com"
        assert screen.value("smtp_host") == "mine.example.org"
        assert screen.query_one("#form-notes").display


async def test_security_chooses_the_usual_port_unless_another_was_typed(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        screen.control("imap_security").focus()
        await pilot.press("right")
        assert (screen.value("imap_security"), screen.value("imap_port")) == ("starttls", "143")
        put(screen, imap_port="1143")
        screen.control("imap_security").focus()
        await pilot.press("left")
        assert (screen.value("imap_security"), screen.value("imap_port")) == ("tls", "1143")


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
        await shows(pilot, "Leave without saving?")
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


async def test_every_step_of_a_test_is_told_before_anything_is_saved(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, **LOOPBACK, imap_port=str(closed_port()), smtp_port=str(closed_port()))
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(pilot.app.screen, CheckDialog))
        await shows(pilot, "Receiving (IMAP)", "Sending (SMTP)", "✗", "Not everything works")
        assert SECRET not in text_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.value("password") == SECRET
    assert mailboxes(admin_room) == ()


async def test_a_test_that_takes_long_can_be_left(admin_room: Room) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        async with admin_room.running() as pilot:
            screen = await open_form(pilot)
            put(screen, **LOOPBACK, imap_port=str(silent.getsockname()[1]))
            await pilot.press("ctrl+t")
            await shows(
                pilot, "✓ 127.0.0.1 is 127.0.0.1", "accepts connections", "… Greeting, encryption, login"
            )
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is screen)
            assert "The test was stopped" in told(pilot)
            begun = time.monotonic()
        assert in_time(
            time.monotonic() - begun, 30
        )  # leaving waits for no silent server, which would take minutes


@pytest.mark.dovecot
async def test_a_right_mailbox_passes_its_test(admin_room: Room, dovecot: Dovecot) -> None:
    user, password = next(iter(dovecot.users.items()))
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(
            screen,
            address=user,
            imap_host=dovecot.host,
            imap_security="none",
            imap_port=str(dovecot.imap_port),
            imap_user=user,
            password=password,
        )
        await pilot.press("ctrl+t")
        await shows(pilot, "Receiving (IMAP)", "✓")
        await pilot.press("enter")
        put(screen, password="wrong")
        await pilot.press("ctrl+t")
        await shows(pilot, "Receiving (IMAP)", "✗")
        await pilot.press("enter")
        put(screen, password=password)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, user)
        await pilot.press("c")
        await shows(pilot, "Reconciliation of", "On the server", "Missing")


@pytest.mark.dovecot
@pytest.mark.postfix
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_mail_goes_round_by_a_key(
    admin_room: Room,
    dovecot: Dovecot,
    postfix: Postfix,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zone = {("desk.test", "MX"): ["10 mx.desk.test."], ("desk.test", "TXT"): ['"v=spf1 mx -all"']}
    user = next(iter(dovecot.users))
    with running_dns(zone) as server:
        monkeypatch.setenv("TUI_DESK_DNS_SERVER", server.address)
        await _goes_round(admin_room, dovecot, postfix, size)
    assert len(dovecot.messages(user)) == 1


async def _goes_round(room: Room, dovecot: Dovecot, postfix: Postfix, size: tuple[int, int]) -> None:
    user, password = next(iter(dovecot.users.items()))
    async with room.running(size) as pilot:
        screen = await open_form(pilot)
        put(
            screen,
            address=user,
            imap_host=dovecot.host,
            imap_security="none",
            imap_port=str(dovecot.imap_port),
            imap_user=user,
            password=password,
            smtp_host=postfix.host,
            smtp_security="none",
            smtp_port=str(postfix.smtp_port),
            smtp_user="",
        )
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, user)
        await pilot.press("T")
        await shows(
            pilot, "becomes no ticket", "DNS", "MX: ", "SPF: ", "DMARC: ", "It works; see to the lines"
        )
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))


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


@pytest.mark.parametrize("right", [True, False])
async def test_a_resumed_mailbox_tells_how_it_went(admin_room: Room, right: bool) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, **LOOPBACK, imap_port=str(closed_port()))
        await pilot.press("ctrl+s")
        await shows(pilot, "help@desk.test")
        await pilot.press("p")
        await until(pilot, lambda: "is paused" in told(pilot))
        await pilot.press("p")
        await until(pilot, lambda: "is resumed; it is being tried" in told(pilot))
        with admin_room.desk.writing() as session:  # what the worker's first look leaves behind
            mailbox = session.exec(select(Mailbox)).one()
            if right:
                mailbox.last_success_at = utc_now()
            else:
                mailbox.last_problem, mailbox.last_problem_at = "The password is wrong.", utc_now()
        wanted = "help@desk.test works" if right else "does not work yet: The password is wrong."
        await until(pilot, lambda: wanted in told(pilot))


async def test_a_mailbox_that_was_saved_wrong_tells_so(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, **LOOPBACK, imap_port=str(closed_port()))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is saved; it is being tried" in told(pilot))
        with admin_room.desk.writing() as session:
            mailbox = session.exec(select(Mailbox)).one()
            mailbox.last_problem, mailbox.last_problem_at = "Nobody answers.", utc_now()
        await until(pilot, lambda: "help@desk.test does not work yet: Nobody answers." in told(pilot))


async def test_the_guess_is_none_any_more_when_the_person_names_the_server(admin_room: Room) -> None:
    async with admin_room.running((200, 50)) as pilot:
        screen = await open_form(pilot)
        for key in "desk@small.example":
            await pilot.press(key)
        await pilot.press("enter")
        await shows(pilot, "These servers are a guess")
        put(screen, name="Desk")
        await pilot.pause()
        assert "These servers are a guess" in text_of(pilot)
        put(screen, imap_host="mail.small.example")
        await until(pilot, lambda: "These servers are a guess" not in text_of(pilot))
