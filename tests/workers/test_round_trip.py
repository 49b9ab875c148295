"""A mail that the desk sends to its own mailbox: it comes back, is told of, and never becomes a ticket."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.dovecot import Dovecot
from tests.support.ports import PATIENCE, wait_until
from tests.support.postfix import Postfix
from tests.support.smtp_sink import SmtpSink
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.contracts.mailboxes import CheckStep, MailboxSettings, TestMailbox, Watch
from tui_desk.core.enums import Role
from tui_desk.core.errors import Refused
from tui_desk.mail import round_trip
from tui_desk.mail.message_id import make_probe_id, verify_probe_id
from tui_desk.services.actor import Actor
from tui_desk.services.mailbox_check import test_mailbox as check_mailbox

ROOT = Actor(None, "root", "Root", Role.ADMIN)
SECRET = b"s" * 32

pytestmark = pytest.mark.dovecot


def checked(desk: Desk, mailbox: int, watch: Watch | None = None) -> tuple[CheckStep, ...]:
    return check_mailbox(desk.database, ROOT, TestMailbox(mailbox, watch=watch, round_trip=True))


def trip(steps: tuple[CheckStep, ...]) -> dict[str, CheckStep]:
    return {step.step: step for step in steps if step.direction == "round_trip"}


@pytest.fixture
def real(
    desk: Desk, dovecot: Dovecot, postfix: Postfix, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """Makes a mailbox on Dovecot that sends through Postfix, both encrypted."""
    monkeypatch.setenv("TUI_DESK_CA_FILE", str(dovecot.ca_file))

    def make(**settings: Any) -> int:
        servers = {
            "imap_host": "localhost",
            "imap_port": dovecot.imaps_port,
            "imap_security": "tls",
            "smtp_host": "localhost",
            "smtp_port": postfix.smtps_port,
            "smtp_security": "tls",
            "smtp_user": SUPPORT,
        }
        return desk.add_mailbox(dovecot, **{**servers, **settings})

    return make


@pytest.mark.postfix
def test_it_comes_back_through_real_servers_and_is_ignored(
    desk: Desk, dovecot: Dovecot, real: Callable[..., int]
) -> None:
    mailbox = real()
    steps = checked(desk, mailbox)
    assert all(step.ok for step in steps), steps
    assert list(trip(steps)) == ["send", "arrive", "keep", "checks"]
    assert "It came back" in trip(steps)["arrive"].sentence
    assert trip(steps)["checks"].warn, "Postfix alone writes no results"
    (raw,) = dovecot.messages(SUPPORT)
    assert b"Auto-Submitted: auto-generated" in raw
    assert [path.name[-1] for path in (dovecot.maildir(SUPPORT) / "cur").iterdir()] == ["S"]
    dovecot.deliver(SUPPORT, mail(1))
    result = desk.sync()
    assert (result.fetched, result.ignored, result.created) == (2, 1, 1)
    assert desk.verdicts() == ["ignored", "created"]
    assert [ticket.subject for ticket in desk.tickets()] == ["Problem 1"]


@pytest.mark.postfix
@pytest.mark.parametrize("after_import", ["flag", "move:Done"])
def test_a_worker_that_fetches_meanwhile_makes_no_ticket_of_it(
    desk: Desk, dovecot: Dovecot, real: Callable[..., int], after_import: str
) -> None:
    mailbox = real(after_import=after_import)
    with desk.running_worker():
        wait_until(lambda: desk.mailbox(mailbox).last_success_at is not None, what="the first look")
        for _round in range(3):
            found = trip(checked(desk, mailbox))
            assert found["arrive"].ok, found
            assert found["keep"].ok
        dovecot.deliver(SUPPORT, mail(1))
        wait_until(lambda: len(desk.tickets()) == 1, what="the mail after it")
    assert set(desk.verdicts()) <= {"ignored", "created"}
    assert [ticket.subject for ticket in desk.tickets()] == ["Problem 1"]
    if after_import != "flag":
        assert dovecot.messages(SUPPORT) == []
        assert len(dovecot.messages(SUPPORT, "Done")) == 4


def returning(
    sink: SmtpSink, dovecot: Dovecot, change: Callable[[bytes], bytes], folder: str = "INBOX"
) -> dict[str, Any]:
    """The settings of a mailbox whose SMTP server delivers what it takes, changed, into ``folder``."""
    sink.plan.on_kept = lambda: dovecot.deliver(SUPPORT, change(sink.mails[-1].data), folder)
    return {"smtp_host": sink.host, "smtp_port": sink.port, "smtp_security": "none"}


def with_results(results: str) -> Callable[[bytes], bytes]:
    head = (
        f"Authentication-Results: mx.desk.test; {results}\r\n"
        "Received: from out.desk.test by mx.desk.test with ESMTPS; Fri, 20 Nov 2026 10:00:00 +0000\r\n"
    )
    return lambda raw: head.encode() + raw


GOOD = "spf=pass smtp.mailfrom=desk.test; dkim=pass header.d=desk.test; dmarc=pass header.from=desk.test"
BAD = "spf=softfail smtp.mailfrom=desk.test; dkim=none; dmarc=fail header.from=desk.test"


def test_what_its_own_server_says_is_told(desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    settings = returning(smtp_sink, dovecot, with_results(GOOD))
    mailbox = desk.add_mailbox(dovecot, authserv_id="mx.desk.test", **settings)
    found = trip(checked(desk, mailbox))
    assert [found[name].sentence.partition(".")[0] for name in ("spf", "dkim", "dmarc")] == [
        "SPF: pass", "DKIM: pass", "DMARC: pass",
    ]  # fmt: skip
    assert not any(step.warn for step in found.values())
    returning(smtp_sink, dovecot, with_results(BAD))
    found = trip(checked(desk, mailbox))
    assert [(found[name].ok, found[name].warn) for name in ("spf", "dkim", "dmarc")] == [
        (True, True), (True, True), (False, False),
    ]  # fmt: skip
    assert "SPF record" in found["spf"].sentence
    assert "switch signing on" in found["dkim"].sentence
    desk.change_mailbox(mailbox, authserv_id="")
    found = trip(checked(desk, mailbox))
    assert "--authserv-id mx.desk.test" in found["checks"].sentence
    assert not found["dmarc"].ok


def test_a_relay_that_gives_it_another_id_changes_nothing(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    def renamed(raw: bytes) -> bytes:
        return re.sub(rb"(?m)^Message-ID: .*\r\n(?: .*\r\n)*", b"Message-ID: <new@relay.test>\r\n", raw)

    mailbox = desk.add_mailbox(dovecot, **returning(smtp_sink, dovecot, renamed))
    assert trip(checked(desk, mailbox))["arrive"].ok
    assert desk.sync().ignored == 1
    assert desk.tickets() == []


def test_one_that_lands_among_spam_or_comes_back_undelivered_is_told(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    dovecot.maildir(SUPPORT, "Junk")
    mailbox = desk.add_mailbox(dovecot, **returning(smtp_sink, dovecot, lambda raw: raw, "Junk"))
    found = trip(checked(desk, mailbox))
    assert not found["arrive"].ok
    assert "Junk" in found["arrive"].sentence
    smtp_sink.plan.replies[SUPPORT] = "550 5.1.1 no such user"
    found = trip(checked(desk, mailbox))
    assert not found["send"].ok
    assert "no such user" in found["send"].sentence


def test_the_report_that_it_could_not_be_delivered_is_no_ticket(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    def report(raw: bytes) -> bytes:
        head = raw.partition(b"\r\n\r\n")[0]
        return (
            b"From: MAILER-DAEMON@mx.desk.test\r\nTo: support@desk.test\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
            b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.desk.test\r\n\r\n"
            b"Final-Recipient: rfc822; support@desk.test\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"
            b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n\r\n--b--\r\n"
        )

    mailbox = desk.add_mailbox(dovecot, **returning(smtp_sink, dovecot, report))
    stop = threading.Event()
    watch = Watch(lambda step: stop.set() if step.step == "send" else None, stop)
    checked(desk, mailbox, watch)
    wait_until(lambda: len(dovecot.messages(SUPPORT)) == 1, what="the report")
    result = desk.sync()
    assert (result.ignored, result.created, result.suspended) == (1, 0, 0)


def test_the_wait_can_be_left_and_ends_by_itself(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port, "smtp_security": "none"}
    mailbox = desk.add_mailbox(dovecot, **settings)
    stop = threading.Event()
    watch = Watch(lambda step: stop.set() if step.step == "send" else None, stop)
    answers: list[tuple[CheckStep, ...]] = []
    waiting = threading.Thread(target=lambda: answers.append(checked(desk, mailbox, watch)))
    waiting.start()
    waiting.join(PATIENCE)
    assert list(trip(answers[0])) == ["send"], "nobody waits for the two minutes"
    monkeypatch.setattr(round_trip.check_round_trip, "__kwdefaults__", {"watch": None, "patience": 0.0})
    found = trip(checked(desk, mailbox))
    assert "did not come back within" in found["arrive"].sentence
    assert len(smtp_sink.mails) == 2


def test_what_is_not_stored_or_does_not_work_sends_nothing(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    settings = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port, "smtp_security": "none"}
    mailbox = desk.add_mailbox(dovecot, **settings, folder="Missing")
    assert trip(checked(desk, mailbox)) == {}
    with pytest.raises(Refused):
        check_mailbox(desk.database, ROOT, TestMailbox(None, MailboxSettings(SUPPORT), round_trip=True))
    desk.change_mailbox(mailbox, folder="INBOX", smtp_host="")
    assert "no SMTP server" in trip(checked(desk, mailbox))["send"].sentence
    assert smtp_sink.mails == []


def test_only_this_desk_can_make_such_an_id(desk: Desk, dovecot: Dovecot) -> None:
    right = make_probe_id(SECRET, "desk.test")
    assert verify_probe_id(f"<{right}>", SECRET)
    assert verify_probe_id(right.upper(), SECRET)
    assert not verify_probe_id(right, b"t" * 32)
    assert not verify_probe_id(right, b"")
    nonce = right.split(".")[1]
    assert not verify_probe_id(right.replace(nonce, nonce[::-1]), SECRET)
    desk.add_mailbox(dovecot)
    dovecot.deliver(SUPPORT, mail(1, extra=f"References: <{right}>\r\nX-Tui-Desk: guessed\r\n"))
    assert desk.sync().created == 1
