"""Connections that lead nowhere, servers that are away, folders that others change: noticed, and nothing lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.support.chaos_proxy import ChaosProxy
from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.ports import wait_until
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.db.secrets import encrypt
from tui_desk.mail import imap_idle
from tui_desk.services.settings_store import LARGEST_MAIL, write_setting
from tui_desk.workers import mailbox_loop

pytestmark = pytest.mark.dovecot


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[ChaosProxy]:
    with ChaosProxy(dovecot.imap_port) as running:
        yield running


def test_the_times_add_up_to_less_than_a_minute() -> None:
    assert imap_idle.PROOF_SECONDS + imap_idle.ANSWER_SECONDS < 60
    assert mailbox_loop.ANSWER_SECONDS < 60


@pytest.mark.parametrize("idle", [True, False])
def test_a_connection_that_leads_nowhere_is_noticed_and_new_mail_arrives(
    desk: Desk, dovecot: Dovecot, proxy: ChaosProxy, idle: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packets disappear without a word while nothing happens: 40 and 15 seconds in life, a twentieth of it here."""
    monkeypatch.setattr(imap_idle, "PROOF_SECONDS", 2.0)
    monkeypatch.setattr(imap_idle, "ANSWER_SECONDS", 0.75)
    monkeypatch.setattr(mailbox_loop, "PROOF_SECONDS", 2.0)
    monkeypatch.setattr(mailbox_loop, "ANSWER_SECONDS", 3.0)
    if not idle:
        from tui_desk.mail.imap_values import Capabilities

        monkeypatch.setattr(Capabilities, "idle", False)
    mailbox = desk.add_mailbox(dovecot, imap_port=proxy.port, poll_seconds=3600)
    dovecot.deliver(SUPPORT, mail(1))
    with desk.running_worker():
        wait_until(lambda: len(desk.tickets()) == 1, what="the first mail")
        wait_until(lambda: all(entry.settled_on_server for entry in desk.entries()), what="settling")
        began = time.monotonic()
        proxy.hole = True
        wait_until(lambda: desk.mailbox(mailbox).last_problem != "", 30, "the dead connection to be noticed")
        noticed = time.monotonic() - began
        dovecot.deliver(SUPPORT, mail(2))
        proxy.hole = False
        wait_until(lambda: len(desk.tickets()) == 2, what="the mail after the hole")
        wait_until(lambda: desk.mailbox(mailbox).last_problem == "", what="the problem to be over")
    assert noticed < 20, noticed


def test_a_folder_in_which_nothing_came_is_not_listed_again(desk: Desk, certificates: Certificates) -> None:
    with HostileImap(certificates.good, {1: mail(1), 2: mail(2)}) as server:
        server.plan.capabilities = "IMAP4rev1 UIDPLUS"  # no IDLE: looks come one after the other
        desk.add_mailbox(
            None,
            imap_host=server.host,
            imap_port=server.port,
            imap_security="none",
            imap_user="u",
            password_secret=encrypt(desk.database.url, "p"),
            start="all",
            poll_seconds=1,
        )
        with desk.running_worker():
            wait_until(lambda: len(desk.tickets()) == 2, what="the mail")
            looks = len([each for each in server.commands if each.startswith(("SELECT", "EXAMINE"))])
            wait_until(lambda: _count(server, "SELECT") >= looks + 4, what="some more looks")
            searches = _count(server, "UID SEARCH")
            server.mails[3] = mail(3)
            wait_until(lambda: len(desk.tickets()) == 3, what="the new mail")
        assert searches <= 3


def _count(server: HostileImap, command: str) -> int:
    return len([each for each in server.commands if each.startswith(command)])


@pytest.mark.parametrize("after_import", ["flag", "move:Done"])
def test_a_mail_over_the_limit_becomes_a_ticket_and_stays_where_it_is(
    desk: Desk, dovecot: Dovecot, after_import: str
) -> None:
    with desk.database.writing() as session:
        write_setting(session, LARGEST_MAIL, 1)
    desk.add_mailbox(dovecot, after_import=after_import)
    huge = mail(2, body="words\r\n" * 300_000)
    dovecot.deliver_many(SUPPORT, [mail(1), huge, mail(3)])
    assert desk.sync().created == 3
    assert desk.sync().fetched == 0
    assert "left on the mail server" in next(each.text for each in desk.messages() if "2" in each.subject)
    assert huge in dovecot.messages(SUPPORT)
    dovecot.renew_uidvalidity(SUPPORT)
    assert desk.sync().created == 0
    assert len(desk.messages()) == 3
