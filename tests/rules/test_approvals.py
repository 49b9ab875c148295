"""What steps and votes come to, as properties; and the state tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui_desk.rules import approvals as rules
from tui_desk.rules.approvals import StepVotes, decide, refusal, reminder

VOTES = st.lists(st.sampled_from(["", "yes", "no"]), min_size=1, max_size=5)
STEPS = st.lists(
    st.builds(lambda mode, votes: StepVotes(mode, tuple(votes)), st.sampled_from(["any", "all"]), VOTES),
    max_size=5,
)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@given(STEPS)
def test_exactly_one_step_is_open_while_it_waits(steps: list[StepVotes]) -> None:
    decision = decide(steps)
    assert len(decision.steps) == len(steps)
    open_ones = [state for state in decision.steps if state == "waiting"]
    assert len(open_ones) == (1 if decision.state == "waiting" and steps else 0)
    assert decision.state in rules.APPROVAL_STATES
    assert all(state in rules.STEP_STATES for state in decision.steps)


@given(STEPS)
def test_order_holds(steps: list[StepVotes]) -> None:
    """Approved ones first, then at most one that waits or is refused, then those that are not reached."""
    rank = {"approved": 0, "waiting": 1, "refused": 1, "planned": 2, "cancelled": 2}
    ranks = [rank[state] for state in decide(steps).steps]
    assert ranks == sorted(ranks)
    assert ranks.count(1) <= 1


@given(STEPS)
def test_approved_only_with_a_yes_in_every_step_and_no_no(steps: list[StepVotes]) -> None:
    if decide(steps).state == "approved":
        assert steps
        for step in steps:
            assert "no" not in step.votes
            assert step.votes.count("yes") == len(step.votes) or (step.mode == "any" and "yes" in step.votes)


@given(STEPS, st.data())
def test_a_no_to_the_open_step_ends_it(steps: list[StepVotes], data: st.DataObject) -> None:
    decision = decide(steps)
    if decision.state != "waiting" or not steps:
        return
    at = decision.steps.index("waiting")
    votes = list(steps[at].votes)
    votes[data.draw(st.integers(0, len(votes) - 1))] = "no"
    assert decide([*steps[:at], StepVotes(steps[at].mode, tuple(votes)), *steps[at + 1 :]]).state == "refused"


@given(STEPS)
def test_votes_of_steps_not_reached_count_for_nothing(steps: list[StepVotes]) -> None:
    decision = decide(steps)
    cleared = [
        StepVotes(step.mode, ("",) * len(step.votes)) if state in ("planned", "cancelled") else step
        for step, state in zip(steps, decision.steps, strict=True)
    ]
    assert decide(cleared) == decision


@given(VOTES, st.sampled_from(["any", "all"]))
def test_answers_may_come_in_any_order(votes: list[str], mode: str) -> None:
    assert {
        decide([StepVotes(mode, tuple(order))]).state for order in (votes, votes[::-1], sorted(votes))
    } == {decide([StepVotes(mode, tuple(votes))]).state}


FACTS = st.builds(
    rules.AnswerFacts,
    *(st.booleans() for _ in range(4)),
    st.sampled_from([True, False, None]),
    *(st.booleans() for _ in range(6)),
    st.sampled_from(["yes", "no", ""]),
)


@given(FACTS)
def test_an_answer_counts_only_where_everything_holds(facts: rules.AnswerFacts) -> None:
    if refusal(facts):
        return
    assert facts.genuine
    assert facts.exists
    assert facts.from_asked
    assert facts.waiting
    assert facts.may_decide
    assert facts.authenticated is not False
    assert facts.authenticated or not facts.proof_needed
    assert not any((facts.machine, facts.void, facts.answered, facts.overdue))
    assert facts.said in ("yes", "no")


@given(FACTS)
def test_nobody_is_told_anything_unless_the_author_is_sure(facts: rules.AnswerFacts) -> None:
    if refusal(facts) in rules.EXPLAINED:
        assert facts.genuine
        assert facts.from_asked
        assert not facts.machine
        assert facts.authenticated is not False


def test_reminders() -> None:
    due = NOW + timedelta(days=4)
    assert reminder(NOW, NOW, None, None) == ""
    assert reminder(due - timedelta(days=1, seconds=1), NOW, due, None) == ""
    assert reminder(due - timedelta(days=1), NOW, due, None) == "remind"
    assert reminder(due - timedelta(hours=1), NOW, due, due - timedelta(days=1)) == ""
    assert reminder(due, NOW, due, due - timedelta(days=1)) == "overdue"
    assert reminder(due + timedelta(days=9), NOW, due, due) == ""
    short = NOW + timedelta(hours=6)
    assert reminder(NOW + timedelta(hours=2), NOW, short, None) == ""
    assert reminder(NOW + timedelta(hours=3), NOW, short, None) == "remind"


def test_what_has_ended_stays_so() -> None:
    for state, following in rules.APPROVAL_STATES.items():
        assert (state == "waiting") == bool(following)
        assert following <= set(rules.APPROVAL_STATES)
    assert all(following <= set(rules.STEP_STATES) for following in rules.STEP_STATES.values())


def test_the_documentation_has_the_tables() -> None:
    text = (Path(__file__).parents[2] / "docs" / "work.md").read_text()
    for table in (rules.APPROVAL_STATES, rules.STEP_STATES):
        rows = "\n".join(
            f"| {state} | {', '.join(sorted(following)) or '–'} |" for state, following in table.items()
        )
        assert rows in text
