"""Damaged copies of mails, and what must hold for every one of them. Seeded: a number names a mutant for ever."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.mail.ill_formed import every_case
from tui_desk.mail.message import KINDS, ParsedMail, UnreadableMail
from tui_desk.mail.parse import content_digest, parse

MAX_SOURCE = 40_000
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TOKENS = [
    b"\r\n", b"\n\n", b"\r", b"\0", b"\xff", b"\x80", b"\x1b$B", b"\x1b(B", b"=?utf-8?B?", b"=?iso-2022-jp?q?", b"?=", b"=", b"==", b"=\n",
    b"--", b'"', b"(", b")", b"<", b">", b"@", b",", b";", b":", b"\\", b"'", b"%", b"*0*=", b"*1=", b"boundary=", b"boundary=\"\"", b"charset=utf-16",
    b"charset=utf-7", b"charset=unicode_escape", b"charset=idna", b"charset=rot13", b"charset=\xff", b"Content-Type: multipart/mixed\n",
    b"Content-Type: message/rfc822\n", b"Content-Type: application/ms-tnef\n", b"Content-Type: application/pkcs7-mime\n", b"Content-Type: text/calendar\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: x-uuencode\n", b"Content-Transfer-Encoding: yenc\n", b"format=flowed",
    b"begin 644 a\n", b"\nend\n", b"=ybegin line=1 size=1 name=a\n", b"=yend size=1\n", b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    b"-----BEGIN PGP SIGNATURE-----\n", b"-----END PGP SIGNATURE-----\n", b"<blockquote>", b"<table>", b"</div>", b"<!--", b"&#xfffff;", b"On Mon, A <a@b.c> wrote:\n",
    b"> ", b"From: ", b"From \n", b"Subject: ", b"Date: ", b"References: <a@b>\n", b"BEGIN:VEVENT\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xf0\x9f\x96\xa8", b"\xed\xa0\x80",
    b"Action: failed\n", b"Final-Recipient: rfc822;a@b\n", b"Content-Type: message/delivery-status\n", b"Auto-Submitted: auto-replied\n", b"X" * 2_000,
]  # fmt: skip


@dataclass
class Result:
    """What a run saw: how many mails, what raised or broke a rule, and the dearest mails in CPU seconds."""

    count: int = 0
    failures: list[str] = field(default_factory=list)
    dearest: float = 0.0
    dearest_name: str = ""
    seconds: float = 0.0


def sources(corpus: Path | None) -> list[bytes]:
    """Our own ill-formed mails and, where there is one, the mails of the corpus."""
    found = [case.raw for case in every_case()]
    if corpus is not None:
        files = sorted(path for path in corpus.rglob("*") if path.suffix in (".eml", ".txt"))
        found += [path.read_bytes() for path in files]
    return [raw for raw in found if raw.strip() and len(raw) <= MAX_SOURCE]


def mutant(number: int, originals: list[bytes]) -> bytes:
    """The ``number``-th mutant."""
    chance = random.Random(number)
    data = bytearray(chance.choice(originals))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        at = chance.randrange(len(data) + 1)
        length = min(len(data) - at, chance.choice((1, 1, 2, 8, 40, 400)))
        match chance.randrange(9):
            case 0:
                data[at:at] = chance.choice(TOKENS)
            case 1:
                data[at : at + length] = b""
            case 2:
                data[at:at] = data[at : at + length] * chance.choice((1, 2, 10))
            case 3:
                data[at : at + length] = chance.randbytes(length)
            case 4:
                del data[at:]
            case 5:
                other = chance.choice(originals)
                start = chance.randrange(len(other) + 1)
                data[at : at + length] = other[start : start + chance.choice((10, 100, 2_000))]
            case 6:
                line = data.find(b"\n", at)
                end = data.find(b"\n", line + 1)
                if 0 <= line < end:
                    moved = bytes(data[line:end])
                    del data[line:end]
                    where = chance.randrange(len(data) + 1)
                    data[where:where] = moved
            case 7:
                data = data.replace(
                    chance.choice((b"\n", b"\r\n", b" ", b"--", b'"', b"=")),
                    chance.choice([*TOKENS[:3], b""]),
                    3,
                )
            case _:
                for index in range(at, at + length):
                    data[index] ^= 1 << chance.randrange(8)
    return bytes(data[: MAX_SOURCE * 2])


def broken_rules(parsed: ParsedMail) -> Iterator[str]:
    """What does not hold though it holds for every mail."""
    if "".join(segment.text for segment in parsed.segments) != parsed.text:
        yield "segments are not the text"
    if parsed.kind not in KINDS:
        yield "unknown kind"
    if CONTROL.search(parsed.text):
        yield "control character in the text"
    people = (*parsed.from_, *parsed.to, *parsed.cc, *parsed.reply_to)
    files = [one.filename for one in parsed.attachments]
    lines = [parsed.subject, *files, *(text for one in people for text in (one.name, one.address))]
    lines += [value for _, value in parsed.headers]
    if any("\n" in line or CONTROL.search(line) for line in lines):
        yield "control character in a line"
    if any("/" in name or "\\" in name for name in files):
        yield "path in a file name"
    if any(one.size != len(one.content) for one in parsed.attachments):
        yield "wrong size"
    if any(
        one and not re.fullmatch(r"[!-~]{1,995}", one)
        for one in (parsed.message_id, parsed.in_reply_to, *parsed.references)
    ):
        yield "hostile identifier"
    if parsed.date is not None and parsed.date.tzinfo is None:
        yield "naive date"


def run(first: int, count: int, originals: list[bytes]) -> Result:
    """Reads mutants ``first`` to ``first + count - 1``."""
    result = Result()
    begun = time.process_time()
    for number in range(first, first + count):
        raw = mutant(number, originals)
        start = time.process_time()
        try:
            parsed = parse(raw)
            content_digest(parsed)
        except UnreadableMail:
            if raw.strip():
                result.failures.append(f"{number}: said to be empty")
        except Exception as error:  # noqa: BLE001 - what is counted here
            result.failures.append(f"{number}: {type(error).__name__}: {error}"[:300])
        else:
            result.failures += [f"{number}: {rule}" for rule in broken_rules(parsed)]
        spent = time.process_time() - start
        if spent > result.dearest:
            result.dearest, result.dearest_name = spent, f"{number} ({len(raw)} bytes)"
        result.count += 1
    result.seconds = time.process_time() - begun
    return result
