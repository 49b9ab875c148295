"""Five hundred generated mails under the eyes of strict readers: nothing leaks, nothing is cut, every address comes back (X-F6)."""

from __future__ import annotations

import email
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_desk.mail.compose import OutgoingAttachment, OutgoingMail, Quoted, compose
from tui_desk.mail.encode import address_field
from tui_desk.mail.markdown import markdown_to_html
from tui_desk.mail.message import Address
from tui_desk.mail.parse import parse

WORDS = (
    'Grüße printer 請求書 Привет naïve żółć 한국어 :-) a,b <c> "d" e@f.test =?x? 🙂 '
    "'); DROP \\ (comment) ; Re: Fwd: \t tab مرحبا ไทย longlonglonglonglonglonglonglonglonglonglonglonglonglong"
).split(" ")
DOMAINS = ("x.test", "münchen.test", "例え.test", "a-very-long-host-name.department.company.example")
KNOWN = {
    "from to cc reply-to subject date message-id in-reply-to references mime-version content-type x-tui-desk "
    "auto-submitted x-auto-response-suppress precedence content-transfer-encoding"
}


def _words(dice: random.Random, most: int) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(0, most)))


def _address(dice: random.Random, number: int, kind: str) -> Address:
    return Address(_words(dice, 6), f"{kind}{number}.{dice.randint(0, 10**9)}@{dice.choice(DOMAINS)}")


def generated(number: int) -> OutgoingMail:
    """One mail, the same each time."""
    dice = random.Random(number)
    files = tuple(
        OutgoingAttachment(
            _words(dice, 5) + dice.choice([".pdf", "", ".tar.gz"]),
            dice.choice(["application/pdf", "text/plain", "message/rfc822", "bad type"]),
            dice.randbytes(dice.randint(0, 3_000)),
            f"img{index}@desk" if dice.random() < 0.3 else None,
        )
        for index in range(dice.choice([0, 0, 1, 3]))
    )
    lines = [_words(dice, 30) * dice.choice([1, 1, 40]) for _line in range(dice.randint(0, 12))]
    return OutgoingMail(
        sender=Address(_words(dice, 3), "support@desk.test"),
        to=tuple(_address(dice, index, "to") for index in range(dice.randint(1, 12))),
        cc=tuple(_address(dice, index, "cc") for index in range(dice.randint(0, 4))),
        bcc=tuple(_address(dice, index, "hidden") for index in range(dice.randint(0, 3))),
        subject=_words(dice, 25),
        body="\n".join([*lines, dice.choice(["", ".", "From me", "..", "From "]), "end"]),
        message_id=f"td.{number}.1.abc@desk.test",
        date=datetime(2026, 11, 20, 10, tzinfo=UTC),
        desk_id="desk-1",
        ticket=number,
        in_reply_to=f"p{number}@x.test",
        references=tuple(
            f"r{index}.{'x' * dice.randint(1, 200)}@x.test" for index in range(dice.randint(0, 80))
        ),
        automatic=dice.choice([False, True]),
        signature=_words(dice, 8),
        quoted=Quoted(datetime(2026, 11, 19, tzinfo=UTC), _words(dice, 3), _words(dice, 60)),
        attachments=files,
    )


def _pairs(header: object) -> list[str]:
    assert isinstance(header, AddressHeader)
    return [each.addr_spec for each in header.addresses]


def test_five_hundred_mails_are_clean() -> None:
    known = set(next(iter(KNOWN)).split())
    for number in range(500):
        mail = generated(number)
        raw = compose(mail).raw
        head, _, _body = raw.partition(b"\r\n\r\n")
        assert raw.isascii(), number
        assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        long = [line for line in head.split(b"\r\n") if len(line) > 78]
        assert all(b" " not in line.strip().removeprefix(b"References: ") for line in long), long
        names = [
            line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"
        ]
        assert set(names) <= known
        assert len(names) == len(set(names)), "a field twice"
        assert b"hidden" not in raw, "Bcc is in the envelope only"
        automatic = {"auto-submitted", "precedence", "x-auto-response-suppress"}
        assert automatic <= set(names) if mail.automatic else not automatic & set(names)
        _strict(mail, raw)


def _strict(mail: OutgoingMail, raw: bytes) -> None:
    strict = email.message_from_bytes(raw, policy=policy.default.clone(raise_on_defect=True))
    assert isinstance(strict, EmailMessage)
    ascii_to = [_ascii(each.address) for each in mail.to]
    assert _pairs(strict["To"]) == ascii_to
    assert (_pairs(strict["Cc"]) if mail.cc else []) == [_ascii(each.address) for each in mail.cc]
    references = str(strict["References"]).split()
    assert len(references) <= 31
    assert f"<{mail.in_reply_to}>" in references
    ours = parse(raw)
    assert [each.address for each in ours.to] == [each.address for each in parse_like(ascii_to)]
    assert ours.bounce is None
    for part in strict.walk():
        assert not part.defects, part.defects
    kept = [part for part in strict.walk() if part.get_content_disposition() in ("attachment", "inline")]
    assert len(kept) == len(mail.attachments)


def parse_like(addresses: list[str]) -> list[Address]:
    """Addresses as our own reader gives them back."""
    return list(parse(b"To: " + ", ".join(addresses).encode() + b"\r\n\r\nx\r\n").to)


def _ascii(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=120
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAMES, st.integers(0, 10**6)), min_size=1, max_size=15))
@pytest.mark.parametrize("field", ["To", "Cc", "Reply-To"])
def test_folded_addresses_read_back_the_same(field: str, people: list[tuple[str, int]]) -> None:
    wanted = [Address(name, f"user{number}@x.test") for name, number in people]
    raw = address_field(field, wanted)
    assert all(len(line) <= 78 or b" " not in line.strip() for line in raw.split(b"\r\n"))
    strict = email.message_from_bytes(raw + b"\r\n", policy=policy.default)
    assert _pairs(strict[field]) == [each.address for each in wanted]
    ours = parse(raw + b"\r\nx\r\n")
    found = {"To": ours.to, "Cc": ours.cc, "Reply-To": ours.reply_to}[field]
    assert [each.address for each in found] == [each.address for each in wanted]


@pytest.mark.parametrize(
    "make", [lambda text: text, lambda text: f"![]({text})", lambda text: f"[x]({text})"]
)
def test_html_loads_nothing_from_anywhere(make: Callable[[str], str]) -> None:
    shown = markdown_to_html(make("http://tracker.test/a.png"))
    assert "<img" not in shown
    assert not re.search(r"\b(?:src|background|poster)=", shown)


def test_a_report_without_a_copy_names_our_mail_by_its_envelope() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.test\r\nReturn-Path: <>\r\nSubject: Undelivered Mail\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nOriginal-Envelope-Id: td.7.9.abc@desk.test\r\n"
        b"Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; anna@x.test\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n--b--\r\n"
    )
    bounce = parse(raw).bounce
    assert bounce is not None
    assert bounce.original_message_id == "td.7.9.abc@desk.test"
    assert bounce.recipients[0].address == "anna@x.test"
