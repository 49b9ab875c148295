"""The command as the shell sees it: exit codes, streams, pipes, signals of a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.command import on_desk, run_command, run_here
from tests.support.ports import PATIENCE, wait_until


def test_exit_codes_reach_the_shell(tmp_path: Path) -> None:
    desk = on_desk(str(tmp_path / "desk.db"), run_command)
    assert "A new desk was made" in desk("team", "list").err
    done, missing, wrong = desk("team", "add", "A"), desk("ticket", "show", "999"), desk("ticket", "fly")
    assert [one.code for one in (done, missing, wrong)] == [0, 3, 2]
    assert done.err == missing.out == wrong.out == ""
    assert on_desk("oracle://x", run_command)("ticket", "list").code == 1


def test_without_a_terminal_the_interface_says_what_to_do(tmp_path: Path) -> None:
    answer = run_command(TUI_DESK_DATABASE=str(tmp_path / "desk.db"))
    assert answer.code == 2
    assert "tui-desk --help" in answer.err


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    url = str(tmp_path / "desk.db")
    for number in range(3):
        run_here("team", "add", f"Team {number}", TUI_DESK_DATABASE=url)
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m tui_desk --help | head -c 1"],
        capture_output=True,
        env={**os.environ, "TUI_DESK_DATABASE": url},
        check=False,
    )
    assert done.stderr == b""


def test_a_terminal_without_utf8_gets_something_it_can_show(tmp_path: Path) -> None:
    desk = on_desk(str(tmp_path / "desk.db"), run_command)
    desk("team", "add", "Zürich ☃")
    answer = desk("team", "list", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert answer.code == 0, answer.err
    assert "Z?rich ?" in answer.out


def test_a_worker_ends_when_told_and_gives_its_leases_back(tmp_path: Path) -> None:
    url = str(tmp_path / "desk.db")
    run_here("team", "add", "A", TUI_DESK_DATABASE=url)

    def worker_alive() -> bool:
        return "a worker runs" in run_here("doctor", TUI_DESK_DATABASE=url).out.lower()

    worker = subprocess.Popen(
        [sys.executable, "-m", "tui_desk", "worker"],
        env={**os.environ, "TUI_DESK_DATABASE": url},
        stderr=subprocess.PIPE,
    )
    try:
        wait_until(worker_alive, what="the worker's sign of life")
        worker.send_signal(signal.SIGTERM)
        _out, err = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 0, err
        assert b"Traceback" not in err
    finally:
        if worker.poll() is None:
            worker.kill()
            worker.communicate()
    assert not worker_alive()


def test_sync_once_counts(tmp_path: Path) -> None:
    answer = run_command("sync", "--once", "--json", TUI_DESK_DATABASE=str(tmp_path / "desk.db"))
    assert answer.code == 0, answer.err
    assert answer.json == dict.fromkeys(
        ("fetched", "created", "joined", "suspended", "ignored", "duplicates", "sent", "failed", "held"), 0
    )
