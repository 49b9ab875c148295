"""Many rows by one statement on SQLite, without what SQLAlchemy does for each row and each value: half the time of an insert.

The statement and the conversion of values are SQLAlchemy's own, so what is stored is the same to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

Row = Mapping[str, Any]


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
    """``statement`` made ready. ``names``: the columns that the rows of an insert have, which must be all that it needs."""
    compiled = statement.compile(dialect=dialect, column_keys=None if names is None else list(names))
    assert isinstance(compiled, SQLCompiler)
    if compiled.positiontup is None or compiled.insert_prefetch:
        raise ValueError("a statement with values of its own")
    places = []
    for name in compiled.positiontup:
        value = compiled.binds[name]
        if value.expanding:
            raise ValueError("a statement with a list of values: write its text")
        convert = value.type.dialect_impl(dialect).bind_processor(dialect)
        places.append(Place(name, convert, value.value, is_fixed=not value.required))
    return Prepared(str(compiled), tuple(places))


def run(session: Session, statement: Prepared, rows: Sequence[Row]) -> int:
    """Run ``statement`` for each of ``rows``; answers how many rows of the database it changed."""
    if not rows:
        return 0
    return session.connection().exec_driver_sql(statement.sql, statement.values(rows)).rowcount
