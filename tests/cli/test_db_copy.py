"""One command moves a desk from one database to another, whole: rows, files, history, passwords, search."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from tests.cli.command import Command, on_desk
from tests.cli.test_backup import everything, fill
from tests.cli.test_contract import new_ticket
from tests.support.ports import PATIENCE
from tests.support.postgres import Postgres
from tui_desk.db.engine import open_database
from tui_desk.db.secrets import decrypt
from tui_desk.models import Mailbox


def busy_desk(desk: Command, folder: Path) -> None:
    """A desk with something of everything in it."""
    fill(desk)
    (folder / "Zeichnüng.txt").write_bytes(bytes(range(256)) * 500)
    assert (
        desk("ticket", "note", "1", "--body", "See the file", "--attach", str(folder / "Zeichnüng.txt")).code
        == 0
    )
    assert desk("category", "add", "Hardware/Printer").code == 0
    assert desk("asset", "new", "LT-1", "Laptop", "cost=1299.9000", "purchased_on=2026-01-31").code == 0
    assert desk("asset", "link", "LT-1", "1").code == 0
    assert desk("ticket", "link", "1", "2").code == 0
    assert desk("ticket", "set", "2", "priority=critical", "category=Hardware/Printer", "tags=a,b").code == 0
    assert desk("ticket", "reply", "2", "--body", "Turn it off, Zoë.", "--to", "zoe@customer.test").code == 0
    assert desk("ticket", "draft", "save", "3", "--body", "half a").code == 0


def same_desk(one: Command, other: Command) -> None:
    assert everything(other) == everything(one)
    for words in (
        ("mailbox", "list"),
        ("asset", "list"),
        ("person", "list"),
        ("outbox", "list", "--all"),
        ("category", "list"),
        ("agent", "list"),
        ("settings", "fallback-sender"),
        ("ticket", "draft", "list"),
        ("audit", "verify"),
    ):
        first, second = one(*words, "--json"), other(*words, "--json")
        assert second.code == 0, second.err
        assert second.json == first.json, words
    for query in ("zoë", "zeichnung", "It smok", "Zwei"):
        found = one("ticket", "list", "--query", query, "--json").json
        assert found, query
        assert other("ticket", "list", "--query", query, "--json").json == found, query


def stored_password(url: str) -> str:
    database = open_database(url)
    with database.reading() as session:
        secret = session.exec(select(Mailbox.password_secret)).one()
    database.close()
    return decrypt(database.url, secret)


@pytest.mark.postgres
def test_to_postgresql_and_back_it_is_the_same_desk(
    postgres_server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lite, back = str(tmp_path / "desk.db"), str(tmp_path / "back.db")
    desk = on_desk(lite)
    busy_desk(desk, tmp_path)
    with postgres_server.fresh_database() as url:
        copied = desk("db", "copy", "--to", url, "--json")
        assert copied.code == 0, copied.err
        assert copied.json["rows"]["ticket"] == 3
        assert copied.json["key"] == "copied"
        assert "old desk" in copied.err
        postgres = on_desk(url)
        same_desk(desk, postgres)
        assert postgres("db", "check").code == 0
        assert stored_password(url) == "kept-secret"
        again = desk("db", "copy", "--to", url)
        assert again.code == 1
        assert "holds a desk already" in again.err

        assert new_ticket(postgres, "life goes on") == 4
        home = postgres("db", "copy", "--to", back, "--json")
        assert home.code == 0, home.err
        same_desk(postgres, on_desk(back))
        assert stored_password(back) == "kept-secret"
        assert new_ticket(on_desk(back), "and on") == 5


def test_nothing_is_kept_of_a_copy_that_fails(sqlite_desk: Command, tmp_path: Path) -> None:
    fill(sqlite_desk)
    target = tmp_path / "other.db"
    (tmp_path / "other.db.key").write_bytes(b"another key")
    refused = sqlite_desk("db", "copy", "--to", str(target))
    assert refused.code == 1
    assert "other.db.key" in refused.err
    assert on_desk(str(target))("db", "copy", "--to", str(tmp_path / "third.db")).code != 0
    left = sqlite_desk("db", "copy", "--to", str(target), "--without-key")
    assert left.code == 0, left.err
    assert "key file" in left.err
    assert (tmp_path / "other.db.key").read_bytes() == b"another key"


def test_a_damaged_history_is_not_copied(sqlite_desk: Command, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    fill(sqlite_desk)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET actor = 'nobody' WHERE id = 2")
    target = tmp_path / "other.db"
    refused = sqlite_desk("db", "copy", "--to", str(target))
    assert refused.code == 1
    assert "history" in refused.err
    assert sqlite_desk("db", "copy", "--to", str(target)).code == 1, "the target is still empty"
    assert "already" not in sqlite_desk("db", "copy", "--to", str(target)).err


def test_a_copy_that_cannot_be_committed_leaves_no_key_either(tmp_path: Path) -> None:
    """All is written and proved, and then the disk has no room for the commit."""
    path, target = tmp_path / "desk.db", tmp_path / "there" / "copy.db"
    fill(on_desk(str(path)))
    target.parent.mkdir()
    run = (
        "import resource, signal, sys; from tui_desk.__main__ import main; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); "
        "sys.exit(main(['db', 'copy', '--to', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", run, str(target)],
        env={**os.environ, "TUI_DESK_DATABASE": str(path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1, done.stderr
    assert list(target.parent.iterdir()) == [], done.stderr
