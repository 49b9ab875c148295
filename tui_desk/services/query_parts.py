"""Parts of conditions about the row ``t`` of the tickets: what is seldom is asked for by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui_desk.db.fast import FastReader
from tui_desk.rules.words import fold
from tui_desk.services.query_words import Sql

NOTHING: Sql = ("1 = 0", [])
UNRESOLVED = "t.status IN ('new', 'open', 'pending', 'on_hold')"
HAVING_LIMIT = 2_000
"""Notes, tasks and so on whose tickets are asked for by number; where there are more, it is looked up in each ticket."""


def by_number(reader: FastReader, tickets: str, values: list[Any]) -> str:
    """That the ticket ``t`` is one of those that a statement gives; empty where they are many.

    No list has an index of what its tickets have, so the seldom would be looked for in all tickets of the desk.
    """
    found = reader.rows(f"{tickets} LIMIT {HAVING_LIMIT + 1}", values)
    if len(found) > HAVING_LIMIT:
        return ""
    return (
        f"t.id IN ({', '.join(str(number) for number in sorted({int(row[0]) for row in found})) or 'NULL'})"
    )


def ids_named(reader: FastReader, statement: str, names: Sequence[str]) -> list[int]:
    """The rows whose name, folded, is one of ``names``: the database folds ASCII only."""
    return [int(number) for number, name in reader.rows(statement) if fold(name) in names]


def either_id(column: str, ids: Sequence[int], none: bool) -> Sql:
    parts = [f"{column} IN ({marks(ids)})"] if ids else []
    if none:
        parts.append(f"{column} IS NULL")
    return (f"({' OR '.join(parts)})", [*ids]) if parts else NOTHING


def marks(values: Sequence[Any]) -> str:
    return ", ".join("?" for _value in values)


def like(value: str) -> str:
    return value.replace("!", "!!").replace("%", "!%").replace("_", "!_")
