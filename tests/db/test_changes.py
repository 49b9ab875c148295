"""The change feed: everything that anybody commits is told, and looking tells nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.support.ports import PATIENCE
from tui_desk.db import changes
from tui_desk.db.changes import ChangeFeed
from tui_desk.db.engine import Database
from tui_desk.models import Setting
from tui_desk.services.actor import MAIL
from tui_desk.services.events import record

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_changes_by_anybody_are_seen_and_looks_are_not(database: Database) -> None:
    feed = ChangeFeed(database.url)
    assert not feed.wait(0.3)
    with database.writing() as session:
        record(session, MAIL, "ticket:7", "ticket.created", NOW)
    assert feed.wait(PATIENCE)
    with database.writing() as session:
        session.add(Setting(key="a", value=1))
    assert feed.wait(PATIENCE)
    assert not feed.wait(0.3)
    with database.writing() as session:
        assert session.get_one(Setting, "a").value == 1
    assert not feed.wait(0.6)
    feed.close()


_COMMIT = """
import sys
from tui_desk.db.engine import open_database
from tui_desk.models import Setting
database = open_database(sys.argv[1])
for line in sys.stdin:
    with database.writing() as session:
        session.add(Setting(key=line.strip(), value=1))
    print("committed", flush=True)
"""


def test_a_commit_that_is_seen_half_done_is_told_when_it_is_done(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log grows before what is in it counts; whoever looks in between must look again. The more looks, the more fall in between."""
    monkeypatch.setattr(changes, "POLL_SECONDS", 0.002)
    feed = ChangeFeed(database.url)
    command = [sys.executable, "-c", _COMMIT, database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for number in range(100):
            other.stdin.write(f"{number}\n")
            other.stdin.flush()
            assert feed.wait(PATIENCE), number
            assert other.stdout.readline() == "committed\n"
        other.stdin.close()
    feed.close()
