"""A backup brings back the whole desk, on both databases, also when it is made under load; damage is found before anything changes."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import Command, on_desk
from tests.cli.test_contract import new_ticket
from tests.support.ports import PATIENCE
from tests.support.postgres import Postgres
from tui_desk.db import snapshot
from tui_desk.services.backup import verify


def everything(desk: Command) -> list[object]:
    tickets = desk("ticket", "list", "--json").json
    return [tickets, *(desk("ticket", "show", str(ticket["number"]), "--json").json for ticket in tickets)]


def fill(desk: Command) -> None:
    for subject in ("One", "Two", "Zwei ☃"):
        number = str(new_ticket(desk, subject))
        assert desk("ticket", "note", number, "--body", "line 1\nline\t2 \\N").code == 0
    added = desk(
        "mailbox", "add", "support@desk.test", "--imap-host", "127.0.0.1", "--imap-port", "1",
        "--imap-security", "none", "--password-stdin", text="kept-secret\n",
    )  # fmt: skip
    assert added.code == 0, added.err


def test_a_backup_says_whether_it_holds_the_key(tmp_path: Path) -> None:
    desk = on_desk(str(tmp_path / "desk.db"))
    fill(desk)
    assert "It holds everything" in desk("backup", str(tmp_path / "all.tar")).out
    without = desk("backup", str(tmp_path / "without.tar"), "--without-key").out
    assert "It holds everything" not in without
    assert "The key file is not in it" in without


def test_restored_elsewhere_it_is_the_same_desk(tmp_path: Path) -> None:
    desk, other = on_desk(str(tmp_path / "desk.db")), on_desk(str(tmp_path / "there" / "other.db"))
    fill(desk)
    archive = tmp_path / "backup.tar"
    made = desk("backup", str(archive), "--json")
    assert made.code == 0, made.err
    assert made.json["has_key"] is True
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert other("backup", "verify", str(archive), "--json").json["ok"] is True
    restored = other("restore", str(archive))
    assert restored.code == 0, restored.err
    assert everything(other) == everything(desk)
    for file in (tmp_path / "there").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert (tmp_path / "there" / "other.db.key").read_bytes() == (tmp_path / "desk.db.key").read_bytes()
    assert new_ticket(other, "life goes on") == 4
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


@pytest.mark.postgres
def test_restored_on_postgresql_it_is_the_same_desk(
    postgres_server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_DESK_KEY_FILE", str(tmp_path / "secret.key"))
    archive = tmp_path / "backup.tar"
    with postgres_server.fresh_database() as url, postgres_server.fresh_database() as other_url:
        desk, other = on_desk(url), on_desk(other_url)
        fill(desk)
        assert desk("backup", str(archive)).code == 0
        assert desk("backup", "verify", str(archive)).code == 0
        restored = other("restore", str(archive))
        assert restored.code == 0, restored.err
        assert everything(other) == everything(desk)
        assert new_ticket(other, "life goes on") > 3
        assert other("audit", "verify").code == 0
        assert other("restore", str(archive)).code == 1
        again = other("restore", str(archive), "--force")
        assert again.code == 0, again.err
        assert everything(other) == everything(desk)
        wrong_kind = on_desk(str(tmp_path / "lite.db"))("restore", str(archive))
        assert wrong_kind.code == 1
        assert "postgresql" in wrong_kind.err


def test_a_desk_is_replaced_only_by_force(sqlite_desk: Command, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    new_ticket(sqlite_desk)
    assert sqlite_desk("backup", str(archive)).code == 0
    assert sqlite_desk("backup", str(archive)).code == 1
    new_ticket(sqlite_desk, "after the backup")
    refused = sqlite_desk("restore", str(archive))
    assert refused.code == 1
    assert "--force" in refused.err
    assert len(sqlite_desk("ticket", "list", "--json").json) == 2
    assert sqlite_desk("restore", str(archive), "--force").code == 0
    assert len(sqlite_desk("ticket", "list", "--json").json) == 1


def test_damage_is_found_before_anything_changes(sqlite_desk: Command, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    new_ticket(sqlite_desk)
    assert sqlite_desk("backup", str(archive)).code == 0
    content = archive.read_bytes()
    with tarfile.open(archive) as tar:
        database = tar.getmember("desk.db")
    middle = database.offset_data + database.size // 2
    for damaged in (
        content[:middle] + bytes(64) + b"x" + content[middle + 65 :],
        content[: len(content) // 2],
        b"no archive at all",
    ):
        archive.write_bytes(damaged)
        for words in (("backup", "verify", str(archive)), ("restore", str(archive), "--force")):
            answer = sqlite_desk(*words)
            assert answer.code == 1, answer
            assert "damaged" in answer.err
    assert len(sqlite_desk("ticket", "list", "--json").json) == 1


def test_a_restore_that_fails_leaves_nothing(sqlite_desk: Command, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    fill(sqlite_desk)
    assert sqlite_desk("backup", str(archive)).code == 0
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "other.db.key").write_text("another key")
    refused = on_desk(str(tmp_path / "elsewhere" / "other.db"))("restore", str(archive))
    assert refused.code == 1
    assert [file.name for file in (tmp_path / "elsewhere").iterdir()] == ["other.db.key"]
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])
    for target in (tmp_path / "new" / "desk.db", tmp_path / "other.db"):
        assert on_desk(str(target))("restore", str(archive)).code == 1
        assert not target.exists()
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "backup.tar",
        "desk.db",
        "desk.db.key",
        "elsewhere",
    ]


def test_a_restore_without_space_leaves_nothing(sqlite_desk: Command, tmp_path: Path) -> None:
    """The archive fits, the desk beside it does not."""
    archive = tmp_path / "backup.tar"
    fill(sqlite_desk)
    assert sqlite_desk("backup", str(archive)).code == 0
    limit = (tmp_path / "desk.db").stat().st_size - 4096
    target = tmp_path / "new" / "desk.db"
    small = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); "
    run = small + "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    run += "from pathlib import Path; from tui_desk.db import snapshot; "
    run += "snapshot.sqlite_new(Path(sys.argv[2]), Path(sys.argv[3]))"
    done = subprocess.run(
        [sys.executable, "-c", run, str(limit), str(tmp_path / "desk.db"), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Unavailable" in done.stderr
    assert not target.parent.exists()


def test_who_may_not_back_up_may_not_replace_either(sqlite_desk: Command, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    assert sqlite_desk("agent", "add", "ro", "--role", "read_only").code == 0
    assert sqlite_desk("agent", "add", "ana", "--role", "agent").code == 0
    for login in ("ro", "ana"):
        assert sqlite_desk("--as", login, "backup", str(archive)).code == 1
    assert not archive.exists()
    assert sqlite_desk("backup", str(archive)).code == 0
    for login in ("ro", "ana", "nobody-knows"):
        refused = sqlite_desk("--as", login, "restore", "--force", str(archive))
        assert refused.code == 1, login
    assert sqlite_desk("restore", "--force", str(archive)).code == 0


def test_no_backup_is_made_of_a_desk_that_is_not_there(tmp_path: Path) -> None:
    answer = on_desk(str(tmp_path / "mistyped.db"))("backup", str(tmp_path / "backup.tar"))
    assert answer.code == 3
    assert list(tmp_path.iterdir()) == []


def test_a_backup_under_load_is_a_committed_point(sqlite_desk: Command, tmp_path: Path) -> None:
    """A writer adds pairs of rows in one transaction each: a backup never holds half a pair."""
    new_ticket(sqlite_desk)
    ended = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        with closing(
            sqlite3.connect(tmp_path / "desk.db", timeout=PATIENCE, isolation_level=None)
        ) as connection:
            while not ended.is_set():
                connection.execute("BEGIN IMMEDIATE")
                for side in ("a", "b"):
                    connection.execute("INSERT INTO team (name) VALUES (?)", [f"{side}{written}"])
                connection.execute("COMMIT")
                written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            archive = tmp_path / f"{number}.tar"
            assert sqlite_desk("backup", str(archive)).code == 0
            rows = verify(archive).rows
            assert rows["team"] % 2 == 0
    finally:
        ended.set()
        writer.join()
    assert written > 0


def test_every_key_that_a_restore_replaces_is_kept(sqlite_desk: Command, tmp_path: Path) -> None:
    archive, key = tmp_path / "backup.tar", tmp_path / "desk.db.key"
    fill(sqlite_desk)
    assert sqlite_desk("backup", str(archive)).code == 0
    kept = key.read_bytes()
    for other in ("first", "second"):
        key.write_text(other)
        restored = sqlite_desk("restore", str(archive), "--force")
        assert restored.code == 0, restored.err
        assert key.read_bytes() == kept
    assert (tmp_path / "desk.db.key.before-restore").read_text() == "first"
    assert (tmp_path / "desk.db.key.before-restore-2").read_text() == "second"


def test_a_restored_desk_that_differs_in_content_is_told(tmp_path: Path) -> None:
    """As many rows, but another word in one of them: counting does not see it."""
    new_ticket(on_desk(str(tmp_path / "desk.db")), "as backed up")
    snapshot.sqlite_out(tmp_path / "desk.db", tmp_path / "one.db")
    snapshot.sqlite_out(tmp_path / "desk.db", tmp_path / "other.db")
    assert snapshot.sqlite_digests(tmp_path / "one.db") == snapshot.sqlite_digests(tmp_path / "other.db")
    with closing(sqlite3.connect(tmp_path / "other.db", isolation_level=None)) as connection:
        connection.execute("UPDATE ticket SET subject = 'changed'")
    one, other = snapshot.sqlite_digests(tmp_path / "one.db"), snapshot.sqlite_digests(tmp_path / "other.db")
    assert {name for name in one if one[name] != other[name]} == {"ticket"}
