"""Whose word counts about a sender: the mailbox's own server, and nobody who can write into a mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pace import affordable
from tui_desk.mail.from_field import is_doubtful_from
from tui_desk.mail.parse import parse
from tui_desk.services.sender_trust import Trust, trust_of

OURS = "Authentication-Results: mx.desk.test; dmarc={} header.from=customer.test"
RECEIVED = "Received: from mail.customer.test by mx.desk.test with ESMTPS; Fri, 20 Nov 2026 10:00:00 +0000"
MAIL = "From: Anna <anna@customer.test>\nSubject: x\n\nx\n"


def judged(*lines: str, authserv_ids: tuple[str, ...] = (), imap_host: str = "") -> bool | None:
    raw = "\n".join((*lines, MAIL)).encode()
    return trust_of(parse(raw), raw, authserv_ids=authserv_ids, imap_host=imap_host).authenticated


@pytest.mark.parametrize(("result", "expected"), [("pass", True), ("fail", False), ("none", None)])
def test_a_named_server_is_believed_wherever_its_field_stands_first(
    result: str, expected: bool | None
) -> None:
    field = OURS.format(result)
    for lines in ((field, RECEIVED), (RECEIVED, field)):
        assert judged(*lines, authserv_ids=("mx.desk.test",)) is expected


def test_without_a_name_only_what_no_sender_can_have_written_counts() -> None:
    passed = OURS.format("pass")
    assert judged(passed, RECEIVED, imap_host="imap.desk.test") is True
    assert judged(RECEIVED, passed, imap_host="imap.desk.test") is None, "it may have come with the mail"
    assert judged(passed, RECEIVED, imap_host="imap.other.test") is None
    assert judged(passed, RECEIVED) is None
    assert judged(passed, RECEIVED, imap_host="192.0.2.1") is None
    elsewhere = RECEIVED.replace("mx.desk.test", "mx.evil.test")
    assert judged(passed, imap_host="imap.desk.test") is None, (
        "nothing tells where the mail's own fields begin"
    )
    assert judged(passed, elsewhere, imap_host="imap.desk.test") is None, (
        "the server wrote no line of its own"
    )
    assert judged(elsewhere, passed, RECEIVED, imap_host="imap.desk.test") is None
    for inner in ("by mail (Postfix)", "by [10.0.0.1] with LMTP", "(qmail 4711 invoked from network)"):
        line = f"Received: {inner}; Fri, 20 Nov 2026 10:00:00 +0000"
        assert judged(passed, line, imap_host="imap.desk.test") is True


def test_large_providers_are_known_by_their_servers() -> None:
    google = "Authentication-Results: mx.google.com; dmarc={} header.from=customer.test"
    inner = "Received: by 2002:a05:6a00 with SMTP id x; Fri, 20 Nov 2026 10:00:00 +0000"
    border = "Received: from a.test by mx.google.com with ESMTPS id y; Fri, 20 Nov 2026 10:00:00 +0000"
    for result, expected in (("pass", True), ("fail", False)):
        assert judged(inner, border, google.format(result), imap_host="imap.gmail.com") is expected
    assert judged(RECEIVED, google.format("pass"), imap_host="imap.desk.test") is None
    assert judged(google.format("pass"), RECEIVED, imap_host="mail.internal") is None


def test_a_failure_counts_whoever_tells_it() -> None:
    failed = "Authentication-Results: mx.unknown.test; dmarc=fail header.from=customer.test"
    assert judged(failed, RECEIVED) is False
    assert judged(failed.replace("dmarc", "x"), RECEIVED) is None


def test_a_failure_counts_in_whichever_field_of_the_topmost_server_it_stands() -> None:
    first, failed = "Authentication-Results: mx.desk.test; spf=none", OURS.format("fail")
    assert judged(RECEIVED, first, failed) is False
    assert judged(RECEIVED, first, RECEIVED, failed) is None
    assert judged(RECEIVED, first.replace("mx.desk", "mx.other"), failed) is None
    assert judged(RECEIVED, first, OURS.format("pass")) is None, "it may have come with the mail"


def test_icloud_writes_a_field_for_each_method() -> None:
    inner = "Received: from p1.me.com by ms1.mac.com with ESMTP; Fri, 20 Nov 2026 10:00:00 +0000"
    bimi = "Authentication-Results: bimi.icloud.com; bimi=skipped"
    dmarc = "Authentication-Results: dmarc.icloud.com; dmarc={} header.from=customer.test"
    spf = "Authentication-Results: spf.icloud.com; spf=none smtp.mailfrom=a@x.test"
    for result, expected in (("pass", True), ("fail", False), ("none", None)):
        fields = (inner, bimi, dmarc.format(result), spf)
        assert judged(*fields, imap_host="imap.mail.me.com") is expected
        forged = (dmarc.format("pass"), bimi, spf)
        assert judged(*fields, *forged, imap_host="imap.mail.me.com") is expected, (
            "the sender's own come below"
        )
    assert judged(RECEIVED, bimi, dmarc.format("pass"), imap_host="imap.mail.me.com") is None


def test_no_field_at_all_says_nothing() -> None:
    raw = MAIL.encode()
    assert trust_of(parse(raw), raw, authserv_ids=("mx.desk.test",)) == Trust()


@pytest.mark.parametrize(
    "field",
    [
        "From: anna@a.test",
        "From: Anna Abel <anna@a.test>",
        'From: "Abel, Anna" <anna@a.test>',
        "From: =?utf-8?q?J=C3=B6rg?= <j@a.test>",
        "From: =?utf-8?b?SsO2cmc=?=\r\n <j@a.test>",
        "From: anna@a.test (Anna Abel)",
        'From: "boss@corp.test" <anna@a.test>',
        "From: boss@corp.test <anna@a.test>",
        "From: Jörg <j@a.test>",
    ],
)
def test_a_plain_author_is_no_doubt(field: str) -> None:
    assert not is_doubtful_from(f"Subject: x\r\n{field}\r\n\r\nFrom: b@c.test\r\n".encode())


@pytest.mark.parametrize(
    "fields",
    [
        "Subject: x",
        "From: a@a.test\r\nFrom: b@b.test",
        "From: a@a.test, b@b.test",
        "From: A <a@a.test> <b@b.test>",
        "From: team: a@a.test;",
        "From: =?utf-8?q?a=40a.test?=",
        "From: a@a\0.test",
        "From: a@a.test\rTo: b@b.test",
        "From: <@r.test:a@a.test>",
        "From: " + "x" * 30_000 + " <a@a.test>",
    ],
)
def test_what_can_be_read_in_two_ways_is_doubtful(fields: str) -> None:
    assert is_doubtful_from(f"{fields}\r\n\r\nx\r\n".encode())


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_at(value: bytes) -> None:
    assert is_doubtful_from(b"From: " + value + b"\r\n\r\nx") in (True, False)


@pytest.mark.parametrize("filling", ["a", "<", "(", '"', "=?a?q?", "a@", "\\", ", "])
def test_no_from_costs_much(filling: str) -> None:
    raw = f"From: {filling * (19_000 // len(filling))} @\r\n\r\n".encode()
    assert is_doubtful_from(raw)
    assert affordable(lambda: is_doubtful_from(raw), 0.5)
