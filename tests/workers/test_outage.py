"""Connections that lead nowhere, servers that are away, folders that others change: noticed, and nothing lost or doubled."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from tests.support.chaos_proxy import Chaos, ChaosProxy
from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.pace import in_time
from tests.support.ports import wait_until
from tests.support.postgres import Postgres
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail, open_desk
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.db.secrets import encrypt
from tui_desk.mail import imap_idle
from tui_desk.models import Mailbox
from tui_desk.services.actor import Actor
from tui_desk.services.ledger import progress
from tui_desk.services.mailboxes import view_of
from tui_desk.services.settings_store import LARGEST_MAIL, write_setting
from tui_desk.workers import fetch, mailbox_loop

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
        wait_until(lambda: desk.mailbox(mailbox).last_problem != "", what="the dead connection to be noticed")
        noticed = time.monotonic() - began
        dovecot.deliver(SUPPORT, mail(2))
        proxy.hole = False
        wait_until(lambda: len(desk.tickets()) == 2, what="the mail after the hole")
        wait_until(lambda: desk.mailbox(mailbox).last_problem == "", what="the problem to be over")
    assert in_time(noticed, 20), noticed


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


def test_another_uidvalidity_before_during_and_after_a_run(
    desk: Desk, dovecot: Dovecot, proxy: ChaosProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is restored gives all mail other numbers: it is known again by Message-ID and content, or by its bytes."""
    monkeypatch.setattr(fetch, "STORE_MESSAGES", 10)
    monkeypatch.setattr(mailbox_loop, "NETWORK_PAUSES", (0.2,))
    nameless = b"From: a@customer.test\r\nTo: support@desk.test\r\nSubject: no id\r\n\r\nHello\r\n"
    desk.add_mailbox(dovecot, imap_port=proxy.port)
    dovecot.deliver_many(SUPPORT, [mail("before"), nameless])
    assert desk.sync().created == 2
    restore(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(60)])
    proxy.chaos = Chaos(delay=1.0, longest_delay=0.2)
    with desk.running_worker():
        wait_until(lambda: len(desk.entries()) >= 10, what="the beginning of the import")
        restore(dovecot)
        proxy.chaos = Chaos()
        wait_until(lambda: len(desk.messages()) == 62, what="all mail")
        wait_until(lambda: "" not in desk.verdicts(), what="the verdicts")
        restore(dovecot)
        dovecot.deliver(SUPPORT, mail("after"))
        wait_until(lambda: any("after" in each.subject for each in desk.messages()), what="the mail after it")
    desk.sync()  # whatever the worker was at when it was stopped
    assert len(desk.messages()) == 63
    assert set(desk.verdicts()) == {"created", "duplicate"}


def restore(dovecot: Dovecot) -> None:
    dovecot.stop()
    dovecot.renew_uidvalidity(SUPPORT)
    dovecot.start()


@pytest.mark.parametrize("after_import", ["flag", "move:Done"])
def test_somebody_elses_deletions_and_moves_in_the_middle(
    desk: Desk, dovecot: Dovecot, proxy: ChaosProxy, after_import: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another client removes before it was fetched is gone, whatever else there is comes once; its marks are respected."""
    monkeypatch.setattr(fetch, "STORE_MESSAGES", 10)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(60)])
    desk.add_mailbox(dovecot, imap_port=proxy.port, after_import=after_import)
    proxy.chaos = Chaos(delay=1.0, longest_delay=0.2)
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port) as other, desk.running_worker():
        other.login(SUPPORT, dovecot.users[SUPPORT])
        other.select()
        wait_until(lambda: len(desk.entries()) >= 10, what="the beginning of the import")
        other.uid("STORE", "51:60", "+FLAGS", "(\\Deleted)")
        other.uid("EXPUNGE", "56:60")
        other.uid("MOVE", "46:50", "Trash")
        proxy.chaos = Chaos()
        wait_until(lambda: {*range(1, 46), *range(51, 56)} <= uids(desk), what="the others")
        wait_until(lambda: all(entry.settled_on_server for entry in desk.entries()), what="settling")
    assert len(desk.messages()) == len(desk.entries()) == len(uids(desk))
    left = dovecot.messages(SUPPORT) + dovecot.messages(SUPPORT, "Done")
    assert {mail(number) for number in range(50, 55)} <= set(left), (
        "what is marked as deleted is not ours to expunge"
    )


def uids(desk: Desk) -> set[int]:
    return {entry.uid for entry in desk.entries()}


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 UIDPLUS", "IMAP4rev1 UIDPLUS MOVE"])
def test_no_plain_expunge_ever(desk: Desk, certificates: Certificates, capabilities: str) -> None:
    """It would remove what other people marked as deleted (RFC 4315, 2.1; RFC 6851)."""
    with HostileImap(certificates.good, {1: mail(1)}) as server:
        server.plan.capabilities = capabilities
        server.plan.answers = {
            word: [b"{tag} OK done\r\n"] * 5 for word in ("CREATE", "SUBSCRIBE", "COPY", "MOVE", "EXPUNGE")
        }
        desk.add_mailbox(
            None,
            imap_host=server.host,
            imap_port=server.port,
            imap_security="none",
            imap_user="u",
            password_secret=encrypt(desk.database.url, "p"),
            start="all",
            after_import="move:Done",
        )
        assert desk.sync().created == 1
        assert not _count(server, "EXPUNGE")
        assert not _count(server, "CLOSE")
        assert _count(server, "UID EXPUNGE") == ("UIDPLUS" in capabilities and "MOVE" not in capabilities)
        assert _count(server, "UID MOVE") == ("MOVE" in capabilities)


@pytest.mark.postgres
def test_without_the_database_nothing_is_fetched_and_the_server_is_told_nothing(
    postgres_server: Postgres, postgres_url: str, dovecot: Dovecot
) -> None:
    name = postgres_url.partition("?")[0].rpartition("/")[2]
    with open_desk(postgres_url) as desk:
        desk.add_mailbox(dovecot)
        with desk.running_worker():
            dovecot.deliver(SUPPORT, mail(1))
            wait_until(lambda: len(desk.tickets()) == 1, what="the first mail")
            wait_until(lambda: all(entry.settled_on_server for entry in desk.entries()), what="settling")
            with psycopg.connect(postgres_server.admin_uri, autocommit=True) as admin:
                admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
                )
                logins = dovecot.log().count("Login: user=<support")
                dovecot.deliver(SUPPORT, mail(2))
                wait_until(lambda: _logged_out(dovecot), what="the worker to let the server alone")
                assert seen(dovecot) == 1
                assert dovecot.log().count("Login: user=<support") == logins
                admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
            wait_until(lambda: len(desk.tickets()) == 2, what="the mail after it")
            wait_until(lambda: all(entry.settled_on_server for entry in desk.entries()), what="settling")
        assert seen(dovecot) == 2
        assert len(desk.messages()) == 2


def _logged_out(dovecot: Dovecot) -> bool:
    lines = [line for line in dovecot.log().splitlines() if f"({SUPPORT})" in line]
    return "Disconnected" in lines[-1] if lines else False


def seen(dovecot: Dovecot) -> int:
    """Mails that the server was told about."""
    return sum("S" in path.name.rpartition(",")[2] for path in (dovecot.maildir(SUPPORT) / "cur").iterdir())


def test_how_far_a_long_import_is_stands_in_the_mailbox_list(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it goes on where it was stopped."""
    monkeypatch.setattr(fetch, "PROGRESS_FROM", 100)
    monkeypatch.setattr(fetch, "STORE_MESSAGES", 20)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(200)])
    mailbox = desk.add_mailbox(dovecot)

    def far() -> tuple[int, int] | None:
        with desk.database.reading() as session:
            return progress(session, mailbox)

    with desk.running_worker() as stop:
        wait_until(lambda: (far() or (0, 0))[0] >= 40, what="the beginning")
        assert (far() or (0, 0))[1] == 200
        with desk.database.reading() as session:
            view = view_of(session, Actor(1, "w", "W", Role.READ_ONLY), session.get_one(Mailbox, mailbox))
        assert "of 200 mails" in view.health
        stop.set()
    there = len(desk.entries())
    assert desk.sync().fetched == 200 - there
    assert far() is None
    assert len(desk.messages()) == 200


def test_a_mailbox_that_nobody_reads_is_told_to_everybody(desk: Desk) -> None:
    settings = {"imap_host": "mail.desk.test", "imap_port": 993}
    last = utc_now() - timedelta(minutes=20)
    mailbox = desk.add_mailbox(None, **settings, last_success_at=last)
    assert desk.status().intake_problems == (
        f"support@desk.test has not been read since {last.astimezone():%Y-%m-%d %H:%M}.",
    )
    desk.change_mailbox(mailbox, state="paused")
    assert desk.status().intake_problems == ()
