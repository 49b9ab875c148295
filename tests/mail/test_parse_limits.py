"""No mail costs more than a CPU second a megabyte, and a large one little more memory than it has bytes."""

from __future__ import annotations

import base64
import quopri
import random
import struct
import tracemalloc
from collections.abc import Callable

import pytest

from tests.mail.tnef_writer import attached, message, tnef
from tests.support.pace import affordable
from tui_desk.mail.parse import parse

HEAD = b"From: a@example.org\nTo: b@example.net\nSubject: x\nMessage-ID: <1@x>\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
SIGNED_DATA = b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010702") + b"\xa0\x80\x30\x80"
PGP = b"-----BEGIN PGP %s-----\n"


def typed(kind: bytes, content: bytes) -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\n\n" + content


def packed(kind: bytes, content: bytes) -> bytes:
    return (
        HEAD
        + b"Content-Type: "
        + kind
        + b"\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(content)
    )


def in_base64(content: bytes) -> bytes:
    return HEAD + b"Content-Transfer-Encoding: base64\n\n" + content


def to(value: bytes) -> bytes:
    return b"From: a@x\nTo: " + value + b"\n\nx"


BOMBS: dict[str, Callable[[], bytes]] = {
    "a field of 1 MB": lambda: b"From: a@x\nX: " + b"a " * 500_000 + b"\n\nx",
    "lines of blanks in the header": lambda: b"From: a@x\n" + b" \n" * 500_000 + b"\nx",
    "a run of carriage returns": lambda: b"From: a@x" + b"\r" * 1_000_000 + b"\nx",
    "CR CR LF": lambda: b"From: a@x\r\r\n" * 80_000,
    "words of unknown charsets": lambda: b"From: a@x\nSubject: " + b"".join(b"=?utf-%d?b?YQ?= " % n for n in range(40_000)) + b"\n\nx",
    "an open bracket and blanks": lambda: b"From: a@x\nReferences: <" + b" " * 60_000 + b"\n\nx",
    "open brackets": lambda: b"From: a@x\nReferences: " + b"<" * 60_000 + b"\n\nx",
    "delimiters on one line": lambda: MIXED + b"--b" * 300_000,
    "almost delimiters": lambda: MIXED + b"\n--bx" * 200_000,
    "other delimiters": lambda: MIXED + b"".join(b"--c%d\n\n" % number for number in range(100_000)),
    "nested without boundaries": lambda: HEAD + b"Content-Type: multipart/mixed\n\n" + b"--b\nContent-Type: multipart/mixed\n\n" * 20_000,
    "dirty base64": lambda: in_base64(b"QUJD!\n" * 200_000),
    "padding on every line": lambda: in_base64(b"A=\n" * 330_000),
    "padding on one line": lambda: in_base64(b"A=" * 500_000),
    "only padding": lambda: in_base64(b"=" * 1_000_000),
    "soft breaks that are none": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n=" + b" " * 1_000_000,
    "uuencoded beginnings": lambda: HEAD + b"\n" + b"begin 644 a\n" * 80_000 + b"end\n",
    "yEnc beginnings": lambda: HEAD + b"\n=yend \n" + b"=ybegin name=a\n" * 60_000,
    "signed beginnings": lambda: HEAD + b"\n" + PGP % b"SIGNED MESSAGE" + b"\n" + PGP % b"SIGNATURE" * 30_000,
    "PGP headers": lambda: HEAD + b"\n" + PGP % b"SIGNED MESSAGE" + b"A: b\n" * 200_000,
    "quotes in parameters": lambda: typed(b'text/plain; a="' + b'\\"' * 30_000, b"x"),
    "broken parameters": lambda: typed(b"text/plain" + b' a="b" c' * 8_000, b"x"),
    "brackets in a type": lambda: typed(b"text/plain " + b"(" * 60_000, b"x"),
    "6,000 pieces of a name": lambda: typed(b"t;" + b"".join(b"a*%d*=%%41;" % number for number in range(6_000)), b"x"),
    "escape sequences": lambda: typed(b"text/plain; charset=iso-2022-jp", b"\x1b$B\x21\x22\xff\x1b(B" * 100_000),
    "almost UTF-8": lambda: typed(b"text/plain; charset=utf-8", b"\xc3\xa9\xc3\xa9\xc3\xa9\xff" * 140_000),
    "20,000 events": lambda: typed(b"text/calendar", b"BEGIN:VEVENT\nATTENDEE;CN=a:mailto:x@y\nEND:VEVENT\n" * 20_000),
    "nested signed data": lambda: packed(b"application/pkcs7-mime", SIGNED_DATA * 50_000),
    "RTF that grows": lambda: packed(b"application/ms-tnef", tnef(message([(0x102, 0x1009, struct.pack("<IIII", 600_000, 4_000_000, 0x75465A4C, 0) + (b"\xff" + b"\x00\x1f" * 8) * 35_000)]))),
    "80,000 properties": lambda: packed(b"application/ms-tnef", tnef(message([(3, 1 + number % 0x7000, 7) for number in range(80_000)]))),
    "800 files": lambda: packed(b"application/ms-tnef", tnef(*[attached(b"a", b"x", [(3, 0x3705, 1)] * 50)] * 800)),
    "flowed lines": lambda: typed(b"text/plain; format=flowed", b"a \n" * 330_000),
    "a million quote signs": lambda: typed(b"text/plain; format=flowed", b">" * 1_000_000),
    "10,000 groups": lambda: to(b"g:a@b;" * 10_000),
    "routes": lambda: to(b"<@a," * 12_000 + b":j@x>"),
    "at signs": lambda: to(b"a@ " * 20_000),
    "dots": lambda: to(b"a@b" + b" .c" * 20_000),
    "lines that are no fields": lambda: b"From: a@x\n" + b"garbage\nX-A: b\n" * 60_000 + b"\nx",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_no_input_costs_more_than_a_second_a_megabyte(name: str) -> None:
    raw = BOMBS[name]()
    assert affordable(lambda: parse(raw), max(1.0, len(raw) / 1e6))


SIZE = 25_000_000


def large(encoding: bytes, content: bytes) -> bytes:
    head = (
        MIXED
        + b"--b\n\nSee the file.\n--b\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: "
    )
    return b"".join((head, encoding, b"\n\n", content, b"\n--b--\n"))


LARGE: dict[str, Callable[[], bytes]] = {
    "base64": lambda: large(b"base64", base64.encodebytes(random.Random(1).randbytes(SIZE * 37 // 50))),
    "dirty base64": lambda: large(b"base64", base64.encodebytes(bytes(SIZE * 37 // 50)) + b"!\n"),
    "quoted-printable": lambda: large(
        b"quoted-printable", quopri.encodestring(b"caf\xe9 au lait\n" * 100_000) * 14
    ),
    "binary": lambda: large(b"binary", random.Random(1).randbytes(SIZE)),
    "text": lambda: HEAD + b"\n" + b"A line of a log that somebody pasted into the mail 12345.\n" * 430_000,
    "attached mail": lambda: (
        large(b"7bit", b"").replace(b"application/zip", b"message/rfc822") + b"Subject: x\n\n" + b"x" * SIZE
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_25_megabytes_cost_two_seconds(name: str) -> None:
    raw = LARGE[name]()
    assert affordable(lambda: parse(raw), 2.0)


@pytest.mark.parametrize("name", [name for name in LARGE if name != "text"])
def test_25_megabytes_take_four_times_their_size(name: str) -> None:
    raw = LARGE[name]()[: SIZE // 5]  # a fifth: tracing memory is slow, and what is measured is a ratio
    tracemalloc.start()
    try:
        parse(raw)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(raw)  # the mail itself is the fourth
    finally:
        tracemalloc.stop()
