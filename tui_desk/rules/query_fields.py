"""What the filter line knows: its fields, the values they may have, the names of a desk, and what spans and days mean. Pure.

``created<3d`` is about the age, ``due<2d`` about the time that is left, ``waiting>4h`` about how long somebody has waited; each of
them takes a day as well (``created>=2026-11-01``, ``updated:today``), a month or a year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui_desk.core.enums import Channel, Priority, TicketStatus, TicketType
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.custom_fields import read_field_day
from tui_desk.rules.moments import to_utc

FIELDS = (
    "subject",
    "status",
    "priority",
    "type",
    "channel",
    "assignee",
    "team",
    "requester",
    "organization",
    "mailbox",
    "watcher",
    "category",
    "tag",
    "asset",
    "rated",
    "created",
    "updated",
    "resolved",
    "due",
    "waiting",
    "has",
    "is",
    "sort",
)
TIME_FIELDS = frozenset({"created", "updated", "resolved", "due", "waiting"})
ALIASES = {"from": "requester"}
SORTS = ("updated", "created", "priority", "due", "waiting")
REVERSED = tuple(f"-{name}" for name in SORTS)
"""The same orders the other way round."""
HAS_VALUES = ("attachment", "note", "task", "approval")
IS_VALUES = ("unread", "unassigned", "mine", "open", "new", "waiting", "snoozed", "overdue", "spam")
ALLOWED: dict[str, tuple[str, ...]] = {
    "status": tuple(TicketStatus),
    "priority": tuple(Priority),
    "type": tuple(TicketType),
    "channel": tuple(Channel),
    "rated": ("good", "fair", "bad", "asked"),
    "has": HAS_VALUES,
    "is": IS_VALUES,
    "sort": (*SORTS, *REVERSED),
}
VALUE_ALIASES = {"on hold": "on_hold", "nobody": "none"}

NEWEST = 50_000
"""Of a word that stands in more messages, the newest that are looked at (SQLite)."""

_SPAN = re.compile(r"(?:\d{1,5}(?:min|[mhdwy]))+", re.ASCII | re.IGNORECASE)
_PART = re.compile(r"(\d{1,5})(min|[mhdwy])", re.ASCII | re.IGNORECASE)
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10_080, "y": 525_600}
_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Names:
    """What a desk calls things. A login, team or category that is not here does not exist; tags, domains and assets are samples
    of what there is, the most used first."""

    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Between:
    """Instants from ``low`` (inclusive) up to ``high`` (exclusive), aware; None is open."""

    low: datetime | None = None
    high: datetime | None = None


def read_time(field: str, sign: str, value: str, now: datetime, zone: tzinfo | None) -> Between:
    """What ``field`` ``sign`` ``value`` asks for, as instants; ``sign`` is ``=``, ``<``, ``<=``, ``>`` or ``>=``.

    Raises UsageError: neither span nor day, or too far away.
    """
    text = value.strip()
    if _SPAN.fullmatch(text):
        return _span(field, sign, text, now)
    if text.isdecimal() and len(text) < 4:
        raise UsageError(_("{value} of what?").format(value=safe_line(text, 20)), span_hint(field))
    month = _MONTH.fullmatch(text)
    try:
        first, after = _month(month) if month else _day(text, now, zone)
        low, high = to_utc(first, zone), to_utc(after, zone)
    except (UsageError, OverflowError, ValueError):
        raise UsageError(
            _("“{value}” is neither a span nor a day.").format(value=safe_line(text, 40)), span_hint(field)
        ) from None
    return {
        "=": Between(low, high),
        "<": Between(None, low),
        "<=": Between(None, high),
        ">": Between(high, None),
        ">=": Between(low, None),
    }[sign]


def _span(field: str, sign: str, text: str, now: datetime) -> Between:
    minutes = sum(int(number) * _MINUTES[unit.lower()] for number, unit in _PART.findall(text))
    try:
        edge = now + timedelta(minutes=minutes) * (1 if field == "due" else -1)
    except OverflowError:
        raise UsageError(_("“{value}” is too far away.").format(value=text), span_hint(field)) from None
    edge = edge.astimezone(UTC)
    longer = sign.startswith(">") or (sign == "=" and field == "waiting")
    # Longer ago is earlier; what is due in more than that is later.
    return Between(edge, None) if longer == (field == "due") else Between(None, edge)


def _day(text: str, now: datetime, zone: tzinfo | None) -> tuple[datetime, datetime]:
    words = text.casefold()
    if words in ("yesterday", _("yesterday").casefold()):
        day = now.astimezone(zone).date() - timedelta(days=1)
    else:
        day = read_field_day(text, now, zone)
    first = datetime.combine(day, time.min)
    return first, first + timedelta(days=1)


def _month(found: re.Match[str]) -> tuple[datetime, datetime]:
    """First and last midnight of a month or a year. Raises ValueError for one that is none."""
    year, month = int(found[1]), int(found[2] or 1)
    months = 1 if found[2] else 12
    last = year * 12 + month - 1 + months
    first, after = date(year, month, 1), date(last // 12, last % 12 + 1, 1)
    return datetime.combine(first, time.min), datetime.combine(after, time.min)


def cut_sentence() -> str:
    """What to say where only the :data:`NEWEST` messages were looked at."""
    return _("More than {count} messages have these words; only the newest were searched.").format(
        count=f"{NEWEST:,}"
    )


def span_hint(field: str) -> str:
    """How a time is written."""
    if field == "waiting":
        return _("For example: waiting>4h, waiting>2d, waiting>30m.")
    if field == "resolved":
        return _("For example: resolved<7d, resolved:today, resolved>=2026-11-01, resolved:2026-11.")
    return _(
        "For example: {field}<3d, {field}>2w, {field}:today, {field}>=2026-11-01, {field}:2026-11."
    ).format(field=field)
