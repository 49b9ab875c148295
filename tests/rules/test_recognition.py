"""What in a text may be a mark of an asset or the name of a licence; what is short or ordinary is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.rules.recognition import MOST_MARKS, licence_name, licences_in, marks_in


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("My laptop IT-0042 is slow.", "IT-0042"),
        ("S/N:PF3X1234.", "PF3X1234"),
        ("(serial number C02XG0FDJGH5)", "C02XG0FDJGH5"),
        ("PC‑1042 with a dash of its own", "PC-1042"),
        ("the host srv-db01.corp.example.org hangs", "srv-db01"),
        ("atlas.corp.example.org does not answer", "atlas"),
        (r"\\srv-files\share is gone", "srv-files"),
        ("https://wiki.example.org/assets/IT-0042", "IT-0042"),
        ("Инвентарный номер ПК-0042", "ПК-0042"),
        ("number 12345678 on the label", "12345678"),
        ("IT/0042", "IT/0042"),
    ],
)
def test_a_mark_is_found(text: str, mark: str) -> None:
    assert mark.lower() in marks_in([text])


@pytest.mark.parametrize(
    "text",
    [
        "The printer in the office does not print today, please help",
        "PC1 A4 B2B 24/7 2026 1,299.90",
        "Call 0151 or 4711",
        "write to otto-77@host-12.example.org",
        "e.g. i.e. z.B. etc. ...",
        "",
    ],
)
def test_what_is_ordinary_is_no_mark(text: str) -> None:
    assert not marks_in([text])


def test_a_common_name_in_front_of_a_domain_is_no_host() -> None:
    assert list(marks_in(["see www.example.org"])) == ["www.example.org"]


def test_a_mark_keeps_how_it_is_written() -> None:
    assert marks_in(["it-0042", "IT-0042"]) == {"it-0042": "it-0042"}


@given(st.lists(st.text(max_size=300), max_size=5))
def test_any_text_is_read(texts: list[str]) -> None:
    found = marks_in(texts)
    assert len(found) <= MOST_MARKS
    assert all(key == mark.lower() for key, mark in found.items())


@pytest.mark.parametrize(
    "text",
    ["a-1" * 200_000, "a.b/c-" * 100_000, "@" * 500_000, "x1 " * 200_000, "\x1b[c1" * 9],
    ids=["joined", "paths", "signs", "words", "escapes"],
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    began = time.process_time()
    marks_in([text] * 21)
    licences_in([text] * 21, [(1, "Adobe Acrobat Pro"), (2, "x1 y2"), (3, "a-1 a-1 a-2")])
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Adobe Acrobat Pro", "my adobe acrobat pro asks for a key", "adobe acrobat pro"),
        ("AutoCAD", "Autocad will not start", "Autocad"),
        ("MATLAB", "MATLAB is too old", "MATLAB"),
        ("MATLAB", "matlab is too old", ""),
        ("Office 365", "office 365 is down", "office 365"),
        ("Remote Desktop", "Remote Desktop fails", "Remote Desktop"),
        ("Remote Desktop", "the remote desktop fails", ""),
        ("Notepad++ 8", "Notepad++ 8", "Notepad++ 8"),
    ],
)
def test_the_name_of_a_licence(name: str, text: str, found: str) -> None:
    assert licences_in([text], [(7, name)]).get(7, "") == found


@pytest.mark.parametrize("name", ["Office", "Teams", "VPN", "Go", "", "…", "A B C"])
def test_ordinary_names_are_not_looked_for(name: str) -> None:
    assert licence_name(1, name) is None
