"""A database file that is made anew never takes over the log that another one left behind."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import on_desk
from tests.cli.test_contract import new_ticket
from tests.support.ports import PATIENCE
from tui_desk.core.errors import Refused
from tui_desk.db.files import fresh_file, prepare_file

_CHANGE_AND_DIE = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("PRAGMA wal_autocheckpoint = 0")
connection.execute("UPDATE ticket SET subject = 'after the backup'")
connection.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


def leave_a_log(path: Path, elsewhere: Path) -> bytes:
    """Change every subject, die without closing, and move the file away but not its log. Answers the log."""
    done = subprocess.run([sys.executable, "-c", _CHANGE_AND_DIE, str(path)], check=False, timeout=PATIENCE)
    assert done.returncode == -signal.SIGKILL
    path.rename(elsewhere)
    return path.with_name(path.name + "-wal").read_bytes()


def subjects(path: Path) -> list[str]:
    listed = on_desk(str(path))("ticket", "list", "--json")
    assert listed.code == 0, listed.err
    return [row["subject"] for row in listed.json]


def test_a_restore_beside_an_orphan_log_brings_back_the_backup_and_keeps_the_log(tmp_path: Path) -> None:
    path, archive = tmp_path / "desk.db", tmp_path / "backup.tar"
    desk = on_desk(str(path))
    new_ticket(desk, "as backed up")
    assert desk("backup", str(archive)).code == 0
    for number, kept in ((1, "desk.db-wal.before-restore"), (2, "desk.db-wal.before-restore-2")):
        log = leave_a_log(path, tmp_path / f"moved-{number}.db")
        restored = desk("restore", str(archive))
        assert restored.code == 0, restored.err
        assert subjects(path) == ["as backed up"]
        assert (tmp_path / kept).read_bytes() == log
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_restore_that_fails_puts_the_log_back(tmp_path: Path) -> None:
    path, archive = tmp_path / "desk.db", tmp_path / "backup.tar"
    desk = on_desk(str(path))
    new_ticket(desk)
    assert desk("backup", str(archive)).code == 0
    log = leave_a_log(path, tmp_path / "moved.db")
    with pytest.raises(RuntimeError), fresh_file(path, lambda file: None, aside=True):
        assert not path.with_name("desk.db-wal").exists()
        raise RuntimeError
    assert not path.exists()
    assert path.with_name("desk.db-wal").read_bytes() == log


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_no_new_desk_is_made_beside_an_orphan_log(tmp_path: Path, ending: str) -> None:
    path, other = tmp_path / "desk.db", tmp_path / "other.db"
    assert new_ticket(on_desk(str(other))) == 1
    orphan = tmp_path / f"desk.db{ending}"
    orphan.write_bytes(b"what another one did not write yet")
    for answer in (
        on_desk(str(path))("ticket", "new", "--subject", "x", "--requester", "a@b.test", "--body", "x"),
        on_desk(str(other))("db", "copy", "--to", str(path)),
    ):
        assert answer.code == 1, answer
        assert orphan.name in answer.err
        assert not path.exists()
        assert orphan.read_bytes() == b"what another one did not write yet"


def test_what_the_block_made_is_gone_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with pytest.raises(RuntimeError), fresh_file(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.with_name("desk.db-wal").write_bytes(b"x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    prepare_file(path)
    (tmp_path / "desk.db-wal").write_bytes(b"")
    prepare_file(path)
    with pytest.raises(FileExistsError), fresh_file(path, lambda file: None):
        pass
    assert path.exists()
    assert [file for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_a_missing_file_with_a_log_is_told_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "desk.db-wal").write_bytes(b"x")
    with pytest.raises(Refused, match="is not there, but its log") as told:
        prepare_file(tmp_path / "desk.db")
    assert told.value.hint
