"""The check of a draft by a colleague before it leaves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import DraftKind
from tui_desk.core.values import dataclass


class ReviewDecision(StrEnum):
    APPROVE = "approve"
    CHANGE = "change"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """``mark``: ``-`` taken away, ``+`` put in, a blank for a line that stayed, ``…`` for some that are left out."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A check that was asked for. All text is safe to show."""

    id: int
    ticket: int
    subject: str
    """Of the ticket."""
    kind: DraftKind | None
    """Of the draft; None where it has left or was thrown away."""
    author: str
    author_login: str
    reviewer: str
    reviewer_login: str
    by_me: bool
    """The acting agent asked for it."""
    for_me: bool
    """The acting agent is to decide it, and may."""
    state: str
    """waiting, waiting_to_leave (it leaves when approved), approved, changed, refused, withdrawn."""
    standing: str
    """What it is worth for the draft of now: waiting, approved, changed (the colleague's text was not taken over yet), refused, outdated
    (the draft was changed since); empty where it was withdrawn or the draft has ended."""
    question: str
    comment: str
    to: str
    text: str
    """The draft as it is now; empty once it has ended."""
    decided_text: str
    """What was asked about, or decided on: of a changed one the colleague's text."""
    changes: tuple[ChangedLine, ...]
    """What the colleague changed; nothing once it was taken over."""
    asked_at: datetime
    decided_at: datetime | None
    base_message_id: int = 0
    cc: str = ""
    bcc: str = ""
    files: tuple[str, ...] = ()
    """The names of what is attached to the draft; those of a forwarded mail are not among them."""

    @property
    def is_open(self) -> bool:
        """Whether it waits to be decided."""
        return self.standing == "waiting"


@dataclass(frozen=True, slots=True)
class AskReview(Request[ReviewView]):
    """Ask a colleague (a login) to check the acting agent's draft of that kind. ``at_once``: it leaves when it is approved, without
    coming back first. One that waits for another colleague is withdrawn."""

    number: int
    kind: DraftKind
    reviewer: str
    question: str = ""
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class DecideReview(Request[ReviewView]):
    """Approve a draft, give it back changed (``text``), or refuse it (``comment`` says why). ``seen`` is the text that was looked at:
    where the draft is another one by now, nothing is decided (None: it is not compared)."""

    id: int
    decision: ReviewDecision
    comment: str = ""
    text: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawReview(Request[ReviewView]):
    """Take the question back."""

    id: int


@dataclass(frozen=True, slots=True)
class TakeOverReview(Request[ReviewView]):
    """The colleague's text becomes the draft. ``seen`` is the draft's text that it was compared with (None: it is not compared)."""

    id: int
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class ListReviews(Request[tuple[ReviewView, ...]]):
    """What waits for the acting agent's check, then what the acting agent asked; ``everything``: what is over, too."""

    everything: bool = False
    limit: int = 200
