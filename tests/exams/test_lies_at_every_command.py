"""A server or a line that fails at every command the worker says (X-A3): each time the mail is in, once, within a minute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exams.sizes import FULL
from tests.support.chaos_proxy import ChaosProxy
from tests.support.dovecot import Dovecot
from tests.support.pace import in_time
from tests.support.ports import wait_until
from tests.workers.desk import SUPPORT, Desk, mail, open_desk
from tui_desk.workers import mailbox_loop

pytestmark = pytest.mark.dovecot

LIES = {
    "NO": b"{tag} NO [UNAVAILABLE] not now\r\n",
    "BAD": b"{tag} BAD [UNAVAILABLE] what\r\n",
    "BYE": b"* BYE going down\r\n",
    "garbage": b"\x00\xff** )(\r\n",
    "half a line": b"* 1 FET",
    "cut": b"",
}
COMMANDS = ("CAPABILITY", "AUTHENTICATE", "SELECT", "SEARCH", "FETCH", "LIST", "MOVE", "IDLE")
"""What it says to Dovecot; that these are all is asserted below."""
RECOVERED = 60.0


def cases() -> list[tuple[str, str]]:
    """Every command with every lie, or every command with one and every lie once."""
    if FULL:
        return [(command, lie) for command in COMMANDS for lie in LIES]
    return [(command, list(LIES)[number % len(LIES)]) for number, command in enumerate(COMMANDS)]


@pytest.fixture
def one_desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as opened:
        yield opened


def test_a_lie_at_every_command_costs_less_than_a_minute_and_no_mail(
    one_desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample waits a tenth of a second between attempts; in full the pauses are those of life, which grow to 45 seconds."""
    if not FULL:
        monkeypatch.setattr(mailbox_loop, "NETWORK_PAUSES", (0.1,))
    with ChaosProxy(dovecot.imap_port) as proxy:
        one_desk.add_mailbox(dovecot, imap_port=proxy.port, after_import="move:Done", poll_seconds=3_600)
        took: dict[tuple[str, str], float] = {}
        with one_desk.running_worker():
            for number, (command, lie) in enumerate(cases()):
                said = proxy.script[command.encode()] = [LIES[lie]]
                began = time.monotonic()
                if command in ("CAPABILITY", "AUTHENTICATE"):
                    proxy.cut_all()
                dovecot.deliver(SUPPORT, mail(number))
                wait_until(lambda s=said: not s, what=f"{lie} at {command}")
                wait_until(lambda n=number: told(one_desk) > n, what=f"the mail after {lie} at {command}")
                took[command, lie] = time.monotonic() - began
        print(f"\nslowest: {sorted(took.items(), key=lambda each: -each[1])[:5]}")
        assert in_time(max(took.values()), RECOVERED), took
    one_desk.sync()
    mails = [mail(number) for number in range(len(cases()))]
    assert sorted(dovecot.messages(SUPPORT, "Done")) == sorted(mails)
    assert dovecot.messages(SUPPORT) == []
    assert one_desk.verdicts() == ["created"] * len(mails)
    assert len(one_desk.messages()) == len(mails)


def told(desk: Desk) -> int:
    """Mails that are tickets and of which the server knows."""
    return sum(bool(entry.verdict) and entry.settled_on_server for entry in desk.entries())


def test_no_command_is_missing_above(one_desk: Desk, dovecot: Dovecot) -> None:
    with ChaosProxy(dovecot.imap_port) as proxy:
        one_desk.add_mailbox(dovecot, imap_port=proxy.port, after_import="move:Done")
        with one_desk.running_worker():
            dovecot.deliver(SUPPORT, mail(1))
            wait_until(lambda: told(one_desk) == 1, what="the mail")
            wait_until(lambda: "IDLE" in proxy.words, what="the wait")
    # Making and subscribing the folder happens once in its life, LOGOUT is the end: nothing depends on their answers.
    assert proxy.words - {"CREATE", "SUBSCRIBE", "LOGOUT"} == set(COMMANDS)
