"""A path that was mistyped: told, and nothing made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import run_here


@pytest.mark.parametrize(
    "words", [("ticket", "list"), ("db", "upgrade"), ("mailbox", "list"), ("sync", "--once")]
)
@pytest.mark.parametrize("flag", [True, False])
def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, words: tuple[str, ...], flag: bool) -> None:
    path = str(tmp_path / "mistyped" / "desk.db")
    answer = run_here("--db", path, *words) if flag else run_here(*words, TUI_DESK_DATABASE=path)
    assert answer.code == 3
    assert f"There is no folder {tmp_path / 'mistyped'}" in answer.err
    assert ("--db" if flag else "TUI_DESK_DATABASE") in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_new_desk_is_told_once_and_only_on_stderr(tmp_path: Path) -> None:
    path = str(tmp_path / "desk.db")
    first, second = (run_here("--db", path, "team", "list", "--json") for _round in range(2))
    assert (first.code, first.json) == (0, [])
    assert first.err.splitlines() == [f"A new desk was made: {path}"]
    assert second.err == ""


def test_the_default_place_is_made(isolated_environment: Path) -> None:
    answer = run_here("team", "list")
    assert answer.code == 0, answer.err
    assert (isolated_environment / ".local" / "share" / "tui-desk" / "desk.db").exists()


def test_who_only_reads_runs_no_worker(tmp_path: Path) -> None:
    path = str(tmp_path / "desk.db")
    assert run_here("--db", path, "agent", "add", "ro", "--role", "read_only").code == 0
    for words in (("sync", "--once"), ("worker",), ("import", str(tmp_path))):
        answer = run_here("--db", path, "--as", "ro", *words)
        assert answer.code == 1, words
        assert "agent set" in answer.err
