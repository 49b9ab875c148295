"""Leases, blobs and secrets."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_desk.core.errors import Conflict, NotFound, Refused, Unavailable
from tui_desk.db import blobs, leases, secrets
from tui_desk.db.engine import Database
from tui_desk.db.files import is_live_file
from tui_desk.db.key_file import key_file
from tui_desk.db.url import parse_database_url
from tui_desk.models import Blob

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_one_holder_at_a_time_and_the_late_one_is_refused(database: Database) -> None:
    with database.writing() as session:
        first = leases.acquire(session, "mailbox:1", "a", NOW, 30)
        assert first is not None
        assert leases.acquire(session, "mailbox:1", "b", NOW, 30) is None
        assert leases.acquire(session, "mailbox:1", "a", NOW, 30) == first
    with database.writing() as session:
        second = leases.acquire(session, "mailbox:1", "b", NOW + timedelta(seconds=31), 30)
        assert second is not None
        assert second.epoch == first.epoch + 1
    with pytest.raises(Conflict), database.writing() as session:
        leases.renew(session, first, NOW + timedelta(seconds=32))
    with database.writing() as session:
        leases.release(session, second, NOW + timedelta(seconds=33))
        assert leases.acquire(session, "mailbox:1", "a", NOW + timedelta(seconds=33)) is not None


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=5000))
def test_blobs_come_back_as_they_were(database: Database, content: bytes) -> None:
    with database.writing() as session:
        digest = blobs.store_blob(session, content)
        assert blobs.store_blob(session, content) == digest
    with database.reading() as session:
        assert blobs.load_blob(session, digest) == content


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1, 3_500_000])
def test_large_blobs_are_stored_once_and_whole(database: Database, size: int) -> None:
    content = random.Random(size).randbytes(size)
    with database.writing() as session:
        digest = blobs.store_blob(session, content)
        assert blobs.store_blob(session, content) == digest
        text = blobs.store_blob(session, b"abc" * size)
    with database.reading() as session:
        assert blobs.load_blob(session, digest) == content
        assert blobs.load_blob(session, text) == b"abc" * size
        assert session.get_one(Blob, digest).size == size


def test_a_large_blob_goes_with_the_transaction_that_fails(database: Database) -> None:
    content = random.Random(1).randbytes(2_000_000)
    with pytest.raises(RuntimeError), database.writing() as session:
        digest = blobs.store_blob(session, content)
        raise RuntimeError
    with database.reading() as session, pytest.raises(NotFound):
        blobs.load_blob(session, digest)


def test_a_damaged_blob_is_not_given_out(database: Database) -> None:
    with database.writing() as session:
        digest = blobs.store_blob(session, b"whole")
        session.get_one(Blob, digest).data = b"torn"
    with database.reading() as session, pytest.raises(NotFound, match="damaged"):
        blobs.load_blob(session, digest)


def test_secrets_need_their_key_file(tmp_path: Path) -> None:
    url = parse_database_url(str(tmp_path / "desk.db"))
    stored = secrets.encrypt(url, "pässword")
    assert "pässword" not in stored
    assert secrets.decrypt(url, stored) == "pässword"
    assert key_file(url).stat().st_mode & 0o077 == 0
    key_file(url).unlink()
    with pytest.raises(Unavailable, match="key file"):
        secrets.decrypt(url, stored)
    secrets.encrypt(url, "another")
    with pytest.raises(Refused, match="not the key"):
        secrets.decrypt(url, stored)


def test_two_processes_agree_on_one_key(tmp_path: Path) -> None:
    url = parse_database_url(str(tmp_path / "desk.db"))
    stored: list[str] = []
    threads = [threading.Thread(target=lambda: stored.append(secrets.encrypt(url, "x"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [secrets.decrypt(url, text) for text in stored] == ["x"] * 8


def test_the_desks_own_files_are_known_under_any_name(tmp_path: Path) -> None:
    url = parse_database_url(str(tmp_path / "desk.db"))
    for name in ("desk.db", "desk.db-wal", "other"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "desk.db")
    (tmp_path / "hard").hardlink_to(tmp_path / "desk.db-wal")
    live = {path.name for path in tmp_path.iterdir() if is_live_file(path, url)}
    assert live == {"desk.db", "desk.db-wal", "link", "hard"}
