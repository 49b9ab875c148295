"""Mail over the limit: header and text come, the rest is named and stays."""

from __future__ import annotations

import pytest

from tests.mail.test_imap_dovecot import LOGIN, USER, server
from tests.support.dovecot import Dovecot
from tui_desk.mail.imap import RawMessage
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.mail.parse import content_digest, parse

pytestmark = pytest.mark.dovecot

HEAD = (
    b"From: Anna <a@customer.test>\r\nTo: support@desk.test\r\nSubject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\r\n"
    b"Message-ID: <big@customer.test>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
)
WEIGHT = b"QUJD" * 18 + b"\r\n"


def big_mail() -> bytes:
    return (
        HEAD + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary="out"\r\n\r\npreamble\r\n'
        b'--out\r\nContent-Type: multipart/alternative; boundary="in"\r\n\r\n'
        b"--in\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Sch=F6ne Gr=FC=DFe\r\n"
        b"--in\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Sch\xc3\xb6ne <b>Gr\xc3\xbc\xc3\x9fe</b></p>\r\n--in--\r\n"
        b'--out\r\nContent-Type: application/zip; name="=?utf-8?q?b=C3=BCcher=2Ezip?="\r\n'
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n"
        + WEIGHT * 40_000
        + b"--out--\r\n"
    )


def reduced(dovecot: Dovecot, raw: bytes) -> RawMessage:
    dovecot.deliver(USER, raw)
    with open_mailbox(server(dovecot), LOGIN) as session:
        session.select("INBOX")
        message = session.fetch_reduced(session.uids()[-1], len(raw))
    assert message is not None
    return message


def test_header_and_text_come_and_the_rest_is_named(dovecot: Dovecot) -> None:
    message = reduced(dovecot, big_mail())
    parsed = parse(message.raw)
    assert message.internal_date is not None
    assert (parsed.subject, parsed.message_id) == ("Größe", "big@customer.test")
    assert "Schöne Grüße" in parsed.text
    assert "left on the mail server" in parsed.text
    assert "bücher.zip (3." in parsed.text
    assert parsed.html is not None
    assert "<b>" in parsed.html
    assert not parsed.attachments
    assert len(message.raw) < 3_000


def test_the_same_mail_is_the_same_when_it_is_made_again(dovecot: Dovecot) -> None:
    first, second = reduced(dovecot, big_mail()), reduced(dovecot, big_mail())
    assert first.raw == second.raw
    assert content_digest(parse(first.raw)) == content_digest(parse(second.raw))


def test_one_enormous_text_comes_in_part(dovecot: Dovecot) -> None:
    raw = (
        HEAD
        + b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe log:\r\n"
        + b"line after line\r\n" * 200_000
    )
    parsed = parse(reduced(dovecot, raw).raw)
    assert "The log:\nline after line\n" in parsed.text
    assert 900_000 < len(parsed.text) < 1_100_000
    assert "Left there: text/plain (3.4 MB)" in parsed.text


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: application/pdf\r\n\r\n%PDF",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno part at all",
        b'Content-Type: message/rfc822\r\n\r\nSubject: "in"\r\n\r\ninner',
        b'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: a"b/c; name="\\"q\r\n\r\nz\r\n--x--',
        b"",
    ],
)
def test_odd_structures_give_at_least_the_header(dovecot: Dovecot, body: bytes) -> None:
    parsed = parse(reduced(dovecot, HEAD + body).raw)
    assert parsed.subject == "Größe"
    assert "left on the mail server" in parsed.text
