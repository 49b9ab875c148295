"""Whose words are right: one's own, and those of the account of the machine."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from tui_desk.services.dictionaries import keep_own_word, own_folder, own_words


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_agents_under_one_account_have_words_of_their_own() -> None:
    """What one of them takes for right does not hide the others' slips; what stands in words.txt holds for all."""
    assert keep_own_word("Kubernetes", "ana") == own_folder() / "words-ana.txt"
    (own_folder() / "words.txt").write_text("Vantablack\n")
    assert own_words("ana") == {"Kubernetes", "Vantablack"}
    assert own_words("ben") == {"Vantablack"}


def test_whoever_has_the_account_alone_has_one_file() -> None:
    assert keep_own_word("Kubernetes", getpass.getuser()) == own_folder() / "words.txt"


def test_a_login_is_no_path() -> None:
    assert keep_own_word("Kubernetes", "../../ana").parent == own_folder()
