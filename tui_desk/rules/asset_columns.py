"""The columns of a file of assets: what they are called, and how their cells are read and written. Pure.

Headings are recognised in English and in the language of the desk, whatever their case, accents and punctuation. Days and amounts that can be
two are refused, never guessed. Text that a spreadsheet would calculate gets an apostrophe in front (OWASP: CSV injection), which is taken
off again when the file is read; so does text that looks as if it had one already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tui_desk.core.enums import AssetState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.rules.moment_words import folded, vocabulary
from tui_desk.rules.money import read_money, typed_text

COLUMNS = (
    "tag",
    "name",
    "type",
    "serial",
    "hostname",
    "owner",
    "location",
    "state",
    "supplier",
    "cost",
    "currency",
    "purchased_on",
    "warranty_until",
    "depreciation_months",
    "notes",
)
FIELD_PREFIX = "field:"
_DAYS = frozenset({"purchased_on", "warranty_until"})
_CALCULATED = re.compile(r"'*[=+\-@\t\r]")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(?P<month>[^\W\d_]+)\.?|(?P<first>[^\W\d_]+)\.?\s+(?P<second>\d{1,2})(?:st|nd|rd|th)?)"
    r"[\s,-]+(?:de\s+)?(?P<year>\d{4})"
)


def _aliases() -> dict[str, tuple[str, ...]]:
    """What a heading may be called beside its name, in the desk's language and in English."""
    return {
        "tag": (_("Tag"), "asset tag", "asset", "inventory number", "inventory no", "label"),
        "name": (_("Name"), "model", "description", "device"),
        "type": (_("Type"), "category", "kind", "asset type"),
        "serial": (_("Serial"), "serial number", "serial no", "s/n", "sn", "service tag"),
        "hostname": (_("Host name"), "host", "computer name", "computer"),
        "owner": (_("Owner"), "user", "assigned to", "owner address", "email", "e-mail", "mail"),
        "location": (_("Location"), "room", "place", "site"),
        "state": (_("State"), "status"),
        "supplier": (_("Supplier"), "vendor"),
        "cost": (_("Cost"), "price", "amount", "purchase cost", "purchase price"),
        "currency": (_("Currency"),),
        "purchased_on": (_("Bought"), _("Purchased"), "purchase date", "bought on", "date of purchase"),
        "warranty_until": (_("Warranty"), _("Warranty until"), "warranty end", "warranty expires"),
        "depreciation_months": (_("Depreciation (months)"), "depreciation"),
        "notes": (_("Notes"), "note", "comment", "comments", "remarks"),
    }


def column_named(heading: str, fields: Sequence[str] = ()) -> str:
    """The column that a heading means; empty: none. ``fields``: the names of fields of one's own, as ``field:NAME``."""
    typed = heading.strip().casefold()
    if typed.startswith(FIELD_PREFIX):
        name = typed.removeprefix(FIELD_PREFIX).strip()
        return FIELD_PREFIX + name if FIELD_PREFIX + name in fields else ""
    wanted = _plain(heading)
    if not wanted:
        return ""
    for column, names in _aliases().items():
        if wanted in (_plain(column), *map(_plain, names)):
            return column
    return ""


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", folded(heading))


def harmless(text: str) -> str:
    """Text as a cell that no spreadsheet calculates."""
    return f"'{text}" if _CALCULATED.match(text) else text


def as_written(cell: str) -> str:
    """The text that :func:`harmless` made a cell of."""
    return cell[1:] if cell.startswith("'") and _CALCULATED.match(cell) else cell


def cell_of(column: str, value: Any) -> str:
    """A value as a cell."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return typed_text(value)
    return str(value) if column in _DAYS or isinstance(value, int) else harmless(str(value))


def read_cell(column: str, cell: str) -> Any:
    """A cell as the value of its column (text for ``owner``); None or empty text for nothing. Raises UsageError."""
    text = as_written(cell).strip()
    if column in _DAYS:
        return read_day(text) if text else None
    if column == "state":
        return _state(text) if text else None
    if column == "depreciation_months":
        return _months(text) if text else None
    if column == "notes":
        return as_written(cell).rstrip()
    return text


def read_cost(text: str) -> tuple[Decimal | None, str]:
    """An amount, and the currency that stands beside it (empty: none). Raises UsageError."""
    if not text.strip():
        return None, ""
    found = read_money(text)
    return found.amount, found.currency


def _months(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise UsageError(_("“{value}” is no number of months.").format(value=safe_line(text, 40)))
    return int(text)


def _state(text: str) -> AssetState:
    wanted = _plain(text)
    for state in AssetState:
        if wanted in (_plain(state.value), _plain(word(state))):
            return state
    raise UsageError(
        _("“{value}” is no state of an asset; there are: {names}.").format(
            value=safe_line(text, 40), names=", ".join(AssetState)
        )
    )


def read_day(text: str) -> date:
    """A day: 2026-01-31, 31.01.2026, 31/12/2026 where it can be one only, 31 Jan 2026, January 31, 2026. Raises UsageError."""
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _NUMBERS.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] != "." and first <= 12 and second <= 12 and first != second:
            raise UsageError(
                _(
                    "“{text}” can be two days; write it as {year}-{month:02}-{day:02} or the other way round."
                ).format(text=text, year=year, month=second, day=first)
            )
        if found[2] != "." and second > 12:
            first, second = second, first
        return _day(year, second, first, text)
    if found := _NAMED.fullmatch(text.strip()):
        month = _months_by_name().get(folded(found["month"] or found["first"]))
        if month is not None:
            return _day(int(found["year"]), month, int(found["day"] or found["second"]), text)
    raise _no_day(text)


def _months_by_name() -> Mapping[str, int]:
    return {
        name: meaning.value
        for name, meanings in vocabulary().items()
        for meaning in meanings
        if meaning.kind == "month"
    }


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise _no_day(text) from None
    if not 1900 <= found.year <= 2200:
        raise _no_day(text)
    return found


def _no_day(text: str) -> UsageError:
    return UsageError(_("“{text}” is no day; write 2026-01-31.").format(text=safe_line(text, 40)))
