"""Transactions: whole or nothing, no lost updates, private files, sentences instead of driver errors."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.support.ports import PATIENCE
from tui_desk.core.errors import ConfigurationError, Conflict, Refused, Unavailable
from tui_desk.db.engine import Database, open_database
from tui_desk.db.fast import open_reader
from tui_desk.db.files import checkpoints_safely, file_system_of
from tui_desk.db.schema import ensure_schema
from tui_desk.db.url import parse_database_url
from tui_desk.models import Setting


def test_what_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ValueError, match="stop"), database.writing() as session:
        session.add(Setting(key="a", value=1))
        session.flush()
        raise ValueError("stop")
    with database.reading() as session:
        assert session.exec(select(Setting)).all() == []


def test_the_same_thing_made_twice_is_told(database: Database) -> None:
    with database.writing() as session:
        session.add(Setting(key="a", value=1))
    with pytest.raises(Conflict, match="same moment"), database.writing() as session:
        session.add(Setting(key="a", value=2))


def test_reading_commits_nothing(database: Database) -> None:
    with database.reading() as session:
        session.add(Setting(key="a", value=1))
    with database.reading() as session:
        assert session.get(Setting, "a") is None


def test_files_are_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "desk.db"
    database = open_database(str(path))
    ensure_schema(database)
    with database.writing() as session:
        session.add(Setting(key="a", value=1))
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    database.close()


def test_an_open_file_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch(0o644)
    path.chmod(0o644)
    open_database(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


_TOUCH = """
import sys
from tui_desk.db.engine import open_database
from tui_desk.models import Setting
database = open_database(sys.argv[1])
with database.writing() as session:
    session.add(Setting(key=sys.argv[2], value=1))
database.close()
"""


def test_opening_again_keeps_the_locks_of_what_is_open(tmp_path: Path) -> None:
    """POSIX drops all locks of a file when any descriptor of it is closed: the log must not vanish under open connections."""
    path = tmp_path / "desk.db"
    first = open_database(str(path))
    ensure_schema(first)
    with first.reading() as session:
        session.exec(select(Setting)).all()
    reader = open_reader(first.url)
    assert reader.rows("SELECT count(*) FROM setting") == [(0,)]
    again = open_database(str(path))
    for key in ("a", "b"):
        subprocess.run([sys.executable, "-c", _TOUCH, str(path), key], check=True)
    assert path.with_name("desk.db-wal").exists()
    assert reader.rows("SELECT count(*) FROM setting") == [(2,)]
    reader.close()
    for database in (first, again):
        database.close()


_ADD = """
import sys
from tui_desk.db.engine import open_database
from tui_desk.models import Setting
from sqlmodel import select
database = open_database(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.writing() as session:
        row = session.exec(select(Setting).where(Setting.key == "count").with_for_update()).one()
        row.value = row.value + 1
        session.add(row)
"""


def test_processes_lose_no_update(database: Database, database_url: str) -> None:
    with database.writing() as session:
        session.add(Setting(key="count", value=0))
    others = [
        subprocess.Popen([sys.executable, "-c", _ADD, database_url, "60"], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for other in others:
        _out, problems = other.communicate(timeout=PATIENCE)
        assert other.returncode == 0, problems.decode()
    with database.reading() as session:
        assert session.get_one(Setting, "count").value == 240


def test_a_read_only_database_is_told(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "desk.db"))
    ensure_schema(database)
    with pytest.raises(Unavailable, match="read-only"), database.writing() as session:
        session.execute(text("PRAGMA query_only = ON"))
        session.execute(text("INSERT INTO setting (key, value) VALUES ('a', '1')"))
    database.close()


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "desk.db"))
    ensure_schema(database)
    with database.writing() as session:
        session.add(Setting(key="kept", value=1))
    with pytest.raises(Unavailable, match="full"), database.writing() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        session.execute(
            text("INSERT INTO setting (key, value) VALUES ('big', 'x' || hex(zeroblob(3000000)))")
        )
    with database.reading() as session:
        assert session.get_one(Setting, "kept").value == 1
    database.close()


def test_an_unreachable_server_is_told() -> None:
    pytest.importorskip("psycopg")
    database = open_database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="cannot be used"):
        ensure_schema(database)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgres://ana:secret@db.example/desk", "postgresql://ana@db.example/desk"),
        ("sqlite:////srv/desk.db", "/srv/desk.db"),
        ("/srv/desk.db", "/srv/desk.db"),
    ],
)
def test_urls_show_no_password(given: str, shown: str) -> None:
    assert str(parse_database_url(given)) == shown


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="mysql"):
        parse_database_url("mysql://localhost/desk")


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
    ],
)
def test_sqlite_versions_that_checkpoint_safely(version: tuple[int, int, int], safe: bool) -> None:
    assert checkpoints_safely(version) is safe


def test_network_file_systems_are_recognised(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/export {tmp_path} nfs4 rw 0 0\n")
    assert file_system_of(tmp_path / "desk", mounts) == "nfs4"
    assert file_system_of(Path("/usr"), mounts) == "ext4"


def test_folders_and_files_of_others_are_left_as_they_are(tmp_path: Path) -> None:
    folder, text, foreign = tmp_path / "folder", tmp_path / "text", tmp_path / "foreign.db"
    folder.mkdir(0o755)
    text.write_text("a letter to a friend, longer than a header of a database would be\n" * 3)
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE bookmark (url)")
    connection.close()
    before = {path: (path.stat().st_mode, path.read_bytes()) for path in (text, foreign)}
    for path in (folder, text, foreign):
        with pytest.raises(Refused, match=r"not a file|not a database|another program"):
            open_database(str(path))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert {path: (path.stat().st_mode, path.read_bytes()) for path in (text, foreign)} == before
