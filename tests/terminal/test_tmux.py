"""Hostile text through a real tmux: clipboard, title and modes stay as they are."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.ports import PATIENCE
from tests.terminal.payloads import PAYLOADS
from tests.terminal.pty_app import ROOT

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
Tmux = Callable[..., str]


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """Runs tmux commands on a server of its own."""

    def run(*arguments: str) -> str:
        command = ["tmux", "-S", str(tmp_path / "s"), "-f", "/dev/null", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout

    yield run
    subprocess.run(["tmux", "-S", str(tmp_path / "s"), "kill-server"], check=False, capture_output=True)


def _start(tmux: Tmux, program: str) -> None:
    tmux("new-session", "-d", "-x", "100", "-y", "40", "-e", f"PYTHONPATH={ROOT}", "sh")
    tmux("set-option", "-s", "set-clipboard", "on")
    tmux("set-option", "-g", "allow-passthrough", "on")
    tmux("select-pane", "-T", "untouched")
    environment = "TEXTUAL_ANIMATIONS=none TEXTUAL_DRIVER=tui_desk.terminal.driver:WireDriver"
    tmux("send-keys", f"{environment} {sys.executable} {program}", "Enter")


def _wait(tmux: Tmux, text: str) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        screen = tmux("capture-pane", "-p")
        if text in screen:
            return screen
        time.sleep(0.02)  # each look is a process of its own, and the program needs the processor too
    raise AssertionError(f"{text!r} was not seen:\n{tmux('capture-pane', '-p')}")


def test_clipboard_title_and_modes_stay(tmux: Tmux) -> None:
    _start(tmux, f"tests/terminal/apps/hostile.py 0 {len(PAYLOADS)}")
    _wait(tmux, "step 0.")
    modes = (
        "#{alternate_on} #{mouse_any_flag} #{insert_flag} #{keypad_flag} #{scroll_region_lower} #{pane_title}"
    )
    before = tmux("display-message", "-p", modes)
    for step in range(1, len(PAYLOADS)):
        tmux("send-keys", "x")
        _wait(tmux, f"step {step}.")
    assert tmux("display-message", "-p", modes) == before
    assert "untouched" in before
    assert tmux("list-buffers") == ""
    tmux("send-keys", "x")
