"""A server that lies: nothing is lost, nothing truncated is taken for a mail, and it is found again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.imap_hostile import HostileImap
from tests.support.ports import wait_until
from tests.support.tls import Certificates
from tests.workers.desk import Desk, mail, open_desk
from tui_desk.db.secrets import encrypt

MAILS = {1: mail(1), 2: mail(2), 3: mail(3)}


@pytest.fixture
def plain_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on one kind of database: what these tests are about is the server."""
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as opened:
        yield opened


@pytest.fixture
def server(certificates: Certificates) -> Iterator[HostileImap]:
    with HostileImap(certificates.good, MAILS) as running:
        yield running


def watch(desk: Desk, server: HostileImap) -> int:
    return desk.add_mailbox(
        None,
        imap_host=server.host,
        imap_port=server.port,
        imap_security="none",
        imap_user="u",
        password_secret=encrypt(desk.database.url, "p"),
        start="all",
    )


def whole(desk: Desk) -> bool:
    """All three are there, once, as they were sent."""
    return sorted(message.subject for message in desk.messages()) == ["Problem 1", "Problem 2", "Problem 3"]


@pytest.mark.parametrize("cut", [0, 1, 60, len(MAILS[1]) - 1])
def test_a_literal_that_is_cut_is_no_mail(desk: Desk, server: HostileImap, cut: int) -> None:
    mailbox = watch(desk, server)
    server.plan.cut_literal_at = cut
    first = desk.sync()
    assert desk.mailbox(mailbox).last_problem
    assert all(entry.size == len(MAILS[entry.uid]) for entry in desk.entries())
    second = desk.sync()
    assert first.created + second.created == 3
    assert whole(desk)
    assert desk.mailbox(mailbox).last_problem == ""


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
@pytest.mark.parametrize(
    "lie",
    [b"{tag} NO not now\r\n", b"{tag} BAD what\r\n", b"* BYE gone\r\n", b"CUT", b"\x00\xff garbage\r\n"],
)
def test_a_lie_at_any_command_costs_time_and_no_mail(
    plain_desk: Desk, server: HostileImap, command: str, lie: bytes
) -> None:
    watch(plain_desk, server)
    server.plan.answers[command] = [lie]
    plain_desk.sync()
    for _round in range(2):
        plain_desk.sync()
    assert whole(plain_desk)
    assert len(plain_desk.entries()) == 3


def test_sizes_that_lie_end_as_suspended_mail_that_is_told(plain_desk: Desk, server: HostileImap) -> None:
    watch(plain_desk, server)
    server.plan.size_lie = 7
    with plain_desk.running_worker():
        wait_until(lambda: plain_desk.verdicts() == ["suspended"] * 3, what="the lies to be told")
    assert {entry.cause for entry in plain_desk.entries()} == {"unreadable"}
    assert all(entry.sha256 for entry in plain_desk.entries())


def test_an_answer_without_data_is_no_mail(plain_desk: Desk, server: HostileImap) -> None:
    watch(plain_desk, server)
    for lie in ("fetch_without_data", "nil_bodies", "empty_literals"):
        setattr(server.plan, lie, True)
        plain_desk.sync()
        assert plain_desk.entries() == []
        setattr(server.plan, lie, False)
    plain_desk.sync()
    assert whole(plain_desk)


@pytest.mark.parametrize("lie", ["fetch_without_data", "nil_bodies", "empty_literals"])
def test_mail_that_never_comes_is_told_of_and_left_alone(
    plain_desk: Desk, server: HostileImap, lie: str
) -> None:
    watch(plain_desk, server)
    setattr(server.plan, lie, True)
    with plain_desk.running_worker():
        wait_until(lambda: plain_desk.verdicts() == ["suspended"] * 3, what="the mail to be told of")
    assert {(entry.cause, entry.sha256) for entry in plain_desk.entries()} == {("unreadable", "")}
    assert all("left there" in entry.explanation for entry in plain_desk.entries())
    assert server.flags == {}


def test_one_refused_mail_stops_no_other_and_is_told_of(plain_desk: Desk, server: HostileImap) -> None:
    watch(plain_desk, server)
    server.plan.refused_uids = frozenset({2})
    with plain_desk.running_worker():
        wait_until(lambda: "suspended" in plain_desk.verdicts(), what="the refusal to be told of")
    verdicts = {entry.uid: entry.verdict for entry in plain_desk.entries()}
    assert verdicts == {1: "created", 2: "suspended", 3: "created"}
    assert 2 not in server.flags


def test_a_server_that_refuses_everything_is_in_trouble_and_its_mail_is_not_written_off(
    plain_desk: Desk, server: HostileImap
) -> None:
    mailbox = watch(plain_desk, server)
    server.plan.refused_uids = frozenset(MAILS)
    for _round in range(4):
        plain_desk.sync()
    assert plain_desk.entries() == []
    assert plain_desk.mailbox(mailbox).last_problem
    server.plan.refused_uids = frozenset()
    plain_desk.sync()
    assert whole(plain_desk)
