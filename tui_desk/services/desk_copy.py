"""The whole desk from one database into another, of the same kind or the other one.

Rows are read at one instant and written in one transaction, which is committed only when counts, stored bytes and the chains of
events agree: the target is a whole desk or as it was. Full text is made anew, since the two databases keep it differently.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from tui_desk.core.errors import NotFound, Refused, Unavailable
from tui_desk.core.i18n import _
from tui_desk.db import snapshot
from tui_desk.db.engine import Database, open_database
from tui_desk.db.files import fresh_file
from tui_desk.db.key_file import key_file
from tui_desk.db.schema import migrate
from tui_desk.db.url import DatabaseUrl
from tui_desk.rules.permissions import Permission
from tui_desk.services import audit
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.database_check import check_session
from tui_desk.services.desk_copy_index import index_all

_LEFT_BEHIND = ("lease", "presence")
"""Who works and looks at this moment, on the old desk."""
_BATCH = 2_000
_LARGE = {"blob": 16}
"""Rows at a time of a table whose rows are large."""

Progress = Callable[[str, int], None]
"""Called with a table's name and the rows of it that were copied so far."""
Write = Callable[[Connection, Table, Sequence[Sequence[Any]]], None]
"""Writes rows with a value for each column."""


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied: rows by table, and the end of the history, which is the same in both desks."""

    rows: dict[str, int]
    events: int
    anchor: str
    key: str
    """``copied``, ``shared`` (both desks use one file), ``none`` (there is no key file), ``left`` (as was asked)."""


def copy_desk(
    source: Database,
    actor: Actor,
    url: DatabaseUrl,
    *,
    with_key: bool = True,
    progress: Progress | None = None,
) -> CopyReport:
    """Copy everything from ``source`` into the empty database ``url``; ``source`` is only read.

    Raises NotFound (no such folder), Refused (rights, there is a desk already, another key file is there), Unavailable (a
    database does not do as asked). Nothing is made or changed then.
    """
    require(actor, Permission.BACK_UP)
    if url.path is not None and not url.path.parent.is_dir():
        raise NotFound(
            _("There is no folder {folder} for the database {url}.").format(folder=url.path.parent, url=url),
            _("Nothing was made. Correct the path, or make the folder first."),
        )
    if not snapshot.is_empty(url):
        raise Refused(
            _("{url} holds a desk already.").format(url=url),
            _("Nothing was changed. Name a database that is empty."),
        )
    key, place = key_file(source.url), key_file(url)
    _refuse_another_key(key, place, with_key)
    with _new_desk(url) as target:
        return _copied(source, target, key, place, with_key, progress)


@contextmanager
def _new_desk(url: DatabaseUrl) -> Iterator[Database]:
    """The target; a file that was made for it is gone again where the block raises."""
    with ExitStack() as stack:
        if url.path is not None and not url.path.exists():
            stack.enter_context(_made(url.path))
        database = open_database(url)
        stack.callback(database.close)
        yield database


@contextmanager
def _made(path: Path) -> Iterator[None]:
    try:
        with fresh_file(path):
            yield
    except FileExistsError as error:
        raise Refused(
            _("{path} was made by somebody else meanwhile.").format(path=path), _("Nothing was changed.")
        ) from error


def _copied(
    source: Database, target: Database, key: Path, place: Path, with_key: bool, progress: Progress | None
) -> CopyReport:
    with (
        _key_handed(key, place, with_key) as handed,
        _one_instant(source) as reading,
        _one_transaction(target) as writing,
    ):
        migrate(writing)
        try:
            rows = _copy_tables(reading, writing, progress)
            with Session(writing) as session:
                index_all(session, progress)
                session.flush()
        except DBAPIError as error:
            raise Unavailable(
                _("{url} does not take what the desk holds: {cause}.").format(
                    url=target.url, cause=str(error.orig).strip().splitlines()[0].rstrip(".")
                ),
                _("Nothing was changed."),
            ) from error
        with Session(writing) as session:
            _continue_numbers(reading, session)
            found = _proved(reading, session, rows, target)
    return CopyReport(rows, found.events, found.anchor, handed)


def _tables() -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in _LEFT_BEHIND]


@contextmanager
def _one_instant(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as plain:
        if database.is_sqlite:
            yield plain
        else:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(text("SET TRANSACTION READ ONLY"))
            yield connection
        plain.rollback()


@contextmanager
def _one_transaction(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as plain:
        connection = plain.execution_options(tui_desk_writes=True)
        with connection.begin():
            if database.is_sqlite:
                connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            yield connection


def _copy_tables(reading: Connection, writing: Connection, progress: Progress | None) -> dict[str, int]:
    """Every table, and how many rows it has."""
    if writing.dialect.name == "sqlite":
        return {table.name: _copy_table(reading, writing, table, _insert, progress) for table in _tables()}
    from tui_desk.db.bulk_copy import contacts_at_once, copy_rows  # needs the driver

    with contacts_at_once(writing):
        return {table.name: _copy_table(reading, writing, table, copy_rows, progress) for table in _tables()}


def _copy_table(
    reading: Connection, writing: Connection, table: Table, write: Write, progress: Progress | None
) -> int:
    size = _LARGE.get(table.name, _BATCH)
    statement = select(table).order_by(*table.primary_key.columns)
    copied = 0
    for batch in reading.execution_options(yield_per=size).execute(statement).partitions(size):
        write(writing, table, batch)
        copied += len(batch)
        if progress is not None:
            progress(table.name, copied)
    return copied


def _insert(writing: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    names = [column.key for column in table.columns]
    writing.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _continue_numbers(reading: Connection, session: Session) -> None:
    """New rows get numbers that the old desk has never given, not even to what was deleted since."""
    for table in _tables():
        key = table.autoincrement_column
        if key is None:
            continue
        used = max(_given(reading, table.name), session.execute(select(func.max(key))).scalar() or 0)
        if session.get_bind().dialect.name != "sqlite":
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, :key), :next, false)"),
                {"name": f'"{table.name}"', "key": key.name, "next": used + 1},
            )
        elif table.dialect_options["sqlite"]["autoincrement"] and used:
            session.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            session.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"),
                {"name": table.name, "seq": used},
            )


def _given(reading: Connection, name: str) -> int:
    """The highest number the old desk gave out in a table, as far as it remembers."""
    if reading.dialect.name == "sqlite":
        found = reading.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name})
    else:
        found = reading.execute(
            text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)"),
            {"name": f'"{name}"'},
        )
    return int(found.scalar() or 0)


def _proved(
    reading: Connection, session: Session, rows: dict[str, int], target: Database
) -> audit.AuditReport:
    """The history of the new desk. Raises Unavailable where anything is not as in the old one."""
    wrong = [
        table.name
        for table in _tables()
        if session.execute(select(func.count()).select_from(table)).scalar() != rows[table.name]
        or reading.execute(select(func.count()).select_from(table)).scalar() != rows[table.name]
    ]
    problems = list(check_session(session, sqlite=target.is_sqlite).problems)
    with Session(reading) as old:
        before = audit.verify(old)
    after = audit.verify(session)
    if wrong or problems or before.anchor != after.anchor:
        raise Unavailable(
            _("The copy is not the same desk: {what}.").format(
                what=", ".join([*wrong, *problems]) or _("the history differs")
            ),
            _("Nothing was kept of it. tui-desk db check looks at the desk that was to be copied."),
        )
    return after


def _refuse_another_key(key: Path, place: Path, with_key: bool) -> None:
    if with_key and key.exists() and place.exists() and place.read_bytes() != key.read_bytes():
        raise Refused(
            _("There is another key file at {path}.").format(path=place),
            _("Nothing was changed. Name another one with TUI_DESK_KEY_FILE, or move it away."),
        )


@contextmanager
def _key_handed(key: Path, place: Path, with_key: bool) -> Iterator[str]:
    """The key file beside the copy, and what was done for it; one that was made is gone again where the block raises."""
    if not key.exists():
        yield "none"
    elif place.exists() and place.samefile(key):
        yield "shared"
    elif not with_key:
        yield "left"
    elif place.exists():
        yield "copied"
    else:
        with snapshot.folder_of(place):
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(key.read_bytes())
                yield "copied"
            except BaseException:
                place.unlink(missing_ok=True)
                raise
