"""How content people were, and their phone numbers, as records show them."""

from __future__ import annotations

from tui_desk.contracts.satisfaction import RatingView, SatisfactionView
from tui_desk.core import rating_words
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import Part

_COLOURS = {"good": "$text-success", "fair": "$text-warning", "bad": "$text-error"}
_COMMENT = 200


def rating_line(rating: RatingView) -> Part:
    """One survey of a ticket."""
    text = rating_words.rating(rating.word, rating.score)
    if rating.comment:
        text += f"  “{safe_line(rating.comment, _COMMENT)}”"
    return (text, _COLOURS.get(rating.word, "$muted"))


def satisfaction_lines(found: SatisfactionView) -> str:
    """The share of good ratings, then the newest answers; empty where nobody was asked."""
    lines = [rating_words.summary(found.asked, found.answered, found.share)]
    for one in found.latest:
        said = f"  “{safe_line(one.comment, _COMMENT)}”" if one.comment else ""
        lines.append(f"#{one.ticket} {rating_words.rating(one.word, one.score)}{said}")
    return "\n".join(filter(None, lines))


def phone_line(shown: str, hint: str) -> str:
    """A phone number, and why it is none."""
    return f"{shown}  ({hint})" if hint else shown
