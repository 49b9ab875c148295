"""The change feed: tells a terminal that somebody changed the desk, and which tickets.

SQLite: the ``-wal`` file's size and time are looked at ten times a second (no I/O), then ``PRAGMA data_version`` says whether
another connection committed. PostgreSQL: LISTEN. Which tickets were touched is read from the newest events.
"""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.db.url import CHANNEL, DatabaseUrl

POLL_SECONDS = 0.1
_LISTEN_SECONDS = 0.5


class ChangeFeed:
    """Waits for changes in one thread; :meth:`close` may be called from any."""

    def __init__(self, url: DatabaseUrl) -> None:
        self._url = url
        self._closed = threading.Event()
        self._waiting = threading.Lock()
        self._reader: FastReader = open_reader(url)
        self._last_event = self._newest_event()
        self._version: Any = None
        self._signature: Any = None
        if url.is_sqlite:
            self._version = self._data_version()
            self._signature = self._wal_signature()
        else:
            self._reader.connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> frozenset[int] | None:
        """The tickets touched by a change (empty: unknown which), or None when nothing changed for ``seconds``.

        Raises Unavailable when the database is gone.
        """
        try:
            with self._waiting:
                changed = (
                    self._wait_sqlite(seconds) if self._url.is_sqlite else self._wait_postgresql(seconds)
                )
        except self._reader.errors as error:
            raise Unavailable(
                _("The database {url} cannot be read: {cause}.").format(
                    url=self._url, cause=str(error).rstrip(".")
                )
            ) from error
        return self._touched_tickets() if changed and not self.closed else None

    def close(self) -> None:
        """End a wait under way (within half a second) and let go of the database."""
        self._closed.set()
        with self._waiting:
            self._reader.close()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def _wait_sqlite(self, seconds: float) -> bool:
        waited = 0.0
        while not self._closed.is_set() and waited < seconds:
            signature = self._wal_signature()
            if signature != self._signature:
                self._signature = signature
                version = self._data_version()
                if version != self._version:
                    self._version = version
                    return True
            self._closed.wait(POLL_SECONDS)
            waited += POLL_SECONDS
        return False

    def _wait_postgresql(self, seconds: float) -> bool:
        waited = 0.0
        while not self._closed.is_set() and waited < seconds:
            slice_seconds = min(_LISTEN_SECONDS, seconds - waited)
            if list(self._reader.connection.notifies(timeout=slice_seconds, stop_after=1)):
                return True
            waited += slice_seconds
        return False

    def _wal_signature(self) -> tuple[int, int] | None:
        assert self._url.path is not None
        wal = self._url.path.with_name(self._url.path.name + "-wal")
        try:
            found = wal.stat()
        except FileNotFoundError:
            return None
        return found.st_size, found.st_mtime_ns

    def _data_version(self) -> int:
        connection: sqlite3.Connection = self._reader.connection
        return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def _newest_event(self) -> int:
        return int(self._reader.rows("SELECT coalesce(max(id), 0) FROM event")[0][0])

    def _touched_tickets(self) -> frozenset[int]:
        rows = self._reader.rows(
            "SELECT id, stream FROM event WHERE id > ? ORDER BY id LIMIT 500", [self._last_event]
        )
        if not rows:
            return frozenset()
        self._last_event = int(rows[-1][0])
        if len(rows) == 500:
            self._last_event = self._newest_event()
            return frozenset()
        streams = [str(stream) for _id, stream in rows]
        if not all(stream.startswith("ticket:") for stream in streams):
            return frozenset()
        return frozenset(int(stream.removeprefix("ticket:")) for stream in streams)
