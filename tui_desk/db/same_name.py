"""Names compared whatever their case, on both databases: SQLite's ``lower()`` knows the letters A to Z only, PostgreSQL's and Python's all."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import ColumnElement, func

_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def same_name(column: Any, *names: str) -> ColumnElement[bool]:
    """That a column is one of these names; upper and lower case are the same. An index on ``lower(column)`` answers it.

    On SQLite a name with letters beyond A to Z is found as it is written, in small letters and in capitals, not in a mixture of them.
    """
    return func.lower(column).in_(sorted(lowered(names)))


def lowered(names: Iterable[str]) -> set[str]:
    """What ``lower()`` of either database may make of the names."""
    return {
        made
        for name in names
        for made in (name.lower(), name.translate(_SMALL), _capitals(name).translate(_SMALL))
    }


def _capitals(name: str) -> str:
    """In capitals, but for letters of which that makes two (ß): Straße is not Strasse."""
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in name)
