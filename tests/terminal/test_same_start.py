"""Starts that show the same have one sign, all others have their own; and finding it out needs next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from tests.terminal.pty_app import ROOT
from tui_desk.terminal.same_start import sign_of_start, state_folder

NAMED = ("", "ana", "")
COSTLY = ("dataclasses", "hashlib", "inspect", "json", "pathlib", "platformdirs", "re", "typing")
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import tui_desk.__main__, tui_desk.terminal.first_picture
print(*sys.modules)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.delenv("TUI_DESK_DATABASE", raising=False)
    return tmp_path


def test_the_same_start_has_the_same_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = sign_of_start(NAMED, 80, 24)
    monkeypatch.chdir(tmp_path)  # no database is named: the place says nothing
    monkeypatch.setenv("OLDPWD", "elsewhere")
    assert sign_of_start(NAMED, 80, 24) == sign


@pytest.mark.parametrize(
    "what", ["flag", "size", "variable", "look", "settings", "chosen theme", "chosen keys"]
)
def test_whatever_changes_what_is_shown_changes_the_sign(
    what: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sign_of_start(NAMED, 80, 24)
    named, size = NAMED, (80, 24)
    files = {"settings": "config/tui-desk/config.toml", "chosen theme": "state/tui-desk/look.json"}
    files["chosen keys"] = "state/tui-desk/preset"
    if what in files:
        path = home / files[what]
        path.parent.mkdir(parents=True)
        path.write_text("vim")
    elif what == "variable":
        monkeypatch.setenv("TUI_DESK_AGENT", "ben")
    elif what == "look":
        monkeypatch.setenv("TERM_PROGRAM", "something")
    elif what == "flag":
        named = ("", "ana", "light")
    else:
        size = (80, 25)
    assert sign_of_start(named, *size) != before


@pytest.mark.parametrize(
    ("database", "same"), [("desk.db", False), ("/srv/desk.db", True), ("postgresql:///desk", True)]
)
def test_the_working_folder_counts_where_the_database_is_named_by_its_place_in_it(
    database: str, same: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sign_of_start((database, "", ""), 80, 24)
    monkeypatch.chdir(tmp_path)
    assert (sign_of_start((database, "", ""), 80, 24) == before) is same


@pytest.mark.parametrize("said", ["", "somewhere", "/srv/state", None])
def test_state_is_looked_for_where_it_is_kept(said: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if said is None:
        monkeypatch.delenv("XDG_STATE_HOME")
    else:
        monkeypatch.setenv("XDG_STATE_HOME", said)
    assert state_folder() == str(platformdirs.user_state_path("tui-desk"))


def test_nothing_of_any_size_is_imported_before_the_first_picture() -> None:
    words = [sys.executable, "-I", "-S", "-c", SCRIPT, str(ROOT)]
    imported = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert "tui_desk.terminal.first_picture" in imported
    assert not set(COSTLY) & set(imported)
