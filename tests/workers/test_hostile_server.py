"""A server that lies: nothing is lost, nothing truncated is taken for a mail, and it is found again by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.imap_hostile import HostileImap
from tests.support.ports import wait_until
from tests.support.tls import Certificates
from tests.workers.desk import Desk, mail
from tui_desk.db.secrets import encrypt

MAILS = {1: mail(1), 2: mail(2), 3: mail(3)}


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
    desk: Desk, server: HostileImap, command: str, lie: bytes
) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("about the server, not the database")
    watch(desk, server)
    server.plan.answers[command] = [lie]
    desk.sync()
    for _round in range(2):
        desk.sync()
    assert whole(desk)
    assert len(desk.entries()) == 3


def test_sizes_that_lie_end_as_suspended_mail_that_is_told(desk: Desk, server: HostileImap) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("about the server, not the database")
    watch(desk, server)
    server.plan.size_lie = 7
    with desk.running_worker():
        wait_until(lambda: desk.verdicts() == ["suspended"] * 3, what="the lies to be told")
    assert {entry.cause for entry in desk.entries()} == {"unreadable"}
    assert all(entry.sha256 for entry in desk.entries())


def test_an_answer_without_data_is_no_mail(desk: Desk, server: HostileImap) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("about the server, not the database")
    watch(desk, server)
    for lie in ("fetch_without_data", "nil_bodies", "empty_literals"):
        setattr(server.plan, lie, True)
        desk.sync()
        assert desk.entries() == []
        setattr(server.plan, lie, False)
    desk.sync()
    assert whole(desk)


@pytest.mark.parametrize("lie", ["fetch_without_data", "nil_bodies", "empty_literals"])
def test_mail_that_never_comes_is_told_of_and_left_alone(desk: Desk, server: HostileImap, lie: str) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("about the server, not the database")
    watch(desk, server)
    setattr(server.plan, lie, True)
    with desk.running_worker():
        wait_until(lambda: desk.verdicts() == ["suspended"] * 3, what="the mail to be told of")
    assert {(entry.cause, entry.sha256) for entry in desk.entries()} == {("unreadable", "")}
    assert all("left there" in entry.explanation for entry in desk.entries())
    assert server.flags == {}


def test_one_refused_mail_stops_no_other_and_is_told_of(desk: Desk, server: HostileImap) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("about the server, not the database")
    watch(desk, server)
    server.plan.refused_uids = frozenset({2})
    with desk.running_worker():
        wait_until(lambda: "suspended" in desk.verdicts(), what="the refusal to be told of")
    verdicts = {entry.uid: entry.verdict for entry in desk.entries()}
    assert verdicts == {1: "created", 2: "suspended", 3: "created"}
    assert 2 not in server.flags


def test_a_server_that_refuses_everything_is_in_trouble_and_its_mail_is_not_written_off(
    desk: Desk, server: HostileImap
) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("about the server, not the database")
    mailbox = watch(desk, server)
    server.plan.refused_uids = frozenset(MAILS)
    for _round in range(4):
        desk.sync()
    assert desk.entries() == []
    assert desk.mailbox(mailbox).last_problem
    server.plan.refused_uids = frozenset()
    desk.sync()
    assert whole(desk)
