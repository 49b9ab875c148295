"""What a stranger can send: no bytes raise, none cost more than two seconds, no control character comes through."""

from __future__ import annotations

import random
import re
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.pace import affordable
from tui_desk.mail.addresses import addresses_in
from tui_desk.mail.html_text import html_to_text
from tui_desk.mail.message import KINDS, ParsedMail, UnreadableMail
from tui_desk.mail.parse import content_digest, parse
from tui_desk.mail.reply import segments_of

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
HEAD = b"From: a@example.org\nTo: b@example.net\nSubject: x\nMessage-ID: <1@x>\n"
relaxed = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(parsed: ParsedMail) -> None:
    """What holds for every mail."""
    assert "".join(segment.text for segment in parsed.segments) == parsed.text
    assert parsed.kind in KINDS
    assert not CONTROL.search(parsed.text)
    people = (*parsed.from_, *parsed.to, *parsed.cc, *parsed.reply_to)
    names = [text for one in people for text in (one.name, one.address)]
    files = [one.filename for one in parsed.attachments]
    for line in (parsed.subject, *names, *files, *(value for _, value in parsed.headers)):
        assert not CONTROL.search(line)
        assert "\n" not in line
    assert all("/" not in name and "\\" not in name for name in files)
    assert all(one.size == len(one.content) for one in parsed.attachments)
    for identifier in (parsed.message_id, parsed.in_reply_to, *parsed.references):
        assert identifier is None or re.fullmatch(r"[!-~]{1,995}", identifier)
    assert parsed.date is None or parsed.date.tzinfo is not None
    assert len(content_digest(parsed)) == 64


WORDS = [
    b"From", b"To", b"Subject", b"Content-Type", b"Content-Disposition", b": ", b"\r\n", b"\n", b"\n\n", b" ", b";", b"=?utf-8?q?",
    b"=?utf-8?b?", b"?=", b"multipart/mixed", b"boundary=", b'"', b"--b", b"--b--", b"text/html", b"message/rfc822", b"base64", b"<", b">",
    b"@", b"(", b")", b"charset=utf-16", b"=C3", b"\xff", b"\x00", b"\x1b[c", b"<blockquote>", b"<a href=", b"> ", b"On 1/1/2026 10:00 x@y.org wrote:",
    b"-----Original Message-----", b"message/delivery-status", b"Final-Recipient: rfc822; a@b.org", b"\xe2\x80\xae", b"filename*0*=utf-8''", b"../", b"-- ", b"x",
    b"Content-Transfer-Encoding", b"quoted-printable", b"name=", b"Fwd: ", b"format=flowed", b"\xed\xa0\x80", b"&#55555;", b"&#99999999;", b"Date", b"References",
]  # fmt: skip


@relaxed
@given(st.binary(max_size=2_000))
def test_any_bytes(raw: bytes) -> None:
    try:
        check(parse(raw))
    except UnreadableMail:
        assert not raw.strip()


@relaxed
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=120))
def test_any_mix_of_what_mails_are_made_of(words: list[bytes]) -> None:
    check(parse(HEAD + b"".join(words)))


@relaxed
@given(st.lists(st.sampled_from(WORDS), max_size=60), st.binary(max_size=300))
def test_any_header(words: list[bytes], tail: bytes) -> None:
    check(parse(b"From: a@example.org\nTo: " + b"".join(words) + tail + b"\n\nbody"))


@relaxed
@given(st.text(max_size=1_500))
def test_segments_join_to_the_text(text: str) -> None:
    assert "".join(segment.text for segment in segments_of(text)) == text


@relaxed
@given(
    st.lists(
        st.sampled_from(
            ["> a\n", "b\n", "\n", "On 1/1/2026 10:00, X <x@y.org> wrote:\n", "-- \n", "Regards,\n", "From: X <x@y.org>\nSent: 1\nSubject: s\n", ">> c\n"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_segments_of_conversations_join_to_the_text(lines: list[str]) -> None:
    text = "".join(lines)
    assert "".join(segment.text for segment in segments_of(text)) == text


@relaxed
@given(st.text(alphabet="<>/!-&;=\"' abdeiloprstxu\n#0\x1b\u202e", max_size=800))
def test_any_markup(markup: str) -> None:
    assert not CONTROL.search(html_to_text(markup).text)


def nested(levels: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(levels)
    )
    return b"From: a@example.org\n" + opened + b"\nhello\n"


def html(markup: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\n\n" + markup


BOMBS: dict[str, Callable[[], bytes]] = {
    "a header of 1 MB": lambda: HEAD + b"X: " + b"y" * 1_000_000 + b"\n\nbody",
    "1 MB of headers": lambda: HEAD + b"X: y\n" * 200_000 + b"\nbody",
    "1 MB of folds": lambda: HEAD + b"X: y" + b"\n y" * 300_000 + b"\n\nbody",
    "a subject of 10 MB": lambda: b"From: a@x\nSubject: " + b"x" * 10_000_000 + b"\n\nbody",
    "40,000 encoded words": lambda: b"From: a@x\nSubject: " + b"=?utf-8?q?=C3=A4?= " * 40_000 + b"\n\nbody",
    "40,000 open encoded words": lambda: b"From: a@x\nSubject: " + b"=?a?q?" * 40_000 + b"\n\nbody",
    "20,000 addresses": lambda: b"From: a@x\nTo: " + b"U <u@example.org>, " * 20_000 + b"\n\nbody",
    "20,000 To fields": lambda: b"From: a@x\n" + b"To: U <u@example.org>\n" * 20_000 + b"\nbody",
    "open comments": lambda: b"From: a@x\nTo: " + b"(a" * 30_000 + b")\n\nbody",
    "escaped quotes": lambda: b"From: a@x\nTo: " + b'\\"' * 30_000 + b"\n\nbody",
    "angles": lambda: b"From: a@x\nTo: " + b"<" * 60_000 + b">\n\nbody",
    "100,000 parts": lambda: HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
    "5,000 nested parts": lambda: nested(5_000),
    "1,000 attached mails": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: message/rfc822\n\nSubject: x\n\nx\n" * 1_000
    ),
    "parameters": lambda: b"From: a@x\nContent-Type: text/plain" + b"; a=b" * 100_000 + b"\n\nbody",
    "200 kB of <": lambda: html(b"<" * 200_000),
    "open tags": lambda: html(b"<a " * 200_000),
    "open quotes in tags": lambda: html(b'<a x="' * 200_000 + b">"),
    "open scripts": lambda: html(b"<script>" * 100_000),
    "open comments in HTML": lambda: html(b"<!--" * 200_000),
    "5,000 nested quotes": lambda: html(b"<blockquote>x" * 5_000),
    "50,000 nested tables": lambda: html(b"<table><tr><td>x" * 50_000),
    "a number of a million digits": lambda: html(b"&#" + b"9" * 1_000_000 + b";"),
    "a line of 1 MB": lambda: HEAD + b"\n" + b"x" * 1_000_000,
    "100,000 lines": lambda: HEAD + b"\n" + b"hello world this is it:\n" * 100_000,
    "lines of dashes": lambda: HEAD + b"\n" + (b"-" * 999 + b"\n") * 1_000,
    "header lines": lambda: HEAD + b"\n" + b"From: x@y,\n" * 30_000,
    "quotes 5,000 deep": lambda: HEAD + b"\n" + b"".join(b">" * n + b" x\n" for n in range(0, 5_000, 5)),
    "a bounce without end": lambda: b"From: MAILER-DAEMON@x.org\nSubject: failure notice\n\nfailed\n" + b"a@b.org could not " * 60_000,
    "noise": lambda: random.Random(7).randbytes(1_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_no_mail_costs_more_than_two_seconds(name: str) -> None:
    raw = BOMBS[name]()
    assert affordable(lambda: parse(raw), 2.0)
    check(parse(raw))


@pytest.mark.parametrize(
    "name", ["a subject of 10 MB", "100,000 parts", "50,000 nested tables", "100,000 lines"]
)
def test_no_mail_takes_much_memory(name: str) -> None:
    raw = BOMBS[name]()
    tracemalloc.start()
    try:
        parse(raw)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_a_large_attachment_is_not_copied_more_than_needed() -> None:
    raw = (
        HEAD
        + b"Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
        + (b"QUJD" * 18 + b"\n") * 200_000
    )
    tracemalloc.start()
    try:
        parsed = parse(raw)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(raw)
    finally:
        tracemalloc.stop()
    assert parsed.attachments[0].size == 200_000 * 54


@pytest.mark.parametrize(
    "text", ["<a\x00@x.test>", "a\x00@x.test", 'Ann \x1b[2J <"a"\x00\x7f@x.test>', "B: a\x01\x9b@x.test;"]
)
def test_no_control_character_survives_in_an_address(text: str) -> None:
    (found,) = addresses_in(text)
    assert found.address.replace('"', "") == "a@x.test"
    assert found.name.isprintable()
