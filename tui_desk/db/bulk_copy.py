"""Very many rows into PostgreSQL: by COPY, and with what each single row would set off done once for all of them.

All of it belongs to the transaction of its connection: other terminals see it whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DBAPIError

_CONTACTS = (
    "UPDATE person_search SET last_contact = search_time(c.at) FROM (SELECT author_person_id, max(at) AS at FROM message "
    "WHERE direction = 'in' GROUP BY author_person_id) c WHERE c.author_person_id = person_id"
)


def copy_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Write rows with a value for each column of ``table``, converted as an INSERT converts them.

    Raises DBAPIError for a value that PostgreSQL does not take.
    """
    converts = [_convert(connection, column.type) for column in table.columns]
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    _copy(
        connection,
        f'COPY "{table.name}" ({names}) FROM STDIN',
        (
            [
                value if convert is None else convert(value)
                for convert, value in zip(converts, row, strict=True)
            ]
            for row in rows
        ),
    )


def _convert(connection: Connection, kind: Any) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = kind.dialect_impl(connection.dialect).bind_processor(
        connection.dialect
    )
    return found


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as target:
            for row in rows:
                target.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError(statement, None, error) from error


@contextmanager
def contacts_at_once(connection: Connection) -> Iterator[None]:
    """Who wrote when last is found for all messages of the block together, not message by message."""
    connection.execute(text("ALTER TABLE message DISABLE TRIGGER search_contact"))
    yield
    connection.execute(text("ALTER TABLE message ENABLE TRIGGER search_contact"))
    connection.execute(text(_CONTACTS))


@contextmanager
def words_at_once(connection: Connection) -> Iterator[Callable[[Iterable[tuple[int, int, str]]], None]]:
    """Gives what takes messages (number, ticket, folded text) into the full text, whose index is made at the end: a tenth of the work."""
    index = connection.execute(
        text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'message_search' AND indexdef LIKE '%USING gin%'"
        )
    ).all()
    for name, _definition in index:
        connection.execute(text(f'DROP INDEX "{name}"'))
    connection.execute(
        text("CREATE TEMPORARY TABLE copied_text (number integer, ticket integer, words text) ON COMMIT DROP")
    )

    def take(messages: Iterable[tuple[int, int, str]]) -> None:
        _copy(connection, "COPY copied_text FROM STDIN", messages)
        connection.execute(
            text(
                "INSERT INTO message_search (message_id, ticket_id, document) "
                "SELECT number, ticket, to_tsvector('simple', words) FROM copied_text"
            )
        )
        connection.execute(text("TRUNCATE copied_text"))

    yield take
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    for _name, definition in index:
        connection.execute(text(definition))
