"""A moment as people type it: "tomorrow 9", "fri 14:30", "in 2h", "1 dec", "2026-12-01 08:00". Pure: clock and zone are passed in.

Every word must be understood: what is left over is an error that names it, never a guess. Local words (translations) and the
English ones are both read, whatever their accents.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.moment_words import Meaning, folded, vocabulary

DAY_START = time(9)
"""The hour of a day that is named without one."""

_LAST_MINUTE = time(23, 59)
_DAY_END = time(17)
"""The hour at which a day, a week and a month of work end."""
_FRIDAY = 4

FARTHEST = timedelta(days=3660)
"""What is farther away is a slip of the finger; and a day at the end of the calendar has no local time in every zone."""

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[t ](\d{1,2}:\d{2}(?::\d{2})?)\s*(z|[+-]\d{2}:?\d{2})", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2}(?!\d))t?|(?P<clock>\d{1,2}[:h]\d{2}(?::\d{2})?)(?![\d:])"
    r"|(?P<number>\d+)(?!\d)(?:(?:st|nd|rd|th|o|a)(?![^\W\d_]))?(?![./-]\d)"
    r"|(?P<word>[^\W\d_]+)|(?P<gap>[\s,@]+)|(?P<other>\S+)"
)
_TWO_NUMBERS = re.compile(r"\d+[./-]\d+(?:[./-]\d*)?")
_HALF_OF_DAY = re.compile(r"\b([ap])\.\s?m\b\.?")


@dataclass
class _Found:
    """What was understood so far. ``day`` and ``at`` at most once each."""

    day: date | None = None
    weekday: bool = False
    """``day`` is the next of its name: a week later where it is over already."""
    undated: bool = False
    """``day`` was given without a year: a year later where it is over already."""
    at: time | None = None
    amount: timedelta | None = None
    days: int = 0
    """Calendar days of an amount: the hour of the day stays the same across a change of the clocks."""
    within: str = ""
    """The word that said that an amount follows."""
    fillers: list[str] = field(default_factory=list)


def read_moment(
    typed: str, now: datetime, zone: tzinfo | None = None, day_start: time = DAY_START
) -> datetime:
    """The moment that ``typed`` names, in UTC, always after ``now`` (aware).

    It is no more than FARTHEST away. ``zone`` is where it was typed (None: the system's). An hour that the clocks leave out is
    the one they show instead, one that they show twice is the first. Raises UsageError, naming what was not understood.
    """
    text = typed.strip()
    if not text:
        raise UsageError(_("Say when."), _hint())
    try:
        exact = _ISO.fullmatch(text)
        at = _exact(exact, text) if exact else _Reader(text, now, zone).moment(day_start)
    except OverflowError:
        at = datetime.max.replace(tzinfo=UTC)
    if at <= now:
        raise UsageError(_("“{typed}” is over.").format(typed=text), _hint())
    return not_too_far(at, now, text)


def read_day(typed: str, now: datetime, zone: tzinfo | None = None) -> date:
    """The day that ``typed`` names, where ``zone`` is, as :func:`read_moment` reads it. Raises UsageError, for an hour in figures too."""
    at = read_moment(typed, now, zone)
    local = at.astimezone(zone)
    # What depends on the hour at which a day begins names none; an amount of days keeps the hour of now.
    if (
        any(sign.isdigit() for sign in typed)
        and at == read_moment(typed, now, zone, _LAST_MINUTE)
        and local.time() != now.astimezone(zone).time().replace(microsecond=0)
    ):
        raise UsageError(_("This goes by days: an hour is not kept."))
    return local.date()


def not_too_far(at: datetime, now: datetime, typed: str) -> datetime:
    """``at``, where it is no more than FARTHEST away; else raises UsageError."""
    if at - now > FARTHEST:
        raise UsageError(_("“{typed}” is too far away.").format(typed=typed), _hint())
    return at


def _hint() -> str:
    return _("For example: tomorrow 9, fri 14:30, in 2h, 1 dec, 2026-12-01 08:00.")


def _unknown(word: str) -> UsageError:
    if _TWO_NUMBERS.fullmatch(word):
        return UsageError(
            _("“{word}” can be two different days.").format(word=word),
            _("Name the month, 1 dec, or write 2026-12-01."),
        )
    return UsageError(_("“{word}” is not understood as a time.").format(word=word), _hint())


def _exact(found: re.Match[str], text: str) -> datetime:
    """RFC 3339 with its zone."""
    try:
        written = f"{found[1]}T{found[2]:0>5}{found[3].upper()}"
        return datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        raise _unknown(text) from None


def to_utc(local: datetime, zone: tzinfo | None) -> datetime:
    """A naive local time as an instant (PEP 495: in a gap as the clocks before it would have shown it, in a fold the first)."""
    aware = local if zone is None else local.replace(tzinfo=zone)
    return aware.astimezone(UTC)


class _Reader:
    """One text, token by token."""

    def __init__(self, text: str, now: datetime, zone: tzinfo | None) -> None:
        self.now, self.zone = now, zone
        self.today = now.astimezone(zone).date()
        self.words = vocabulary()
        self.tokens = [
            each
            for each in _TOKEN.finditer(_HALF_OF_DAY.sub(r"\1m", folded(text)))
            if each.lastgroup != "gap"
        ]
        self.position = 0
        self.found = _Found()

    def moment(self, day_start: time) -> datetime:
        while self.position < len(self.tokens):
            if not (self._amount() or self._number() or self._phrase()):
                behind = self._at(1) if self._meaning(0, "next") else None  # "next mo": that word is at fault
                raise _unknown((behind or self.tokens[self.position])[0])
        found = self.found
        if found.within and found.amount is None:
            raise _unknown(f"{found.within} {' '.join(found.fillers)}".strip())
        if found.amount is not None and found.at is None and found.days == 0:
            return self.now.astimezone(UTC).replace(microsecond=0) + found.amount
        if found.amount is not None:
            return self._counted(found.amount)
        if found.day is None and found.at is None:
            raise _unknown(" ".join(found.fillers))
        if found.day is None:
            assert found.at is not None
            at = self._utc(self.today, found.at)
            return at if at > self.now else self._utc(self.today + timedelta(days=1), found.at)
        return self._on_day(found.day, found.at or day_start)

    def _utc(self, day: date, at: time) -> datetime:
        return to_utc(datetime.combine(day, at), self.zone)

    def _counted(self, amount: timedelta) -> datetime:
        """Days are counted on the calendar, hours on the clock."""
        local = self.now.astimezone(self.zone).replace(tzinfo=None, microsecond=0)
        day = local.date() + timedelta(days=self.found.days)
        if self.found.at is not None:
            if amount:
                raise UsageError(_("An hour of the day and a number of hours do not go together."), _hint())
            return self._utc(day, self.found.at)
        return self._utc(day, local.time()) + amount

    def _on_day(self, day: date, at: time) -> datetime:
        found = self._utc(day, at)
        if found <= self.now and self.found.weekday:
            return self._utc(day + timedelta(days=7), at)
        if found <= self.now and self.found.undated:
            return self._utc(_in_year_from(day.year + 1, day.month, day.day), at)
        return found

    # -- tokens ------------------------------------------------------------------------------------------------------
    def _at(self, offset: int) -> re.Match[str] | None:
        place = self.position + offset
        return self.tokens[place] if place < len(self.tokens) else None

    def _meaning(self, offset: int, kind: str) -> Meaning | None:
        token = self._at(offset)
        if token is None or token.lastgroup != "word":
            return None
        return next((one for one in self.words.get(token[0], ()) if one.kind == kind), None)

    def _amount(self) -> bool:
        """A number and a unit, where nothing but amounts (and an hour) is named: "in 2h 30m", "3 days", but "tomorrow 9h"."""
        token, unit = self._at(0), self._meaning(1, "unit")
        if token is None or token.lastgroup != "number" or unit is None or self.found.day is not None:
            return False
        count = int(token["number"]) if len(token["number"]) <= 6 else 10**9
        if unit.value >= 1440:
            self.found.days += count * (unit.value // 1440)
            self.found.amount = self.found.amount or timedelta()
        else:
            self.found.amount = (self.found.amount or timedelta()) + timedelta(minutes=count * unit.value)
        self.position += 2
        return True

    def _number(self) -> bool:
        token = self._at(0)
        assert token is not None
        if token.lastgroup == "date":
            self._set_day(_iso_day(token["date"]), token[0])
            self.position += 1
            return True
        if token.lastgroup == "clock":
            hour, minute = (int(part) for part in re.split("[:h]", token["clock"])[:2])
            self.position += 1
            if self.found.within and "h" in token["clock"]:  # "in 1h30"
                self.found.amount = timedelta(hours=hour, minutes=minute)
                self.position += 1 if self._meaning(0, "unit") == Meaning("unit", 1) else 0
            else:
                self._set_clock(hour, minute, token[0])
            return True
        if token.lastgroup != "number":
            return False
        return self._day_of_month() or self._hour(token)

    def _day_of_month(self) -> bool:
        """ "1 dec", "1 de diciembre de 2027"."""
        token = self._at(0)
        assert token is not None
        step = 1
        while self._meaning(step, "filler"):
            step += 1
        month = self._meaning(step, "month")
        if month is None:
            return False
        self.position += step + 1
        self._set_date(month.value, int(token["number"]), token[0])
        return True

    def _set_date(self, month: int, day: int, shown: str) -> None:
        """A day of a month, with the year where one follows."""
        step = 0
        while self._meaning(step, "filler"):
            step += 1
        year = self._at(step)
        if year is not None and year.lastgroup == "number" and len(year["number"]) == 4:
            self.position += step + 1
            self._set_day(_dated(int(year["number"]), month, day), shown)
            return
        self.found.undated = True
        self._set_day(_in_year_from(self.today.year, month, day), shown)

    def _hour(self, token: re.Match[str]) -> bool:
        hour = int(token["number"]) if len(token["number"]) <= 2 else 99
        self.position += 1
        unit = self._meaning(0, "unit")
        if unit is not None and unit.value == 60 and self.found.day is not None:
            self.position += 1  # "tomorrow 9h"
        self._set_clock(hour, 0, token[0])
        return True

    def _set_clock(self, hour: int, minute: int, shown: str) -> None:
        half = self._meaning(0, "half")
        if half is not None:
            self.position += 1
            if not 1 <= hour <= 12:
                raise _unknown(f"{shown} {self.tokens[self.position - 1][0]}")
            hour = hour % 12 + half.value
        if hour > 23 or minute > 59:
            raise UsageError(_("“{word}” is no time of the day.").format(word=shown), _hint())
        self._set_time(time(hour, minute), shown)

    # -- words -------------------------------------------------------------------------------------------------------
    def _phrase(self) -> bool:
        """The longest run of words that means something here."""
        for length in (3, 2, 1):
            run = [self._at(offset) for offset in range(length)]
            if any(each is None or each.lastgroup != "word" for each in run):
                continue
            phrase = " ".join(each[0] for each in run if each is not None)
            for meaning in self.words.get(phrase, ()):
                if self._takes(meaning, phrase, length):
                    return True
        return False

    def _takes(self, meaning: Meaning, phrase: str, length: int) -> bool:
        """Whether ``meaning`` fits here; then it is taken."""
        found, kind = self.found, meaning.kind
        fresh = found.day is None
        if kind == "filler":
            found.fillers.append(phrase)
            self.position += length
        elif kind == "within" and self._is_amount(length):
            found.within = phrase
            self.position += length
        elif kind == "day" and fresh:
            self.position += length
            self._set_day(self.today + timedelta(days=meaning.value), phrase)
        elif kind == "evening" and fresh:
            self.position += length
            self._set_day(self.today, phrase)
            self._set_time(time(meaning.value), phrase)
        elif kind == "end" and fresh:
            self.position += length
            self._set_day(self._end_of(meaning.value), phrase)
            self._set_time(_DAY_END, phrase)
        elif kind == "weekday" and fresh:
            self.position += length
            found.weekday = True
            self._set_day(self.today + timedelta(days=(meaning.value - self.today.weekday()) % 7), phrase)
        elif kind == "next" and fresh:
            return self._next(length)
        elif kind == "month" and fresh:
            return self._month_first(meaning, length)
        elif kind == "hour" and found.at is None:
            self.position += length
            self._set_time(time(meaning.value), phrase)
        else:
            return False
        return True

    def _end_of(self, span: int) -> date:
        """The last working day of the week, where it is not over (else of the next); the last day of the month."""
        if span == 7:
            self.found.weekday = True
            return self.today + timedelta(days=(_FRIDAY - self.today.weekday()) % 7)
        return self.today.replace(day=monthrange(self.today.year, self.today.month)[1])

    def _is_amount(self, offset: int) -> bool:
        token = self._at(offset)
        return token is not None and token.lastgroup in ("number", "clock")

    def _next(self, length: int) -> bool:
        """ "next monday" is the one of the next week (weeks begin on Monday), "next week" its Monday."""
        monday = self.today + timedelta(days=7 - self.today.weekday())
        weekday, span = self._meaning(length, "weekday"), self._meaning(length, "span")
        if weekday is not None:
            day = monday + timedelta(days=weekday.value)
        elif span is not None and span.value == 7:
            day = monday
        elif span is not None:
            day = (self.today.replace(day=1) + timedelta(days=32)).replace(day=1)
        else:
            return False
        shown = " ".join(token[0] for token in self.tokens[self.position : self.position + length + 1])
        self.position += length + 1
        self._set_day(day, shown)
        return True

    def _month_first(self, meaning: Meaning, length: int) -> bool:
        """ "dec 1"."""
        token = self._at(length)
        if token is None or token.lastgroup != "number" or len(token["number"]) > 2:
            return False
        shown = f"{self.tokens[self.position][0]} {token[0]}"
        self.position += length + 1
        self._set_date(meaning.value, int(token["number"]), shown)
        return True

    def _set_day(self, day: date, shown: str) -> None:
        if self.found.day is not None or self.found.amount is not None:
            raise UsageError(_("“{word}” names a second day.").format(word=shown), _hint())
        self.found.day = day

    def _set_time(self, at: time, shown: str) -> None:
        if self.found.at is not None:
            raise UsageError(_("“{word}” names a second hour.").format(word=shown), _hint())
        self.found.at = at


def _in_year_from(year: int, month: int, day: int) -> date:
    """That day of ``year``; 29 February in the next leap year."""
    while (month, day) == (2, 29) and not isleap(year):
        year += 1
    return _dated(year, month, day)


def _iso_day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    return _dated(year, month, day, text)


def _dated(year: int, month: int, day: int, shown: str = "") -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UsageError(
            _("There is no {day}.").format(day=shown or f"{year:04}-{month:02}-{day:02}"), _hint()
        ) from None
