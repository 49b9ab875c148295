"""When a task is due, as people type it: a day or an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import TaskState
from tui_desk.core.errors import UsageError
from tui_desk.core.words import word
from tui_desk.rules.due import Due, due_text, read_due
from tui_desk.rules.tasks import TRANSITIONS, is_overdue, may_follow, ticked

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 22, 14, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Due()),
        ("fri", Due(on=date(2026, 11, 27))),
        ("today", Due(on=date(2026, 11, 22))),
        ("in 3 days", Due(on=date(2026, 11, 25))),
        ("1 dec", Due(on=date(2026, 12, 1))),
        ("2026-11-01", Due(on=date(2026, 11, 1))),
        ("2026-11-01 9:30", Due(at=datetime(2026, 11, 1, 8, 30, tzinfo=UTC))),
        ("tomorrow 9", Due(at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC))),
        ("in 2h", Due(at=datetime(2026, 11, 22, 16, 0, 30, tzinfo=UTC))),
        ("tonight", Due(at=datetime(2026, 11, 22, 19, 0, tzinfo=UTC))),
    ],
)
def test_due(typed: str, expected: Due) -> None:
    assert read_due(typed, NOW, MADRID) == expected


@pytest.mark.parametrize("typed", ["xx", "2026-13-01", "2026-11-01 25:00", "fri 12 13", "9999-12-31 23:59"])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        read_due(typed, NOW, MADRID)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.none() | st.times())
def test_what_a_form_shows_is_read_again(day: date, at: time | None) -> None:
    if at is None:
        assert read_due(due_text(day, None, MADRID), NOW, MADRID) == Due(on=day)
        return
    day = min(day, date(2036, 1, 1))  # no more than ten years away
    instant = datetime.combine(day, at, UTC).replace(second=0, microsecond=0)
    read = read_due(due_text(None, instant, MADRID), NOW, MADRID)
    assert read.at is not None
    assert due_text(None, read.at, MADRID) == due_text(None, instant, MADRID)


def test_late_is_what_is_open_and_over() -> None:
    assert is_overdue(TaskState.OPEN, date(2026, 11, 21), None, NOW, MADRID)
    assert not is_overdue(TaskState.OPEN, date(2026, 11, 22), None, NOW, MADRID)
    assert not is_overdue(TaskState.DONE, date(2026, 11, 21), None, NOW, MADRID)
    assert is_overdue(TaskState.IN_PROGRESS, None, datetime(2026, 11, 22, 14, tzinfo=UTC), NOW, MADRID)
    assert not is_overdue(TaskState.OPEN, None, None, NOW, MADRID)


def test_every_state_can_be_ticked_and_left() -> None:
    assert set(TRANSITIONS) == set(TaskState)
    for state in TaskState:
        assert may_follow(state, ticked(state))
        assert may_follow(state, state)


def test_the_page_draws_the_states_from_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "work.md").read_text(encoding="utf-8")
    for state, after in TRANSITIONS.items():
        shown = ", ".join(word(one) for one in TaskState if one in after)
        assert f"| {word(state)} | {shown} |" in page
