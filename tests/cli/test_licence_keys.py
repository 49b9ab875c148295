"""Licence keys go where the other secrets of a desk go: with its key file, and nowhere readable without it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Command, on_desk

SECRET = "AAAA-BBBB-CCCC-1234"


def with_key(desk: Command) -> None:
    answer = desk("licence", "new", "Editor", "--key-stdin", text=f"{SECRET}\n")
    assert answer.code == 0, answer.err


def test_a_backup_holds_the_key_of_a_licence_encrypted(sqlite_desk: Command, tmp_path: Path) -> None:
    with_key(sqlite_desk)
    archive, alone = tmp_path / "whole.tar", tmp_path / "alone.tar"
    assert sqlite_desk("backup", str(archive)).code == 0
    assert sqlite_desk("backup", str(alone), "--without-key").code == 0
    for file in (archive, alone):
        assert SECRET.encode() not in file.read_bytes()
    (tmp_path / "there").mkdir()
    other = on_desk(str(tmp_path / "there" / "other.db"))
    assert other("restore", str(archive)).code == 0
    assert other("licence", "key", "Editor").out.strip() == SECRET
    (tmp_path / "elsewhere").mkdir()
    bare = on_desk(str(tmp_path / "elsewhere" / "bare.db"))
    assert bare("restore", str(alone)).code == 0
    answer = bare("licence", "key", "Editor")
    assert answer.code == 1
    assert "The key of Editor cannot be read" in answer.err
    assert SECRET not in answer.err + answer.out
    assert "looked at" not in bare("history", "--licence", "Editor").out


def test_a_copy_to_another_database_takes_the_key_along(sqlite_desk: Command, tmp_path: Path) -> None:
    with_key(sqlite_desk)
    (tmp_path / "copy").mkdir()
    target = tmp_path / "copy" / "new.db"
    assert sqlite_desk("db", "copy", "--to", str(target)).code == 0
    assert on_desk(str(target))("licence", "key", "Editor").out.strip() == SECRET


def test_the_doctor_sees_keys_that_cannot_be_read(sqlite_desk: Command, tmp_path: Path) -> None:
    with_key(sqlite_desk)
    healthy = sqlite_desk("doctor")
    assert healthy.code == 0, healthy.out
    assert "1 licence key can be read." in healthy.out
    path = tmp_path / "desk.db.key"
    right = path.read_bytes()
    path.unlink()
    missing = sqlite_desk("doctor")
    assert missing.code == 1
    assert "1 licence key cannot be read with the key file." in missing.out
    assert SECRET not in missing.out
    assert not path.exists()
    path.write_bytes(right)
    path.chmod(0o600)
    assert sqlite_desk("doctor").code == 0
