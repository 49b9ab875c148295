"""Many rows by one statement on SQLite, without what SQLAlchemy does for each row and each value: half the time of an insert.

The statement and the conversion of values are SQLAlchemy's own, so what is stored is the same to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, ClauseElement, Column, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from tui_desk.core.json_text import json_writer
from tui_desk.models.base import UtcDateTime

Row = Mapping[str, Any]
_TEXT = json_writer()
_SAMPLE: Any = {"ä": [1.5, None, {}]}


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a statement: the name of its value in a row and what converts it; or a value that all rows have."""

    name: str
    convert: Callable[[Any], Any] | None
    fixed: Any = None
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement for the driver, and its places."""

    sql: str
    places: tuple[Place, ...]

    def values(self, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """The parameters of the statement, a tuple for each row."""
        columns: list[Iterable[Any]] = []
        for place in self.places:
            found = repeat(place.fixed, len(rows)) if place.is_fixed else map(itemgetter(place.name), rows)
            columns.append(map(place.convert, found) if place.convert is not None else found)
        return list(zip(*columns, strict=True))


def prepared(statement: ClauseElement, dialect: Dialect, names: Iterable[str] | None = None) -> Prepared:
    """``statement`` made ready. ``names``: the columns that the rows of an insert have; others that need a value get the
    fixed one of their definition."""
    compiled = statement.compile(dialect=dialect, column_keys=None if names is None else list(names))
    assert isinstance(compiled, SQLCompiler)
    if compiled.positiontup is None:
        raise ValueError("a statement whose values have no places")
    usual = {column.key: _fixed(column) for column in compiled.insert_prefetch}
    places = []
    for name in compiled.positiontup:
        value = compiled.binds[name]
        if value.expanding:
            raise ValueError("a statement with a list of values: write its text")
        convert = _converter(value.type, dialect)
        fixed = usual.get(name, value.value)
        places.append(Place(name, convert, fixed, is_fixed=name in usual or not value.required))
    return Prepared(str(compiled), tuple(places))


def _converter(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What SQLAlchemy makes of a value of this type for the driver; the usual values made in a fraction of the time."""
    usual = kind.dialect_impl(dialect).bind_processor(dialect)
    if usual is None or dialect.name != "sqlite":
        return usual
    if isinstance(kind, UtcDateTime):
        return _instants(dialect)
    if isinstance(kind, JSON) and usual(_SAMPLE) == _TEXT(_SAMPLE):
        return partial(_document, usual(None))
    return usual


@lru_cache(maxsize=8)
def _instants(dialect: Dialect) -> Callable[[Any], Any] | None:
    """Instants are converted once: the rows of a mail have the same two or three of them."""
    usual = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    return None if usual is None else lru_cache(maxsize=4096)(usual)


def _document(nothing: Any, value: Any) -> Any:
    if value is None:
        return nothing
    if not value and type(value) is list:
        return "[]"
    return _TEXT(value)


def _fixed(column: Column[Any]) -> Any:
    """The value that ``column`` has where a row names none."""
    default = column.default
    if not isinstance(default, ScalarElementColumnDefault):
        raise ValueError(f"a value that is made for each row: {column.name}")
    return default.arg


def run(session: Session, statement: Prepared, rows: Sequence[Row]) -> int:
    """Run ``statement`` for each of ``rows``; answers how many rows of the database it changed."""
    if not rows:
        return 0
    return session.connection().exec_driver_sql(statement.sql, statement.values(rows)).rowcount
