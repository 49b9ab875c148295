"""How content people were, and their phone numbers, for reading on the command line."""

from __future__ import annotations

from tui_desk.contracts.satisfaction import RatingView, SatisfactionView
from tui_desk.core import rating_words


def rating_text(rating: RatingView) -> str:
    """One survey of a ticket."""
    told = rating_words.rating(rating.word, rating.score)
    return f"{told} “{rating.comment}”" if rating.comment else told


def satisfaction_text(found: SatisfactionView) -> str:
    """The share of good ratings; empty where nobody was asked."""
    return rating_words.summary(found.asked, found.answered, found.share)


def phone_text(shown: str, hint: str) -> str:
    """A phone number, and why it is none."""
    return f"{shown} ({hint})" if hint else shown
