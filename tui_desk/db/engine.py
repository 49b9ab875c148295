"""Opening a database and working in it: one transaction for every ``reading()`` or ``writing()``.

Writing begins with ``BEGIN IMMEDIATE`` on SQLite, so that a read inside it is never stale; on PostgreSQL use
``Select.with_for_update()`` on rows that are read in order to be changed.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from tui_desk.core.errors import Conflict, Deadlocked, DeskError, Unavailable, Uncertain
from tui_desk.core.i18n import _
from tui_desk.db.files import checkpoints_safely, hint_unreadable, prepare_file, sqlite_uri
from tui_desk.db.url import CHANNEL, DatabaseUrl, parse_database_url

LOCK_WAIT_SECONDS = 60.0
"""How long a writer waits for another one before it gives up."""

_POOL_WAIT_SECONDS = LOCK_WAIT_SECONDS + 30
"""How long a thread waits for a connection: longer than those that have one may wait for the lock."""


_DEADLOCK = "40P01"
"""SQLSTATE of the one of two transactions, each waiting for the other, that PostgreSQL ended."""
_READ_ONLY = "25006"
"""SQLSTATE of a write on a PostgreSQL that takes none (a standby, or default_transaction_read_only)."""

_NOTIFY = text(
    "SELECT txid_current_if_assigned(), pg_notify(:channel, '') WHERE txid_current_if_assigned() IS NOT NULL"
)
"""Wakes the terminals and answers the transaction's id, unless it only looked."""
_STATUS = text("SELECT txid_status(:transaction)")
_SETTLE_SECONDS = 5.0
"""How long it is asked what became of a transaction whose COMMIT was not answered."""


_UNWAITING = text("SET LOCAL synchronous_commit = off")


@dataclass(frozen=True)
class Database:
    """An open database. Make one with :func:`open_database`; it may be used from any thread."""

    url: DatabaseUrl
    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.url.is_sqlite

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session with one consistent view of the data. Nothing is committed.

        Raises Unavailable when the database cannot be reached.
        """
        with _told_to_people(self.url), Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.expunge_all()  # what was read stays readable after the rollback
            session.rollback()

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Session]:
        """A session whose work is committed at the end, all of it or, after an exception, nothing.

        ``lasting`` False does not wait for the disk: everybody sees the work and no killed process of ours takes it back, but a power
        cut may, until the next transaction that waits; so may, on PostgreSQL, a crash of its server within three times
        wal_writer_delay (0.6 s unless set otherwise), as its asynchronous commit has it. Raises Unavailable when the database
        cannot be reached or written (locked, full, read-only); nothing was changed then. Raises Uncertain where the connection was
        lost while it committed, and PostgreSQL could not be asked since what came of it.
        """
        with _told_to_people(self.url), self.engine.connect() as connection:
            connection = connection.execution_options(tui_desk_writes=True, tui_desk_lasting=lasting)
            with Session(connection, expire_on_commit=False) as session:
                if not (lasting or self.is_sqlite):
                    session.execute(_UNWAITING)
                yield session
                session.flush()
                if self.is_sqlite:
                    session.commit()
                else:
                    self._commit_for_certain(session)

    def _commit_for_certain(self, session: Session) -> None:
        """Commit on PostgreSQL. A COMMIT whose answer is lost may have been carried out: the server knows, and is asked."""
        transaction = session.execute(_NOTIFY, {"channel": CHANNEL}).scalar()
        try:
            session.commit()
        except DBAPIError as error:
            if transaction is None or not error.connection_invalidated:
                raise
            if not self._was_committed(transaction):
                raise

    def _was_committed(self, transaction: int) -> bool:
        """What became of a transaction, by another connection. Raises Uncertain where that cannot be told."""
        give_up_at = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < give_up_at:
            with suppress(DBAPIError, PoolTimeout), self.engine.connect() as connection:
                status = connection.execute(_STATUS, {"transaction": transaction}).scalar()
                if status in ("committed", "aborted"):
                    return bool(status == "committed")
            time.sleep(0.1)  # in a worker's thread: the server may still be at it, and is asked again
        raise Uncertain(
            _("The connection to the database {url} was lost while it kept what you did.").format(
                url=self.url
            ),
            _("Whether it was kept is not known: look before you do it again."),
        )

    def close(self) -> None:
        self.engine.dispose()


def writes_alone(session: Session) -> bool:
    """Whether nobody else can write until this writing session ends (SQLite), so that no row need be locked in an order."""
    return session.connection().dialect.name == "sqlite"


_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def alone(session: Session, name: str) -> None:
    """Until this writing session ends, no other one goes on past here with the same ``name``."""
    if not writes_alone(session):
        session.execute(_ALONE, {"name": name})


def open_database(url: str | DatabaseUrl) -> Database:
    """Open (SQLite: make, privately) the database. Does not look at the schema; see ``db.schema``.

    Raises ConfigurationError, Refused (network file system) or Unavailable.
    """
    address = parse_database_url(url) if isinstance(url, str) else url
    if address.path is not None:
        prepare_file(address.path)
        return Database(address, _sqlite_engine(address))
    try:
        engine = create_engine(
            address.sqlalchemy,
            connect_args=address.limits,
            pool_pre_ping=True,
            pool_size=4,
            max_overflow=28,
            pool_timeout=_POOL_WAIT_SECONDS,
        )
    except ModuleNotFoundError as error:
        raise Unavailable(
            _("This installation has no PostgreSQL driver."),
            _("Install it with: pip install 'tui-desk[postgres]'."),
        ) from error
    return Database(address, engine)


def _sqlite_engine(address: DatabaseUrl) -> Engine:
    path = address.path
    assert path is not None

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(sqlite_uri(path), uri=True, timeout=LOCK_WAIT_SECONDS, check_same_thread=False)

    engine = create_engine(
        address.sqlalchemy,
        creator=connect,
        max_overflow=59,
        pool_timeout=_POOL_WAIT_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's "begin" below decides, not the driver
        configure_sqlite(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("tui_desk_writes"):
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection) -> None:
    """Take the write lock. Waiting is by short naps of chance length, so that of many writers nobody waits for long.

    SQLite's own waiting naps longer the longer it has waited (up to 0.1 s), so those who came last go first: of eight busy
    writers the unluckiest waited ten times as long as the others.
    """
    driver: Any = connection.connection.dbapi_connection
    lasting = connection.get_execution_options().get("tui_desk_lasting", True)
    driver.execute(
        f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}"
    )  # NORMAL: the log is not synced at commit
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        give_up_at = time.monotonic() + LOCK_WAIT_SECONDS
        while time.monotonic() < give_up_at:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    break
                time.sleep(random.uniform(0.0005, 0.004))
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE"
        )  # through SQLAlchemy, which tells what is wrong in its own way
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(LOCK_WAIT_SECONDS * 1000)}")


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def configure_sqlite(connection: sqlite3.Connection) -> None:
    """The pragmas every connection of ours has."""
    connection.execute(f"PRAGMA busy_timeout = {int(LOCK_WAIT_SECONDS * 1000)}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16000")
    if not checkpoints_safely():
        connection.execute("PRAGMA wal_autocheckpoint = 0")


def checkpoint(database: Database) -> None:
    """Move what the write-ahead log holds into the database file. Only the holder of the checkpoint lease may call it.

    Raises Unavailable where that cannot be (disk full, I/O error); nothing is lost then, the log stays as it is.
    """
    if database.url.path is None:
        return
    wal = database.url.path.with_name(database.url.path.name + "-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size == 0:
        return
    with database.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        # PASSIVE never makes a writer wait; TRUNCATE once the file has grown, so that it does not grow without end.
        mode = "TRUNCATE" if size > 64 * 1024 * 1024 else "PASSIVE"
        # Without waiting: a TRUNCATE that waits for one slow reader would hold up every writer meanwhile.
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            busy = raw.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()[0]
            if busy and mode == "TRUNCATE":
                raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.OperationalError as error:
            raise unavailable(database.url, error) from error
        finally:
            raw.execute(f"PRAGMA busy_timeout = {int(LOCK_WAIT_SECONDS * 1000)}")


@contextmanager
def _told_to_people(url: DatabaseUrl) -> Iterator[None]:
    """Turn the driver's errors that a person can do something about into sentences."""
    try:
        yield
    except DeskError:
        raise
    except (OperationalError, PoolTimeout) as error:
        if getattr(getattr(error, "orig", None), "sqlstate", "") == _DEADLOCK:
            raise Deadlocked(
                _("Somebody else changed the same things at the same moment."),
                _("Nothing was changed. Try again."),
            ) from error
        raise unavailable(url, error) from error
    except IntegrityError as error:
        if not is_duplicate(error):
            raise
        raise Conflict(
            _("Somebody else made the same thing at the same moment."), _("Nothing was changed. Look again.")
        ) from error
    except DBAPIError as error:
        if error.connection_invalidated or getattr(error.orig, "sqlstate", "") == _READ_ONLY:
            raise unavailable(url, error) from error
        raise


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a unique key was broken (SQLSTATE 23505), rather than a rule that our own code must keep."""
    return getattr(error.orig, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(error.orig)


def unavailable(url: DatabaseUrl, error: Exception) -> Unavailable:
    """The sentence for a database that cannot be used now."""
    cause = str(getattr(error, "orig", error)).strip().splitlines()[0] if str(error).strip() else ""
    lowered = cause.lower()
    if "locked" in lowered or "busy" in lowered:
        return Unavailable(
            _("The database {url} was busy for {seconds} seconds.").format(
                url=url, seconds=int(LOCK_WAIT_SECONDS)
            ),
            _("Nothing was changed. Try again; tui-desk doctor tells who holds it."),
        )
    if "full" in lowered or "no space" in lowered:
        return Unavailable(
            _("The disk that holds the database {url} is full.").format(url=url),
            _("Nothing was lost: mail stays on its server until there is space. Free some, then try again."),
        )
    unreadable = hint_unreadable(url.path)
    if ("readonly" in lowered or "read-only" in lowered) and not unreadable:
        return Unavailable(
            _("The database {url} cannot be written: it is read-only.").format(url=url),
            _(
                "Nothing was changed; reading still works. Let this account write the file and its folder "
                "(owner, mode, mount), then try again."
            ),
        )
    return Unavailable(
        _("The database {url} cannot be used: {cause}.").format(url=url, cause=cause.rstrip(".")),
        unreadable or _("Nothing was changed. tui-desk doctor looks closer."),
    )
