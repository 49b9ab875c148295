"""Copies what ``benchmarks.desk_of_size`` made into an empty PostgreSQL database, with its full text.

python -m benchmarks.desk_in_postgres /path/desk.db postgresql://user@host/database
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator

import psycopg
from psycopg import sql

from tui_desk.db.engine import open_database
from tui_desk.db.schema import ensure_schema
from tui_desk.rules.query import words_of

TABLES = ("agent", "team", "person", "ticket", "message")


def copy_desk(source: str, url: str) -> None:
    """Fill ``url``, which has no tables yet, with the desk of the SQLite file ``source``."""
    database = open_database(url)
    ensure_schema(database)
    database.close()
    old = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as new:
        for table in TABLES:
            # Triggers make people findable; for messages they would only check keys, one by one.
            new.execute(
                sql.SQL("SET session_replication_role = {}").format(
                    sql.Literal("replica" if table == "message" else "origin")
                )
            )
            _copy_table(old, new, table)
        columns = ("message_id", "ticket_id", "document")
        new.execute("CREATE TEMP TABLE words (message_id int, ticket_id int, document text)")
        _copy(new, "words", columns, _words(old))
        new.execute(
            "INSERT INTO message_search (message_id, ticket_id, document) "
            "SELECT message_id, ticket_id, to_tsvector('simple', document) FROM words"
        )
        new.execute("VACUUM ANALYZE")
    old.close()


def _copy_table(old: sqlite3.Connection, new: psycopg.Connection, table: str) -> None:
    has = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
    found = new.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table]
    ).fetchall()
    columns = [(name, kind) for name, kind in found if name in has]
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    flags = [kind == "boolean" for _name, kind in columns]
    instants = [kind.startswith("timestamp with") for _name, kind in columns]

    def rows() -> Iterator[list[object]]:
        for row in old.execute(f"SELECT {names} FROM {table}"):
            yield [
                bool(value) if flag and value is not None else f"{value}+00" if instant and value else value
                for value, flag, instant in zip(row, flags, instants, strict=True)
            ]

    _copy(new, table, [name for name, _kind in columns], rows())


def _copy(
    new: psycopg.Connection, table: str, columns: tuple[str, ...] | list[str], rows: Iterator[list[object]]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with new.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _words(old: sqlite3.Connection) -> Iterator[list[object]]:
    for number, ticket, *texts in old.execute(
        "SELECT id, ticket_id, subject, author_name, text FROM message"
    ):
        yield [number, ticket, " ".join(word[:200] for text in texts for word in words_of(text))]


if __name__ == "__main__":
    copy_desk(sys.argv[1], sys.argv[2])
