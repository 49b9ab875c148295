"""The queue as the last session left it is on the screen before the application is; what is true by then takes its place."""

from __future__ import annotations

import termios
from pathlib import Path

import pytest

from tests.e2e.test_terminal_lifecycle import room
from tests.screens.desk import Room
from tests.terminal.pty_app import PtyApp, wait_same
from tests.terminal.test_taking_and_giving_back import assert_restored
from tui_desk.contracts.desk import SaveSettings
from tui_desk.contracts.tickets import NewTicket

__all__ = ["room"]

FIRST_ASKED = b"\x1b[?1004h"
"""The first thing that Textual asks of a terminal."""
ENTER = b"\x1b[?1049h"
"""To the alternate screen, with the first picture behind it."""


def _started(room: Room, state: Path, columns: int = 100, lines: int = 30, **env: str) -> PtyApp:
    variables = {"TUI_DESK_DATABASE": str(room.state_folder / "desk.db"), "XDG_STATE_HOME": str(state)}
    return PtyApp(["-m", "tui_desk", "--as", "ana"], columns, lines, {**variables, **env})


def _settled(app: PtyApp) -> None:
    app.wait_text("▌")
    app.wait_for(lambda: FIRST_ASKED in app.output)
    app.wait_idle(0.5)


def _left(app: PtyApp) -> None:
    app.press("\x11")  # Ctrl+Q
    assert app.wait_exit() == 0
    assert_restored(app)


def _before_the_application(app: PtyApp) -> str:
    return bytes(app.output).partition(FIRST_ASKED)[0].decode()


@pytest.fixture
def state(room: Room, tmp_path: Path) -> Path:
    """The state folder of somebody who has been here once."""
    folder = tmp_path / "kept"
    with _started(room, folder) as app:
        _settled(app)
        assert "Printer" not in _before_the_application(app)
        _left(app)
    return folder


def test_the_next_start_begins_with_it_and_shows_what_any_start_shows(
    room: Room, state: Path, tmp_path: Path
) -> None:
    (picture,) = (state / "tui-desk").glob("picture-*")
    assert picture.stat().st_mode & 0o077 == 0
    with _started(room, state) as known, _started(room, tmp_path / "new") as fresh:
        for app in (known, fresh):
            _settled(app)
        assert "Printer" in _before_the_application(known)
        assert known.output.count(b"\x1b[?1049h") == 1
        after = len(known.output) - len(_before_the_application(known).encode())
        assert after < len(fresh.output)  # what is true by now, not all once more
        wait_same(known, fresh)
        _left(known)


def test_a_desk_with_a_zone_of_its_own_is_found_again(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    room.desk.ask(SaveSettings(time_zone="Pacific/Kiritimati"), room.desk.root)
    for begins_with_it in (False, True):
        with _started(room, tmp_path / "kept") as app:
            _settled(app)
            assert ("Printer" in _before_the_application(app)) is begins_with_it
            _left(app)


def test_what_came_meanwhile_takes_its_place(room: Room, state: Path) -> None:
    room.ask(NewTicket("Brand new trouble", "otto@client.test", "It came now."))
    with _started(room, state) as app:
        app.wait_text("Brand new trouble")
        assert "Brand new trouble" not in _before_the_application(app)


def test_keys_typed_at_it_are_obeyed(room: Room, state: Path) -> None:
    with _started(room, state) as app:
        app.wait_text("Printer")
        app.press("enter")
        app.wait_text("Conversation")
        assert FIRST_ASKED in app.output


@pytest.mark.parametrize("key", ["\x03", "\x1a", "\x1c"])
def test_keys_that_would_end_or_stop_it_wait_for_the_application_too(
    room: Room, state: Path, key: str
) -> None:
    with _started(room, state) as app:
        app.wait_for(lambda: ENTER in app.output)
        app.press(key)
        app.press("enter")
        app.wait_text("Conversation")
        assert b"Traceback" not in app.output


@pytest.mark.parametrize(
    "what", ["another size", "another look", "another login", "other settings", "damaged"]
)
def test_it_is_not_shown_where_it_does_not_fit(room: Room, state: Path, tmp_path: Path, what: str) -> None:
    env = {"NO_COLOR": "1"} if what == "another look" else {}
    if what == "damaged":
        (picture,) = (state / "tui-desk").glob("picture-*")
        picture.write_text(picture.read_text()[:-200])
    if what == "other settings":
        settings = tmp_path / "tui-desk" / "config.toml"
        settings.parent.mkdir()
        settings.write_text('theme = "light"\n')
        env = {"XDG_CONFIG_HOME": str(tmp_path)}
    columns = 90 if what == "another size" else 100
    words = ["--as", "ben"] if what == "another login" else ["--as", "ana"]
    variables = {"TUI_DESK_DATABASE": str(room.state_folder / "desk.db"), "XDG_STATE_HOME": str(state)}
    with PtyApp(["-m", "tui_desk", *words], columns, 30, {**variables, **env}) as app:
        _settled(app)
        assert "Printer" not in _before_the_application(app)


def test_one_of_another_desk_that_was_found_by_chance_is_taken_away(
    room: Room, state: Path, tmp_path: Path
) -> None:
    (picture,) = (state / "tui-desk").glob("picture-*")
    picture.write_bytes(b"0" * 24 + picture.read_bytes()[24:])
    with _started(room, state) as known, _started(room, tmp_path / "new") as fresh:
        for app in (known, fresh):
            _settled(app)
        assert _before_the_application(known).count("\x1b[?1049l") == 1
        wait_same(known, fresh)
        _left(known)


def test_a_start_that_fails_gives_the_terminal_back(room: Room, state: Path) -> None:
    path = room.state_folder / "desk.db"
    path.rename(path.with_name("elsewhere.db"))
    path.mkdir()  # a folder is no database
    with _started(room, state) as app:
        modes = termios.tcgetattr(app.fd)[3]
        assert app.wait_exit() != 0
        assert termios.tcgetattr(app.fd)[3] == modes
        output = bytes(app.output)
        assert output.rfind(b"\x1b[?1049l") > output.rfind(b"\x1b[?1049h") > -1
        assert output.rfind(b"\x1b[?25h") > output.rfind(b"\x1b[?25l")
        assert b"desk.db" in output.rpartition(b"\x1b[?25h")[2]
