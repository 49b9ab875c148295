"""A quick question before a search for many words must never change what the search finds."""

from __future__ import annotations

import binascii
import random
import re
import string
from itertools import product
from re import _parser
from typing import Any

import pytest

from tui_desk.mail import (
    absence,
    attribution,
    auto_words,
    bounce,
    dates,
    headers,
    monitoring,
    phrases,
    signature,
    transfer,
)
from tui_desk.mail.prefilter import may_hold

PAIRS = {
    "absence": (absence._AWAY, absence._AWAY_STEMS),
    "left the company": (absence._LEFT, absence._LEFT_STEMS),
    "automatic reply": (auto_words.AUTO_SUBJECT, auto_words.AUTO_STEMS),
    "challenge": (auto_words.CHALLENGE_SUBJECT, auto_words.CHALLENGE_SUBJECT_STEMS),
    "challenge in the text": (auto_words.CHALLENGE_TEXT, auto_words.CHALLENGE_TEXT_STEMS),
    "complaint": (bounce._COMPLAINT_SUBJECT, bounce._COMPLAINT_STEMS),
    "a machine's address": (bounce._DAEMON, bounce._DAEMON_STEMS),
    "a machine's name": (bounce._DAEMON_NAME, bounce._DAEMON_NAME_STEMS),
    "Nagios": (monitoring._NAGIOS_BODY, monitoring._NAGIOS_STEMS),
}


def written_for(pattern: re.Pattern[str], count: int) -> list[str]:
    """``count`` texts made from the pattern itself, seeded; every alternative comes up. Those it does not match are left out."""
    chance = random.Random(3)
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    made = {_written(parsed, chance) for _ in range(count)}
    return sorted(text for text in made if pattern.search(text))


def _written(tree: Any, chance: random.Random) -> str:
    out = ""
    for kind, value in tree:
        match str(kind):
            case "LITERAL":
                out += chr(value)
            case "NOT_LITERAL" | "ANY":
                out += chance.choice("ab 1")
            case "IN":
                out += _one_of(value, chance)
            case "BRANCH":
                out += _written(chance.choice(value[1]), chance)
            case "SUBPATTERN":
                out += _written(value[-1], chance)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, inner = value
                for _ in range(chance.choice((least, least, min(int(most), least + 1)))):
                    out += _written(inner, chance)
    return out


def _one_of(members: Any, chance: random.Random) -> str:
    if str(members[0][0]) == "NEGATE":
        return chance.choice("ab1-")
    literals = [chr(value) for kind, value in members if str(kind) == "LITERAL"]
    classes = [str(value) for kind, value in members if str(kind) == "CATEGORY"]
    ranges = [chr(value[0]) for kind, value in members if str(kind) == "RANGE"]
    named = {
        "CATEGORY_SPACE": " ",
        "CATEGORY_DIGIT": "7",
        "CATEGORY_NOT_WORD": " ",
        "CATEGORY_NOT_SPACE": "x",
    }
    plain = [char for char in (*literals, *ranges) if char.isascii()] or [*literals, *ranges]
    return chance.choice([*plain, *(named.get(one, "w") for one in classes)])


@pytest.mark.parametrize("name", PAIRS)
def test_whatever_the_search_finds_the_question_lets_through(name: str) -> None:
    pattern, stems = PAIRS[name]
    texts = written_for(pattern, 20_000)
    assert len(texts) > 10
    assert [text for text in texts if not may_hold(text, stems)] == []
    assert [text for text in texts if not may_hold(text.upper(), stems)] == []


def test_no_closing_is_too_long_to_be_one() -> None:
    closings = written_for(phrases.CLOSING, 20_000)
    assert len(closings) > 500
    assert [text for text in closings if signature._is_long(text)] == []


def test_what_begins_otherwise_than_a_disclaimer_is_none() -> None:
    notices = [text for text in written_for(phrases.DISCLAIMER_OPENING, 40_000) if text.isascii()]
    assert len(notices) > 500
    assert [text for text in notices if not signature._opens_disclaimer(text)] == []
    assert [text for text in notices if not signature._opens_disclaimer(f"** {text.upper()}")] == []


def test_what_begins_otherwise_is_no_line_to_write_above() -> None:
    lines = written_for(phrases.REPLY_ABOVE, 20_000)
    assert len(lines) > 100
    assert [line for line in lines if {line[0], line[0].upper()} & phrases.NO_REPLY_ABOVE] == []


def test_a_line_without_a_colon_that_ends_an_attribution_opens_as_one() -> None:
    lines = [line for line in written_for(attribution._VERB_AT_END, 20_000) if ":" not in line]
    assert len(lines) > 100
    assert [line for line in lines if not attribution.may_end_without_colon(line)] == []


def test_text_in_which_nothing_is_split_has_no_line_to_split() -> None:
    lines = written_for(attribution._SPLIT_IN_LINE, 20_000)
    assert len(lines) > 100
    assert [line for line in lines if not attribution.may_split(line)] == []


def test_dates_as_prescribed_are_read_as_all_others() -> None:
    """A comment behind the date leads past the short way and changes nothing."""
    dates_written = [
        *written_for(dates._AS_PRESCRIBED, 5_000),
        "Mon, 02 Nov 2026 08:00:00 +0100",
        "31 Feb 2026 08:00:00 -0000",
    ]
    for month in ("Jan", "feb", "DEC", "Foo"):
        for year in ("0999", "1900", "2026", "9001", "9999"):
            for zone in ("+0000", "-0000", "+1400", "-2359", "+2400", "+0160"):
                dates_written += [
                    f"{day} {month} {year} {time} {zone}"
                    for day in ("0", "1", "31", "32")
                    for time in ("00:00:60", "23:59:59", "24:00:00")
                ]
    assert [
        text for text in dates_written if dates.mail_date(text) != dates.mail_date(f"{text} (comment)")
    ] == []


def test_one_identifier_is_read_as_in_a_list() -> None:
    for inside in (
        "a@b",
        "a=?b@c",
        "a,b@c",
        'a"b@c',
        "a b@c",
        "a@b\t",
        "",
        "x" * 995,
        "x" * 996,
        "ä@b",
        "a<b@c",
    ):
        for around in ("{}", " {}\r\n", "\n {} \t"):
            raw = around.format(f"<{inside}>").encode()
            twice = raw + raw
            assert headers.message_ids(raw) == headers.message_ids(twice)
            assert headers.message_id(raw) == headers.message_id(twice)


def test_base64_is_read_as_the_standard_library_does() -> None:
    chance = random.Random(4)
    for number in range(20_000):
        length = chance.randrange(200)
        letters = bytearray(chance.choices(transfer._ALPHABET, k=length))
        letters += b"=" * chance.choice((0, 1, 2, 3, -length % 4, -length % 4))
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(letters) + 1)
            letters[at:at] = chance.choice((b"\r\n", b"\n", b" ", b"\t"))
        data = bytes(letters)
        if data[data.find(b"=") :].strip(b"=\r\n \t") and b"=" in data:
            continue
        try:
            expected = binascii.a2b_base64(data)
        except binascii.Error:
            expected = transfer.base64_bytes(data)
        assert transfer.transfer_decoded(data, "base64", text=False)[0] == expected, number


def test_the_end_of_a_header_is_where_the_pattern_finds_it() -> None:
    for pieces in product((b"a", b"\r", b"\n"), repeat=8):
        raw = b"".join(pieces)
        match = headers._END.search(raw, 1, 7)
        expected = (match.start(), match.end()) if match else None
        assert headers._end_of_header(raw, 1, 7) == expected, raw


def test_a_colon_at_the_end_is_found_behind_every_mark() -> None:
    pattern = re.compile(r"[:：]\s*[*_>»\"]*\s*$")
    for pieces in product((":", "：", " ", "*", ">", "a", "\n"), repeat=6):
        line = "".join(pieces)
        assert attribution._ends_with_colon(line) == bool(pattern.search(line)), repr(line)


def test_letters_beyond_ascii_are_always_searched() -> None:
    assert may_hold("ä", ("never",))
    assert not may_hold(string.printable, ("never",))
    assert may_hold("NEVER", ("never",))
