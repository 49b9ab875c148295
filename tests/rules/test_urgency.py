"""What loses most by waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import Priority
from tui_desk.rules.urgency import Facts, ranked, span, urgency

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAIN = Facts(1, Priority.NORMAL, NOW)


def ago(**passed: float) -> datetime:
    return NOW - timedelta(**passed)


def test_the_reason_is_a_sentence() -> None:
    assert urgency(replace(PLAIN, due_at=ago(hours=2), taken=True), NOW).sentence.startswith(
        "overdue for 2 h"
    )
    waits = replace(PLAIN, waits_since=ago(hours=5), vip=True, taken=True)
    assert urgency(waits, NOW).sentence == "VIP waits 5 h for an answer, normal priority"
    critical = replace(PLAIN, priority=Priority.CRITICAL)
    assert urgency(critical, NOW).sentence == "critical, nobody has taken it"
    soon = replace(PLAIN, due_at=NOW + timedelta(minutes=30), taken=True)
    assert urgency(soon, NOW).sentence == "due in 30 min, normal priority"
    assert urgency(replace(PLAIN, priority=Priority.LOW, taken=True), NOW).sentence.startswith(
        "nothing presses"
    )
    assert span(timedelta(seconds=5)) == "1 min"
    assert span(timedelta(hours=47)) == "47 h"
    assert span(timedelta(days=3)) == "3 days"


def test_what_comes_first() -> None:
    """From the top: what one would turn to oneself."""
    order = [
        replace(PLAIN, number=1, priority=Priority.CRITICAL, waits_since=ago(hours=1)),
        replace(PLAIN, number=2, due_at=ago(hours=2), mine=True, taken=True),
        replace(PLAIN, number=3, waits_since=ago(hours=5), vip=True, mine=True, taken=True),
        replace(PLAIN, number=4, waits_since=ago(hours=5), mine=True, taken=True),
        replace(PLAIN, number=5, waits_since=ago(hours=5), my_team=True),
        replace(PLAIN, number=6, waits_since=ago(hours=5), my_team=False),
        replace(PLAIN, number=7, priority=Priority.HIGH),
        replace(PLAIN, number=8),
        replace(PLAIN, number=9, priority=Priority.LOW),
    ]
    assert [facts.number for facts, _urgency in ranked(reversed(order), NOW)] == list(range(1, 10))


moments = st.integers(0, 3_000).map(lambda hours: ago(hours=hours))
tickets = st.builds(
    Facts,
    number=st.integers(1, 100),
    priority=st.sampled_from(Priority),
    updated_at=moments,
    waits_since=st.none() | moments,
    due_at=st.none() | moments | moments.map(lambda at: NOW + (NOW - at)),
    vip=st.booleans(),
    mine=st.booleans(),
    taken=st.booleans(),
    my_team=st.none() | st.booleans(),
)


@given(tickets, st.integers(1, 5_000))
def test_waiting_longer_never_makes_less_urgent(facts: Facts, hours: int) -> None:
    before, later = urgency(facts, NOW), urgency(facts, NOW + timedelta(hours=hours))
    assert later.score >= before.score
    assert before.score == sum(reason.points for reason in before.reasons)
    assert before.sentence


@given(tickets)
def test_a_higher_priority_and_a_vip_never_make_less_urgent(facts: Facts) -> None:
    if facts.priority is not Priority.CRITICAL:
        higher = Priority.from_rank(facts.priority.rank + 1)
        assert urgency(replace(facts, priority=higher), NOW).score >= urgency(facts, NOW).score
    assert urgency(replace(facts, vip=True), NOW).score >= urgency(replace(facts, vip=False), NOW).score
