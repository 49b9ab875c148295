"""A desk for the command line, on each kind of database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command, on_desk
from tests.support.new_desk import place_new_desk
from tests.support.ports import PATIENCE
from tui_desk.cli import patience


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that runs in this process says that it has to wait only after very long: on a busy machine any takes a second."""
    monkeypatch.setattr(patience, "SLOW_AFTER_SECONDS", PATIENCE)


@pytest.fixture
def desk(database_url: str) -> Command:
    """The command on an empty desk, once for each kind of database."""
    return on_desk(database_url)


@pytest.fixture
def sqlite_desk(tmp_path: Path) -> Command:
    """The command on an empty SQLite desk."""
    place_new_desk(tmp_path / "desk.db")
    return on_desk(str(tmp_path / "desk.db"))
