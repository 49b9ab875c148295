"""Disk full and disk broken while mail is fetched (X-A12): nothing is moved before it is stored, it is told, and all arrives."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
from base64 import encodebytes
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from tests.e2e.killing import ROOT
from tests.support.dovecot import Dovecot
from tests.support.ports import PATIENCE, wait_until
from tests.support.postgres import Postgres
from tests.support.small_disk import SmallDisk, small_disk
from tests.workers.desk import SUPPORT, Desk, mail, open_desk
from tui_desk.core.errors import Unavailable
from tui_desk.db.blobs import load_blob

pytestmark = pytest.mark.dovecot
COUNT = 30
MIB = 1024 * 1024


def large_mails() -> list[bytes]:
    """Six megabytes that no compression makes smaller."""
    dice = random.Random(12)
    return [
        mail(number, body=encodebytes(dice.randbytes(150_000)).decode().replace("\n", "\r\n"))
        for number in range(COUNT)
    ]


def prepared(desk: Desk, dovecot: Dovecot, mails: list[bytes]) -> None:
    """A mailbox whose mail is moved once it is stored."""
    desk.add_mailbox(dovecot, after_import="move:Done")
    assert desk.status().intake_problems == ()
    dovecot.deliver_many(SUPPORT, mails)


def digests(raws: list[bytes]) -> Counter[str]:
    return Counter(hashlib.sha256(raw).hexdigest() for raw in raws)


def as_they_lie(dovecot: Dovecot) -> tuple[Counter[str], Counter[str]]:
    """What waits and what was moved, at one moment: a worker may be moving mail while one folder after the other is read."""

    def read() -> tuple[Counter[str], Counter[str]]:
        return digests(dovecot.messages(SUPPORT)), digests(dovecot.messages(SUPPORT, "Done"))

    before, after = read(), read()
    while before != after:
        before, after = after, read()
    return after


def nothing_is_missing(desk: Desk, dovecot: Dovecot, mails: list[bytes]) -> None:
    """Each mail lies once on the server; what was moved (or flagged) there is stored."""
    waiting, moved = as_they_lie(dovecot)
    assert waiting + moved == digests(mails)
    with desk.database.reading() as session:
        stored = Counter(
            hashlib.sha256(load_blob(session, entry.sha256)).hexdigest() for entry in desk.entries()
        )
    assert moved <= stored <= digests(mails)
    assert not [
        path for path in (dovecot.maildir(SUPPORT) / "cur").iterdir() if "S" in path.name.rpartition(",")[2]
    ]


def all_arrived(desk: Desk, dovecot: Dovecot, mails: list[bytes]) -> None:
    """Every mail is a ticket, once, byte for byte, and no mail was taken for a poisonous one."""
    assert Counter(desk.verdicts()) == {"created": COUNT}
    assert len(desk.tickets()) == len(desk.messages()) == COUNT
    assert Counter(entry.sha256 for entry in desk.entries()) == digests(mails)
    assert dovecot.messages(SUPPORT) == []
    assert digests(dovecot.messages(SUPPORT, "Done")) == digests(mails)


def is_done(desk: Desk) -> bool:
    entries = desk.entries()
    return len(entries) == COUNT and all(entry.verdict and entry.settled_on_server for entry in entries)


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(64) as made:
        yield made


@pytest.mark.parametrize("leave", [0, 64 * 1024, 2 * MIB], ids=["nothing", "64 KiB", "2 MiB"])
def test_a_full_disk_stops_fetching_until_there_is_space(
    disk: SmallDisk, dovecot: Dovecot, leave: int, caplog: pytest.LogCaptureFixture
) -> None:
    mails = large_mails()
    with open_desk(f"sqlite:///{disk.folder / 'desk.db'}") as desk:
        prepared(desk, dovecot, mails)
        disk.fill(leave)
        with desk.running_worker():
            wait_until(lambda: "mailbox 1: The disk" in caplog.text, what="the worker to find out")
            disk.fill()
            told = desk.status()
            assert "full" in told.intake_problems[0]
            assert told.worker_alive, "that its sign of life is missing says nothing now"
            nothing_is_missing(desk, dovecot, mails)
            disk.relieve()
            wait_until(lambda: is_done(desk), what="all mail")
            wait_until(lambda: desk.status().intake_problems == (), what="the end of the banner")
        all_arrived(desk, dovecot, mails)
    assert "Traceback" not in caplog.text


@pytest.mark.postgres
def test_a_tablespace_that_is_full_stops_fetching_as_well(
    postgres_server: Postgres, dovecot: Dovecot
) -> None:
    mails = large_mails()
    with (
        small_disk(64) as disk,
        postgres_server.database_on(disk.folder) as url,
        open_desk(url) as desk,
    ):
        prepared(desk, dovecot, mails)
        disk.fill(MIB)
        with desk.running_worker():
            wait_until(lambda: "full" in " ".join(desk.status().intake_problems), what="the banner")
            nothing_is_missing(desk, dovecot, mails)
            disk.relieve()
            wait_until(lambda: is_done(desk), what="all mail")
            wait_until(lambda: desk.status().intake_problems == (), what="the end of the banner")
        all_arrived(desk, dovecot, mails)


@contextmanager
def at_most(desk: Desk, more: int) -> Iterator[None]:
    """The database may grow by ``more`` pages: what SQLite says then is what it says when the disk is full."""

    def limit(connection: sqlite3.Connection, *_rest: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {grown if grown > pages else pages}")

    with desk.database.engine.connect() as connection:
        grown = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one()) + more
    desk.database.engine.dispose()
    sqlalchemy.event.listen(desk.database.engine, "connect", limit)
    try:
        yield
    finally:
        sqlalchemy.event.remove(desk.database.engine, "connect", limit)
        desk.database.engine.dispose()


def synced(desk: Desk) -> bool:
    """Whether one round ended by itself, rather than because of the disk."""
    try:
        desk.sync()
    except Unavailable as error:
        if "full" not in error.sentence:
            raise
        return False
    return True


def test_no_step_takes_a_full_disk_for_a_fault_of_the_mail(tmp_path: Path, dovecot: Dovecot) -> None:
    """The disk is full at one place after the other: while storing, in the middle of processing, while the server is told."""
    mails = [mail(number, body="x" * 500) for number in range(COUNT)]
    stopped = 0
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as desk:
        prepared(desk, dovecot, mails)
        for more in range(0, 60, 2):
            with at_most(desk, more):
                stopped += not synced(desk)
            nothing_is_missing(desk, dovecot, mails)
            assert set(desk.verdicts()) <= {"", "created"}
        assert stopped > 3
        desk.sync()
        all_arrived(desk, dovecot, mails)


def test_a_disk_that_fails_costs_no_mail(tmp_path: Path, dovecot: Dovecot) -> None:
    """Writing beyond a limit of the process fails in the middle of the file (EFBIG): SQLite calls it an I/O error."""
    mails = large_mails()
    path = tmp_path / "desk.db"
    with open_desk(f"sqlite:///{path}") as desk:
        prepared(desk, dovecot, mails)
        largest = max(file.stat().st_size for file in tmp_path.glob("desk.db*")) + MIB
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.nothing_lost_worker", f"sqlite:///{path}"],
            cwd=ROOT,
            env=os.environ,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
        )
        try:
            wait_until(lambda: "I/O error" in " ".join(desk.status().intake_problems), what="the banner")
            nothing_is_missing(desk, dovecot, mails)
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE) == 0
        with desk.running_worker():
            wait_until(lambda: is_done(desk), what="all mail")
            wait_until(lambda: desk.status().intake_problems == (), what="the end of the banner")
        all_arrived(desk, dovecot, mails)
