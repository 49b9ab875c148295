"""A whole database as files, and back: the bytes of SQLite, a COPY of every table for PostgreSQL.

Both are one committed point: SQLite's backup API copies in one step inside a read transaction (writers go on, their pages
wait in the write-ahead log), PostgreSQL reads in one REPEATABLE READ transaction.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from tui_desk.core.errors import Refused, Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.engine import Database, open_database, unavailable
from tui_desk.db.files import fresh_file, prepare_file, refuse_what_is_not_a_desk, sqlite_uri
from tui_desk.db.url import DatabaseUrl

if TYPE_CHECKING:
    import psycopg

_CHUNK = 1024 * 1024
_SKIPPED = ("alembic_version", "asset_search", "person_search")
"""Tables that are made anew where a desk is brought back: triggers fill those of the lists from what they are about."""
_OF_THE_MOMENT = ("lease", "presence")
"""Tables that every open program writes all the time; a desk may be replaced while some are open."""


def sqlite_out(source: Path, target: Path) -> None:
    """Copy the last committed state of ``source`` to the new file ``target`` (0600). Raises Unavailable."""
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(sqlite_uri(source), uri=True, timeout=60)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.backup(writing, pages=-1)
            writing.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise Unavailable(
            _("The database {path} cannot be copied: {cause}.").format(path=source, cause=error)
        ) from error


def sqlite_in(source: Path, target: Path) -> None:
    """Replace the content of ``target`` (made 0600 where missing) by that of ``source``, in one transaction.

    Programs that have ``target`` open see either the old or the new desk. Raises Unavailable.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    prepare_file(target)
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro&immutable=1", uri=True)) as reading,
            closing(sqlite3.connect(target, timeout=60)) as writing,
        ):
            reading.backup(writing, pages=-1)
    except sqlite3.Error as error:
        raise Unavailable(
            _("The database {path} cannot be written: {cause}.").format(path=target, cause=error),
            _("Stop whatever works on it, then try again."),
        ) from error


def sqlite_new(source: Path, target: Path) -> None:
    """Make the database ``target`` (0600, its folder 0700) of ``source``: whole, or nothing at all.

    A log that another database left there is moved aside. Raises Refused where SQLite may not live or ``target`` has come to be meanwhile, Unavailable when it cannot be written.
    """

    def fill(file: BinaryIO) -> None:
        with source.open("rb") as given:
            shutil.copyfileobj(given, file, _CHUNK)

    try:
        with folder_of(target), fresh_file(target, fill, aside=True):
            pass
    except FileExistsError as error:
        raise Refused(
            _("{path} was made by somebody else meanwhile.").format(path=target), _("Nothing was changed.")
        ) from error
    except OSError as error:
        raise Unavailable(
            _("The database {path} cannot be written: {cause}.").format(path=target, cause=error.strerror),
            _("Nothing was kept of it. Choose a folder with enough space."),
        ) from error


@contextmanager
def folder_of(path: Path) -> Iterator[None]:
    """The folder of ``path``, made (0700) where it is missing; what was made is gone again where the block raises."""
    missing = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for folder in missing:
                folder.rmdir()
        raise


def sqlite_problems(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with a file that nobody writes; empty when it is sound."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.Error as error:
        return [str(error)]
    return [] if found == ["ok"] else found


def sqlite_counts(path: Path, *, immutable: bool = True) -> dict[str, int]:
    """Rows per table of an SQLite file (``immutable``: nobody writes it)."""
    with _reading(path, immutable) as connection:
        return {
            name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
            for name in _table_names(connection)
        }


def sqlite_digests(path: Path, *, immutable: bool = True) -> dict[str, str]:
    """sha256 of the content of every table, all of one instant; equal where two files hold the same rows in the same tables."""
    with _reading(path, immutable) as connection:
        names = _table_names(connection)
        connection.text_factory = bytes  # whatever is stored, UTF-8 or not
        return {
            name: _digest(connection.execute(f'SELECT * FROM "{name}"'))
            for name in names
            if name not in _OF_THE_MOMENT
        }


@contextmanager
def _reading(path: Path, immutable: bool) -> Iterator[sqlite3.Connection]:
    mode = "mode=ro&immutable=1" if immutable else "mode=ro"
    with closing(
        sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=60, isolation_level=None)
    ) as connection:
        connection.execute("BEGIN")
        yield connection


def _table_names(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [str(name) for (name,) in rows]


def _digest(rows: Iterable[tuple[Any, ...]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        for value in row:
            given = value if isinstance(value, bytes) else repr(value).encode()
            digest.update(f"{type(value).__name__} {len(given)} ".encode())
            digest.update(given)
        digest.update(b"\n")
    return digest.hexdigest()


def is_empty(url: DatabaseUrl) -> bool:
    """Whether there is no desk yet under ``url``. Makes none. Raises Refused for another program's file, Unavailable."""
    if url.path is not None:
        if not url.path.exists():
            return True
        refuse_what_is_not_a_desk(url.path)
        try:
            return not sqlite_counts(url.path, immutable=False)
        except sqlite3.DatabaseError:
            return False  # damaged: something is there
    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            return not _tables(connection)
    except OperationalError as error:
        raise unavailable(url, error) from error
    finally:
        database.close()


def _tables(connection: Connection) -> list[str]:
    rows = connection.execute(
        text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    )
    return [str(name) for (name,) in rows if name not in _SKIPPED]


def _columns(connection: Connection, table: str) -> list[str]:
    rows = connection.execute(
        text(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = :table AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ),
        {"table": table},
    )
    return [str(name) for (name,) in rows]


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)


def postgresql_out(database: Database, folder: Path) -> dict[str, int]:
    """Write every table as ``NAME.copy`` (COPY's text format, with a line of column names) into ``folder``.

    Answers the rows of each. All tables are read at one instant.
    """
    counts: dict[str, int] = {}
    with database.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        connection.execute(text("SET TRANSACTION READ ONLY"))
        for table in _tables(connection):
            columns = _columns(connection, table)
            with (folder / f"{table}.copy").open("xb") as file:
                file.write("\t".join(columns).encode() + b"\n")
                counts[table] = _copy_out(connection, table, columns, file.write)
        connection.rollback()
    return counts


def _copy_out(connection: Connection, table: str, columns: list[str], write: Callable[[Any], Any]) -> int:
    rows = 0
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        _driver(connection).cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) TO STDOUT'.encode()) as data,
    ):
        for block in data:
            rows += bytes(block).count(b"\n")
            write(block)
    return rows


def postgresql_in(database: Database, files: Iterable[Path], schema: str) -> dict[str, int]:
    """Replace the desk by what ``files`` (``NAME.copy``) of revision ``schema`` hold; answers the rows of each table.

    One transaction, at the end of which the desk has the schema of this version.
    """
    from tui_desk.db.schema import migrate

    by_table = {path.stem: path for path in files}
    with database.engine.begin() as connection:
        for table in (*_tables(connection), *_SKIPPED):
            connection.execute(text(f'DROP TABLE IF EXISTS "{table}" CASCADE'))
        connection.execute(text("DROP FUNCTION IF EXISTS event_append_only() CASCADE"))
        migrate(connection, schema)
        counts = {
            table: _copy_in(connection, table, by_table[table])
            for table in _in_order(connection)
            if table in by_table
        }
        _set_sequences(connection)
        migrate(connection)
    return counts


def _in_order(connection: Connection) -> list[str]:
    """All tables, those that others refer to first."""
    from tui_desk.models import Ticket

    known = [table.name for table in Ticket.metadata.sorted_tables]
    return known + [table for table in _tables(connection) if table not in known]


def _copy_in(connection: Connection, table: str, path: Path) -> int:
    with path.open("rb") as file:
        columns = file.readline().decode().rstrip("\n").split("\t")
        names = ", ".join('"' + name.replace('"', "") + '"' for name in columns)
        with _driver(connection).cursor() as cursor:
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN'.encode()) as data:
                for block in blocks_of(file):
                    data.write(block)
            return cursor.rowcount


def _set_sequences(connection: Connection) -> None:
    """Every serial goes on after the largest number that is there."""
    rows = connection.execute(
        text(
            "SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname) "
            "FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid JOIN pg_namespace n ON n.oid = t.relnamespace "
            "WHERE t.relkind = 'r' AND n.nspname = current_schema() AND a.attnum > 0 AND NOT a.attisdropped"
        )
    ).fetchall()
    for table, column, sequence in rows:
        if sequence:
            connection.execute(
                text(
                    f'SELECT setval(\'{sequence}\', (SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"), false)'
                )
            )


def blocks_of(file: Any) -> Iterator[bytes]:
    """A file's bytes, a megabyte at a time."""
    while block := file.read(_CHUNK):
        yield block
