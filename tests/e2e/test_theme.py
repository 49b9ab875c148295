"""The interface in a terminal that says it is light, and one that is asked for a theme that there is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.screens.desk import Room, fill, open_room
from tests.terminal.pty_app import PtyApp
from tui_desk.core.clock import utc_now
from tui_desk.models import Lease
from tui_desk.terminal.answers import QUESTION


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Some tickets, and a worker that is said to be alive."""
    with open_room(tmp_path) as opened:
        fill(opened, 3)
        with opened.desk.writing() as session:
            session.add(Lease(name="worker", holder="test", expires_at=utc_now() + timedelta(days=36_500)))
        yield opened


def test_it_starts_all_the_same_and_the_answer_is_no_key(room: Room) -> None:
    env = {"TUI_DESK_DATABASE": str(room.state_folder / "desk.db"), "TUI_DESK_MOTION": "none"}
    with PtyApp(["-m", "tui_desk", "--as", "ana", "--theme", "nord"], 160, 24, env) as app:
        app.wait_text("--theme: There is no theme nord.")
        assert QUESTION.encode() in app.output
        app.press("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "j")
        app.wait_text("▌     2")  # j moved; neither ] nor 1 nor r opened anything
        assert "Reply" not in app.text()[0]
        app.press("\x11")
        assert app.wait_exit() == 0
    with PtyApp(["-m", "tui_desk", "--as", "ana"], 160, 24, env) as again:
        again.wait_text("▌")
        again.wait_for(lambda: _ground(again) == "ffffff")  # as this sort of terminal was last


def _ground(app: PtyApp) -> str:
    """The background of the cell in the middle of the screen."""
    return str(app.screen.buffer[15][40].bg)
