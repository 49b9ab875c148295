"""What is typed faster than screens open reaches the screen it is meant for, in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal.pty_app import PtyApp
from tui_desk.cli.main import run


def _desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    environment = {"TUI_DESK_DATABASE": str(folder / "desk.db"), "TUI_DESK_AGENT": "ana"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    words = [
        "ticket",
        "new",
        "--subject",
        "Printer",
        "--requester",
        "zoe@acme.example",
        "--channel",
        "phone",
        "--body",
        "It burns.",
    ]
    assert run(words) == 0
    return environment


def test_a_sentence_typed_behind_its_key_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyApp(["-m", "tui_desk"], env=_desk(tmp_path, monkeypatch)) as app:
        app.wait_text("Printer")
        app.press("\rnUse the extinguisher, not the status key.")
        app.wait_text("Use the extinguisher, not the status key.")


def test_a_choice_typed_behind_its_key_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyApp(["-m", "tui_desk"], env=_desk(tmp_path, monkeypatch)) as app:
        app.wait_text("Printer")
        app.press("spend\r")
        app.wait_text("pending")
        app.wait_for(lambda: any("◌ pending" in line for line in app.text()))


def test_a_number_typed_behind_the_colon_opens_that_ticket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PtyApp(["-m", "tui_desk"], env=_desk(tmp_path, monkeypatch)) as app:
        app.wait_text("Printer")
        app.press(":#1\r")
        app.wait_text("#1 Printer")
        assert app.exit_status is None
