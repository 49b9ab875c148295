"""Asking for values of fields of your own in SQL, the same for the queue, the assets and the people. Needs no SQLAlchemy.

``custom_value`` is asked by its index of field and text, or of field and number of the thing; nothing else is walked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tui_desk.core.enums import FieldKind
from tui_desk.rules.custom_fields import number_text
from tui_desk.rules.own_query import HAS, KnownField, OwnTerm

Rows = Callable[[str, Sequence[Any]], Iterable[Sequence[Any]]]
"""Runs a statement with ``?`` for its values."""
_COMPARED = frozenset({"=", "<", "<=", ">", ">="})


def known_fields(rows: Rows, subject: str, text: str) -> dict[str, KnownField]:
    """The fields of a subject by name, also those that are set aside: their values are still there. Of a choice that ``text`` names,
    values that are offered no more are known too."""
    found = {}
    told = text.lower()
    statement = "SELECT id, name, kind, choices FROM custom_field WHERE subject = ? ORDER BY position, id"
    for field_id, name, kind, choices in rows(statement, (subject,)):
        offered = [str(one) for one in (json.loads(choices) if isinstance(choices, str) else choices)]
        if kind == FieldKind.CHOICE.value and name in told:
            used = rows("SELECT DISTINCT text FROM custom_value WHERE field_id = ?", (field_id,))
            offered += sorted({str(value) for (value,) in used} - set(offered))
        found[str(name)] = KnownField(int(field_id), str(name), FieldKind(kind), tuple(offered))
    return found


def own_condition(term: OwnTerm, thing: str, *, sqlite: bool) -> tuple[str, list[Any]]:
    """An SQL condition about the thing whose id the expression ``thing`` is, with ``?`` for its values."""
    sql, values = _value(term, sqlite)
    where = f" AND {sql}" if sql else ""
    inside = f"{thing} IN (SELECT v.subject_id FROM custom_value v WHERE v.field_id = ?{where})"
    return (f"NOT ({inside})" if term.negated else inside), [term.field.id, *values]


def _value(term: OwnTerm, sqlite: bool) -> tuple[str, list[Any]]:
    if term.sign == HAS:
        return "", []
    kind = term.field.kind
    if kind is FieldKind.NUMBER:
        return _number(term, sqlite)
    if kind is FieldKind.DATE:
        days = [value.isoformat() for value in term.values if isinstance(value, date)]
        if term.sign == "..":
            return "v.text >= ? AND v.text <= ?", [*days]
        assert term.sign in _COMPARED
        return f"v.text {term.sign} ?", [*days]
    texts = [str(value) for value in term.values]
    if kind is FieldKind.CHOICE:
        return f"v.text IN ({', '.join('?' for _ in texts)})", [*texts]
    if kind is FieldKind.TEXT:
        return _words(texts)
    return _people(texts) if kind is FieldKind.PERSON else _assets(texts)


def _number(term: OwnTerm, sqlite: bool) -> tuple[str, list[Any]]:
    """SQLite keeps decimals as text; fifteen digits are compared exactly as floating point numbers, too."""
    number = term.values[0]
    assert isinstance(number, Decimal)
    assert term.sign in _COMPARED
    if term.sign == "=":
        return "v.text = ?", [number_text(number)]
    if sqlite:
        return f"CAST(v.number AS REAL) {term.sign} CAST(? AS REAL)", [str(number)]
    return f"v.number {term.sign} ?", [number]


def _words(texts: Sequence[str]) -> tuple[str, list[Any]]:
    """Texts that hold one of those, whatever its case (SQLite folds ASCII only, so others are tried in their usual cases)."""
    forms = [form for text in texts for form in dict.fromkeys((text.lower(), *_cases(text)))]
    either = " OR ".join("lower(v.text) LIKE ? ESCAPE '!'" for _ in forms)
    return f"({either})", [f"%{_like(form)}%" for form in forms]


def _cases(text: str) -> tuple[str, ...]:
    if text.isascii():
        return ()
    return tuple(
        "".join(c.lower() if c.isascii() else c for c in form) for form in (text, text.upper(), text.title())
    )


def _people(texts: Sequence[str]) -> tuple[str, list[Any]]:
    """Whoever has an address or a name that holds one of the texts, and the records that became a part of theirs."""
    patterns = [f"%{_like(text.lower())}%" for text in texts]
    by_address = " OR ".join("address LIKE ? ESCAPE '!'" for _ in patterns)
    by_name = " OR ".join("lower(name) LIKE ? ESCAPE '!'" for _ in patterns)
    same = (
        f"SELECT person_id FROM person_address WHERE {by_address} UNION SELECT id FROM person WHERE {by_name} "
        "UNION SELECT p.id FROM person p JOIN same ON p.merged_into_id = same.id"
    )
    return f"v.text IN (WITH RECURSIVE same(id) AS ({same}) SELECT CAST(id AS TEXT) FROM same)", [
        *patterns,
        *patterns,
    ]


def _assets(texts: Sequence[str]) -> tuple[str, list[Any]]:
    either = " OR ".join("lower(tag) LIKE ? ESCAPE '!'" for _ in texts)
    return f"v.text IN (SELECT CAST(id AS TEXT) FROM asset WHERE {either})", [
        f"{_like(text.lower())}%" for text in texts
    ]


def _like(value: str) -> str:
    return value.replace("!", "!!").replace("%", "!%").replace("_", "!_")
