"""How content people were: ratings that they gave by answering a mail."""

from __future__ import annotations

from datetime import datetime

from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class RatingView:
    """A survey that was sent, and its answer. ``score``: 1 (bad) to 5 (good), None while there is none."""

    ticket: int
    person: str
    asked_at: datetime
    score: int | None
    word: str
    """good, fair or bad; empty while there is none."""
    comment: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SatisfactionView:
    """What the ratings of a person or an organisation come to."""

    asked: int = 0
    answered: int = 0
    good: int = 0
    bad: int = 0
    latest: tuple[RatingView, ...] = ()
    """The newest answers."""

    @property
    def share(self) -> int | None:
        """Good ones, in per cent of the answers; None without any."""
        return round(100 * self.good / self.answered) if self.answered else None


NO_RATINGS = SatisfactionView()
"""Of somebody who was never asked."""
