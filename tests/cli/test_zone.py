"""Which day it is: by the clocks of the agent's terminal where it names a zone, else of the desk, else of the machine. Real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.ports import PATIENCE

EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""Fourteen hours ahead of UTC and eleven behind: their days are never the same."""


def _ask(desk: str, *arguments: str, zone: str = "") -> str:
    environment = {**os.environ, "TUI_DESK_DATABASE": desk, "TUI_DESK_AGENT": "root"}
    environment.pop("TZ", None)
    if zone:
        environment["TZ"] = zone
    done = subprocess.run(
        [sys.executable, "-m", "tui_desk", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _day(zone: str, days: int = 0) -> str:
    return (datetime.now(UTC).astimezone(ZoneInfo(zone)).date() + timedelta(days=days)).isoformat()


@pytest.fixture
def desk(tmp_path: Path) -> str:
    """A desk in the far east, with one ticket."""
    place = str(tmp_path / "desk.db")
    _ask(place, "settings", "set", f"time_zone={EAST}")
    _ask(
        place,
        "ticket",
        "new",
        "--subject",
        "x",
        "--requester",
        "zoe@acme.test",
        "--channel",
        "phone",
        "--body",
        "x",
    )
    return place


def _found(desk: str, query: str, zone: str = "") -> int:
    return len(
        json.loads(_ask(desk, "ticket", "list", "--view", "all", "--query", query, "--json", zone=zone))
    )


def test_a_day_that_is_typed_is_one_of_the_desk(desk: str) -> None:
    _ask(desk, "task", "add", "1", "Call", "--due", "tomorrow")
    shown = _ask(desk, "ticket", "show", "1", "--json")
    assert f'"{_day(EAST, 1)}"' in shown


def test_what_is_overdue_goes_by_the_desk_or_by_the_terminal(desk: str) -> None:
    _ask(desk, "task", "add", "1", "Call", "--due", _day(WEST))  # over in the east, not in the west
    assert _found(desk, "is:overdue") == 1
    assert _found(desk, "is:overdue", zone=WEST) == 0
    assert _found(desk, "due:today", zone=WEST) == 1
    assert _found(desk, "due:today") == 0
    late = json.loads(_ask(desk, "task", "list", "--overdue", "--json"))
    assert len(late) == 1
    assert json.loads(_ask(desk, "task", "list", "--overdue", "--json", zone=WEST)) == []


def test_the_border_of_a_day_in_a_filter_is_midnight_at_the_desk(desk: str) -> None:
    assert _found(desk, f"created:{_day(EAST)}") == 1
    assert _found(desk, f"created:{_day(EAST)}", zone=WEST) == 0
    assert _found(desk, "created:today", zone=WEST) == 1
