"""What is stored by ``db.bulk`` is what SQLAlchemy would store, value for value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, bindparam, create_engine, text
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, SQLModel

from tui_desk.db.bulk import prepared, run
from tui_desk.models import Event, MailIdentifier
from tui_desk.models.base import table_of

EVENTS = table_of(Event)
IDENTIFIERS = table_of(MailIdentifier)


def event(number: int, **values: Any) -> dict[str, Any]:
    return {
        "stream": "ticket:1",
        "position": number,
        "at": datetime(2026, 11, 22, 7, number, tzinfo=timezone(timedelta(hours=2))),
        "actor_id": None,
        "actor": "mail",
        "action": "created",
        "field": "",
        "before": None,
        "after": {"subject": "Störung 😀", "number": number},
        "undoes": None,
        "hash": f"{number:064x}",
        **values,
    }


@pytest.fixture
def session(tmp_path: Path) -> Any:
    engine = create_engine(f"sqlite:///{tmp_path / 'bulk.db'}")
    SQLModel.metadata.create_all(engine, tables=[EVENTS, IDENTIFIERS])
    with Session(engine) as session:
        yield session
    engine.dispose()


def stored(connection: Connection, table: str) -> list[tuple[Any, ...]]:
    """The rows as the file has them, without any conversion, but for the id."""
    return [tuple(row)[1:] for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


def test_rows_are_those_of_sqlalchemy(session: Session) -> None:
    rows = [event(1), event(2, after=None, before=["a", 1.5]), event(3, undoes=1)]
    connection = session.connection()
    connection.execute(EVENTS.insert(), rows)
    usual = stored(connection, "event")
    connection.execute(EVENTS.delete())
    assert run(session, prepared(EVENTS.insert(), connection.dialect, rows[0]), rows) == 3
    assert stored(connection, "event") == usual


def test_a_column_that_a_row_does_not_name_has_its_fixed_default(session: Session) -> None:
    table = Table(
        "things",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("name", String),
        Column("version", Integer, default=1),
        Column("notes", String, default=""),
    )
    connection = session.connection()
    table.create(connection)
    rows = [{"name": "a"}, {"name": "b"}]
    connection.execute(table.insert(), rows)
    run(session, prepared(table.insert(), connection.dialect, rows[0]), rows)
    assert stored(connection, "things") == [(row["name"], 1, "") for row in rows * 2]


def test_a_default_that_is_made_for_each_row_is_refused(session: Session) -> None:
    table = Table(
        "things", MetaData(), Column("id", Integer, primary_key=True), Column("at", String, default=str)
    )
    with pytest.raises(ValueError, match="made for each row"):
        prepared(table.insert(), session.connection().dialect, ["id"])


def test_documents_are_those_of_sqlalchemy(session: Session) -> None:
    values: list[Any] = [[], {}, None, [["Jürgen", "j@x.test"]], {"a": [], "b": None}, "text", 0, False, [[]]]
    rows = [event(number, before=value, after=value) for number, value in enumerate(values)]
    connection = session.connection()
    connection.execute(EVENTS.insert(), rows)
    usual = stored(connection, "event")
    connection.execute(EVENTS.delete())
    run(session, prepared(EVENTS.insert(), connection.dialect, rows[0]), rows)
    assert stored(connection, "event") == usual


def test_a_naive_time_is_refused(session: Session) -> None:
    rows = [event(1, at=datetime(2026, 11, 22, 7, 0))]  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="naive"):
        run(session, prepared(EVENTS.insert(), session.connection().dialect, rows[0]), rows)


def test_what_is_there_stays_and_is_not_counted(session: Session) -> None:
    rows = [
        {"rfc_message_id": f"{number}@x", "ticket_id": 1, "message_id": number, "origin": "received"}
        for number in range(3)
    ]
    statement = prepared(
        sqlite.insert(IDENTIFIERS).on_conflict_do_nothing(), session.connection().dialect, rows[0]
    )
    assert run(session, statement, rows[:2]) == 2
    assert run(session, statement, rows) == 1
    assert run(session, statement, []) == 0


def test_an_update_names_its_row_and_may_have_a_value_of_its_own(session: Session) -> None:
    rows = [event(1), event(2)]
    connection = session.connection()
    connection.execute(EVENTS.insert(), rows)
    statement = (
        EVENTS.update()
        .where(EVENTS.c.position == bindparam("row"), EVENTS.c.actor == "mail")
        .values(at=bindparam("new_at"))
    )
    later = datetime(2026, 11, 23, tzinfo=UTC)
    changed = run(session, prepared(statement, connection.dialect), [{"row": 2, "new_at": later}])
    assert changed == 1
    assert [row.at.day for row in session.execute(EVENTS.select())] == [22, 23]


def test_lists_of_values_are_refused(session: Session) -> None:
    statement = EVENTS.delete().where(EVENTS.c.position.in_([1, 2]))
    with pytest.raises(ValueError, match="list of values"):
        prepared(statement, session.connection().dialect)
