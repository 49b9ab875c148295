"""The doctor sees what is wrong, says what to do, and makes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.command import Command, on_desk
from tests.cli.test_contract import new_ticket


def test_a_healthy_desk(desk: Command) -> None:
    new_ticket(desk)
    answer = desk("doctor", "--json")
    assert answer.code == 0, answer.out
    assert answer.json["ok"] is True
    subjects = {check["subject"] for check in answer.json["checks"]}
    assert {"python", "terminal", "database", "outbox", "mailboxes"} <= subjects


def test_without_a_desk_it_says_so_and_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    answer = on_desk(str(path))("doctor")
    assert answer.code == 0
    assert "no database" in answer.out
    assert not path.exists()


def test_open_files_and_damage_fail(sqlite_desk: Command, tmp_path: Path) -> None:
    new_ticket(sqlite_desk)
    path = tmp_path / "desk.db"
    path.chmod(0o644)
    answer = sqlite_desk("doctor")
    assert answer.code == 1
    assert "chmod 600" in answer.out
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[8192:40960] = bytes(32768)
    path.write_bytes(content)
    assert sqlite_desk("doctor").code == 1


def test_a_newer_database_is_told(sqlite_desk: Command, tmp_path: Path) -> None:
    new_ticket(sqlite_desk)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert sqlite_desk("doctor").code == 1
    answer = sqlite_desk("ticket", "list")
    assert answer.code == 1
    assert "newer" in answer.err


def test_a_changed_history_is_found(sqlite_desk: Command, tmp_path: Path) -> None:
    number = new_ticket(sqlite_desk)
    sqlite_desk("ticket", "set", str(number), "priority=high")
    assert sqlite_desk("audit", "verify").code == 0
    assert sqlite_desk("db", "check", "--json").json["problems"] == []
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET actor = 'nobody' WHERE id = (SELECT max(id) FROM event)")
    found = sqlite_desk("audit", "verify", "--json")
    assert found.code == 1
    assert [one["stream"] for one in found.json["broken"]] == [f"ticket:{number}"]
    assert sqlite_desk("db", "check").code == 1
