"""Approvals decided: the states as data, and what some steps and votes come to. Pure; the clock is passed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

WAITING, APPROVED, REFUSED, CANCELLED, PLANNED = "waiting", "approved", "refused", "cancelled", "planned"
ANY, ALL = "any", "all"
YES, NO = "yes", "no"

APPROVAL_STATES: Final[Mapping[str, frozenset[str]]] = {
    WAITING: frozenset({APPROVED, REFUSED, CANCELLED}),
    APPROVED: frozenset(),
    REFUSED: frozenset(),
    CANCELLED: frozenset(),
}
"""What may follow each state of an approval; what has ended stays so."""

STEP_STATES: Final[Mapping[str, frozenset[str]]] = {
    PLANNED: frozenset({WAITING, CANCELLED}),
    WAITING: frozenset({APPROVED, REFUSED, CANCELLED, PLANNED}),
    APPROVED: frozenset({WAITING, PLANNED}),
    REFUSED: frozenset(),
    CANCELLED: frozenset(),
}
"""The same for a step. Back to waiting or planned only where what is decided was changed: then all is asked anew."""

MOVES: Final = ("start", "continue", "resolve", "close")
"""The moves of a ticket that may wait for an approval."""

REMINDER_BEFORE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StepVotes:
    """One step: ``any`` (one yes is enough) or ``all``, and what each approver said ("" while open)."""

    mode: str
    votes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The state of the approval, and of each step in order."""

    state: str
    steps: tuple[str, ...]


def step_state(step: StepVotes) -> str:
    """What the votes of an open step come to. One no refuses it, in either mode."""
    if NO in step.votes:
        return REFUSED
    yes = sum(vote == YES for vote in step.votes)
    if step.votes and (yes == len(step.votes) or (step.mode == ANY and yes)):
        return APPROVED
    return WAITING


def decide(steps: Sequence[StepVotes]) -> Decision:
    """The steps in order: the first that is not approved is the one that counts, later ones are planned.

    A refused step ends all of it. Votes of a step that is not reached count for nothing. Without steps nothing is approved.
    """
    states: list[str] = []
    for step in steps:
        if states and states[-1] != APPROVED:
            states.append(CANCELLED if REFUSED in states else PLANNED)
        else:
            states.append(step_state(step))
    if REFUSED in states:
        return Decision(REFUSED, tuple(states))
    done = bool(states) and states[-1] == APPROVED
    return Decision(APPROVED if done else WAITING, tuple(states))


def is_away(day: date, from_on: date, until_on: date) -> bool:
    """Whether ``day`` is one of an absence; both its ends are."""
    return from_on <= day <= until_on


def reminder(now: datetime, opened: datetime, due: datetime | None, reminded: datetime | None) -> str:
    """What the clock does about an open step: ``remind`` its approvers once before it is due, tell who asked that it is
    ``overdue`` once after, or nothing.

    Reminded is a day before, or when half of a shorter time has passed.
    """
    if due is None:
        return ""
    if now >= due:
        return "overdue" if reminded is None or reminded < due else ""
    return (
        "remind"
        if reminded is None and now >= max(due - REMINDER_BEFORE, opened + (due - opened) / 2)
        else ""
    )


# Answers by mail


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """All that speaks for or against an answer that came by mail. ``said``: yes, no, or "" where that is not sure."""

    genuine: bool
    """The token is the one of a question of ours."""
    exists: bool
    """The approval is still there."""
    machine: bool
    """A bounce, or written by a program."""
    from_asked: bool
    """Its one author is the address that the question went to."""
    authenticated: bool | None
    """What the mailbox's server found out about the author."""
    proof_needed: bool
    """An author of whom nothing is known does not count."""
    void: bool
    """The question was taken back: what is decided has changed since."""
    waiting: bool
    """The approval and the step are open."""
    answered: bool
    """This approver has decided already."""
    overdue: bool
    may_decide: bool
    """Neither who asked, nor a substitute of somebody who is back."""
    said: str


def refusal(facts: AnswerFacts) -> str:
    """Why an answer does not count, as a word; "" where it does. What speaks about the author goes before all that tells
    something about the approval."""
    reasons = (
        ("machine", facts.machine),
        ("token", not facts.genuine),
        ("address", not facts.from_asked),
        ("unverified", facts.authenticated is False),
        ("unproven", facts.proof_needed and facts.authenticated is not True),
        ("gone", not facts.exists),
        ("altered", facts.void),
        ("again", facts.answered),
        ("closed", not facts.waiting),
        ("barred", not facts.may_decide),
        ("late", facts.overdue),
        ("unsure", facts.said not in (YES, NO)),
    )
    return next((reason for reason, holds in reasons if holds), "")


EXPLAINED: Final = frozenset({"unsure", "again", "closed", "late", "barred"})
"""Reasons that the approver is told by mail, once: the others may be somebody else's doing, or are told by a new question."""
