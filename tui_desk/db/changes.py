"""The change feed: tells a terminal that somebody changed the desk.

SQLite: the ``-wal`` file's size and time are looked at ten times a second (no I/O), and as long as it does not rest
``PRAGMA data_version`` says whether another connection committed. PostgreSQL: LISTEN.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.db.url import CHANNEL, DatabaseUrl

POLL_SECONDS = 0.1
_UNTIL_REST = 60.0
"""Seconds after which a log that did not change is at rest. A commit shows in it before others can see the commit: SQLite waits
for the disk in between, and nothing is written into the log any more."""
_LISTEN_SECONDS = 0.5


class ChangeFeed:
    """Waits for changes in one thread; :meth:`close` may be called from any."""

    def __init__(self, url: DatabaseUrl) -> None:
        self._url = url
        self._closed = threading.Event()
        self._waiting = threading.Lock()
        self._reader: FastReader = open_reader(url)
        self._version: Any = None
        self._signature: Any = None
        self._rests_at = monotonic() + _UNTIL_REST
        self._wal = Path(f"{url.path}-wal")
        with self._told():
            if url.is_sqlite:
                self._version = self._data_version()
                self._signature = self._wal_signature()
            else:
                self._reader.connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Whether anything changed; False after ``seconds`` without a change.

        Raises Unavailable when the database is gone.
        """
        with self._told(), self._waiting:
            changed = self._wait_sqlite(seconds) if self._url.is_sqlite else self._wait_postgresql(seconds)
        return changed and not self.closed

    def close(self) -> None:
        """End a wait under way (within half a second) and let go of the database."""
        self._closed.set()
        with self._waiting:
            self._reader.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._reader.errors as error:
            raise Unavailable(
                _("The database {url} cannot be read: {cause}.").format(
                    url=self._url, cause=str(error).rstrip(".")
                )
            ) from error

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def _wait_sqlite(self, seconds: float) -> bool:
        waited = 0.0
        while not self._closed.is_set() and waited < seconds:
            if not self._log_rests() and self._others_committed():
                return True
            self._closed.wait(POLL_SECONDS)
            waited += POLL_SECONDS
        return not self._closed.is_set() and self._others_committed()

    def _log_rests(self) -> bool:
        signature = self._wal_signature()
        if signature != self._signature:
            self._signature, self._rests_at = signature, monotonic() + _UNTIL_REST
        return monotonic() > self._rests_at

    def _others_committed(self) -> bool:
        before, self._version = self._version, self._data_version()
        return bool(self._version != before)

    def _wait_postgresql(self, seconds: float) -> bool:
        waited = 0.0
        while not self._closed.is_set() and waited < seconds:
            slice_seconds = min(_LISTEN_SECONDS, seconds - waited)
            if list(self._reader.connection.notifies(timeout=slice_seconds, stop_after=1)):
                return True
            waited += slice_seconds
        return False

    def _wal_signature(self) -> tuple[int, int] | None:
        try:
            found = self._wal.stat()
        except FileNotFoundError:
            return None
        return found.st_size, found.st_mtime_ns

    def _data_version(self) -> int:
        connection: sqlite3.Connection = self._reader.connection
        return int(connection.execute("PRAGMA data_version").fetchone()[0])
