"""One change of many tickets: what it would do, doing it, taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from typing import Any, Literal

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.macros import MacroPreview
from tui_desk.core.values import dataclass

MOST = 2_000
"""Tickets that one request changes."""

Watch = Callable[[int, int], bool]
"""Called after each transaction with how many are done of how many; False: go no further. Comes from the thread that works."""
Effect = Literal["changed", "unchanged", "refused", "repeated"]
"""What becomes of a ticket. ``repeated``: this very request has changed it already, and does not do so again."""


@dataclass(frozen=True, slots=True)
class MergeInto:
    """The marked tickets go into ``target``; it may be one of them."""

    target: int


@dataclass(frozen=True, slots=True)
class ReplyToEach:
    """An answer of its own to the requester of each ticket. ``body`` may hold variables (``rules.text_variables``).

    ``status_after`` and ``despite`` as in ``SendReply``. ``now`` leaves no time to stop it. ``confirmed`` names findings of the send guard
    that were seen (only ``attachment_missing`` is a matter of the text: the others are one ticket's, which is then left alone).
    """

    body: str
    status_after: str = ""
    despite: str = ""
    now: bool = False
    confirmed: tuple[str, ...] = ()


BulkChange = Request[Any] | MergeInto | ReplyToEach
"""What is done to each: the request for one ticket (``SetFields``, ``TakeTicket``, ``ChangeTags``, ``MarkSpam`` …) whose ``number`` is
replaced by each one's, or one of the above."""


@dataclass(frozen=True, slots=True)
class Target:
    """A ticket that is meant. ``version``: as it was when somebody looked at it; changed since, it is left alone. None: whatever it is."""

    number: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What becomes of one ticket. Text is safe to show."""

    number: int
    subject: str
    effect: Effect
    sentence: str
    """What changes, or why nothing does."""
    version: int = 0
    """The ticket's as it was looked at."""
    to: str = ""
    """Of a mail: to whom."""
    text: str = ""
    """Of a reply: what they read, without the signature."""
    passable: bool = False
    """It is refused because something is open there, and a reason (``despite``) would lift that."""
    macro: MacroPreview | None = None
    """Of a macro that is looked at: what it does there, with its texts."""


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a change would do, ticket by ticket, in the order of the targets."""

    lines: tuple[BulkLine, ...]
    warnings: tuple[str, ...] = ()
    """About the whole, such as what cannot be taken back."""
    undo_seconds: int = 0
    """Of mails: how long all of them can be stopped."""
    stopped: bool = False
    """It was not looked at to the end."""

    def count(self, effect: Effect) -> int:
        """How many tickets that becomes of."""
        return sum(1 for line in self.lines if line.effect == effect)

    @property
    def targets(self) -> tuple[Target, ...]:
        """Those that would be changed, as they were looked at."""
        return tuple(Target(line.number, line.version) for line in self.lines if line.effect == "changed")


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What was done. ``left``: numbers that were not come to, because it was stopped (or ``trouble`` says why)."""

    token: str
    lines: tuple[BulkLine, ...]
    left: tuple[int, ...] = ()
    trouble: str = ""
    held_until: datetime | None = None
    """Of a reply: until when all of it can be stopped; None: it may have left."""
    sentence: str = ""
    """All of it in a line."""

    def count(self, effect: Effect) -> int:
        """How many tickets that became of."""
        return sum(1 for line in self.lines if line.effect == effect)


@dataclass(frozen=True, slots=True)
class PreviewBulk(Request[BulkPreview]):
    """What ``change`` would do to each ticket; nothing is changed. Raises UsageError (too many, unknown variables), NotFound (a team or agent)."""

    numbers: tuple[int, ...]
    change: BulkChange
    watch: Watch | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ChangeBulk(Request[BulkResult]):
    """Do it. ``token`` names this one deed of the acting agent: asked again with it, nothing is done twice, only what is missing.

    All changes are one deed. Raises as :class:`PreviewBulk`; what one ticket refuses is in the answer.
    """

    targets: tuple[Target, ...]
    change: BulkChange
    token: str
    watch: Watch | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class UndoBulk(Request[BulkResult]):
    """Take back what the acting agent did with ``token``: fields go back, mails that have not left are stopped. What a colleague changed
    since, and what has left, stays and is told."""

    token: str
    watch: Watch | None = field(default=None, compare=False)
