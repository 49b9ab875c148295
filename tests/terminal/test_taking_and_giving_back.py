"""The terminal is given to the editor and back, and is left as it was however the application ends."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
from pathlib import Path

import pytest

from tests.terminal.pty_app import PtyApp

MODES = (b"?1000", b"?1003", b"?1006", b"?1004", b"?2004", b"?1049")
APP = ["tests/terminal/apps/ticking.py"]


@pytest.fixture
def program(tmp_path: Path) -> PtyApp:
    env = {
        "STATE": str(tmp_path),
        "EDITOR": f"{sys.executable} tests/terminal/apps/editor.py",
        "XDG_RUNTIME_DIR": "",
    }
    return PtyApp(APP, 80, 24, {**env, "TEXTUAL_ANIMATIONS": "none"})


def _ticks(folder: Path) -> int:
    """How often the application was to repaint itself by now, painted or not."""
    return int((folder / "ticks").read_text() or 0)


def assert_restored(program: PtyApp) -> None:
    output = bytes(program.output)
    for mode in MODES:
        assert output.rfind(b"\x1b[" + mode + b"l") > output.rfind(b"\x1b[" + mode + b"h"), mode
    assert output.rfind(b"\x1b[?25h") > output.rfind(b"\x1b[?25l")
    assert output.rfind(b"\x1b[?7h") > output.rfind(b"\x1b[?7l")
    assert b"\x1b[<u" in output
    if b"\x1b]2;tui-desk\x07" in output:  # a title that was set is taken away
        assert output.rfind(b"\x1b]2;\x07") > output.rfind(b"\x1b]2;tui-desk\x07")


def test_the_editor_has_the_terminal_for_itself(program: PtyApp, tmp_path: Path) -> None:
    with program:
        program.wait_text("ready")
        program.press("e")
        program.wait_for(lambda: b"EDITING 0o600 0o700" in program.output)
        while True:
            before = len(program.output)
            program.pump(0.3)
            if len(program.output) == before:
                break
        began = _ticks(tmp_path)
        program.wait_for(lambda: _ticks(tmp_path) > began + 40)
        assert len(program.output) == before, "something was painted over the editor"
        assert b"\x1b]2;tui-desk\x07" in program.output
        assert_restored(program)
        program.press("some words\n")
        program.wait_text("told: draft+some words after")
        told = re.search(r"after (\d+) ticks", "\n".join(program.text()))
        assert told
        assert int(told.group(1)) > 40, "the application stood still meanwhile"
        ticks = re.search(r"tick (\d+)", program.text()[0])
        assert ticks
        program.wait_for(lambda: f"tick {int(ticks.group(1)) + 20} " in program.text()[0])
        assert list(tmp_path.rglob("*.md")) == []


def test_a_hundred_round_trips_while_the_screen_changes(tmp_path: Path) -> None:
    """Stock Textual goes on painting, and stands still for ever when the editor has the terminal."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf x >> "$1"\n')
    editor.chmod(0o700)
    env = {"STATE": str(tmp_path), "EDITOR": str(editor), "XDG_RUNTIME_DIR": "", "TEXTUAL_ANIMATIONS": "none"}
    with PtyApp(APP, 80, 24, env) as app:
        app.wait_text("ready")
        for _trip in range(100):
            given = app.output.count(b"\x1b[?1049h")
            app.press("e")
            app.wait_for(lambda given=given: app.output.count(b"\x1b[?1049h") > given)
        app.wait_text("told: draftx")
        app.wait_for(lambda: not list(tmp_path.rglob("*.md")))


def test_a_failing_editor_loses_nothing(program: PtyApp, tmp_path: Path) -> None:
    with program:
        program.wait_text("ready")
        program.press("e")
        program.wait_for(lambda: b"EDITING" in program.output)
        program.press("fail\n")
        program.wait_text("ended with status 3")
        (kept,) = tmp_path.rglob("*.md")
        assert kept.read_text() == "draft+fail"


def test_ctrl_c_in_the_editor_is_the_editors(program: PtyApp) -> None:
    with program:
        program.wait_text("ready")
        program.press("e")
        program.wait_for(lambda: b"EDITING" in program.output)
        program.press("\x03")
        program.wait_text("draft+interrupted")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(program: PtyApp, number: signal.Signals) -> None:
    with program:
        before = termios.tcgetattr(program.fd)[3]
        program.wait_text("ready")
        assert termios.tcgetattr(program.fd)[3] != before
        os.kill(program.pid, number)
        program.wait_exit()
        assert_restored(program)
        assert f"ended {128 + number}".encode() in program.output
        assert termios.tcgetattr(program.fd)[3] == before


def test_a_signal_ends_it_even_when_it_hangs(program: PtyApp) -> None:
    with program:
        program.wait_text("ready")
        program.press("b")
        while program.pump(0.3) and len(program.output) != (before := len(program.output)):
            program.pump(0.3)
            if len(program.output) == before:
                break
        os.kill(program.pid, signal.SIGTERM)
        assert program.wait_exit() == 128 + signal.SIGTERM
        assert_restored(program)


def test_a_crash_leaves_the_terminal_and_no_values(program: PtyApp) -> None:
    with program:
        program.wait_text("ready")
        program.press("c")
        program.wait_exit()
        assert_restored(program)
        tail = bytes(program.output).rsplit(b"\x1b[?1049l", 1)[1].decode()
        assert "ValueError" in tail
        assert "ticking.py" in tail
        assert "correct horse" not in tail
        assert "local_secret" not in tail
