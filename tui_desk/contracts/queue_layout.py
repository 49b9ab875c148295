"""How an agent has the queue: its columns in order, how wide they are, and its groups. Small on purpose: the start imports it."""

from __future__ import annotations

from tui_desk.contracts.gateway import Request
from tui_desk.core.values import dataclass

COLUMNS = (
    "here",
    "number",
    "status",
    "urgent",
    "news",
    "subject",
    "requester",
    "priority",
    "assignee",
    "team",
    "category",
    "channel",
    "age",
    "due",
    "changed",
)
"""In their usual order."""
USUALLY_HIDDEN = frozenset({"due"})
ALWAYS_SHOWN = ("number", "subject")
SIGNS = frozenset({"here", "news", "urgent"})
"""Columns of signs, which are as wide as those."""
LEAST_WIDTH, MOST_WIDTH = 3, 99


@dataclass(frozen=True, slots=True)
class ChosenColumn:
    """``width`` in cells; 0: as usual."""

    id: str
    shown: bool = True
    width: int = 0


@dataclass(frozen=True, slots=True)
class QueueLayout:
    """``columns``: all of them in order, or empty: as usual. ``group``: one of ``contracts.queue.GROUPS``, or empty."""

    columns: tuple[ChosenColumn, ...] = ()
    group: str = ""

    @property
    def with_due(self) -> bool:
        """Whether its rows say what is due."""
        return self.group == "due" or any(one.shown and one.id == "due" for one in self.columns)


USUAL_COLUMNS = tuple(ChosenColumn(one, one not in USUALLY_HIDDEN) for one in COLUMNS)


@dataclass(frozen=True, slots=True)
class ShowQueueLayout(Request[QueueLayout]):
    """That of the acting agent."""


@dataclass(frozen=True, slots=True)
class SaveQueueLayout(Request[QueueLayout]):
    """Keep that of the acting agent, for any terminal; None leaves a part as it is.

    Columns that are not named are hidden behind the others. Raises UsageError for names that there are not, and for widths that cannot be.
    """

    columns: tuple[ChosenColumn, ...] | None = None
    group: str | None = None
