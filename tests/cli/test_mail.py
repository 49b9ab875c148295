"""Mail by commands only: a mailbox on a real Dovecot, sync, an answer that leaves, and history taken in."""

from __future__ import annotations

import email
import email.policy
import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cli.command import Command, on_desk, run_command
from tests.mail.test_imap_large import big_mail
from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates


def mail(number: int, subject: str = "Printer") -> EmailMessage:
    found = EmailMessage()
    found["From"] = "Anna Berg <anna@customer.test>"
    found["To"] = "support@desk.test"
    found["Subject"] = subject
    found["Message-ID"] = f"<{number}@customer.test>"
    found["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
    found.set_content(f"It is number {number} that smokes.\n")
    return found


def add_mailbox(desk: Command, dovecot: Dovecot, *smtp: str) -> None:
    added = desk(
        "mailbox", "add", "support@desk.test", "--name", "Support", "--imap-host", dovecot.host,
        "--imap-port", str(dovecot.imap_port), "--imap-security", "none", "--password-stdin", "--start", "all", *smtp,
        text=dovecot.users["support@desk.test"] + "\n",
    )  # fmt: skip
    assert added.code == 0, added.err


@pytest.mark.dovecot
def test_mail_in_answer_out(desk: Command, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    smtp = (
        "--smtp-host", smtp_sink.host, "--smtp-port", str(smtp_sink.port), "--smtp-security", "none",
        "--smtp-user", "support@desk.test",
    )  # fmt: skip
    smtp_sink.plan.offer_starttls = False
    smtp_sink.plan.auth_in_clear = True
    smtp_sink.plan.users = {"support@desk.test": dovecot.users["support@desk.test"]}
    add_mailbox(desk, dovecot, *smtp)
    tested = desk("mailbox", "test", "support@desk.test", "--json")
    assert tested.code == 0, tested.out
    dovecot.deliver("support@desk.test", mail(1).as_bytes(policy=email.policy.SMTP))
    dovecot.deliver("support@desk.test", b"no mail at all, \xff\xfe\r\n")
    first = desk("sync", "--once", "--json")
    assert first.code == 0, first.err
    assert first.json["fetched"] == 2
    assert first.json["created"] + first.json["suspended"] == 2
    assert desk("mailbox", "reconcile", "support@desk.test", "--json").json["agrees"] is True

    (row,) = [one for one in desk("ticket", "list", "--json").json if one["subject"] == "Printer"]
    number = str(row["number"])
    assert desk("settings", "set", "undo_seconds=300").code == 0  # however slow the machine
    held = desk("ticket", "reply", number, "--body", "Turn it **off**.", "--json")
    assert held.code == 0, held.err
    assert desk("sync", "--once", "--json").json["held"] == 1
    assert smtp_sink.mails == []
    assert desk("outbox", "cancel", str(held.json["outbox_id"])).code == 0
    sent = desk("ticket", "reply", number, "--body", "Turn it **off**.", "--now")
    assert sent.code == 0, sent.err
    second = desk("sync", "--once", "--json").json
    assert (second["fetched"], second["sent"], second["failed"], second["held"]) == (0, 1, 0, 0)
    (left,) = smtp_sink.mails
    answer = email.message_from_bytes(left.data, policy=email.policy.default)
    assert answer["In-Reply-To"] == "<1@customer.test>"
    assert f"[#{number}]" in answer["Subject"]
    shown = desk("ticket", "show", number, "--json").json["messages"][-1]
    assert shown["rfc_message_id"] == answer["Message-ID"].strip("<>")
    assert [one["state"] for one in shown["delivery"]["recipients"]] == ["sent"]


@pytest.mark.dovecot
def test_a_mailbox_that_cannot_be_read_fails_the_round(sqlite_desk: Command, dovecot: Dovecot) -> None:
    add_mailbox(sqlite_desk, dovecot)
    sqlite_desk("mailbox", "set", "support@desk.test", "--password-stdin", text="wrong\n")
    answer = sqlite_desk("sync", "--once", "--json")
    assert answer.code == 1
    assert answer.json["fetched"] == 0
    assert "support@desk.test" in answer.err


def test_history_is_taken_in_once(desk: Command, tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    box = mailbox.mbox(path)
    for number in range(5):
        box.add(mail(number, f"Subject {number}"))
    box.close()
    first = desk("import", str(path), "--json")
    assert first.code == 0, first.err
    assert (first.json["read"], first.json["created"]) == (5, 5)
    tickets = desk("ticket", "list", "--json").json
    assert {ticket["status"] for ticket in tickets} == {"closed"}
    again = desk("import", str(path), "--json").json
    assert (again["read"], again["known"], again["created"]) == (5, 5, 0)
    assert len(desk("ticket", "list", "--json").json) == 5
    assert desk("outbox", "list", "--all", "--json").json == []
    assert desk("import", str(tmp_path / "missing")).code == 3


@pytest.mark.dovecot
def test_a_large_message_is_fetched_whole_when_it_is_asked_for(desk: Command, dovecot: Dovecot) -> None:
    add_mailbox(desk, dovecot)
    assert desk("settings", "set", "largest_mail_mb=1").code == 0
    dovecot.deliver("support@desk.test", big_mail())
    assert desk("sync", "--once", "--json").json["created"] == 1
    (row,) = desk("ticket", "list", "--json").json
    (message,) = desk("ticket", "show", str(row["number"]), "--json").json["messages"]
    assert (message["reduced"], message["attachments"]) == (True, [])
    assert "too large" in desk("ticket", "show", str(row["number"])).out
    fetched = desk("ticket", "fetch-original", str(message["id"]), "--json")
    assert fetched.code == 0, fetched.err
    assert "All of the message is here" in fetched.json["sentence"]
    shown = desk("ticket", "show", str(row["number"]), "--json").json
    assert [file["filename"] for file in shown["messages"][0]["attachments"]] == ["bücher.zip"]
    assert "fetched all of a large message" in shown["events"][-1]["sentence"]
    assert desk("ticket", "fetch-original", str(message["id"])).code == 1
    assert desk("ticket", "fetch-original", "4711").code == 3


def test_no_line_of_a_librarys_log_among_the_answers(tmp_path: Path) -> None:
    """IMAPClient warns about TLS on the port that is usually without."""
    desk = on_desk(str(tmp_path / "desk.db"), run_command)
    added = desk(
        "mailbox", "add", "support@desk.test", "--imap-host", "127.0.0.1", "--imap-port", "143",
        "--imap-security", "tls", "--password-stdin", text="x\n",
    )  # fmt: skip
    assert added.code == 0, added.err
    assert desk("mailbox", "test", "support@desk.test").err == ""
    assert "Attempting" not in desk("mailbox", "reconcile").err


def test_an_import_tells_what_the_server_did_not_give(desk: Command, certificates: Certificates) -> None:
    mails = {number: mail(number).as_bytes(policy=email.policy.SMTP) for number in (1, 2)}
    with HostileImap(certificates.good, mails) as server:
        server.plan.refused_uids = frozenset({2})
        added = desk(
            "mailbox", "add", "support@desk.test", "--imap-host", server.host, "--imap-port", str(server.port),
            "--imap-security", "none", "--password-stdin", text="x\n",
        )  # fmt: skip
        assert added.code == 0, added.err
        told = desk("import", "imap:support@desk.test/INBOX")
        assert told.code == 0, told.err
        assert "1 mails read" in told.out
        assert "1 could not be fetched" in told.out
        server.plan.refused_uids = frozenset({2})
        again = desk("import", "imap:support@desk.test/INBOX", "--json").json
        assert (again["read"], again["known"], again["not_fetched"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("options", "user"),
    [
        ((), "support@desk.test"),
        (("--smtp-security", "starttls"), "support@desk.test"),
        (("--imap-user", "desk"), "desk"),
        (("--smtp-user", ""), ""),
        (("--smtp-security", "none"), ""),
        (("--smtp-security", "none", "--smtp-user", "desk"), "desk"),
    ],
)
def test_who_logs_in_to_send(sqlite_desk: Command, options: tuple[str, ...], user: str) -> None:
    """Nobody where the server is a relay of this host, and where one says so; the interface's form has the same fields."""
    words = ("support@desk.test", "--imap-host", "127.0.0.1", "--smtp-host", "127.0.0.1", *options)
    added = sqlite_desk("mailbox", "add", *words, "--password-stdin", "--json", text="x\n")
    assert added.code == 0, added.err
    assert added.json["smtp_user"] == user
    cleared = sqlite_desk("mailbox", "set", "support@desk.test", "--smtp-user", "", "--json")
    assert cleared.json["smtp_user"] == ""
    assert "without login" in sqlite_desk("mailbox", "show", "support@desk.test").out


@pytest.mark.dovecot
def test_a_server_without_login_takes_mail(
    sqlite_desk: Command, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    smtp_sink.plan.offer_starttls = False
    add_mailbox(
        sqlite_desk, dovecot, "--smtp-host", smtp_sink.host, "--smtp-port", str(smtp_sink.port), "--smtp-security", "none"
    )  # fmt: skip
    tested = sqlite_desk("mailbox", "test", "support@desk.test")
    assert tested.code == 0, tested.out
