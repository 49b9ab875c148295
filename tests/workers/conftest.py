"""A desk on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers.desk import Desk, open_desk
from tui_desk.mail.imap_open import LOGIN_SECONDS


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords of a PostgreSQL desk are encrypted with a key of the test's own."""
    monkeypatch.setenv("TUI_DESK_KEY_FILE", str(tmp_path / "secret.key"))


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    """A loop that goes on after its test would write into a database, or complain of a server, that is gone.

    One that waits for the answer to a login may end after its worker, within the time of a login.
    """
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and _works(thread)]
    for thread in left:
        thread.join(LOGIN_SECONDS + 15)
    assert not [thread.name for thread in left if thread.is_alive()]


def _works(thread: threading.Thread) -> bool:
    return thread.name.startswith(("mailbox-", "send-", "mailbox:", "send:"))


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """An empty desk, once for each kind of database."""
    with open_desk(database_url) as opened:
        yield opened


@pytest.fixture
def mailbox(desk: Desk) -> int:
    """A mailbox that no server stands behind."""
    return desk.add_mailbox(None)
