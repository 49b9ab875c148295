"""Reports of every kind: structure good and bad, receipts, complaints, notices in JSON, and what is none of them."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pace import affordable
from tui_desk.mail.message import ParsedMail
from tui_desk.mail.parse import parse

ORIGINAL = "Message-ID: <ours.9@desk.example.net>\nFrom: desk@example.net\nTo: ana@example.org\nSubject: Printer\n\nHello\n"


def mail(
    *parts: tuple[str, str],
    kind: str = "multipart/report; report-type=delivery-status",
    headers: str = "",
    subject: str = "Report",
) -> ParsedMail:
    body = "".join(f"--b\nContent-Type: {content_type}\n\n{text}\n" for content_type, text in parts)
    head = f"From: MAILER-DAEMON@mx.example.net\nTo: desk@example.net\nSubject: {subject}\n{headers}Content-Type: {kind}; boundary=b\n\n"
    return parse((head + body + "--b--\n").encode())


def plain(sender: str, subject: str, body: str, headers: str = "") -> ParsedMail:
    return parse(
        f"From: {sender}\nTo: desk@example.net\nSubject: {subject}\n{headers}Content-Type: text/plain; charset=utf-8\n\n{body}".encode()
    )


STATUS = "Reporting-MTA: dns; mx.example.net\n\n"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n", [("ana@example.org", "failed", "5.1.1")]),
        ("final-recipient:RFC822;ana@example.org\naction:FAILED\nstatus:5.1.1 (bad mailbox)\n", [("ana@example.org", "failed", "5.1.1")]),
        ("Final-Recipient: rfc822; <ana@example.org>\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.2.2 full\n", [("ana@example.org", "failed", "5.2.2")]),
        ("Original-Recipient: rfc822;sales@example.org\nFinal-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.1.1\n", [("ana@example.org", "failed", "5.1.1")]),
        ("Final-Recipient: X400; /C=DE/S=ana/\nOriginal-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n", [("ana@example.org", "failed", "5.1.1")]),
        ("Final-Recipient: rfc822; @relay.example,@b.example:ana@example.org\nAction: failed\nStatus: 5.1.1\n", [("ana@example.org", "failed", "5.1.1")]),
        ("Final-Recipient: rfc822; ana@example.org\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Mon, 19 Oct 2026 09:00:00 +0000\n", [("ana@example.org", "delayed", "4.4.1")]),
        ("Final-Recipient: rfc822; ana@example.org\nStatus: 4.4.7\n", [("ana@example.org", "delayed", "4.4.7")]),
        ("Final-Recipient: rfc822; ana@example.org\nAction: failed\nDiagnostic-Code: smtp; 550 No such user\n", [("ana@example.org", "failed", "5.1.1")]),
        ("Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; bo@example.org\nAction: failed\nStatus: 5.2.2\n\nFinal-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n", [("ana@example.org", "failed", "5.1.1"), ("bo@example.org", "failed", "5.2.2")]),
        ("Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; bo@example.org\nAction: delivered\nStatus: 2.0.0\n", [("ana@example.org", "failed", "5.1.1"), ("bo@example.org", "delivered", "2.0.0")]),
        ("Final-Recipient: utf-8; jürgen@example.org\nAction: failed\nStatus: 5.1.1\n", [("jürgen@example.org", "failed", "5.1.1")]),
    ],
)  # fmt: skip
def test_status_fields(fields: str, expected: list[tuple[str, str, str]]) -> None:
    parsed = mail(
        ("text/plain", "It failed."),
        ("message/delivery-status", STATUS + fields),
        ("message/rfc822", ORIGINAL),
    )
    assert parsed.kind == "bounce"
    assert parsed.bounce is not None
    assert [(one.address, one.action, one.status) for one in parsed.bounce.recipients] == expected
    assert parsed.bounce.original_message_id == "ours.9@desk.example.net"


@pytest.mark.parametrize(
    "returned",
    [
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/partial",
        "application/octet-stream",
        "text/plain",
    ],
)
def test_the_mail_that_came_back_is_found(returned: str) -> None:
    fields = STATUS + "Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n"
    parsed = mail(("text/plain", "x"), ("message/delivery-status", fields), (returned, ORIGINAL))
    assert parsed.bounce is not None
    assert parsed.bounce.original_message_id == "ours.9@desk.example.net"


def test_a_transfer_encoding_of_the_status_part_is_undone() -> None:
    fields = STATUS + "Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n"
    encoded = b64encode(fields.encode()).decode()
    parsed = mail(
        ("text/plain", "x"), ("message/delivery-status\nContent-Transfer-Encoding: base64", encoded)
    )
    assert parsed.bounce is not None
    assert [one.address for one in parsed.bounce.recipients] == ["ana@example.org"]


def test_reports_that_all_is_well() -> None:
    fields = STATUS + "Final-Recipient: rfc822; ana@example.org\nAction: delivered\nStatus: 2.1.5\n"
    parsed = mail(
        ("text/plain", "Your message was delivered."),
        ("message/delivery-status", fields),
        subject="Successful Mail Delivery Report",
    )
    assert parsed.kind == "report"
    assert parsed.bounce is not None
    assert [one.action for one in parsed.bounce.recipients] == ["delivered"]


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (
            "Ana <ana@example.org>",
            "Read: Printer",
            "Your message\n\n  To: Desk\n  Subject: Printer\n\nwas read on 19.10.2026 09:00.",
        ),
        (
            "Ana <ana@example.org>",
            "Gelesen: Drucker",
            "Ihre Nachricht\n\n An: Desk\n\nwurde am 19.10.2026 gelesen.",
        ),
        (
            "Ana <ana@example.org>",
            "Lu : Imprimante",
            "Votre message\n\n  À : Desk\n\na été lu le 19/10/2026.",
        ),
        (
            "Ana <ana@example.org>",
            "Not read: Printer",
            "Your message\n\n  Subject: Printer\n\nwas deleted without being read on 19 October.",
        ),
        (
            "Ana <ana@example.org>",
            "Return Receipt (displayed) - Printer",
            "This is a Return Receipt for the mail that you sent to desk@example.net.",
        ),
        ("Ana <ana@example.org>", "Leído: Impresora", "Su mensaje\n\n  Asunto: x\n\nfue leído el 19."),
        (
            "staff@hotmail.example",
            "complaint about message from 192.0.2.1",
            "This is an email abuse report for an email message received from IP 192.0.2.1",
        ),
        (
            "abuse@isp.example",
            "Abuse",
            "This is an email abuse report for an email message with the message-id of x received from IP address 192.0.2.1",
        ),
        (
            "abuse@isp.example",
            "[192.0.2.1] spam",
            "This is an autogenerated email abuse complaint regarding your network.",
        ),
        (
            "fbl@isp.example",
            "FW: Offer",
            "This is a spf/dkim authentication-failure report for an email message received from IP 192.0.2.1",
        ),
    ],
)
def test_receipts_and_complaints_without_structure(sender: str, subject: str, body: str) -> None:
    assert plain(sender, subject, body).kind == "report"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("message/feedback-report", "multipart/report; report-type=feedback-report"),
        ("message/disposition-notification", "multipart/report; report-type=disposition-notification"),
        ("application/tlsrpt+gzip", "multipart/report; report-type=tlsrpt"),
        ("message/feedback-report", "multipart/mixed"),
    ],
)
def test_structured_reports(content: str, kind: str) -> None:
    parsed = mail(
        ("text/plain", "x"),
        (content, "Feedback-Type: abuse\nOriginal-Message-ID: <ours.9@desk.example.net>\n"),
        ("message/rfc822", ORIGINAL),
        kind=kind,
    )
    assert parsed.kind == "report"
    assert parsed.bounce is not None
    assert parsed.bounce.recipients == ()
    assert parsed.bounce.original_message_id == "ours.9@desk.example.net"


def test_complaints_of_outlook() -> None:
    parsed = mail(
        ("message/rfc822", "X-HmXmrOriginalRecipient: ana@example.org\n" + ORIGINAL), kind="multipart/mixed"
    )
    assert parsed.kind == "report"


def test_a_dmarc_report_is_a_report() -> None:
    parsed = mail(
        ("application/gzip; name=r.xml.gz", "x"),
        kind="multipart/mixed",
        subject="Report Domain: desk.example Submitter: big.example Report-ID: 1",
    )
    assert parsed.kind == "report"


def notice(kind: str, **body: object) -> ParsedMail:
    told = {
        "notificationType": kind,
        kind.lower(): body,
        "mail": {
            "messageId": "0100-ses",
            "headers": [{"name": "Message-ID", "value": "<ours.9@desk.example.net>"}],
        },
    }
    return plain(
        "SNS <no-reply@sns.amazonaws.com>",
        "AWS Notification Message",
        json.dumps(told) + "\n\n--\nIf you wish to stop receiving",
    )


def test_notices_of_ses() -> None:
    bounced = notice(
        "Bounce",
        bounceType="Permanent",
        bouncedRecipients=[
            {
                "emailAddress": "ana@example.org",
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 no",
            }
        ],
    )
    assert bounced.kind == "bounce"
    assert bounced.bounce is not None
    assert bounced.bounce.original_message_id == "ours.9@desk.example.net"
    assert [(one.address, one.status, one.reason) for one in bounced.bounce.recipients] == [
        ("ana@example.org", "5.1.1", "550 5.1.1 no")
    ]
    passing = notice(
        "Bounce", bounceType="Transient", bouncedRecipients=[{"emailAddress": "ana@example.org"}]
    )
    assert passing.bounce is not None
    assert passing.bounce.recipients[0].status == "4.0.0"
    assert notice("Complaint", complainedRecipients=[{"emailAddress": "ana@example.org"}]).kind == "report"
    assert notice("Delivery", recipients=["ana@example.org"]).kind == "report"
    assert (
        plain(
            "Ana <ana@example.org>", "Help", '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[]}}'
        ).kind
        == "personal"
    )
    assert plain("no-reply@sns.amazonaws.com", "AWS Notification Message", "{" * 30_000).kind == "personal"
    assert (
        plain("no-reply@sns.amazonaws.com", "AWS Notification Message", '{"a":' + "[" * 30_000).kind
        == "personal"
    )


PASTED = "From: MAILER-DAEMON@x.example\nSubject: failed\n\n<bo@example.org>: 550 5.1.1 user unknown"
PEOPLE = [
    ("Ana <ana@example.org>", "Undelivered Mail Returned to Sender", "Why do I get this?\n\n" + PASTED, ""),
    ("Ana <ana@example.org>", "Mail delivery failed", "I wrote to bo@example.org, it says user unknown.", ""),
    ("Ana <ana@example.org>", "Fwd: Delivery Status Notification (Failure)", PASTED, ""),
    ("Ana <ana@example.org>", "Re: failure notice", "I get 550 5.1.1 for bo@example.org", "In-Reply-To: <1@x>\n"),
    ("Info <info@example.org>", "Delivery failed", "Hello,\nthe parcel could not be delivered to our address.\nInfo desk", ""),
    ("Support <support@partner.example>", "Undeliverable goods", "Dear desk,\nthe goods were rejected by the customer.", ""),
    ("Admin <admin@example.org>", "Problem with delivery", "We cannot send mail to bo@example.org: mailbox full. Please help.", ""),
    ("Ana <ana@example.org>", "Read: the manual says something else", "The manual says 5 V.", ""),
    ("Ana <ana@example.org>", "Abuse of the printer", "This is a report about the printer.", ""),
    ("Exchange Team <ana@example.org>", "Meeting", "Hello", ""),
    ("postmaster@example.org", "Question about your mail server", "Hello, which IP addresses do you use? Ana, postmaster", ""),
    ("postmaster@example.org", "Re: Your question", "It works now, thanks.", "In-Reply-To: <1@x>\n"),
    (
        "postmaster@example.org",
        "Re: Undeliverable mail from your server",
        "Hello,\nyour mail to ana@example.org could not be delivered, 550 5.7.1. I changed our filter.",
        "In-Reply-To: <1@x>\n",
    ),
    ("Exchange Team <team@example.org>", "Mailbox full", "My mailbox is full, please help.", ""),
    ("Mail Delivery <delivery@shop.example>", "Your order 4711", "Your parcel arrives tomorrow.", ""),
    ("noreply@shop.example", "Your delivery was unsuccessful", "Hi Ana, we tried to deliver your parcel 4711 at 9:00. Choose a new date.", ""),
    ("noreply@shop.example", "Delivery notification", "Your parcel will be delivered today to Ana.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "body", "headers"), PEOPLE)
def test_ordinary_mail_is_left_alone(sender: str, subject: str, body: str, headers: str) -> None:
    assert plain(sender, subject, body, headers).kind == "personal"


def test_a_bounce_somebody_attached_is_no_bounce() -> None:
    bounce = "From: MAILER-DAEMON@x.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n\nfailed\n--c\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bo@example.org\nAction: failed\nStatus: 5.1.1\n\n--c--\n"
    raw = f"From: Ana <ana@example.org>\nSubject: Please help\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat is this?\n--b\nContent-Type: message/rfc822\n\n{bounce}\n--b--\n"
    assert parse(raw.encode()).kind == "personal"


BODY = "This is the mail system at mx.example.com.\n\nYour message could not be delivered to the following recipients:\n\n<ana@example.org>: 550 5.1.1 User unknown\n<bo@example.org>: 552 5.2.2 Mailbox full\n"


@given(
    st.sampled_from(["7bit", "base64", "quoted-printable"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(
        ["", "\n-- \nScanned by Example Filter\n", "\n___\nlist mailing list\nlist@lists.example\n", "\n\n\n"]
    ),
    st.sampled_from(
        [
            "Undelivered Mail Returned to Sender",
            "Returned mail: see transcript",
            "=?utf-8?q?Undelivered_Mail?=",
            "Mail delivery failed:\n returning message",
        ]
    ),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_encoding_line_ends_and_footers_change_nothing(
    how: str, end: str, footer: str, subject: str, quoted: bool
) -> None:
    import quopri

    body = BODY + footer
    body = "\n".join(f"  {line}" if quoted and line else line for line in body.split("\n"))
    if how == "base64":
        body = "\n".join(chunk for chunk in _chunks(b64encode(body.encode()).decode(), 76))
    elif how == "quoted-printable":
        body = quopri.encodestring(body.encode()).decode()
    raw = f"From: Mail System <MAILER-DAEMON@mx.example.com>\nTo: desk@example.net\nSubject: {subject}\nContent-Transfer-Encoding: {how}\n\n{body}"
    parsed = parse(raw.replace("\n", end).encode())
    assert parsed.kind == "bounce"
    assert parsed.bounce is not None
    assert [(one.address, one.status) for one in parsed.bounce.recipients] == [
        ("ana@example.org", "5.1.1"),
        ("bo@example.org", "5.2.2"),
    ]


def _chunks(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_report_raises(body: str) -> None:
    parsed = plain("MAILER-DAEMON@mx.example.com", "failure notice", body)
    for one in parsed.bounce.recipients if parsed.bounce else ():
        assert one.address.isprintable()
        assert len(one.reason) <= 500


@pytest.mark.parametrize(
    "piece",
    ["a@b.example ", "<a@b.example>: 550 5.1.1\n", "user unknown ", "recipient " * 3, "@", "a.", "(((", "550 ", "Final-Recipient: rfc822; a@b.example\n\n", "to: ", "\"", "deliver ", "a" * 500 + "@", "x@y." ],
)  # fmt: skip
def test_hostile_reports_cost_little(piece: str) -> None:
    body = (piece * (200_000 // len(piece)))[:200_000]
    assert affordable(lambda: plain("MAILER-DAEMON@mx.example.com", "failure notice", body), 1.0)
