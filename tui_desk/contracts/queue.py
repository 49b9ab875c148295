"""The queue: views, one window of tickets, counts, the preview. Small on purpose: the start imports it."""

from __future__ import annotations

from datetime import date, datetime

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import Channel, PresenceMode, Priority, TicketStatus
from tui_desk.core.values import dataclass

VIEWS = ("mine", "unassigned", "open", "pending", "resolved", "all", "snoozed", "teams", "overdue")
SORTS = ("updated", "created", "priority", "due")
GROUPS = ("status", "priority", "assignee", "team", "due")
DUE_GROUPS = ("overdue", "today", "tomorrow", "week", "later", "none")
"""Groups of what is due; a week is the next seven days. The day of a ticket is the earliest of its next action and open tasks."""


@dataclass(frozen=True, slots=True)
class PresenceView:
    """Another agent at a ticket right now."""

    agent: str
    mode: PresenceMode


@dataclass(frozen=True, slots=True)
class SnoozeView:
    """How a ticket is put off. ``until`` None: until the requester writes; else then, or when the requester writes before."""

    until: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One line of the queue. All text is safe to show."""

    number: int
    subject: str
    requester: str
    status: TicketStatus
    priority: Priority
    assignee: str
    team: str
    category: str
    channel: Channel
    created_at: datetime
    updated_at: datetime
    requester_waiting: bool
    """The last word is the requester's: somebody here should answer."""
    presence: tuple[PresenceView, ...] = ()
    snooze: SnoozeView | None = None
    unread: bool = False
    """The acting agent was notified of it and has not read that."""
    due: date | None = None
    """The earliest day of its next action and its open tasks; read where ``ListTickets.with_due`` asks for it."""


@dataclass(frozen=True, slots=True)
class PageKey:
    """A place in a sorted list: the sort value of a row and its number (keyset paging, never OFFSET).

    ``group``: the group it stands in, where the list is grouped: a status, a priority, a login, a team's name (empty: nobody's), or
    one of :data:`DUE_GROUPS`.
    """

    value: str
    number: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class TicketPage:
    rows: tuple[TicketRow, ...]
    keys: tuple[PageKey, ...]
    has_before: bool
    has_after: bool
    cut: bool = False
    """A word of the query stands in so many messages that only the newest of them were searched (told at a list's beginning)."""
    grouped: int = 0
    """A grouped list has no more than so many tickets, the first ones of its order, and the view holds more; 0: it has all of them."""


@dataclass(frozen=True, slots=True)
class ListTickets(Request[TicketPage]):
    """One window of a view. ``query`` is the text of the `/` filter or of ``ticket list --query``.

    ``after``: rows behind that place; ``before``: rows ahead of it; neither: from the top (or, with ``from_end``, the end).
    ``around``: a window that begins at that place (inclusive), to refresh what is on screen. ``also``: a second query that they fit
    as well; ``numbers``: none but these. ``group``: one of :data:`GROUPS`, whose groups come one after the other, each in the order of
    the sort. ``with_due``: the rows say what is due.
    """

    view: str = "open"
    query: str = ""
    sort: str = "updated"
    after: PageKey | None = None
    before: PageKey | None = None
    around: PageKey | None = None
    from_end: bool = False
    limit: int = 100
    also: str = ""
    numbers: tuple[int, ...] | None = None
    group: str = ""
    with_due: bool = False


@dataclass(frozen=True, slots=True)
class ViewCount:
    view: str
    count: int
    capped: bool
    """True: there are more than ``count`` (counting stops at a thousand)."""


class CountViews(Request[tuple[ViewCount, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class CountMatching(Request[ViewCount]):
    """How many tickets of a view fit a query."""

    view: str
    query: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many tickets a group of a list holds. ``key`` is that of ``PageKey.group``."""

    key: str
    count: int
    capped: bool
    """True: there are more than ``count`` (counting stops at a thousand)."""


@dataclass(frozen=True, slots=True)
class CountGroups(Request[tuple[GroupCount, ...]]):
    """How many tickets each group of a grouped list holds; those without any are left out. As in :class:`ListTickets`."""

    group: str
    view: str = "open"
    query: str = ""
    sort: str = "updated"
    numbers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class TicketPreview:
    number: int
    subject: str
    requester: str
    lines: tuple[str, ...]
    """The last messages, shortened, safe to show."""


@dataclass(frozen=True, slots=True)
class PreviewTicket(Request[TicketPreview]):
    number: int
