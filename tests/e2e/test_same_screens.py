"""Every screen of the desk, cell by cell as Textual's own driver would show it, through a terminal emulator."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyte
import pytest

from tests.screens.desk import Room, fill, open_room
from tests.support.ports import PATIENCE
from tests.terminal.pty_app import PtyApp, Terminal, cells_of
from tui_desk.core.clock import utc_now
from tui_desk.models import Lease

PLACES = "asomkwvplyenicxb"
"""Behind ``g``: assets, suspended mail, outbox, settings, tasks, time sheet, approvals, people, licences, history, agents,
notifications, organizations, canned replies, expiry, purchases."""
SESSIONS: dict[str, list[list[str]]] = {
    "places": [step for key in PLACES for step in (["g", key], ["j", "j", "k"], ["g", "q"])],
    "queue": [
        ["j", "j", "j", "x", "j", "x"],
        [":", *"group status", "enter"],
        ["j", "j", "k"],
        [":", *"group assignee", "enter"],
        ["="],
        ["j", "j", " ", "escape"],
        [":", *"group none", "enter"],
        ["/", *"printer", "enter"],
        ["escape"],
        ["?"],
        ["j", "pagedown", "escape"],
        ["\x10"],
        [*"assign", "escape"],
        [":", *"theme", "enter"],
        ["j", "j", "escape"],
        [":", *"guide", "enter"],
        ["j", "G", "g", "g"],
    ],
    "settings": [["g", "m"], *[[key] for key in "23456789"], ["1"], ["q"], [":", *"own settings", "enter"]],
    "ticket": [
        ["enter"],
        ["j", "j", "k"],
        ["]"],
        ["["],
        ["n", *"a note with 東京 in it", "escape"],
        ["q"],
        ["enter", "r"],
        [*"Dear 東京,", "enter", *"it is done."],
        ["\x14"],
        ["down", "down", "escape"],
        ["\x1b[17~"],
        ["3", "2", "1", "escape"],
    ],
}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk with some tickets, on which a worker is said to be alive (so that none starts)."""
    with open_room(tmp_path) as opened:
        fill(opened)
        with opened.desk.writing() as session:
            session.add(Lease(name="worker", holder="test", expires_at=utc_now() + timedelta(days=36_500)))
        yield opened


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["small", "large"])
@pytest.mark.parametrize("name", SESSIONS)
def test_screens_are_as_the_stock_driver_shows_them(room: Room, name: str, size: tuple[int, int]) -> None:
    record = room.state_folder / "frames"
    database = {"TUI_DESK_DATABASE": str(room.state_folder / "desk.db")}
    arguments = ["tests/terminal/apps/recorded_desk.py", str(record), "--as", "ana"]
    stock = Terminal(*size)
    stream = pyte.Stream(stock)
    seen = 0
    screens = set()
    with PtyApp(arguments, *size, env=database) as app:
        app.wait_text("▌")
        for step in [[], *SESSIONS[name]]:
            for key in step:
                app.press(key)
            end = time.monotonic() + PATIENCE
            while True:
                app.wait_idle(0.2)
                frames = record.read_text(encoding="utf-8")
                stream.feed(frames[seen:])
                seen = len(frames)
                differing = [
                    (y, x, want, got)
                    for y, (line, other) in enumerate(zip(cells_of(stock), app.cells(), strict=True))
                    for x, (want, got) in enumerate(zip(line, other, strict=True))
                    if want != got
                ]
                if not differing:
                    break
                assert time.monotonic() < end, (step, len(differing), differing[:8], app.text())
            screens.add("\n".join(app.text()))
    onward = [step for step in SESSIONS[name] if step != ["g", "q"]]  # that one leads back
    assert len(screens) > len(onward) // 2  # the keys led somewhere
