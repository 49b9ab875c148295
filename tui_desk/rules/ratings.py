"""Ratings decided: which answers to a survey count, and what some of them come to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

GOOD, FAIR, BAD = "good", "fair", "bad"
LATE_AFTER: Final = timedelta(days=60)
"""So long an answer to a survey counts."""


def rating_word(score: int | None) -> str:
    """The word for a score of 1 to 5; empty where there is none."""
    if score is None:
        return ""
    return GOOD if score >= 4 else BAD if score <= 2 else FAIR


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """All that speaks for or against an answer to a survey."""

    machine: bool
    """A bounce, or written by a program."""
    genuine: bool
    """Its code is the one of the survey."""
    from_asked: bool
    """Its one author is the address that was asked."""
    authenticated: bool | None
    """What the mailbox's server found out about the author."""
    proof_needed: bool
    """An author of whom nothing is known does not count."""
    rated: bool
    """It begins with a word of rating."""
    answered: bool
    """This survey was answered before."""
    late: bool


def refusal(facts: RatingFacts) -> str:
    """Why an answer is not counted, as a word; "" where it is. ``unsure``: it is no rating at all, but an ordinary mail."""
    reasons = (
        ("unsure", not facts.rated),
        ("machine", facts.machine),
        ("token", not facts.genuine),
        ("address", not facts.from_asked),
        ("unverified", facts.authenticated is False),
        ("unproven", facts.proof_needed and facts.authenticated is not True),
        ("again", facts.answered),
        ("late", facts.late),
    )
    return next((reason for reason, holds in reasons if holds), "")
