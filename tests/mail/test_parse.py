"""What the reader makes of whole mails: headers, MIME trees, attachments, identity."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest

from tui_desk.mail.message import Address, UnreadableMail
from tui_desk.mail.parse import content_digest, parse

HEAD = b"From: Ana <ana@example.org>\r\nTo: support@example.net\r\nSubject: Printer\r\nMessage-ID: <1@example.org>\r\n"


def mail(headers: bytes = b"", body: bytes = b"Hello\r\n") -> bytes:
    return HEAD + headers + b"\r\n" + body


def test_a_plain_mail() -> None:
    parsed = parse(mail(b"Date: Wed, 21 Oct 2026 10:00:00 +0200\r\nCc: Bo <bo@example.org>\r\n"))
    assert parsed.from_ == (Address("Ana", "ana@example.org"),)
    assert parsed.to == (Address("", "support@example.net"),)
    assert parsed.cc == (Address("Bo", "bo@example.org"),)
    assert (parsed.subject, parsed.message_id, parsed.text) == ("Printer", "1@example.org", "Hello\n")
    assert parsed.date == datetime(2026, 10, 21, 10, tzinfo=timezone(timedelta(hours=2)))
    assert (parsed.kind, parsed.defects, parsed.attachments) == ("personal", (), ())


@pytest.mark.parametrize("raw", [b"", b" \r\n\t\n"])
def test_nothing_is_no_mail(raw: bytes) -> None:
    with pytest.raises(UnreadableMail):
        parse(raw)


@pytest.mark.parametrize(
    ("field", "people"),
    [
        ("a@example.org", [("", "a@example.org")]),
        ('"Doe, John" <j@example.org>', [("Doe, John", "j@example.org")]),
        ("Doe John <j@example.org>; b@example.org", [("Doe John", "j@example.org"), ("", "b@example.org")]),
        ("j@example.org (John Doe)", [("John Doe", "j@example.org")]),
        ("Team: a@example.org, b@example.org;", [("", "a@example.org"), ("", "b@example.org")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?Q?J=C3=B6rg?= <j@example.org>", [("Jörg", "j@example.org")]),
        ('"=?utf-8?Q?J=C3=B6rg?=" <j@example.org>', [("Jörg", "j@example.org")]),
        ("Jörg <j@example.org>", [("Jörg", "j@example.org")]),
        ("<@relay.example:j@example.org>", [("", "j@example.org")]),
        ('"a b"@example.org', [("", '"a b"@example.org')]),
        ("root", [("", "root")]),
        ("", []),
        ("<>", []),
        ('"', []),
        ("a@[", [("", "a@[")]),
        ("(((((", []),
        ("A <a@example.org> <b@example.org>", [("A", "a@example.org"), ("", "b@example.org")]),
        ("'a@example.org'", [("", "a@example.org")]),
    ],
)
def test_address_lists(field: str, people: list[tuple[str, str]]) -> None:
    parsed = parse(b"From: x@example.org\nTo: " + field.encode() + b"\n\nx")
    assert [(one.name, one.address) for one in parsed.to] == people


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?iso-8859-1?q?caf=E9?=", "café"),
        (b"=?utf-8?b?Y2Fmw6k=?= =?utf-8?q?_s=C3=AD?=", "café sí"),
        (b"=?utf-8?b?Y2Fmww==?= =?utf-8?b?qQ==?=", "café"),
        (b"=?utf-8?q?a=C3?= =?utf-8?q?=A9b?=", "aéb"),
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9", "café"),
        (b"Re:=?utf-8?q?caf=C3=A9?=", "Re: café"),
        (b"=?nonsense?q?abc?=", "abc"),
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        (b"one\r\n two\r\n\tthree", "one two three"),
        (b"=?utf-8?q?a=0D=0ABcc:_x@example.org?=", "a Bcc: x@example.org"),
        (b"=?utf-8?q?a=1B[31m?=", "a\u241b[31m"),
        (b"=?utf-8?q?Was_ist_los=3F?=", "Was ist los?"),
        (b"=?utf-8?q?Was_ist_los??=", "Was ist los?"),
        (b"=?windows-1251?b?z/Do4uXy?=", "Привет"),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
    ],
)
def test_subjects(raw: bytes, subject: str) -> None:
    assert parse(b"From: a@example.org\r\nSubject: " + raw + b"\r\n\r\nx").subject == subject


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00"),
        ("21 Nov 97 09:55 GMT", "1997-11-21T09:55:00+00:00"),
        ("Fri Nov 21 09:55:06 1997", "1997-11-21T09:55:06+00:00"),
        ("Fri, 21 Nov 1997 09:55:06 PST", "1997-11-21T09:55:06-08:00"),
        ("2026-10-21T10:00:00Z", "2026-10-21T10:00:00+00:00"),
        ("Fri, 21 Nov 1997 09:55:06 +0100 (CET)", "1997-11-21T09:55:06+01:00"),
        ("Fri, 31 Feb 2026 09:55:06 +0100", None),
        ("Fri, 21 Nov 1997 09:55:06 +9999", None),
        ("Fri, 31 Dec 9999 23:59:59 +0000", None),  # in Asia another year, which nothing can hold
        ("9999-12-31 23:59:59 +0000", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_dates(written: str, read: str | None) -> None:
    date = parse(b"From: a@example.org\nDate: " + written.encode() + b"\n\nx").date
    assert (date.isoformat() if date else None) == read


def test_identifiers_lose_brackets_and_hostile_ones_are_left_out() -> None:
    parsed = parse(
        b"From: a@example.org\nMessage-ID:  <a@b> \nIn-Reply-To: Your mail of Monday <c@d>\n"
        b"References: <a@b> <x y@d> <c@d>\n <c@d> <\x01@d>\n\nx"
    )
    assert (parsed.message_id, parsed.in_reply_to) == ("a@b", "c@d")
    assert parsed.references == ("a@b", "xy@d", "c@d")
    assert parse(b"From: a@example.org\nMessage-ID: nothing here\n\nx").message_id == "nothinghere"
    assert parse(b"From: a@example.org\nMessage-ID: <>\n\nx").message_id is None


def test_alternatives_and_attachments() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "ana@example.org", "Files"
    message.set_content("plain text\n")
    message.add_alternative("<p>html <img src='cid:logo'></p>", subtype="html")
    html = message.get_payload()[1]
    html.add_related(b"\x89PNG", "image", "png", cid="<logo>")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Größe ünd.pdf")
    message.add_attachment("note\n", filename="../../etc/passwd")
    parsed = parse(message.as_bytes())
    assert parsed.text == "plain text\n"
    assert parsed.html is not None
    assert "<p>html" in parsed.html
    found = [(one.filename, one.content_type, one.content, one.inline) for one in parsed.attachments]
    assert found == [
        ("", "image/png", b"\x89PNG", True),
        ("Größe ünd.pdf", "application/pdf", b"%PDF", False),
        ("passwd", "text/plain", b"note\n", False),
    ]
    assert parsed.attachments[0].content_id == "logo"


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        (b"Content-Type: text/plain; charset=iso-8859-1\r\n", b"caf\xe9", "café"),
        (b"Content-Type: text/plain; charset=utf-8\r\n", b"caf\xe9", "café"),
        (b"Content-Type: text/plain; charset=bogus\r\n", "café".encode(), "café"),
        (b"Content-Type: text/plain; charset=us-ascii\r\n", "“café”".encode("cp1252"), "“café”"),
        (b"Content-Type: text/plain; charset=gb2312\r\n", "你好".encode("gbk"), "你好"),
        (b"Content-Transfer-Encoding: base64\r\n", b"SGVsbG8=", "Hello"),
        (b"Content-Transfer-Encoding: base64\r\n", b"SGVs!!bG8", "Hello"),
        (b"Content-Transfer-Encoding: quoted-printable\r\n", b"caf=C3=A9 =\r\nzu", "café zu"),
        (b"Content-Type: text/plain; format=flowed\r\n", b"one \r\ntwo\r\n> a \r\n> b\r\n-- \r\nx", "one two\n> a b\n-- \nx"),
        (b"Content-Type: text/html\r\n", b"<p>Hi&nbsp;<b>there</b></p><script>x()</script>", "Hi there"),
        (b"Content-Type: text/plain\r\n", b"a\x00b\x1b[2Jc\x9b", "a\u2400b\u241b[2Jc\u203a"),
        (b"Content-Type: multipart/mixed\r\n", b"--zz\r\n\r\nHello\r\n--zz--\r\n", "Hello"),
        (b"Content-Type: multipart/mixed; boundary=zz\r\n", b"no parts at all", "no parts at all"),
        (b"Content-Type: nonsense\r\n", b"Hello", "Hello"),
    ],
)  # fmt: skip
def test_texts(headers: bytes, body: bytes, text: str) -> None:
    assert parse(mail(headers, body)).text == text


def test_html_is_read_where_the_plain_part_says_nothing() -> None:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message.set_content("Your mail program does not support HTML messages.\n")
    message.add_alternative("<p>The real text</p>", subtype="html")
    assert parse(message.as_bytes()).text == "The real text"


def test_a_lost_empty_line_loses_no_text() -> None:
    parsed = parse(b"From: a@example.org\nSubject: x\nThis is the text.\nAnd more of it.\n")
    assert parsed.text == "This is the text.\nAnd more of it.\n"
    assert parsed.defects


def test_delivery_addresses() -> None:
    raw = (
        b"Delivered-To: desk@example.net\nReceived: from a by b for <Sales@example.net>; x\n"
        b"X-Original-To: it+inbox@example.net\nFrom: a@example.org\n\nx"
    )
    assert parse(raw).delivered_to == ("desk@example.net", "sales@example.net", "it+inbox@example.net")
    own = frozenset({"it@example.net", "sales@example.net"})
    assert parse(raw, own_addresses=own).delivered_to == ("sales@example.net", "it@example.net")


def test_the_digest_ignores_the_way_a_mail_took() -> None:
    first = mail(b"Date: Wed, 21 Oct 2026 10:00:00 +0200\r\n", b"caf=C3=A9\r\n").replace(
        b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    second = b"Received: from x by y\nDelivered-To: z@example.net\n" + mail(
        b"Date: Wed, 21 Oct 2026 10:00:00 +0200\r\n", "café\n".encode()
    )
    assert content_digest(parse(first)) == content_digest(parse(second))
    other = second.replace("café".encode(), b"cafe")
    assert content_digest(parse(other)) != content_digest(parse(second))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, the printer does not work and we need it for the invoices. Thanks", "en"),
        ("Hola, la impresora no funciona y la necesito para hoy. Gracias por su ayuda", "es"),
        ("Hallo, der Drucker geht nicht und wir brauchen ihn für die Rechnungen. Danke", "de"),
        ("Bonjour, je ne peux pas imprimer, merci de nous aider avec les factures", "fr"),
        ("Olá, não consigo imprimir e preciso de ajuda com os documentos, obrigado", "pt"),
        ("Здравствуйте, принтер не работает, мы не можем печатать", "ru"),
        ("プリンターが動きません。助けてください。", "ja"),
        ("打印机坏了，请帮忙。", "zh"),
        ("ok", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert parse(mail(b"", text.encode())).language == language


def test_the_standard_library_agrees_where_it_can_read() -> None:
    message = EmailMessage()
    message["From"], message["To"] = "Ana Ñ <ana@example.org>", "Support <s@example.net>, b@example.net"
    message["Subject"] = "Ünïcode " * 20
    message["Date"] = datetime(2026, 10, 21, 8, tzinfo=UTC)
    message.set_content("Zeile eins\nZeile zwei mit ß\n")
    message.add_attachment(
        bytes(range(256)) * 20, maintype="application", subtype="octet-stream", filename="ß.bin"
    )
    raw = message.as_bytes()
    oracle = email.message_from_bytes(raw, policy=email.policy.default)
    parsed = parse(raw)
    assert parsed.subject == str(oracle["Subject"]).strip()
    assert [one.address for one in parsed.to] == [one.addr_spec for one in oracle["To"].addresses]
    assert [one.name for one in parsed.from_] == [one.display_name for one in oracle["From"].addresses]
    assert parsed.date == oracle["Date"].datetime
    body = oracle.get_body(("plain",))
    assert body is not None
    assert parsed.text == body.get_content()
    attached = next(iter(oracle.iter_attachments()))
    assert parsed.attachments[0].filename == attached.get_filename()
    assert parsed.attachments[0].content == attached.get_content()
