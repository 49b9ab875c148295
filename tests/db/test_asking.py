"""Questions about many keys find what ``IN`` finds, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from tui_desk.db.asking import among, listed
from tui_desk.db.engine import Database
from tui_desk.models import Setting
from tui_desk.models.base import table_of

KEYS = ["plain", "quo\"te's", "back\\slash", "Ünï ☃ 😀", "", "[1, 2]", "line\nend", "%_?:x"]
TABLE = table_of(Setting)


def found(session: Session, keys: list[str]) -> set[str]:
    sqlite = session.get_bind().dialect.name == "sqlite"
    question: Any = select(TABLE.c.key).where(among(TABLE.c.key, "keys", sqlite=sqlite))
    return set(session.connection().execute(question, {"keys": listed(keys, sqlite=sqlite)}).scalars())


@pytest.fixture
def filled(database: Database) -> Database:
    with database.writing() as session:
        session.execute(TABLE.insert(), [{"key": key, "value": len(key)} for key in KEYS])
    return database


@pytest.mark.parametrize("wanted", [[], *([key] for key in KEYS), KEYS[2:5], [*KEYS, "nothing has this"]])
def test_any_text_is_found_by_itself_alone(filled: Database, wanted: list[str]) -> None:
    with filled.reading() as session:
        assert found(session, wanted) == set(wanted) & set(KEYS)


def test_a_list_of_any_length_is_one_question(filled: Database) -> None:
    with filled.reading() as session:
        assert found(session, [f"key {number}" for number in range(5_000)] + KEYS[:1]) == set(KEYS[:1])
