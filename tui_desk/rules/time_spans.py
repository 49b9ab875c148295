"""Time worked, as people type it: "1h30", "90m", "1.5h", "9:15-10:40", with "yesterday", "mon" or a date. Pure.

Every word must be understood: what is left over is an error that names it, never a guess.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.moment_words import folded, vocabulary
from tui_desk.rules.moments import to_utc

DAY_MINUTES = 24 * 60
"""An entry is at most as long as a day."""

_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?h?"
_SPAN = re.compile(rf"{_CLOCK} ?(?:-|–|—| to | a ) ?{_CLOCK}", re.ASCII)
_AMOUNTS = (
    re.compile(r"(?P<h>\d{1,4}):(?P<m>\d{2})", re.ASCII),
    re.compile(
        r"(?P<h>\d{1,4}) ?(?:h|hr|hrs|hour|hours|hora|horas) ?(?:(?P<m>\d{1,2}) ?(?:m|min|mins)?)?", re.ASCII
    ),
    re.compile(r"(?P<m>\d{1,6}) ?(?:m|min|mins|minute|minutes|minuto|minutos)", re.ASCII),
    re.compile(r"(?P<d>\d{1,4}[.,]\d{1,4}) ?(?:h|hr|hrs|hour|hours|hora|horas)", re.ASCII),
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


class Span(NamedTuple):
    """Whole minutes on one day of the reader's calendar; ``began_at`` (UTC) where the hours were named."""

    minutes: int
    day: date
    began_at: datetime | None = None


def read_span(typed: str, now: datetime, zone: tzinfo | None = None, day: date | None = None) -> Span:
    """What ``typed`` means where it was typed (``zone`` None: the system's).

    Without a day it is ``day`` (None: today). A span that ends before it begins goes past midnight and belongs to the day it
    begins on. Raises UsageError: not understood, zero, more than 24 hours, a day that is still to come.
    """
    text = folded(" ".join(typed.split()))
    today = now.astimezone(zone).date()
    rest, named = _without_day(text, today)
    if named is not None and named > today:
        raise UsageError(_("{day} is still to come.").format(day=named.isoformat()), _hint())
    if not rest:
        raise UsageError(
            _("Say how long: {typed} names only a day.").format(typed=typed.strip())
            if text
            else _("Say how long."),
            _hint(),
        )
    worked_on = named or day or today
    span = _SPAN.fullmatch(rest)
    if span is not None:
        begin, end = _clock(span[1], span[2]), _clock(span[3], span[4])
        try:
            began_at = to_utc(datetime.combine(worked_on, begin), zone)
            last = worked_on if end >= begin else worked_on + timedelta(days=1)
            ended_at = to_utc(datetime.combine(last, end), zone)
        except OverflowError:
            raise UsageError(_("There is no {day}.").format(day=worked_on.isoformat()), _hint()) from None
        return Span(checked_minutes(int((ended_at - began_at).total_seconds()) // 60), worked_on, began_at)
    return Span(checked_minutes(_amount(rest)), worked_on)


def read_day(typed: str, now: datetime, zone: tzinfo | None = None) -> date:
    """A day as people type it ("yesterday", "mon", "2 mar", "2026-03-02"): the last one of its name. Raises UsageError."""
    text = folded(" ".join(typed.split()))
    found = _day(text, now.astimezone(zone).date())
    if found is None:
        raise UsageError(
            _("“{word}” is no day.").format(word=typed.strip()),
            _("For example: yesterday, mon, 2 mar, 2026-03-02."),
        )
    return found


def checked_minutes(minutes: int) -> int:
    """``minutes`` as an entry may have them. Raises UsageError."""
    if minutes <= 0:
        raise UsageError(_("An entry needs at least one minute."), _hint())
    if minutes > DAY_MINUTES:
        raise UsageError(_("More than 24 hours are no work of one day."), _hint())
    return minutes


def duration_text(minutes: int) -> str:
    """``95`` as ``1h35``, ``60`` as ``1h``, ``20`` as ``20m``: read again by :func:`read_span`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}m"
    return f"{hours}h{rest:02}" if rest else f"{hours}h"


def _hint() -> str:
    return _("For example: 1h30, 90m, 1.5h, 9:15-10:40, yesterday 45m, mon 2h.")


def _without_day(text: str, today: date) -> tuple[str, date | None]:
    """The text without the words of a day at its beginning or end, and that day."""
    words = text.split(" ")
    for size in (3, 2, 1):
        for rest, part in ((words[size:], words[:size]), (words[:-size], words[-size:])):
            if len(part) == size and (day := _day(" ".join(part).strip(","), today)) is not None:
                return " ".join(rest).strip(", "), day
    return text, None


def _day(phrase: str, today: date) -> date | None:
    """The day that a phrase names: the last one of its name that is not still to come."""
    if _DATE.fullmatch(phrase):
        try:
            return date.fromisoformat(phrase)
        except ValueError:
            raise UsageError(_("There is no {day}.").format(day=phrase), _hint()) from None
    if phrase in ("yesterday", folded(_("yesterday"))):
        return today - timedelta(days=1)
    if phrase in ("day before yesterday", folded(_("day before yesterday"))):
        return today - timedelta(days=2)
    for meaning in vocabulary().get(phrase, ()):
        if meaning.kind == "day":
            return today + timedelta(days=meaning.value)
        if meaning.kind == "weekday":
            return today - timedelta(days=(today.weekday() - meaning.value) % 7)
    return _day_of_month(phrase, today)


def _day_of_month(phrase: str, today: date) -> date | None:
    """ "2 mar", "mar 2", with the year it had last."""
    words = [word for word in phrase.split(" ") if word not in ("de", "of")]
    if len(words) != 2:
        return None
    for number, name in (words, words[::-1]):
        month = next((one.value for one in vocabulary().get(name, ()) if one.kind == "month"), 0)
        if month and _NUMBER.fullmatch(number) and len(number) <= 2:
            for year in range(today.year, today.year - 8, -1):
                try:
                    found = date(year, month, int(number))
                except ValueError:
                    continue
                if found <= today:
                    return found
            raise UsageError(_("There is no {day}.").format(day=phrase), _hint())
    return None


def _clock(hour: str, minute: str | None) -> time:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        shown = hour if minute is None else f"{hour}:{minute}"
        raise UsageError(_("“{word}” is no time of the day.").format(word=shown), _hint()) from None


def _amount(text: str) -> int:
    """Minutes."""
    for pattern in _AMOUNTS:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        parts = found.groupdict()
        if parts.get("d"):
            minutes = Decimal(parts["d"].replace(",", ".")) * 60
            return int(minutes.quantize(Decimal(1), rounding="ROUND_HALF_UP"))
        over = int(parts.get("m") or 0)
        if parts.get("h") and over > 59:
            break
        return int(parts.get("h") or 0) * 60 + over
    if _NUMBER.fullmatch(text):
        raise UsageError(
            _("“{word}” can be hours or minutes: write {word}h or {word}m.").format(word=text), _hint()
        )
    raise UsageError(_("“{word}” is not understood as time worked.").format(word=text), _hint())
