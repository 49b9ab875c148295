"""Questions about many keys at once, put together once and asked again and again.

Putting ``column IN (…)`` together anew for two hundred values takes SQLAlchemy five times as long as SQLite takes to answer it.
There the values come as one JSON list (sqlite.org/json1.html, 4.22), so the statement is always the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, String, bindparam, func, select
from sqlalchemy.orm import Mapped


def among(column: Column[Any] | Mapped[Any], name: str, *, sqlite: bool) -> ColumnElement[bool]:
    """That ``column`` is one of the values of the parameter ``name``, which are given as :func:`listed` makes them."""
    if not sqlite:
        return column.in_(bindparam(name, expanding=True))
    values = func.json_each(bindparam(name, type_=String())).table_valued("value")
    return column.in_(select(values.c.value))


def listed(values: Iterable[str] | Iterable[int], *, sqlite: bool) -> Any:
    """The parameter for :func:`among`; texts without NUL."""
    return json.dumps(list(values)) if sqlite else list(values)
