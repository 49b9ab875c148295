"""What holds a message in a form of its own: winmail.dat, S/MIME, PGP, invitations. All of it bounded."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from tests.mail.tnef_writer import attached, attribute, compressed, message, tnef
from tests.support.pace import affordable
from tui_desk.mail.cms import read_cms
from tui_desk.mail.invitation import invitation_text
from tui_desk.mail.message import ParsedMail
from tui_desk.mail.parse import parse
from tui_desk.mail.rtf import decompressed_rtf, rtf_content
from tui_desk.mail.tnef import read_tnef

HEAD = b"From: Ana <ana@example.org>\nTo: it@example.net\nSubject: Printer\n"
STRING8, UNICODE, BINARY, LONG, OBJECT = 0x1E, 0x1F, 0x102, 3, 13


def attachment(content: bytes, kind: str, before: str = "") -> bytes:
    encoded = base64.encodebytes(content)
    head = f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n{before}\n--b\nContent-Type: {kind}\n"
    return HEAD + head.encode() + b"Content-Transfer-Encoding: base64\n\n" + encoded + b"--b--\n"


def whole(content: bytes, kind: str) -> bytes:
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n"
    return HEAD + head.encode() + base64.encodebytes(content)


def names(parsed: ParsedMail) -> list[tuple[str, bytes]]:
    return [(one.filename, one.content) for one in parsed.attachments]


STREAM = tnef(
    message([(LONG, 0x8005, 7), (UNICODE, 0x1000, "Größe\r\ntext"), (UNICODE, 0x37, "Subject")]),
    attached(
        b"BILL~1.PDF", b"%PDF", [(UNICODE, 0x3707, "Bill für Ana.pdf"), (UNICODE, 0x370E, "application/pdf")]
    ),
    attached(b"logo.png", b"PNG", [(STRING8, 0x3712, b"logo@x\0")]),
)


def test_winmail_is_opened() -> None:
    parsed = parse(whole(STREAM, 'application/ms-tnef; name="winmail.dat"'))
    assert parsed.text == "Größe\ntext"
    assert names(parsed) == [("Bill für Ana.pdf", b"%PDF"), ("logo.png", b"PNG")]
    assert parsed.attachments[0].content_type == "application/pdf"
    assert parsed.attachments[1].content_id == "logo@x"
    assert parsed.defects == ()


def test_winmail_beside_a_text_does_not_repeat_it() -> None:
    parsed = parse(attachment(STREAM, "application/octet-stream; name=WINMAIL.DAT", "the text"))
    assert parsed.text == "the text"
    assert [name for name, _ in names(parsed)] == ["Bill für Ana.pdf", "logo.png"]


def test_a_message_inside_winmail() -> None:
    inner = tnef(
        message([(UNICODE, 0x1000, "inner text"), (UNICODE, 0x37, "Old")]), attached(b"in.txt", b"x", [])
    )
    stream = tnef(attached(b"Old", b"", [(OBJECT, 0x3701, bytes(16) + inner), (UNICODE, 0x3707, "Old mail")]))
    parsed = parse(attachment(stream, "application/ms-tnef", "text"))
    assert names(parsed) == [("Old mail.txt", b"inner text"), ("in.txt", b"x")]


def test_html_and_rtf_bodies() -> None:
    html = tnef(message([(LONG, 0x3FDE, 65001), (BINARY, 0x1013, "<p>Größe</p>".encode())]))
    assert parse(whole(html, "application/ms-tnef")).text == "Größe"
    rtf = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\f0 Gr\'f6\'dfe \u8364?\par second {\b bold}\par}"
    assert rtf_content(rtf) == ("Größe €\nsecond bold\n", False)
    assert decompressed_rtf(compressed(rtf)) == rtf
    stream = tnef(message([(BINARY, 0x1009, compressed(rtf))]))
    assert parse(whole(stream, "application/ms-tnef")).text == "Größe €\nsecond bold\n"
    hidden = (
        rb"{\rtf1\ansi\ansicpg1251\fromhtml1{\*\htmltag64 <p>}\htmlrtf \par {\htmlrtf0 "
        rb"\'cf\'f0\'e8\'e2\'e5\'f2{\*\htmltag72 </p>}\htmlrtf }\htmlrtf0}"
    )
    assert rtf_content(hidden) == ("<p>Привет</p>", True)


@pytest.mark.parametrize("cut", [0, 3, 7, 20, 60, len(STREAM) // 2, len(STREAM) - 3])
def test_a_damaged_winmail_is_kept(cut: int) -> None:
    parsed = parse(attachment(STREAM[:cut], "application/ms-tnef; name=winmail.dat", "text"))
    assert parsed.text == "text"
    assert "winmail.dat" in [name for name, _ in names(parsed)]
    assert parsed.defects


def test_hostile_winmail_costs_little() -> None:
    bombs = [
        tnef(message([(BINARY, 0x1009, compressed(b"{\\rtf1\\ansi" + b"{" * 300_000))])),
        tnef(attribute(1, 0x69003, b"\xff\xff\xff\xff" + bytes(1_000_000))),
        tnef(*[attribute(2, 0x69002, b"")] * 100_000),
        tnef(attribute(1, 0x69003, b"\x01\0\0\0\x02\x10\x01\0\xff\xff\xff\x7f")),
        struct_nested(40),
    ]
    for bomb in bombs:
        assert affordable(partial(read_tnef, bomb), 1 + len(bomb) / 1e6)


def struct_nested(levels: int) -> bytes:
    stream = tnef(message([(UNICODE, 0x1000, "deep")]))
    for _ in range(levels):
        stream = tnef(attached(b"m", b"", [(OBJECT, 0x3701, bytes(16) + stream)]))
    return stream


@pytest.fixture(scope="module")
def signer() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ana")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=9))
    return made.sign(key, hashes.SHA256()), key


INNER = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"
    b"--i\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--i--\r\n"
)


def signed(
    signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey], *options: pkcs7.PKCS7Options
) -> bytes:
    certificate, key = signer
    builder = pkcs7.PKCS7SignatureBuilder().set_data(INNER).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, list(options))


def indefinite(content: bytes, size: int = 1000) -> bytes:
    """A SignedData as streaming programs write it: no lengths, the content in pieces."""
    pieces = b"".join(
        b"\x04\x82" + len(content[at : at + size]).to_bytes(2, "big") + content[at : at + size]
        for at in range(0, len(content), size)
    )
    data = b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010701") + b"\xa0\x80\x24\x80" + pieces + bytes(6)
    signed_data = b"\x30\x80\x02\x01\x01\x31\x00" + data + b"\x31\x00" + bytes(2)
    return b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010702") + b"\xa0\x80" + signed_data + bytes(4)


def test_opaque_signed_mail_is_shown(signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey]) -> None:
    kind = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
    for body in (signed(signer, pkcs7.PKCS7Options.Binary), indefinite(INNER)):
        parsed = parse(whole(body, kind))
        assert parsed.text == "Grüße"
        assert names(parsed) == [("a.pdf", b"%PDF"), ("smime.p7m", body)]
        assert parsed.defects == ()
    assert (
        read_cms(signed(signer, pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary)) is not None
    )


def test_clear_signed_mail_is_shown() -> None:
    raw = (
        HEAD
        + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=s\n\n--s\n'
        b"Content-Type: text/plain\n\nHello\n--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nxx\n--s--\n"
    )
    parsed = parse(raw)
    assert (parsed.text, names(parsed)) == ("Hello", [("smime.p7s", b"xx")])


def test_encrypted_mail_says_so_and_is_kept(
    signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey],
) -> None:
    enveloped = b"\x30\x0d\x06\x09" + bytes.fromhex("2a864886f70d010703") + b"\xa0\x00"
    parsed = parse(whole(enveloped, "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"))
    assert "encrypted with S/MIME" in parsed.text
    assert names(parsed) == [("smime.p7m", enveloped)]
    assert "encrypted" in parsed.defects[0]
    raw = (
        HEAD + b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e\n\n--e\n'
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n--e\nContent-Type: application/octet-stream; name=encrypted.asc\n\n"
        b"-----BEGIN PGP MESSAGE-----\n\nxx\n-----END PGP MESSAGE-----\n--e--\n"
    )
    parsed = parse(raw)
    assert "encrypted with PGP" in parsed.text
    assert [one.filename for one in parsed.attachments] == ["", "encrypted.asc"]
    assert "encrypted" in parsed.defects[0]


def test_pgp_in_the_text() -> None:
    armour = "-----BEGIN PGP SIGNATURE-----\nVersion: x\n\niQ==\n=abcd\n-----END PGP SIGNATURE-----\n"
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- dashed\n{armour}"
    parsed = parse(HEAD + b"\n" + text.encode())
    assert parsed.text == "Hello\n-- dashed\n"
    assert names(parsed) == [("signature.asc", armour.encode())]
    message_ = "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n"
    parsed = parse(HEAD + b"\n" + message_.encode())
    assert "encrypted with PGP" in parsed.text
    assert names(parsed) == [("encrypted.asc", message_.encode())]
    open_ended = "-----BEGIN PGP SIGNED MESSAGE-----\n\nHello\n"
    assert parse(HEAD + b"\n" + open_ended.encode()).text == open_ended


@pytest.mark.parametrize("seed", range(8))
def test_damaged_containers_raise_nothing(
    seed: int, signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey]
) -> None:
    random_ = random.Random(seed)
    for source in (
        STREAM,
        struct_nested(3),
        signed(signer, pkcs7.PKCS7Options.Binary),
        indefinite(INNER, 20),
    ):
        for _ in range(30):
            data = bytearray(source)
            for _ in range(random_.randint(1, 6)):
                data[random_.randrange(len(data))] = random_.choice(
                    (0, 1, 0x7F, 0x80, 0xFF, random_.randrange(256))
                )
            cut = bytes(data[: random_.randint(0, len(data))]) if random_.random() < 0.3 else bytes(data)
            read_tnef(cut)
            read_cms(cut)
            parse(attachment(cut, "application/ms-tnef", "x"))
            parse(whole(cut, "application/pkcs7-mime"))


def calendar(method: str, *lines: str) -> str:
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VTIMEZONE",
        "TZID:Madrid",
        "BEGIN:STANDARD",
    ]
    head += ["DTSTART:16010101T030000", "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT", "UID:1@x"]
    tail = [
        "BEGIN:VALARM",
        "DESCRIPTION:REMINDER",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join([*head, *lines, *tail]) + "\r\n"


EVENT = (
    "SUMMARY;LANGUAGE=en:Printer\\, second floor",
    "DTSTART;TZID=Europe/Madrid:20261021T100000",
    "DTEND;TZID=Europe/Madrid:20261021T113000",
    "LOCATION:Room 1\\; left",
    'ORGANIZER;CN="Doe, Ana":mailto:ana@example.org',
    "ATTENDEE;PARTSTAT=ACCEPTED;CN=Bo:mailto:bo@exam",
    " ple.org",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION:MAILTO:cy@example.org",
    "DESCRIPTION:Bring\\nthe toner",
)
WORDS = """Invitation: Printer, second floor
When: 2026-10-21 10:00–11:30 (Europe/Madrid)
Where: Room 1; left
Organiser: Doe, Ana <ana@example.org>
Who: Bo <bo@example.org> (accepted), cy@example.org
"""


def test_an_invitation_in_words() -> None:
    assert invitation_text(calendar("REQUEST", *EVENT), whole=False) == WORDS
    assert invitation_text(calendar("REQUEST", *EVENT), whole=True) == WORDS + "\nBring\nthe toner\n"


@pytest.mark.parametrize(
    ("method", "lines", "words"),
    [
        ("CANCEL", ["SUMMARY:X"], "Cancelled: X"),
        ("REQUEST", ["SUMMARY:X", "STATUS:CANCELLED"], "Cancelled: X"),
        ("REPLY", ["SUMMARY:X", "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@x"], "Answer to an invitation: X\nWho: bo@x (declined)"),
        ("COUNTER", ["SUMMARY:X", "COMMENT:later"], "Another time is proposed: X\nComment: later"),
        ("PUBLISH", ["SUMMARY:X", "DTSTART:20261021T100000Z"], "Appointment: X\nWhen: 2026-10-21 10:00 (UTC)"),
        ("REQUEST", ["DTSTART;VALUE=DATE:20261021", "DTEND;VALUE=DATE:20261022"], "Invitation: (no title)\nWhen: 2026-10-21"),
        ("REQUEST", ["SUMMARY:X", "DTSTART:20261021T100000", "DURATION:PT1H30M"], "Invitation: X\nWhen: 2026-10-21 10:00–11:30"),
        ("REQUEST", ["SUMMARY:X", "DTSTART:20261021T100000Z", "DTEND:20261022T100000Z"], "Invitation: X\nWhen: 2026-10-21 10:00 – 2026-10-22 10:00 (UTC)"),
        ("REQUEST", ["SUMMARY:X", "DTSTART:20261341T990000"], "Invitation: X"),
        ("REQUEST", ["SUMMARY:X", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"], "Invitation: X\nRepeats: every 2 weeks"),
        ("REQUEST", ["SUMMARY:X", "RRULE:FREQ=WEEKLY;COUNT=4"], "Invitation: X\nRepeats: every week, 4 times"),
        ("REQUEST", ["SUMMARY:X", "RRULE:FREQ=DAILY;COUNT=1"], "Invitation: X\nRepeats: every day, once"),
        ("REQUEST", ["SUMMARY:X", "RRULE:FREQ=MONTHLY;UNTIL=20261231T225959Z"], "Invitation: X\nRepeats: every month, until 2026-12-31"),
        ("REQUEST", ["SUMMARY:X", "RRULE:FREQ=MONTHLY;UNTIL=never;COUNT=many"], "Invitation: X\nRepeats: every month"),
    ],
)  # fmt: skip
def test_invitations(method: str, lines: list[str], words: str) -> None:
    assert invitation_text(calendar(method, *lines), whole=False) == words + "\n"


def test_an_invitation_in_a_mail() -> None:
    head = f"Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\n{calendar('REQUEST', *EVENT)}"
    parsed = parse(HEAD + head.encode())
    assert parsed.text == WORDS + "\nBring\nthe toner\n"
    assert "".join(segment.text for segment in parsed.segments) == parsed.text
    both = (
        "Content-Type: multipart/alternative; boundary=a\n\n--a\n\nPlease come.\n--a\nContent-Type: text/calendar\n\n"
        + calendar("CANCEL", *EVENT)
        + "\n--a--\n"
    )
    parsed = parse(HEAD + both.encode())
    assert parsed.text == "Please come.\n\n" + WORDS.replace("Invitation", "Cancelled")
    assert [one.content_type for one in parsed.attachments] == ["text/calendar"]


@pytest.mark.parametrize("text", ["", "BEGIN:VEVENT", "BEGIN:VEVENT\n" * 5_000, "X" * 400_000, ":" * 300_000, ";=" * 200_000, "BEGIN:VEVENT\nSUMMARY" + ";a=b" * 90_000 + ":x"])  # fmt: skip
def test_no_calendar_costs_much(text: str) -> None:
    assert affordable(lambda: invitation_text(text, whole=True), 1)


def test_rtf_beyond_the_first_plane() -> None:
    assert rtf_content(rb"{\rtf1\ansi\uc1 Hi \u-10179?\u-8704?, \u8364?!}") == ("Hi \U0001f600, €!\n", False)
    assert rtf_content(rb"{\rtf1\ansi\uc0 \u-10179\u-8704 }")[0] == "\U0001f600\n"
    assert rtf_content(rb"{\rtf1\ansi half \u-10179? of it}")[0] == "half \ufffd of it\n"
