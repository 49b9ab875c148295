"""Fault points: known by name, reached somewhere, and silent unless asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import tui_desk
from tui_desk.core.faults import POINTS, plan_from, reach

PACKAGE = Path(tui_desk.__file__).parent


def test_every_named_place_is_in_the_code_and_the_other_way_round() -> None:
    text = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "faults.py")
    assert sorted(set(re.findall(r'\breach\("([^"]+)"\)', text))) == sorted(POINTS)


def test_without_a_wish_nothing_happens() -> None:
    assert plan_from({}) is None
    reach("intake.stored")


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        plan_from({"TUI_DESK_FAULT": "intake.sored"})


def test_the_process_dies_at_the_nth_time_and_says_where(tmp_path: Path) -> None:
    script = "from tui_desk.core.faults import reach\nfor n in range(5): print(n, flush=True); reach('intake.stored')"
    environment = {
        **os.environ,
        "TUI_DESK_FAULT": "intake.stored:3",
        "TUI_DESK_FAULT_LOG": str(tmp_path / "log"),
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == [b"0", b"1", b"2"]
    assert (tmp_path / "log").read_text() == "intake.stored\n"
