"""What a person reads: columns that fit the terminal, words instead of codes, one line while a command has to wait."""

from __future__ import annotations

import fcntl
import os
import pty
import sqlite3
import struct
import subprocess
import sys
import termios
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import Command, on_desk, run_command
from tests.cli.test_contract import new_ticket
from tests.support.ports import PATIENCE, wait_until
from tui_desk.cli.output import cells

LONG = "漢字の件名 " + "very long subject " * 12 + "end"


def on_terminal(columns: int, *words: str, **environment: str) -> list[str]:
    """The lines of ``tui-desk WORDS`` on a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    done = subprocess.Popen(
        [sys.executable, "-m", "tui_desk", *words], stdout=theirs, env={**os.environ, **environment}
    )
    os.close(theirs)
    read = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the end of a terminal on Linux
            break
        if not part:
            break
        read += part
    os.close(ours)
    assert done.wait(PATIENCE) == 0
    return read.decode().splitlines()


def test_a_list_fits_the_terminal_and_is_whole_in_a_pipe(tmp_path: Path) -> None:
    url = str(tmp_path / "desk.db")
    desk = on_desk(url)
    new_ticket(desk, LONG)
    new_ticket(desk, "Короткая")
    assert "end" in desk("ticket", "list").out
    for columns in (40, 80, 120):
        lines = on_terminal(columns, "ticket", "list", TUI_DESK_DATABASE=url)
        assert len(lines) == 3
        assert all(cells(line) <= columns for line in lines), lines
        assert "漢字の" in lines[2]
        assert "…" in lines[2]
    starts = {
        cells(line.partition("Anna")[0])
        for line in on_terminal(80, "ticket", "list", TUI_DESK_DATABASE=url)[1:]
    }
    assert len(starts) == 1, "wide characters count two cells, so the next column begins at the same place"


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👍", 2), ("a\u200bb", 2), ("❤\ufe0f", 1)]
)
def test_width_in_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_words_for_people_values_for_scripts(desk: Command) -> None:
    one, two = str(new_ticket(desk)), str(new_ticket(desk, "Other"))
    assert desk("ticket", "set", one, "status=on_hold").code == 0
    assert desk("ticket", "link", one, two, "--kind", "follow_up").code == 0
    assert desk("asset", "new", "LT-1", "Laptop", "state=in_use").code == 0
    shown = desk("ticket", "show", one).out
    assert "on hold" in shown
    assert "follow-up of" in shown
    assert "on_hold" not in shown
    assert "follow_up" not in shown
    assert "in_use" not in desk("asset", "show", "LT-1").out
    assert "in use" in desk("asset", "list").out
    assert "on hold" in desk("ticket", "list").out
    document = desk("ticket", "show", one, "--json").json
    assert document["status"] == "on_hold"
    assert document["links"][0]["kind"] == "follow_up"
    assert desk("asset", "show", "LT-1", "--json").json["state"] == "in_use"


def test_the_words_of_the_reader_are_spanish(tmp_path: Path) -> None:
    desk = on_desk(str(tmp_path / "desk.db"), run_command)
    number = str(new_ticket(desk))
    assert desk("ticket", "set", number, "status=on_hold").code == 0
    shown = desk("ticket", "show", number, TUI_DESK_LANG="es").out
    assert "en espera" in shown
    assert "teléfono" in shown


def test_waiting_for_another_writer_is_told_once(tmp_path: Path) -> None:
    url = str(tmp_path / "desk.db")
    assert on_desk(url)("team", "add", "A").code == 0
    told = tmp_path / "stderr"
    with closing(sqlite3.connect(url, isolation_level=None)) as other, told.open("wb") as stderr:
        other.execute("BEGIN IMMEDIATE")
        waiting = subprocess.Popen(
            [sys.executable, "-m", "tui_desk", "team", "add", "B", "--json"],
            env={**os.environ, "TUI_DESK_DATABASE": url},
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
        try:
            wait_until(lambda: "somebody else is writing" in told.read_text(), what="the line on stderr")
            assert waiting.poll() is None
            other.execute("COMMIT")
            out, _err = waiting.communicate(timeout=PATIENCE)
        finally:
            waiting.kill()
            waiting.wait()
    assert waiting.returncode == 0
    assert b'"B"' in out
    assert len(told.read_text().splitlines()) == 1


def test_what_is_quick_is_not_told_to_wait(sqlite_desk: Command) -> None:
    assert "Still at it" not in sqlite_desk("team", "add", "A").err
