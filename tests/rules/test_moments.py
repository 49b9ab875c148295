"""A moment as people type it: every word is understood or named, the clocks' changes included."""

from __future__ import annotations

import string
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui_desk.core import i18n
from tui_desk.core.errors import UsageError
from tui_desk.rules.moment_words import vocabulary
from tui_desk.rules.moments import read_day, read_moment

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 22, 14, 0, 30, tzinfo=UTC)
"""A Sunday, 15:00:30 in Madrid."""


def read(typed: str, now: datetime = NOW) -> str:
    """The moment as a clock in Madrid shows it."""
    return read_moment(typed, now, MADRID).astimezone(MADRID).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tomorrow 9", "2026-11-23 09:00"),
        ("  Tomorrow   at 9:15 ", "2026-11-23 09:15"),
        ("tomorrow", "2026-11-23 09:00"),
        ("tomorrow morning", "2026-11-23 09:00"),
        ("tomorrow in the afternoon", "2026-11-23 14:00"),
        ("day after tomorrow 7:05", "2026-11-24 07:05"),
        ("today 17", "2026-11-22 17:00"),
        ("tonight", "2026-11-22 20:00"),
        ("eod", "2026-11-22 17:00"),
        ("end of day", "2026-11-22 17:00"),
        ("end of week", "2026-11-27 17:00"),
        ("eow", "2026-11-27 17:00"),
        ("end of month", "2026-11-30 17:00"),
        ("eom", "2026-11-30 17:00"),
        ("fri", "2026-11-27 09:00"),
        ("Friday, 14:30", "2026-11-27 14:30"),
        ("14:30 fri", "2026-11-27 14:30"),
        ("sun 16", "2026-11-22 16:00"),
        ("sun 14", "2026-11-29 14:00"),
        ("next monday", "2026-11-23 09:00"),
        ("next friday 8", "2026-11-27 08:00"),
        ("next week", "2026-11-23 09:00"),
        ("next month 10:00", "2026-12-01 10:00"),
        ("16", "2026-11-22 16:00"),
        ("9", "2026-11-23 09:00"),
        ("9 pm", "2026-11-22 21:00"),
        ("9:30pm", "2026-11-22 21:30"),
        ("12 a.m.", "2026-11-23 00:00"),
        ("noon", "2026-11-23 12:00"),
        ("in 2h", "2026-11-22 17:00"),
        ("30m", "2026-11-22 15:30"),
        ("in 1h30", "2026-11-22 16:30"),
        ("in 1h30m", "2026-11-22 16:30"),
        ("1 h 15 min", "2026-11-22 16:15"),
        ("in 3 days", "2026-11-25 15:00"),
        ("in 3 days at 8", "2026-11-25 08:00"),
        ("in 2 weeks", "2026-12-06 15:00"),
        ("2026-12-01 08:00", "2026-12-01 08:00"),
        ("2026-12-01T08:00", "2026-12-01 08:00"),
        ("2026-12-01T08:00:00", "2026-12-01 08:00"),
        ("2026-12-01T08:00Z", "2026-12-01 09:00"),
        ("2026-12-01 8:00 +02:00", "2026-12-01 07:00"),
        ("2026-12-01", "2026-12-01 09:00"),
        ("1 dec", "2026-12-01 09:00"),
        ("1st of december at 18:00", "2026-12-01 18:00"),
        ("dec 1 8", "2026-12-01 08:00"),
        ("1 dec 2027", "2027-12-01 09:00"),
        ("3 mar", "2027-03-03 09:00"),
        ("29 feb", "2028-02-29 09:00"),
        ("tomorrow 9h", "2026-11-23 09:00"),
        ("tomorrow 9h30", "2026-11-23 09:30"),
    ],
)
def test_moments(typed: str, expected: str) -> None:
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("", "Say when"),
        ("tomorow 9", "tomorow"),
        ("tomorrow 9 please", "please"),
        ("fri 25:00", "25:00"),
        ("fri 9:75", "9:75"),
        ("13 pm", "13 pm"),
        ("31 feb", "02-31"),
        ("2026-13-01", "2026-13-01"),
        ("1/12", "“1/12” can be two different days"),
        ("12/1/27", "two different days"),
        ("1.12.", "two different days"),
        ("today 8", "“today 8” is over"),
        ("2020-01-01", "is over"),
        ("2026-11-22T14:00Z", "is over"),
        ("in 9", "“in” is not understood"),
        ("at", "at"),
        ("mon tue", "“tue”"),
        ("9 10", "“10” names a second hour"),
        ("in 2h at 9", "do not go together"),
        ("tomorrow in 2h", "in"),
        ("2 days monday", "“monday” names a second day"),
        ("in 99999999999999999999 days", "too far away"),
        ("9999-12-31 23:59", "too far away"),  # no local time farther east
        ("2206-12-01 08:00", "too far away"),
        ("2206-12-01T08:00Z", "too far away"),
        ("-5m", "-5m"),
        ("0m", "is over"),
        ("next", "“next”"),
        ("next mo", "“mo”"),
        ("never", "never"),
    ],
)
def test_what_is_not_understood_is_named(typed: str, named: str) -> None:
    with pytest.raises(UsageError) as told:
        read(typed)
    assert named in str(told.value)


@pytest.mark.parametrize("typed", ["fri", "1 dec", "2026-12-01", "in 3d", "tomorrow", "end of month"])
def test_a_day_is_read_where_no_hour_is_named(typed: str) -> None:
    assert read_day(typed, NOW, UTC) == read_moment(typed, NOW, UTC).date()


@pytest.mark.parametrize("typed", ["tomorrow 10", "fri 14:30", "in 2h", "2026-12-01 08:00"])
def test_an_hour_is_no_part_of_a_day_and_not_dropped_in_silence(typed: str) -> None:
    with pytest.raises(UsageError, match="goes by days"):
        read_day(typed, NOW, UTC)


def test_the_clocks_are_changed() -> None:
    """In Madrid 02:00 becomes 03:00 on 28 March 2027, and 03:00 becomes 02:00 on 31 October 2027."""
    spring = datetime(2027, 3, 27, 11, 30, tzinfo=UTC)
    assert read("tomorrow 2:30", spring) == "2027-03-28 03:30"
    assert read_moment("tomorrow 1:59", spring, MADRID) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert read_moment("in 24h", spring, MADRID) == spring + timedelta(hours=24)
    assert read("in 1 day", spring) == "2027-03-28 12:30"
    autumn = datetime(2027, 10, 30, 12, tzinfo=UTC)
    assert read_moment("tomorrow 2:30", autumn, MADRID) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_last_day_of_the_year_and_leap_days() -> None:
    assert read("1 jan", datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == "2027-01-01 09:00"
    assert read("31 dec", datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == "2027-12-31 09:00"
    assert read("29 feb 9", datetime(2028, 2, 29, 12, tzinfo=UTC)) == "2032-02-29 09:00"


def test_the_zone_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import time as system

    monkeypatch.setenv("TZ", "America/New_York")
    system.tzset()
    try:
        assert read_moment("tomorrow 9", NOW) == datetime(2026, 11, 23, 14, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        system.tzset()


SPANISH = {
    "today": "hoy",
    "tomorrow, tmrw, tmw": "mañana",
    "day after tomorrow": "pasado mañana",
    "monday, mon": "lunes, lun",
    "tuesday, tue, tues": "martes, mar",
    "march, mar": "marzo, mar",
    "december, dec": "diciembre, dic",
    "morning": "mañana",
    "next": "próximo, próxima",
    "week": "semana",
    "h, hr, hrs, hour, hours": "h, hora, horas",
    "in": "en, dentro de",
    "in, at, on, the, of, and, this": "en, a, al, la, las, el, los, de, del, por, y, este, esta",
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mañana a las 9", "2026-11-23 09:00"),
        ("manana", "2026-11-23 09:00"),
        ("mañana por la mañana", "2026-11-23 09:00"),
        ("PASADO MAÑANA", "2026-11-24 09:00"),
        ("el lunes 14:30", "2026-11-23 14:30"),
        ("el próximo lunes", "2026-11-23 09:00"),
        ("la próxima semana", "2026-11-23 09:00"),
        ("en 2 horas", "2026-11-22 17:00"),
        ("dentro de 2 horas", "2026-11-22 17:00"),
        ("1 de diciembre de 2027 a las 8", "2027-12-01 08:00"),
        ("mar", "2026-11-24 09:00"),
        ("3 mar", "2027-03-03 09:00"),
        ("tomorrow 9", "2026-11-23 09:00"),
    ],
)
def test_the_words_of_another_language(
    typed: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import gettext

    class Spanish(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return SPANISH.get(message, message)

    monkeypatch.setenv("TUI_DESK_LANG", "test-spanish")
    monkeypatch.setattr(i18n, "catalogue", lambda _language: Spanish())
    assert read(typed) == expected


WORDS = "today tomorrow monday fri next week in 2 9 14:30 h min days dec 1 2027 am at noon 2026-12-01 x , 1/2 9h30".split()
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)), MOMENTS)
def test_whatever_is_typed_is_a_moment_to_come_or_an_error_that_says_why(typed: str, now: datetime) -> None:
    try:
        found = read_moment(typed, now, MADRID)
    except UsageError:
        return
    assert found > now
    assert found.tzinfo is UTC


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=3660)))
def test_what_is_written_exactly_is_read_exactly(now: datetime, ahead: timedelta) -> None:
    at = (now + ahead).replace(second=0, microsecond=0)
    if at > now:
        assert read_moment(at.strftime("%Y-%m-%dT%H:%MZ"), now, MADRID) == at
        assert read_moment(at.astimezone(MADRID).isoformat(timespec="minutes"), now, MADRID) == at


@given(MOMENTS, st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), st.times())
def test_a_weekday_is_within_a_week_and_has_its_name(now: datetime, name: str, at: time) -> None:
    found = read_moment(f"{name} {at:%H:%M}", now, UTC)
    assert now < found <= now + timedelta(days=7)
    assert found.strftime("%a").lower() == name
    assert found.strftime("%H:%M") == at.strftime("%H:%M")


@given(st.text(string.ascii_lowercase, min_size=6, max_size=20))
def test_a_word_that_is_not_known_is_named(word: str) -> None:
    assume(word not in vocabulary())
    with pytest.raises(UsageError, match=f"“{word}”"):
        read_moment(f"tomorrow {word}", NOW, MADRID)
