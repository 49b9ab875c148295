"""Delivery reports with and without structure, receipts, complaints, and people who write about them."""

from __future__ import annotations

import pytest

from tui_desk.mail.message import BounceRecipient
from tui_desk.mail.parse import parse

ORIGINAL = "Message-ID: <ours.1@desk.example.net>\nFrom: desk@example.net\nTo: ana@example.org\nSubject: Printer\n\nHello\n"


def dsn(action: str, status: str, subject: str = "Undelivered Mail Returned to Sender") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example.net (Mail Delivery System)\nTo: desk@example.net\nSubject: {subject}\n"
        "Return-Path: <>\nAuto-Submitted: auto-replied\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nThis is the mail system at host mx.example.net.\n\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.net\n\n"
        f"Final-Recipient: rfc822; ana@example.org\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <ana@example.org>: no such user\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--b--\n"
    ).encode()


def test_a_structured_failure() -> None:
    parsed = parse(dsn("failed", "5.1.1"))
    assert parsed.kind == "bounce"
    assert parsed.bounce is not None
    reason = "550 5.1.1 <ana@example.org>: no such user"
    assert parsed.bounce.recipients == (BounceRecipient("ana@example.org", "failed", "5.1.1", reason),)
    assert parsed.bounce.original_message_id == "ours.1@desk.example.net"


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.0.0", "bounce"),
        ("delayed", "4.4.1", "bounce"),
        ("delivered", "2.0.0", "report"),
        ("relayed", "2.0.0", "report"),
    ],
)
def test_kinds_of_reports(action: str, status: str, kind: str) -> None:
    assert parse(dsn(action, status, "Delivery report")).kind == kind


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (
            "MAILER-DAEMON@mx.example.net",
            "failure notice",
            "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to the "
            "following addresses.\n\n<ana@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            "--- Below this line is a copy of the message.\n\n" + ORIGINAL,
        ),
        (
            "Mail Delivery System <Mailer-Daemon@mx.example.net>",
            "Mail delivery failed: returning message to sender",
            "A message that you sent could not be delivered to one or more of its recipients.\n"
            "The following address(es) failed:\n\n  ana@example.org\n    SMTP error 550 user unknown\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\n" + ORIGINAL,
        ),
        (
            "Postmaster <postmaster@example.org>",
            "Unzustellbar: Printer",
            "Ihre Nachricht konnte nicht zugestellt werden.\n\nana@example.org\n\n" + ORIGINAL,
        ),
        (
            "System Administrator <postmaster@example.org>",
            "Undeliverable: Printer",
            "Your message\n\n  To: Ana\n  Subject: Printer\n\ndid not reach the following recipient(s):\n\n"
            "ana@example.org on Mon, 19 Oct 2026 09:00:00\n    The recipient name is not recognized\n",
        ),
    ],
)
def test_unstructured_failures(sender: str, subject: str, body: str) -> None:
    parsed = parse(f"From: {sender}\nTo: desk@example.net\nSubject: {subject}\n\n{body}".encode())
    assert parsed.kind == "bounce"
    assert parsed.bounce is not None
    assert [one.address for one in parsed.bounce.recipients] == ["ana@example.org"]
    if "Message-ID" in body:
        assert parsed.bounce.original_message_id == "ours.1@desk.example.net"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Subject: Undelivered Mail Returned to Sender", "Why do I get this? My mail could not be delivered to bo@example.org."),
        ("Subject: Fwd: Mail delivery failed", "Please help.\n\n-----Original Message-----\nFrom: MAILER-DAEMON@x.example\nSubject: failed\n\nuser unknown"),
        ("Subject: Re: delivery delayed", "The parcel was not delivered. The recipient was unavailable."),
        ("Subject: user unknown in SAP", "I cannot log in, it says invalid user. Error 550 5.1.1"),
    ],
)  # fmt: skip
def test_people_who_write_about_failures_are_people(headers: str, body: str) -> None:
    assert parse(f"From: Ana <ana@example.org>\n{headers}\n\n{body}".encode()).kind == "personal"


def test_a_read_receipt_is_a_report() -> None:
    raw = (
        "From: ana@example.org\nSubject: Read: Printer\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n"
        "--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ana@example.org\n"
        "Original-Message-ID: <ours.1@desk.example.net>\nDisposition: manual-action; displayed\n\n--b--\n"
    )
    parsed = parse(raw.encode())
    assert parsed.kind == "report"
    assert parsed.bounce is not None
    assert parsed.bounce.original_message_id == "ours.1@desk.example.net"
