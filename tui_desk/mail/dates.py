"""Dates as mail writes them (RFC 5322, 3.3 and 4.3), and as broken programs do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_ZONES: Final = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_ZONES_ABROAD: Final = {
    "CET": 1,
    "MET": 1,
    "CEST": 2,
    "MEST": 2,
    "EET": 2,
    "EEST": 3,
    "BST": 1,
    "JST": 9,
    "MSK": 3,
}
_TIME: Final = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?(?:\s*(?P<half>[AaPp])\.?[Mm]\b\.?)?"
_ZONE: Final = (
    r"(?:\s*\(?(?:GMT|UTC)?(?P<sign>[+-])\s?(?P<zh>\d{2}):?(?P<zm>\d{2})|\s*\(?(?P<zone>[A-Za-z]{1,5})\b)?"
)
_USUAL: Final = re.compile(
    rf"(?P<day>\d{{1,2}})[\s.-]+(?P<month>[A-Za-z]{{3}})[a-z]*[\s,.-]+(?P<year>\d{{4}}|\d{{2,3}})[\s,T]+(?:at\s+)?{_TIME}{_ZONE}"
)
_AMERICAN: Final = re.compile(
    rf"(?P<month>[A-Za-z]{{3}})[a-z]*[\s.]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(?P<year>\d{{4}})[\s,]+(?:at\s+)?{_TIME}{_ZONE}"
)
_ASCTIME: Final = re.compile(
    rf"(?P<month>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_TIME}(?:\s+(?P<zone>[A-Z]{{3,4}}))?(?:\s*(?P<sign>[+-])(?P<zh>\d{{2}}):?(?P<zm>\d{{2}}))?\s+(?P<year>\d{{4}})"
)
_ISO: Final = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})[T\s]+{_TIME}\s*(?:Z|{_ZONE})"
)
_LAST_YEAR: Final = 9000
"""Not the calendar's last one: farther east that ends later, and then nobody can read it (PostgreSQL's driver, ``astimezone``)."""
_COMMENT: Final = re.compile(r"\([^()]*\)")


_AS_PRESCRIBED: Final = re.compile(
    r"(?:[A-Za-z]{3}, )?([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})"
)
"""RFC 5322, 3.3, on one line; most dates are written so."""


def mail_date(text: str) -> datetime | None:
    """The instant a Date field names, aware; in UTC where it names no zone; None where it cannot be read."""
    plain = _AS_PRESCRIBED.fullmatch(text)
    if plain and (instant := _prescribed(plain.groups())) is not None:
        return instant
    text = text[:300]
    if "(" in text:
        for _ in range(3):
            text = _COMMENT.sub(" ", text)
        text = text.partition("(")[0] or text  # a comment that does not close, behind the date
    text = " ".join(text.split())
    for pattern in (_USUAL, _ASCTIME, _ISO, _AMERICAN):
        match = pattern.search(text)
        if match:
            found = _instant(match)
            if found is not None:
                return found
    return None


def _prescribed(groups: Sequence[str]) -> datetime | None:
    day, name, year, hour, minute, second, sign, zone_hours, zone_minutes = groups
    month = _MONTHS.get(name.lower())
    if month is None or not 1900 <= int(year) <= _LAST_YEAR:
        return None
    try:
        zone = _zone(sign, zone_hours, zone_minutes)
        return datetime(int(year), month, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=zone)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=64)
def _zone(sign: str, hours: str, minutes: str) -> timezone:
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-shift if sign == "-" else shift)


def _instant(match: re.Match[str]) -> datetime | None:
    got = match.groupdict()
    name = got["month"].lower()
    month = int(name) if name.isdigit() else _MONTHS.get(name)
    if month is None:
        return None
    year = int(got["year"])
    if year > _LAST_YEAR:
        return None
    if year < 1000:
        year += 1900 if year >= 50 else 2000  # RFC 5322, 4.3
    hour = int(got["hour"])
    if got["half"]:
        hour = hour % 12 + (12 if got["half"] in "pP" else 0)
    try:
        zone = timezone(_offset(got)) if got["sign"] or got["zone"] else UTC
        second = min(int(got["second"] or 0), 59)
        found = datetime(year, month, int(got["day"]), hour, int(got["minute"]), second, tzinfo=zone)
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found


def _offset(got: dict[str, str | None]) -> timedelta:
    if got["sign"]:
        shift = timedelta(hours=int(got["zh"] or 0), minutes=int(got["zm"] or 0))
        return -shift if got["sign"] == "-" else shift
    name = (got["zone"] or "").upper()
    return timedelta(hours=_ZONES.get(name, _ZONES_ABROAD.get(name, 0)))
