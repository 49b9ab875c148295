"""Whether a mailbox works is told step by step: before it is saved, behind a mailbox that was saved or resumed, and by a mail that goes round."""

from __future__ import annotations

import socket
import time

import pytest
from sqlmodel import select

from tests.screens.desk import Room, shows, text_of, told, until
from tests.screens.mailbox_desk import LOOPBACK, SECRET, closed_port, mailboxes, open_form, put
from tests.support.dns_server import running_dns
from tests.support.dovecot import Dovecot
from tests.support.pace import in_time
from tests.support.postfix import Postfix
from tui_desk.core.clock import utc_now
from tui_desk.models import Mailbox
from tui_desk.screens.check_dialog import CheckDialog
from tui_desk.screens.mailboxes import MailboxesScreen


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
