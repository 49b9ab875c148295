"""A desk of an older version is opened: a person sees how far its upgrade is, and may stop it."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.terminal.pty_app import PtyApp
from tui_desk.db.engine import open_database
from tui_desk.db.revision import HEAD
from tui_desk.db.schema import ensure_schema, found_revision, migrate


@pytest.fixture
def old_desk(tmp_path: Path) -> Path:
    """A desk as the first version made it."""
    path = tmp_path / "desk.db"
    database = open_database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        migrate(connection, "0001")
    database.close()
    return path


@pytest.fixture
def held(old_desk: Path) -> Iterator[sqlite3.Connection]:
    """Somebody writes to the desk: its upgrade has to wait."""
    with closing(sqlite3.connect(old_desk, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield writer


def _started(desk: Path, *command: str) -> PtyApp:
    return PtyApp(["-m", "tui_desk", "--db", str(desk), *command], 80, 24, {"HOME": str(desk.parent)})


def _revision(desk: Path) -> str | None:
    database = open_database(f"sqlite:///{desk}")
    try:
        return found_revision(database)
    finally:
        database.close()


def test_each_step_is_told_before_it_begins(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    told: list[tuple[int, int]] = []
    with database.engine.begin() as connection:
        migrate(connection, "0003")
    ensure_schema(database, lambda number, steps: told.append((number, steps)))
    steps = int(HEAD) - 3
    assert told == [(number, steps) for number in range(1, steps + 1)]
    database.close()


def test_the_interface_shows_that_it_waits_and_begins_behind_it(
    old_desk: Path, held: sqlite3.Connection
) -> None:
    with _started(old_desk) as app:
        app.wait_text("The upgrade waits for who writes there now:")
        held.execute("ROLLBACK")
        app.wait_text("? Keys")
        assert not any("upgrade" in line for line in app.text())
    assert _revision(old_desk) == HEAD


@pytest.mark.parametrize("command", [(), ("db", "upgrade")])
def test_ctrl_c_stops_it_and_leaves_the_desk_as_it_was(
    old_desk: Path, held: sqlite3.Connection, command: tuple[str, ...]
) -> None:
    with _started(old_desk, *command) as app:
        app.wait_text("Ctrl+C stops it unchanged.")
        app.press("\x03")
        assert app.wait_exit() == -signal.SIGINT
        assert not any("Traceback" in line for line in app.text())
    held.execute("ROLLBACK")
    assert _revision(old_desk) == "0001"
