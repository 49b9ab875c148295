"""Reading by the plain drivers: what the first screen shows, without SQLAlchemy on the way.

Importing SQLAlchemy and the tables costs more than a second of CPU; ``sqlite3`` and ``psycopg`` are there at once. Only reads.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.files import hint_unreadable, sqlite_uri
from tui_desk.db.url import DatabaseUrl

_BEGIN_SQLITE, _BEGIN_POSTGRES = "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
SQLITE_TIME = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(eq=False, repr=False)
class FastReader:
    """One connection for reads, usable from any thread, one statement at a time."""

    url: DatabaseUrl
    connection: Any
    errors: type[Exception]
    """What this driver raises when the database does not do as asked."""
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _in_snapshot: bool = False

    @property
    def is_sqlite(self) -> bool:
        return self.url.is_sqlite

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement that is written with ``?`` for its values. Raises Unavailable when the database is not there."""
        with self._lock:
            try:
                return self._run(sql, values)
            except self.errors as error:
                cause = error
            if not self.is_sqlite and not self._in_snapshot:
                # A server that was restarted: one fresh connection, then the error counts.
                self.connection.close()
                try:
                    self.connection = _connect(self.url)
                    return self._run(sql, values)
                except self.errors as error:
                    cause = error
            raise self._unreadable(cause) from cause

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads of the block see one state of the data. Others wait for it: keep it short. Raises Unavailable."""
        with self._lock:
            if self._in_snapshot:
                yield
                return
            if not self.is_sqlite:
                self.rows("SELECT 1")  # a connection that was lost is made anew before, not in the middle
            self._in_snapshot = True
            try:
                self._begin()
                yield
            finally:
                self._in_snapshot = False
                with suppress(self.errors):
                    self.connection.execute("ROLLBACK")

    def _begin(self) -> None:
        try:
            self.connection.execute(_BEGIN_SQLITE if self.is_sqlite else _BEGIN_POSTGRES)
        except self.errors as error:
            raise self._unreadable(error) from error

    def _unreadable(self, cause: Exception) -> Unavailable:
        return Unavailable(
            _("The database {url} cannot be read: {cause}.").format(
                url=self.url, cause=str(cause).rstrip(".")
            ),
            hint_unreadable(self.url.path) or _("Nothing was changed. tui-desk doctor looks closer."),
        )

    def _run(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        if self.is_sqlite:
            return list(self.connection.execute(sql, values).fetchall())
        return list(self.connection.execute(sql.replace("%", "%%").replace("?", "%s"), values).fetchall())

    def instant(self, value: Any) -> datetime:
        """A time column as an aware instant."""
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(value).replace(tzinfo=UTC)  # SQLITE_TIME, read twenty times as fast

    def time_value(self, instant: datetime) -> Any:
        """An instant as this database compares it."""
        return instant.astimezone(UTC).strftime(SQLITE_TIME) if self.is_sqlite else instant

    def close(self) -> None:
        with self._lock:
            self.connection.close()


def open_reader(url: DatabaseUrl) -> FastReader:
    """A reader on an existing database. Raises Unavailable when there is none or it cannot be reached."""
    errors = _driver_error(url)
    try:
        return FastReader(url, _connect(url), errors)
    except errors as error:
        raise Unavailable(
            _("The database {url} cannot be opened: {cause}.").format(
                url=url, cause=str(error).strip().rstrip(".")
            ),
            hint_unreadable(url.path) or _("Nothing was changed. tui-desk doctor looks closer."),
        ) from error


def _driver_error(url: DatabaseUrl) -> type[Exception]:
    if url.is_sqlite:
        return sqlite3.Error
    try:
        import psycopg
    except ModuleNotFoundError as error:
        raise Unavailable(
            _("This installation has no PostgreSQL driver."),
            _("Install it with: pip install 'tui-desk[postgres]'."),
        ) from error
    return psycopg.Error


def _connect(url: DatabaseUrl) -> Any:
    if url.path is not None:
        connection = sqlite3.connect(
            sqlite_uri(url.path),
            uri=True,
            timeout=60,
            check_same_thread=False,
            isolation_level=None,
        )
        connection.execute("PRAGMA query_only = ON")
        return connection
    import psycopg

    return psycopg.connect(url.dsn, autocommit=True, **url.limits)


def schema_revision(reader: FastReader) -> str | None:
    """The schema revision, None for an empty database."""
    if reader.is_sqlite:
        found = reader.rows("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    else:
        found = reader.rows("SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL")
    if not found:
        return None
    rows = reader.rows("SELECT version_num FROM alembic_version")
    return str(rows[0][0]) if rows else None
