"""Realistic mail for measurements: sizes around 10 KB, 15 % with attachments, threads, some that are broken. Seeded."""

from __future__ import annotations

import base64
import random
import zlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

WORDS = [
    "the",
    "printer",
    "on",
    "the",
    "second",
    "floor",
    "does",
    "not",
    "print",
    "since",
    "this",
    "morning",
    "and",
    "shows",
    "an",
    "error",
    "please",
    "help",
    "we",
    "need",
    "our",
    "invoice",
    "for",
    "the",
    "last",
    "order",
    "could",
    "you",
    "check",
    "whether",
    "the",
    "account",
    "was",
    "locked",
    "after",
    "the",
    "update",
    "thank",
    "you",
    "kind",
    "regards",
    "attached",
    "you",
    "find",
    "a",
    "screenshot",
    "of",
    "the",
    "message",
    "network",
    "drive",
    "password",
    "laptop",
    "screen",
    "battery",
    "meeting",
    "room",
    "projector",
    "licence",
    "server",
    "backup",
    "vpn",
    "connection",
    "slow",
    "mailbox",
    "full",
    "signature",
    "certificate",
]
BROKEN = 0.02
ATTACHED = 0.15
REPLIES = 0.3
HTML = 0.6


def generated(
    count: int, seed: int = 7, to: str = "support@desk.test", broken: float = BROKEN
) -> list[bytes]:
    """``count`` mails. The first lines of each mail are in its Message-ID, so two runs with one seed are equal."""
    dice = random.Random(seed)
    begun = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    mails: list[bytes] = []
    threads: list[tuple[str, str, str]] = []
    for number in range(count):
        person = f"user{dice.randrange(max(10, count // 4))}@customer{dice.randrange(40)}.test"
        message_id = f"<{seed}.{number}.{dice.getrandbits(48):x}@mail.customer.test>"
        when = begun + timedelta(minutes=number)
        parent = dice.choice(threads[-200:]) if threads and dice.random() < REPLIES else None
        raw = _mail(dice, number, parent[1] if parent else person, to, message_id, when, parent)
        if dice.random() < broken:
            raw = _broken(dice, raw)
        else:
            threads.append(
                (message_id, parent[1] if parent else person, parent[2] if parent else f"Problem {number}")
            )
        mails.append(raw)
    return mails


def _mail(
    dice: random.Random,
    number: int,
    person: str,
    to: str,
    message_id: str,
    when: datetime,
    parent: tuple[str, str, str] | None,
) -> bytes:
    message = EmailMessage()
    message["Received"] = (
        f"from mx{number % 7}.customer.test by mx.desk.test with ESMTPS id {number:x}; {format_datetime(when)}"
    )
    message["From"] = f'"Person {person.partition("@")[0]}" <{person}>'
    message["To"] = to
    if dice.random() < 0.2:
        message["Cc"] = f"colleague{dice.randrange(50)}@{person.partition('@')[2]}"
    message["Subject"] = f"Re: {parent[2]}" if parent else f"Problem {number}: {_text(dice, 5)}"
    message["Date"] = format_datetime(when)
    message["Message-ID"] = message_id
    if parent:
        message["In-Reply-To"] = parent[0]
        message["References"] = parent[0]
    message["X-Mailer"] = "Example Mail 12.4"
    paragraphs = [_text(dice, dice.randrange(20, 90)) for _ in range(dice.randrange(4, 14))]
    quoted = ["> " + _text(dice, 12) for _ in range(dice.randrange(5, 40))] if parent else []
    signature = ["-- ", "Person Example", "Example Company", "+49 30 1234567"]
    lead = [f"On {when:%a, %d %b %Y}, Support wrote:"] if parent else []
    text = "\n\n".join(paragraphs) + "\n\n" + "\n".join([*signature, "", *lead, *quoted]) + "\n"
    message.set_content(text, cte="quoted-printable")
    if dice.random() < HTML:
        body = "".join(
            f'<p style="margin:0;font-family:Arial,sans-serif">{part}</p>\n' for part in paragraphs
        )
        quote = "<br>".join(line[2:] for line in quoted)
        style = "<style>" + "p.MsoNormal{margin:0cm;font-size:11.0pt;}" * 20 + "</style>"
        html = f"<html><head>{style}</head><body>{body}<blockquote>{quote}</blockquote></body></html>"
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    if dice.random() < ATTACHED:
        size = int(dice.lognormvariate(10.3, 1.0))
        content = dice.randbytes(min(size, 2_000_000))
        message.add_attachment(content, maintype="image", subtype="png", filename=f"screenshot {number}.png")
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))


def _text(dice: random.Random, words: int) -> str:
    text = " ".join(dice.choice(WORDS) for _ in range(words))
    return f"{text} {dice.getrandbits(32):x}"


def _broken(dice: random.Random, raw: bytes) -> bytes:
    """What real senders get wrong: 8-bit headers, unknown charsets, a boundary that never comes, damaged base64."""
    kind = dice.randrange(4)
    if kind == 0:
        return raw.replace(b"Subject: ", b"Subject: St\xf6rung \xe4 ", 1)
    if kind == 1:
        return raw.replace(b'charset="utf-8"', b'charset="x-unknown-9"')
    if kind == 2:
        return raw[: int(len(raw) * 0.7)]
    return raw.replace(b"To: ", b'To: "unclosed <a@[, ', 1)


def digest(mails: list[bytes]) -> str:
    """Tells two sets of mails apart."""
    return base64.b16encode(zlib.crc32(b"".join(mails)).to_bytes(4, "big")).decode()
