"""A command that ran in a process leaves its signals as they were."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.cli.command import run_here


def test_a_round_of_work_gives_the_signals_back(tmp_path: Path) -> None:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    path = str(tmp_path / "desk.db")
    made = run_here(
        "ticket", "new", "--subject", "Printer", "--requester", "a@b.test", "--body", "x", "--db", path
    )
    assert made.code == 0, made.err
    assert run_here("sync", "--once", "--db", path).code == 0
    assert [signal.getsignal(number) for number in numbers] == before
