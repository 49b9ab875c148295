"""``tui-desk explain`` for people: facts, kind, what was written with the rest folded, what came back or was passed on."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cli.command import Answer, Command, run_here

PLAIN = b"""\
From: Ana <ana@example.org>
To: it@example.net
Cc: Ben <ben@example.org>
Subject: Re: Printer
Message-ID: <1@example.org>
In-Reply-To: <0@example.net>
Date: Fri, 20 Nov 2026 10:00:00 +0100

Still broken.

--\x20
Ana, Example Ltd

On Thu, 19 Nov 2026, IT <it@example.net> wrote:
> Try again
> please
"""
BOUNCE = b"""\
From: MAILER-DAEMON@mx.example.org
To: it@example.net
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; zoe@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: message/rfc822

Message-ID: <ours@example.net>
From: it@example.net
To: zoe@example.org
Subject: Hello

Hi
--b--
"""


@pytest.fixture
def explained(tmp_path: Path) -> Command:
    """``explain`` on some bytes."""

    def run(*words: str, text: str = "", **environment: str) -> Answer:
        path = tmp_path / "mail.eml"
        path.write_text(text)
        return run_here("explain", str(path), *words, **environment)

    return run


def test_the_facts_and_the_words(explained: Command) -> None:
    answer = explained(text=PLAIN.decode())
    assert answer.code == 0
    for line in (
        "Subject",
        "Re: Printer",
        "Ana <ana@example.org>",
        "Ben <ben@example.org>",
        "Written by a person.",
    ):
        assert line in answer.out
    assert "Still broken." in answer.out
    assert "[2 quoted lines]" in answer.out or "[3 quoted lines]" in answer.out
    assert "signature of" in answer.out
    assert "Try again" not in answer.out
    assert "{" not in answer.out


def test_a_bounce_says_who_did_not_get_what(explained: Command) -> None:
    out = explained(text=BOUNCE.decode()).out
    assert "zoe@example.org: failed 5.1.1" in out
    assert "no such user" in out
    assert "ours@example.net" in out


def test_what_was_passed_on_and_attached(explained: Command) -> None:
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "Zoe <zoe@shop.test>", "ana@example.org", "Invoice"
    inner.set_content("Please pay.\n")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "Ana <ana@example.org>", "it@example.net", "Fwd: Invoice"
    outer.set_content("For you.\n")
    outer.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="bill.pdf")
    outer.add_attachment(inner)
    out = explained(text=outer.as_string()).out
    assert "For you." in out
    assert "bill.pdf (application/pdf, 4 bytes)" in out
    assert "The message that was passed on:" in out
    assert "Zoe <zoe@shop.test>" in out
    assert "Please pay." in out


def test_a_desk_says_what_it_would_do(explained: Command, tmp_path: Path) -> None:
    url = str(tmp_path / "desk.db")
    assert run_here("--db", url, "team", "add", "A").code == 0
    out = explained("--db", url, text=PLAIN.decode()).out
    assert "The desk would do this: new ticket" in out


def test_one_document_or_one_a_line(explained: Command, tmp_path: Path) -> None:
    assert explained("--json", text=PLAIN.decode()).json["subject"] == "Re: Printer"
    path = str(tmp_path / "mail.eml")
    two = run_here("explain", path, path, "--json")
    assert two.code == 2
    assert "--jsonl" in two.err
    lines = run_here("explain", path, "/nonexistent", "--jsonl")
    assert lines.code == 1
    assert len(lines.out.splitlines()) == 2
    missing = run_here("explain", "/nonexistent", "--json")
    assert (missing.code, missing.json["error"]) == (3, "There is no file /nonexistent.")
