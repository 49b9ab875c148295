"""The words of moments and amounts of time: those of the interface's language and the English ones, folded."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from tui_desk.core.i18n import _, once_per_language


class Meaning(NamedTuple):
    """What a word stands for. ``kind``: day (days from today), evening (an hour of today), weekday (0: Monday), month, unit
    (minutes), span (7: week, 30: month), end (of a span), next, hour (of the day), half (0: before noon, 12: after),
    within (an amount follows), filler."""

    kind: str
    value: int = 0


def folded(text: str) -> str:
    """Small letters without accents, so that "Miércoles" and "miercoles" are the same word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _meanings() -> tuple[tuple[Meaning, str, str], ...]:
    """Meaning, its English words, and its words in the interface's language; several are separated by commas."""
    days = (
        ("today", _("today")),
        ("tomorrow, tmrw, tmw", _("tomorrow, tmrw, tmw")),
        ("day after tomorrow", _("day after tomorrow")),
    )
    weekdays = (
        ("monday, mon", _("monday, mon")),
        ("tuesday, tue, tues", _("tuesday, tue, tues")),
        ("wednesday, wed", _("wednesday, wed")),
        ("thursday, thu, thur, thurs", _("thursday, thu, thur, thurs")),
        ("friday, fri", _("friday, fri")),
        ("saturday, sat", _("saturday, sat")),
        ("sunday, sun", _("sunday, sun")),
    )
    months = (
        ("january, jan", _("january, jan")),
        ("february, feb", _("february, feb")),
        ("march, mar", _("march, mar")),
        ("april, apr", _("april, apr")),
        ("may", _("may")),
        ("june, jun", _("june, jun")),
        ("july, jul", _("july, jul")),
        ("august, aug", _("august, aug")),
        ("september, sep, sept", _("september, sep, sept")),
        ("october, oct", _("october, oct")),
        ("november, nov", _("november, nov")),
        ("december, dec", _("december, dec")),
    )
    return (
        *((Meaning("day", ahead), *words) for ahead, words in enumerate(days)),
        *((Meaning("weekday", number), *words) for number, words in enumerate(weekdays)),
        *((Meaning("month", number), *words) for number, words in enumerate(months, start=1)),
        (Meaning("evening", 20), "tonight", _("tonight")),
        (Meaning("evening", 17), "end of day, eod", _("end of day, eod")),
        (Meaning("end", 7), "end of week, eow", _("end of week, eow")),
        (Meaning("end", 30), "end of month, eom", _("end of month, eom")),
        (Meaning("unit", 1), "m, min, mins, minute, minutes", _("m, min, mins, minute, minutes")),
        (Meaning("unit", 60), "h, hr, hrs, hour, hours", _("h, hr, hrs, hour, hours")),
        (Meaning("unit", 1440), "d, day, days", _("d, day, days")),
        (Meaning("unit", 10080), "w, week, weeks", _("w, week, weeks")),
        (Meaning("span", 7), "week", _("week")),
        (Meaning("span", 30), "month", _("month")),
        (Meaning("next"), "next", _("next")),
        (Meaning("hour", 9), "morning", _("morning")),
        (Meaning("hour", 12), "noon", _("noon")),
        (Meaning("hour", 14), "afternoon", _("afternoon")),
        (Meaning("hour", 18), "evening", _("evening")),
        (Meaning("half", 0), "am", _("am")),
        (Meaning("half", 12), "pm", _("pm")),
        (Meaning("within"), "in", _("in")),
        (Meaning("filler"), "in, at, on, the, of, and, this", _("in, at, on, the, of, and, this")),
    )


@once_per_language
def vocabulary() -> dict[str, tuple[Meaning, ...]]:
    """Word or phrase → what it may mean; the interface's language comes first."""
    found: dict[str, list[Meaning]] = {}
    table = _meanings()
    for local in (True, False):
        for meaning, english, translated in table:
            for word in (translated if local else english).split(","):
                meanings = found.setdefault(folded(word.strip()), [])
                if meaning not in meanings:
                    meanings.append(meaning)
    return {word: tuple(meanings) for word, meanings in found.items()}
