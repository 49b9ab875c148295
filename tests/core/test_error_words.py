"""Errors as one line: what happened, then what to do."""

from __future__ import annotations

import pytest

from tui_desk.core.errors import DeskError


@pytest.mark.parametrize(
    ("sentence", "hint", "line"),
    [
        ("server says: no such user", "Check the name.", "server says: no such user. Check the name."),
        ("It is away.", "Try again.", "It is away. Try again."),
        ("server says: no such user", "", "server says: no such user"),
    ],
)
def test_a_server_s_words_are_told_apart_from_ours(sentence: str, hint: str, line: str) -> None:
    assert str(DeskError(sentence, hint)) == line
