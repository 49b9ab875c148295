"""A quick question before a search for many words must never change what the search finds."""

from __future__ import annotations

import random
import re
import string
from itertools import product
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tui_desk.mail import absence, attribution, auto_words, bounce, headers, monitoring, phrases, signature
from tui_desk.mail.prefilter import may_hold

PAIRS = {
    "absence": (absence._AWAY, absence._AWAY_STEMS),
    "left the company": (absence._LEFT, absence._LEFT_STEMS),
    "automatic reply": (auto_words.AUTO_SUBJECT, auto_words.AUTO_STEMS),
    "challenge": (auto_words.CHALLENGE_SUBJECT, auto_words.CHALLENGE_SUBJECT_STEMS),
    "challenge in the text": (auto_words.CHALLENGE_TEXT, auto_words.CHALLENGE_TEXT_STEMS),
    "complaint": (bounce._COMPLAINT_SUBJECT, bounce._COMPLAINT_STEMS),
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
