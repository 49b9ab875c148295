"""A look at a folder asks only for what came since the last one, and for everything whenever a count does not agree."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail, open_desk
from tests.workers.test_hostile_server import watch
from tui_desk.core.clock import utc_now
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.workers.access import MailboxPlan
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.fetch import FULL_LOOK_SECONDS, FolderSync
from tui_desk.workers.leasing import Leases
from tui_desk.workers.timer import Timer


@dataclass
class Seconds:
    """A timer's time."""

    now: float = 1_000.0


@pytest.fixture
def one_desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as opened:
        yield opened


@pytest.fixture
def server(certificates: Certificates) -> Iterator[HostileImap]:
    with HostileImap(certificates.good, {number: mail(number) for number in (1, 2, 5)}) as running:
        yield running


@contextmanager
def looking(
    desk: Desk, mailbox_id: int, server: ServerAddress, login: Credentials, seconds: Seconds
) -> Iterator[FolderSync]:
    """What the worker looks at a mailbox with, on one connection."""
    leases = Leases(desk.database, utc_now)
    lease = leases.take(f"mailbox:{mailbox_id}")
    assert lease is not None
    row = desk.mailbox(mailbox_id)
    plan = MailboxPlan(
        id=mailbox_id,
        version=row.version,
        address=row.address,
        server=server,
        credentials=login,
        folder=row.folder,
        after_import="leave",
        start=row.start,
        start_uidvalidity=row.start_uidvalidity,
        start_uid=row.start_uid,
        created_at=row.created_at,
        poll_seconds=row.poll_seconds,
        largest_mail=100_000_000,
    )
    timer = Timer(now=lambda: seconds.now)
    with open_mailbox(server, login) as session:
        yield FolderSync(
            WorkerContext(desk.database, threading.Event(), leases, timer=timer), plan, lease, session
        )


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def folder(one_desk: Desk, server: HostileImap, seconds: Seconds) -> Iterator[FolderSync]:
    """A folder of three mails that was looked at."""
    address = ServerAddress(server.host, server.port, Security.NONE)
    with looking(one_desk, watch(one_desk, server), address, Credentials("u", "p"), seconds) as sync:
        assert sync.run() == 3
        server.commands.clear()
        yield sync


def searches(server: HostileImap) -> list[str]:
    """What was searched for since the last time this was asked."""
    found = [each.partition("SEARCH ")[2] for each in server.commands if "SEARCH" in each]
    server.commands.clear()
    return found


def test_only_what_came_is_asked_for(folder: FolderSync, server: HostileImap) -> None:
    assert folder.run() == 0
    assert searches(server) == []
    server.mails |= {6: mail(6), 9: mail(9)}
    assert folder.run() == 2
    assert searches(server) == ["UID 6:* ALL"]
    assert folder.run() == 0
    assert searches(server) == []
    server.mails[10] = mail(10)
    assert folder.run() == 1
    assert searches(server) == ["UID 10:* ALL"]


def test_everything_is_listed_now_and_then(folder: FolderSync, server: HostileImap, seconds: Seconds) -> None:
    """However often something came meanwhile."""
    for number in range(6, 10):
        seconds.now += FULL_LOOK_SECONDS / 4 - 1
        server.mails[number] = mail(number)
        assert folder.run() == 1
        assert searches(server) == [f"UID {number}:* ALL"]
    seconds.now += 10
    assert folder.run() == 0
    assert searches(server) == ["ALL"]


@pytest.mark.parametrize("removed", [{1}, {1, 2, 5}])
def test_where_mail_was_removed_everything_is_listed(
    folder: FolderSync, server: HostileImap, removed: set[int]
) -> None:
    server.mails = {uid: raw for uid, raw in server.mails.items() if uid not in removed} | {6: mail(6)}
    assert folder.run() == 1
    assert searches(server) == ["UID 6:* ALL", "ALL"]
    server.mails[7] = mail(7)
    assert folder.run() == 1
    assert searches(server) == ["UID 7:* ALL"]


def test_a_uid_below_the_announced_one_is_found_by_the_count(folder: FolderSync, server: HostileImap) -> None:
    """A server that gives UIDs out in another order than it says (RFC 3501 forbids it)."""
    server.mails |= {3: mail(3), 8: mail(8)}
    assert folder.run() == 2
    assert searches(server) == ["UID 6:* ALL", "ALL"]


def test_a_uidnext_that_stands_still_hides_nothing_that_is_counted(
    folder: FolderSync, server: HostileImap
) -> None:
    server.plan.uidnext = 6
    for number in (6, 7):
        server.mails[number] = mail(number)
        assert folder.run() == 1
        assert searches(server) == ["ALL"]
    server.plan.uidnext = 1
    server.mails[8] = mail(8)
    assert folder.run() == 1


def test_a_server_that_contradicts_itself_is_asked_for_everything(
    folder: FolderSync, server: HostileImap
) -> None:
    """It counts one more and finds none."""
    server.plan.hidden_from_ranges = frozenset({6})
    server.mails[6] = mail(6)
    assert folder.run() == 1
    assert searches(server) == ["UID 6:* ALL", "ALL"]


def test_what_a_server_hides_consistently_comes_with_the_next_listing(
    folder: FolderSync, server: HostileImap, seconds: Seconds
) -> None:
    """One was removed and one came, and the search for what came does not tell of it: the counts agree by chance."""
    server.plan.hidden_from_ranges = frozenset({6})
    del server.mails[1]
    server.mails[6] = mail(6)
    assert folder.run() == 0
    seconds.now += FULL_LOOK_SECONDS
    assert folder.run() == 1
    assert searches(server) == ["UID 6:* ALL", "ALL"]


def test_after_another_uidvalidity_everything_is_listed(
    folder: FolderSync, server: HostileImap, one_desk: Desk
) -> None:
    server.uidvalidity += 1
    server.mails[6] = mail(6)
    assert folder.run() == 4
    assert searches(server) == ["ALL"]
    assert len(one_desk.messages()) == 4


def test_a_server_that_tells_no_uidnext_is_asked_for_everything_each_time(
    folder: FolderSync, server: HostileImap
) -> None:
    server.plan.uidnext = 0
    for number in (6, 7):
        server.mails[number] = mail(number)
        assert folder.run() == 1
        assert searches(server) == ["ALL"]
    assert folder.run() == 0
    assert searches(server) == ["ALL"]


@pytest.mark.dovecot
@pytest.mark.parametrize("esearch", [True, False])
def test_a_real_server_whoever_else_changes_the_folder(
    one_desk: Desk, dovecot: Dovecot, seconds: Seconds, esearch: bool
) -> None:
    mailbox = one_desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(4)])
    login = Credentials(SUPPORT, dovecot.users[SUPPORT])
    address = ServerAddress(dovecot.host, dovecot.imap_port, Security.NONE)
    with looking(one_desk, mailbox, address, login, seconds) as sync, open_mailbox(address, login) as other:
        names = sync.session.capabilities.names
        sync.session._capabilities = type(sync.session.capabilities)(
            names if esearch else names - {"ESEARCH"}
        )
        assert sync.run() == 4
        other.select("INBOX")
        for number in range(4, 10):
            dovecot.deliver(SUPPORT, mail(number))
            if number % 3 == 0:
                other.add_flag(other.uids()[:2])
            if number % 2 == 0:
                other.move(other.uids()[:1], "Trash")
            assert sync.run() == 1
            assert sync.run() == 0
    assert len(one_desk.messages()) == 10
