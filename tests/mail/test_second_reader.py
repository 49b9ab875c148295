"""The standard library as a second reader: where it finds nothing wrong with a mail, ours reads the same in it."""

from __future__ import annotations

import email
import email.policy
import os
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage, MIMEPart
from pathlib import Path

import pytest

from tests.mail.ill_formed import every_case
from tui_desk.mail.parse import parse

CORPUS = Path(os.environ.get("TUI_DESK_MAIL_CORPUS") or Path(__file__).parents[3] / "shared" / "mail-corpus")
LETTERS = "abcdexyzABC019äöüßéñçŁőþЖдяЇαλΩקמשعربไทย日本語打印機かなカナ한국어"


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("seed", range(40))
def test_what_the_library_writes_is_read_back(seed: int) -> None:
    chance = random.Random(seed)

    def words(most: int) -> str:
        return " ".join(
            "".join(chance.choices(LETTERS, k=chance.randint(1, 8))) for _ in range(chance.randint(1, most))
        )

    def person() -> HeaderAddress:
        local = "".join(chance.choices("abcxyz019+_-", k=chance.randint(1, 20)))
        return HeaderAddress(words(1), local, "".join(chance.choices("abcxyz", k=9)) + ".example")

    subject, sender, people = words(6), person(), [person() for _ in range(chance.randint(1, 3))]
    text = "".join(words(8) + "\n" for _ in range(chance.randint(1, 12)))
    name, data = words(1) + ".bin", chance.randbytes(chance.randint(0, 300))
    offset = timezone(timedelta(minutes=chance.randint(-720, 840)))
    when = datetime(chance.randint(1990, 2090), chance.randint(1, 12), 1, 23, 59, 58, tzinfo=offset)
    encoding, end = chance.choice(["quoted-printable", "base64", "8bit"]), chance.choice(["\n", "\r\n"])
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, people
    message["Date"] = when
    message.set_content(text, cte=encoding)
    message.add_attachment(data, maintype="application", subtype="x-data", filename=name)
    parsed = parse(message.as_bytes(policy=message.policy.clone(linesep=end)))
    # Blanks do not count: the library loses some and doubles others where it folds encoded words.
    assert without_blanks(parsed.subject) == without_blanks(subject)
    assert [one.address for one in parsed.from_] == [sender.addr_spec]
    assert [one.address for one in parsed.to] == [one.addr_spec for one in people]
    assert [without_blanks(one.name) for one in parsed.to] == [
        without_blanks(one.display_name) for one in people
    ]
    assert parsed.date == when
    assert parsed.text.rstrip("\n") == text.rstrip("\n")
    assert [(one.filename, one.content) for one in parsed.attachments] == [(name, data)]
    assert parsed.defects == ()


def clean(message: EmailMessage | MIMEPart) -> bool:
    """Whether the library finds nothing wrong."""
    for part in message.walk():
        if part.defects or any(getattr(value, "defects", ()) for value in part.values()):
            return False
    return True


def mails() -> Iterator[tuple[str, bytes]]:
    yield from ((case.name, case.raw) for case in every_case())
    if CORPUS.exists():
        for path in sorted(CORPUS.rglob("*")):
            if path.suffix in (".eml", ".txt"):
                yield path.name, path.read_bytes()


def differences(raw: bytes) -> list[str] | None:
    """Fields the two readers read differently, None where the library finds fault with the mail or cannot read it."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        if not clean(message):
            return None
        subject = folded(str(message["Subject"] or ""))
        addresses = {
            name: [one.addr_spec for one in message[name].addresses] if message[name] else []
            for name in ("From", "To")
        }
        date = message["Date"].datetime if message["Date"] else None
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None and body.get_content_type() == "text/plain" else None
        names = [part.get_filename() for part in message.iter_attachments()] if message.is_multipart() else []
    except (ValueError, KeyError, LookupError, AttributeError, IndexError, TypeError):
        return None
    parsed = parse(raw)
    if parsed.defects:
        return None  # a wrong label or the like, named, that the library believes
    found = []
    if subject != parsed.subject and "\ufffd" not in subject and len(subject) < 900:
        found.append(f"subject {subject!r} {parsed.subject!r}")
    for name, ours in (("From", parsed.from_), ("To", parsed.to)):
        if (
            addresses[name] != [one.address for one in ours if "@" in one.address]
            and "<>" not in addresses[name]
        ):
            found.append(f"{name} {addresses[name]} {ours}")
    if date is not None and date.replace(tzinfo=date.tzinfo or UTC) != parsed.date:
        found.append(f"date {date} {parsed.date}")
    if text is not None and "\ufffd" not in text and folded(text) not in folded(parsed.text):
        found.append(f"text {folded(text)[:200]!r} {folded(parsed.text)[:200]!r}")
    missing = [name for name in names if name and name not in [one.filename for one in parsed.attachments]]
    if missing:
        found.append(f"names {missing} {[one.filename for one in parsed.attachments]}")
    return found


# Where the library gives what a person cannot use and finds nothing wrong with it, the reader goes its own way:
OTHERWISE = re.compile(
    r"charset \d+ (?:iso-8859-(?:1|2|9|15))?\Z"  # ISO-2022-JP without a label; Windows characters under an ISO label
    r"|subject (?:8|11|24)\Z"  # a question mark at the end of a word; UTF-8 labelled Latin-1; no blank before a word
    r"|addresses 20\Z|name 1[56]\Z"  # an address in single quotes; Windows paths, parent folders
    r"|transfer (?:7|10|13) |uuencoded in the text|flowed quotes|CR CR LF|NUL bytes"
    r"|sisimai__arf-12|legacy-049"  # a zone called JST; uuencoded pictures in a text
)


def test_the_readers_agree_on_what_the_library_finds_well_formed() -> None:
    seen, disagreed = 0, []
    for name, raw in mails():
        found = None if OTHERWISE.match(name) else differences(raw)
        if found is not None:
            seen += 1
            disagreed += [f"{name}: {difference}" for difference in found]
    assert disagreed == []
    assert seen > 60


@pytest.mark.parametrize("raw", [b'From: "\n\nx', b"To: a@[\n\nx", b"To: " + b"(" * 500 + b"\n\nx"])
def test_what_the_library_raises_on_is_read(raw: bytes) -> None:
    assert parse(raw).text == "x"
