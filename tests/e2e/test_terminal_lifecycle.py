"""What happens to the terminal and to what is being written: sizes, colours, signals, stops, a kill, and silence."""

from __future__ import annotations

import os
import re
import signal
import termios
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from tests.screens.desk import Room, fill, open_room
from tests.support.pace import in_time
from tests.support.ports import PATIENCE
from tests.terminal.pty_app import PtyApp
from tests.terminal.test_taking_and_giving_back import assert_restored
from tui_desk.contracts.conversation import OpenCompose
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DraftKind
from tui_desk.models import Lease

_COOKED = termios.ICANON | termios.ECHO
TYPED = "half a sentence that must not be lost"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk with some tickets, on which a worker is said to be alive (so that none starts)."""
    with open_room(tmp_path) as opened:
        fill(opened)
        with opened.desk.writing() as session:
            session.add(Lease(name="worker", holder="test", expires_at=utc_now() + timedelta(days=36_500)))
        yield opened


def _started(room: Room, columns: int = 80, lines: int = 24, **env: str) -> PtyApp:
    database = {"TUI_DESK_DATABASE": str(room.state_folder / "desk.db")}
    app = PtyApp(["-m", "tui_desk", "--as", "ana"], columns, lines, {**database, **env})
    app.wait_for(lambda: bool(app.output))
    return app


def test_keys_of_an_action_that_does_not_exist_are_told(room: Room, tmp_path: Path) -> None:
    settings = tmp_path / "settings" / "tui-desk" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[keys]\ntakke = "i"\nrefresh = "f9"\n')
    with _started(room, 160, XDG_CONFIG_HOME=str(tmp_path / "settings")) as app:
        app.wait_text("takke")
        said = "\n".join(app.text())
        assert "config.toml" in said
        assert "refresh" not in said
        app.wait_text("▌")


def _quiet(app: PtyApp, seconds: float = 0.4) -> None:
    """Until nothing came for that long, and the program had nothing to do."""
    app.wait_idle(seconds)


def _writing(room: Room, text: str = TYPED) -> PtyApp:
    """The interface while a reply is being typed."""
    app = _started(room)
    app.wait_text("▌")
    _quiet(app)
    app.press("r")
    app.wait_text("Reply  #")
    app.wait_text("@client.test")
    app.press(*text)
    app.wait_text(text)
    return app


def _draft(room: Room, number: int) -> str:
    return room.ask(OpenCompose(number, DraftKind.REPLY)).body


def _number(app: PtyApp) -> int:
    found = re.search(r"Reply  #(\d+)", "\n".join(app.text()))
    assert found
    return int(found.group(1))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_the_draft_and_gives_the_terminal_back(room: Room, number: signal.Signals) -> None:
    with _writing(room) as app:
        ticket = _number(app)
        app.press(*" more")
        app.wait_text(f"{TYPED} more")
        os.kill(app.pid, number)
        assert app.wait_exit() == 128 + number
        assert_restored(app)
        assert _draft(room, ticket) == f"{TYPED} more"


def test_a_kill_while_writing_leaves_the_draft_for_the_next_start(room: Room) -> None:
    """X-B8: what is lost is at most two seconds old (:func:`tests.support.pace.in_time`: of a machine that is not busy elsewhere)."""
    with _writing(room) as app:
        ticket, began = _number(app), time.monotonic()
        app.wait_for(lambda: _draft(room, ticket) == TYPED)
        assert in_time(time.monotonic() - began, 2.0), "not saved within two seconds"
        os.kill(app.pid, signal.SIGKILL)
        app.wait_exit()
    with _started(room) as app:
        app.wait_text("▌")
        _quiet(app)
        app.press("r")
        app.wait_text(TYPED)


def test_a_terminal_that_goes_away_keeps_the_draft(room: Room) -> None:
    app = _writing(room)
    ticket = _number(app)
    os.close(app.fd)  # the line is cut: the kernel sends SIGHUP
    end = time.monotonic() + PATIENCE
    while os.waitpid(app.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < end, "it lives on without a terminal"
        time.sleep(0.05)
    assert _draft(room, ticket) == TYPED


def test_ctrl_z_stops_nothing_where_nobody_could_go_on(room: Room) -> None:
    """As a forced command, or in a terminal that runs the program itself."""
    with _started(room) as app:
        app.wait_text("▌")
        _quiet(app)
        app.press("\x1a")
        app.wait_text("There is no shell to go to")


def test_ctrl_z_is_no_way_to_a_shell_where_no_program_may_be_started(room: Room) -> None:
    """Whoever gets to a shell of the shared account can open the desk's file itself."""
    with _started(room, TUI_DESK_PROGRAMS="no") as app:
        app.wait_text("▌")
        _quiet(app)
        app.press("\x1a")
        app.wait_text("No program may be started in this session")


def test_ctrl_z_gives_the_terminal_back_and_takes_it_again(room: Room) -> None:
    with _writing(room) as app:
        raw = termios.tcgetattr(app.fd)[3]
        os.kill(app.pid, signal.SIGTSTP)
        app.wait_for(lambda: b"\x1b[?1049l" in app.output)
        app.wait_for(lambda: termios.tcgetattr(app.fd)[3] != raw)
        stopped = len(app.output)
        app.pump(0.5)
        assert b"\x1b[?1049h" not in app.output[stopped:]
        os.kill(app.pid, signal.SIGCONT)
        app.wait_for(lambda: b"\x1b[?1049h" in app.output[stopped:])
        app.wait_text(TYPED)
        assert termios.tcgetattr(app.fd)[3] == raw


def test_stopped_and_continued_from_outside_nothing_is_typed_out_of_order(room: Room) -> None:
    """``cpulimit``, a debugger and ``kill -STOP`` give no word before they stop a process: SIGCONT is all that comes."""
    with _writing(room) as app:
        sent = len(app.output)
        for _turn in range(3):
            _stop(app)
            app.press(*" on")  # waits in the line, and is not lost
            os.kill(app.pid, signal.SIGCONT)
        app.wait_text(f"{TYPED} on on on")
        assert b"\x1b[?1049" not in app.output[sent:]
        app.press("\x11")  # Ctrl+Q
        app.wait_exit()
        assert_restored(app)
        assert termios.tcgetattr(app.fd)[3] & _COOKED == _COOKED


def test_the_terminal_is_taken_again_from_whoever_had_it_while_stopped(room: Room) -> None:
    """``kill -STOP`` at a shell with job control: the shell takes the terminal, ``fg`` sends SIGCONT."""
    with _writing(room) as app:
        raw = termios.tcgetattr(app.fd)
        _stop(app)
        modes = termios.tcgetattr(app.fd)
        modes[3] |= _COOKED
        termios.tcsetattr(app.fd, termios.TCSANOW, modes)
        stopped = len(app.output)
        os.kill(app.pid, signal.SIGCONT)
        app.wait_for(lambda: b"\x1b[?1049h" in app.output[stopped:])
        app.wait_for(lambda: termios.tcgetattr(app.fd)[3] == raw[3])
        app.wait_text(TYPED)
        app.press(*" again")
        app.wait_text(f"{TYPED} again")


def _stop(app: PtyApp) -> None:
    os.kill(app.pid, signal.SIGSTOP)
    app.wait_for(lambda: psutil.Process(app.pid).status() == psutil.STATUS_STOPPED)


def test_a_tiny_terminal_says_what_is_needed_and_keeps_everything(room: Room) -> None:
    with _writing(room) as app:
        app.resize(20, 5)
        app.wait_for(lambda: all(size in " ".join(app.text()) for size in ("20×5", "60×16")))
        app.resize(80, 24)
        app.wait_text(TYPED)  # before it is typed on: where nothing can be seen, keys do nothing
        app.press(*" and on")
        app.wait_text(f"{TYPED} and on")
    with _started(room, 20, 5) as app:
        app.wait_for(lambda: "20×5" in " ".join(app.text()))
        app.resize(100, 30)
        app.wait_text("Printer")


def test_a_storm_of_sizes_changes_nothing(room: Room) -> None:
    with _writing(room) as app:
        for step in range(60):
            app.resize(20 + step * 37 % 180, 4 + step * 13 % 50)
            app.pump(0.01)
        app.resize(100, 30)
        app.wait_text(TYPED)
        _quiet(app)
        assert app.exit_status is None
        app.press("escape")
        app.wait_text("The draft is kept")


def test_no_color_is_no_colour(room: Room) -> None:
    with _started(room, NO_COLOR="1") as app:
        app.wait_text("▌")
        _quiet(app)
        for key, text in (
            ("enter", "Conversation"),
            ("2", "Requester"),
            ("?", "Keys:"),
            ("escape", "Requester"),
        ):
            app.press(key)
            app.wait_text(text)
        colours = [
            match.group()
            for match in re.finditer(rb"\x1b\[([\d;]*)m", bytes(app.output))
            if any(
                30 <= int(n) <= 49 or 90 <= int(n) <= 107
                for n in match.group(1).split(b";")
                if n and int(n) not in (39, 49)
            )
        ]
        assert colours == []


def test_nothing_is_sent_while_nothing_happens(room: Room) -> None:
    with _started(room) as app:
        app.wait_text("▌")
        _quiet(app, 1.0)
        for key, text in (("", "▌"), ("enter", "Conversation"), ("r", "Reply  #")):
            if key:
                app.press(key)
            app.wait_text(text)
            _quiet(app, 1.5)
            before = len(app.output)
            end = time.monotonic() + 3.0
            while time.monotonic() < end:
                app.pump(0.1)
            assert len(app.output) == before, bytes(app.output[before:])


def _is_filtered(app: PtyApp) -> bool:
    return any("stripes" in line and "Printer" not in line for line in app.text())


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGKILL])
def test_after_a_lost_connection_one_is_back_where_one_was(
    how: signal.Signals, room: Room, tmp_path: Path
) -> None:
    """The filter, the cursor, the marks and the open ticket; a session that ended in order leaves nothing of it."""
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    with _started(room, **state) as app:
        app.wait_text("▌")
        _quiet(app)
        app.press("/", *"stripes", "enter")
        app.wait_for(lambda: _is_filtered(app))
        _quiet(app)
        app.press("x", "x")
        app.wait_text("2 marked")
        app.press("enter")
        app.wait_text("It burns.")
        marked = "Printer 10"
        app.wait_text(marked)
        if how is signal.SIGKILL:
            kept = tmp_path / "state"
            app.wait_for(lambda: any('"ticket": 10' in one.read_text() for one in kept.rglob("place-*")))
        os.kill(app.pid, how)
        app.wait_exit()
    with _started(room, **state) as app:
        app.wait_text("you are back where you were")
        app.wait_text(marked)
        _quiet(app)
        app.press("escape")
        app.wait_text("2 marked")
        app.wait_for(lambda: any(line.startswith("▌") and marked in line for line in app.text()))
        assert _is_filtered(app)
        app.press("\x11")  # Ctrl+Q
        assert app.wait_exit() == 0
    assert not [*(tmp_path / "state").rglob("place-*")]
    with _started(room, **state) as app:
        app.wait_text("▌")
        _quiet(app)
        assert not any("marked" in line or "back where" in line for line in app.text())
