"""What the command line prints: one JSON document, or aligned plain text that is safe for a terminal."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.words import word

_GAP = "  "
_LEAST = 6
"""Cells of a column that stay on any terminal."""
_FLEXIBLE_LEAST = 20
_SECRET_FIELDS = frozenset({"password"})


def plain(value: Any) -> Any:
    """``value`` (frozen dataclasses, enums, instants, decimals, tuples) as JSON knows it. Passwords are left out.

    Instants are ISO 8601 with offset, decimals are strings.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.name not in _SECRET_FIELDS
        }
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _exact(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _exact(value: Decimal) -> str:
    """All digits of an amount and at least two behind the point: the same text from every database."""
    short = value.quantize(Decimal("0.01"))
    return f"{short if short == value else value.normalize():f}"


def print_json(document: Any) -> None:
    """One JSON document on stdout. Escaped to ASCII: no byte in it can be a command to a terminal."""
    sys.stdout.write(json.dumps(plain(document), indent=2) + "\n")


def print_json_array(rows: Iterable[Any]) -> None:
    """A JSON list of any length, written as its rows come."""
    first = True
    for row in rows:
        sys.stdout.write(("[\n" if first else ",\n") + json.dumps(plain(row)))
        first = False
    sys.stdout.write("[]\n" if first else "\n]\n")


def say(text: str) -> None:
    """Print text of several lines, made safe."""
    sys.stdout.write(_writable(safe_block(text), sys.stdout.encoding) + "\n")


def tell(text: str) -> None:
    """A message for the person, on stderr."""
    sys.stderr.write(_writable(safe_block(text), sys.stderr.encoding) + "\n")


def _writable(text: str, encoding: str | None) -> str:
    """``text`` without what the stream cannot encode (a terminal set to ASCII or Latin-1)."""
    name = encoding or "utf-8"
    return text.encode(name, "replace").decode(name)


def cells(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def _cells_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, with an ellipsis where something is missing."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for char in text:
        used += cells(char)
        if used > width - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def terminal_width() -> int | None:
    """Columns of the terminal on stdout; None when it is no terminal (piped output is never cut)."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None
    except (OSError, ValueError):
        return None


def table(headings: Sequence[str], rows: Sequence[Sequence[Any]], flexible: int | None = None) -> str:
    """Aligned columns. On a terminal they are cut to its width: the ``flexible`` one gives way first, then the widest."""
    shown = [[safe_line(shown_value(value)) for value in row] for row in rows]
    widths = [cells(heading) for heading in headings]
    for row in shown:
        widths = [max(width, cells(value)) for width, value in zip(widths, row, strict=True)]
    limit = terminal_width()
    if limit is not None:
        widths = _narrowed(widths, limit, flexible)
    lines = [_line(headings, widths), *(_line(row, widths) for row in shown)]
    return "\n".join(lines if limit is None else [fit(line, limit) for line in lines])


def _narrowed(widths: Sequence[int], limit: int, flexible: int | None) -> list[int]:
    """Widths that fit into ``limit`` columns; where that would leave too little of each, what is right of it is cut off."""
    found = list(widths)
    over = sum(found) + len(_GAP) * (len(found) - 1) - limit
    if over > 0 and flexible is not None:
        given = min(over, max(0, found[flexible] - _FLEXIBLE_LEAST))
        found[flexible] -= given
        over -= given
    least = [
        min(width, _FLEXIBLE_LEAST // 2 if place == flexible else _LEAST) for place, width in enumerate(found)
    ]
    while over > 0:
        room, place = max((width - least[place], place) for place, width in enumerate(found))
        if room <= 0:
            break
        found[place] -= 1
        over -= 1
    return found


def _line(values: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for value, width in zip(values, widths, strict=True):
        text = fit(value, width)
        padded.append(text + " " * (width - cells(text)))
    return _GAP.join(padded).rstrip()


def fields(pairs: Iterable[tuple[str, Any]]) -> str:
    """Labels and values below each other; values without content are left out."""
    shown = [(label, shown_value(value)) for label, value in pairs]
    shown = [(label, value) for label, value in shown if value]
    width = max((cells(label) for label, _value in shown), default=0)
    return "\n".join(
        f"{label}{' ' * (width - cells(label))}{_GAP}{safe_line(value)}" for label, value in shown
    )


def shown_value(value: Any) -> str:
    """A single value for a person: words of their language, local time to the minute, ✓ for yes, nothing for nothing."""
    if value is None or value is False:
        return ""
    if value is True:
        return "✓"
    if isinstance(value, StrEnum):
        return word(value)
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (list, tuple)):
        return ", ".join(shown_value(item) for item in value)
    return str(value)
