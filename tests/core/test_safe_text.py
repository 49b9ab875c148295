"""Safe text: whatever comes in, nothing a terminal would act on goes out, and what a person reads stays."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.safe_text import (
    FILENAME_BYTES,
    safe_block,
    safe_filename,
    safe_line,
    visible_address,
    visible_name,
)

NASTY = st.text(
    st.one_of(
        st.characters(codec=None),
        st.characters(max_codepoint=0x7F),
        st.sampled_from(
            "\x1b\x9b\x07\r\n\t\u202e\u2066\u200b\u200d\ufe0f\u0301\u0344\u0336\u3164\u1160\U000e0041\U0001f1e9\ud800/\\."
        ),
    ),
    max_size=300,
)
FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
TOO_MANY_MARKS = re.compile("[\u0300-\u036f]{4}")


@given(NASTY)
def test_a_line_holds_nothing_a_terminal_acts_on(text: str) -> None:
    line = safe_line(text)
    assert not FORBIDDEN.search(line)
    assert not TOO_MANY_MARKS.search(line)
    line.encode("utf-8")
    assert safe_line(line) == line


@given(NASTY)
def test_a_block_keeps_lines_and_nothing_else_that_controls(text: str) -> None:
    block = safe_block(text)
    assert not FORBIDDEN.search(block.replace("\n", ""))
    assert all(not TOO_MANY_MARKS.search(line) for line in block.split("\n"))
    assert safe_block(block) == block


@given(NASTY, st.integers(0, 40))
def test_a_limit_is_kept(text: str, limit: int) -> None:
    assert len(safe_line(text, limit)) <= limit
    assert len(safe_block(text, limit)) <= limit


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_printable_ascii_is_untouched(text: str) -> None:
    assert safe_line(text) == text
    assert safe_block(text) == text


@given(NASTY)
def test_a_file_name_is_one_visible_part_that_fits(name: str) -> None:
    made = safe_filename(name)
    assert made
    assert made == PurePosixPath(made).name
    assert made[0] not in ".-~ "
    assert made[-1] not in ". "
    assert len(made.encode("utf-8")) <= FILENAME_BYTES
    assert not FORBIDDEN.search(made)
    assert not set(made) & set('<>:"/\\|?*')
    assert safe_filename(made) == made


@given(NASTY)
def test_what_is_shown_for_a_name_or_an_address_hides_nothing(text: str) -> None:
    for shown in (visible_name(text), visible_address(text)):
        assert not FORBIDDEN.search(shown)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Re: broken\r\n printer\tat desk", "Re: broken  printer at desk"),
        ("\x1b[c answers", "␛[c answers"),
        ("a\x7fb\x9bc", "a␡b�c"),
        ("gpj.\u202eexe", "gpj.�exe"),
        ("in\u200bvis\u2060ible\ufeff", "invisible"),
        ("tag\U000e0041s", "tags"),
        ("one\u2028two\u2029three", "one two three"),
        ("z" + "\u0336\u0301\u0322\u0327\u0321", "z\u0336\u0301\u0322"),
        ("heart ❤\ufe0f", "heart ❤"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\U0001f4bb"),
        ("\U0001f1e9\U0001f1ea", "DE"),
        ("lone \ud83d end", "lone � end"),
        ("Grüße 東京", "Grüße 東京"),
    ],
)
def test_lines_by_example(text: str, line: str) -> None:
    assert safe_line(text) == unicodedata.normalize("NFC", line)


def test_a_block_expands_tabs_and_knows_every_line_end() -> None:
    assert safe_block("a\tb\r\nc\rd\x85e\u2028f") == "a       b\nc\nd\ne\nf"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("", "attachment"),
        ("...", "attachment"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("CON.txt", "_CON.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("report.pdf" + " " * 300 + ".exe", "report.pdf .exe"),
        ("a\x00b\nc.txt", "ab c.txt"),
        ("evil.exe. .", "evil.exe"),
        ("C:\\temp\\x.doc", "x.doc"),
        ("what?.txt", "what_.txt"),
    ],
)
def test_file_names_by_example(name: str, made: str) -> None:
    assert safe_filename(name) == made


def test_a_long_file_name_keeps_its_extension() -> None:
    made = safe_filename("ü" * 4_000 + ".pdf.exe")
    assert made.endswith(".exe")
    assert len(made.encode("utf-8")) <= FILENAME_BYTES


def test_a_shown_name_keeps_its_end_and_shows_its_tricks() -> None:
    assert visible_name("invoice\u202efdp.exe") == "invoice<U+202E>fdp.exe"
    long = visible_name("a" * 500 + ".pdf.exe", 40)
    assert len(long) == 40
    assert long.endswith(".pdf.exe")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ann@example.org", "ann@example.org"),
        ("ann@xn--mnchen-3ya.de", "ann@xn--mnchen-3ya.de"),
        ("ann@münchen.de", "ann@münchen.de (xn--mnchen-3ya.de)"),
        ("pay@pаypal.com", "pay@pаypal.com (xn--pypal-4ve.com)"),
        ("pay@ｐａｙｐａｌ.com", "pay@ｐａｙｐａｌ.com (paypal.com)"),
        ("аdmin@example.org", "аdmin@example.org ⚠"),
        ("ann\u200b@example.org", "ann<U+200B>@example.org"),
    ],
)
def test_addresses_show_the_real_domain(address: str, shown: str) -> None:
    assert visible_address(address) == shown


def test_bombs_cost_little() -> None:
    start = time.process_time()
    safe_line("\u0301\u0323" * 5_000_000)
    safe_line("x\x1b" * 5_000_000)
    safe_filename("\u202e/" * 5_000_000)
    visible_address("ü" * 5_000_000 + "@" + "ü" * 5_000_000)
    safe_block("a" + "\u0301\u0323" * 500_000)
    assert time.process_time() - start < 2
