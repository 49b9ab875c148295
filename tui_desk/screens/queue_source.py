"""The rows of the queue: a view and a filter, read by keyset, as cells of the table; its columns, and the words of its groups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tui_desk.contracts.queue import ListTickets, PageKey, TicketPage, TicketRow
from tui_desk.contracts.queue_layout import COLUMNS, SIGNS, USUAL_COLUMNS, QueueLayout
from tui_desk.core.clock import Clock
from tui_desk.core.enums import Channel, PresenceMode, Priority, TicketStatus
from tui_desk.core.i18n import _, pgettext
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import group_word
from tui_desk.screens import words
from tui_desk.screens.queue_parts import SNOOZED
from tui_desk.widgets.columns import NEEDED, Column
from tui_desk.widgets.row_buffer import Cell, Direction, RowWindow, TableRow

URGENT = {Priority.CRITICAL: "!"}
"""What stands beside the sign of a priority, so that neither colour nor one shape alone says it."""
UNREAD, ANSWERED = "•", "←"
WRITING, LOOKING = "✎", "◉"
OVERDUE = "!"
SORTED = "▾"
"""Behind the heading of the column that the list goes by."""
_SORTED_BY = {"updated": "changed", "created": "age", "priority": "urgent", "due": "due"}
SORT_OF = {column: sort for sort, column in _SORTED_BY.items()} | {
    "number": "created",
    "priority": "priority",
}
"""What a click on the heading of a column sorts by."""


def columns(
    digits: int = 3,
    view: str = "",
    layout: QueueLayout | None = None,
    sort: str = "updated",
    *,
    hidden: bool = False,
) -> tuple[Column, ...]:
    """The queue's columns for numbers of that many ``digits``; the first to go on a narrow terminal has the highest priority.

    The column that ``sort`` goes by has a mark in its heading; usually the time that it goes by is the last one to go.

    The view of what is snoozed says until when, and by whom, in place of the age. Where an agent has chosen columns (``layout``), those
    that stand last go first. ``hidden``: with those that are not shown.
    """
    usual = _usual(digits, view, sort)
    chosen = layout.columns if layout is not None else ()
    sorted_by = _SORTED_BY.get(sort, "")
    found = []
    for one in chosen or USUAL_COLUMNS:
        column = usual[one.id]
        if not (one.shown or hidden):
            continue
        if chosen and column.priority:
            column = column._replace(priority=NEEDED)
        if column.id == sorted_by:
            column = column._replace(title=f"{column.title}{SORTED}")
        if one.width:
            column = column._replace(width=one.width, flex=0, least=0, exact=True)
        found.append(column._replace(cell=COLUMNS.index(one.id)))
    if chosen and not any(column.id in ("age", "snoozed") for column in found) and view == "snoozed":
        found.append(usual["age"]._replace(cell=COLUMNS.index("age")))
    return tuple(found)


def _usual(digits: int, view: str, sort: str = "updated") -> dict[str, Column]:
    by_change = sort == "updated" and view != "snoozed"
    last = Column("age", _("Age"), 4, align="right", priority=4 if by_change else 0)
    if view == "snoozed":
        last = Column("snoozed", _("Snoozed until"), 28, flex=2, least=24)
    found = (
        Column("here", "", 1),
        Column("number", "#", digits, align="right"),
        Column("status", _("Status"), words.widest(words.status(one).text for one in TicketStatus)),
        Column("urgent", "!", 2),
        Column("news", "", 2),
        Column("subject", _("Subject"), 34, flex=5, least=20, names=True),
        Column("requester", _("Requester"), 14, flex=2, priority=1, least=11),
        Column("priority", _("Priority"), 8, priority=4),
        Column("assignee", _("Assignee"), 9, flex=1, priority=3),
        Column("team", _("Team"), 12, flex=1, priority=5),
        Column("category", _("Category"), 18, priority=7),
        Column("channel", _("Channel"), words.widest(map(words.channel, Channel)), priority=6),
        last,
        Column("due", pgettext("column", "Due"), 10, priority=2),
        Column("changed", _("Changed"), 7, align="right", priority=0 if by_change else 4),
    )
    return dict(zip(COLUMNS, found, strict=True))


def column_name(column: str) -> str:
    """What a column is called where it is chosen; most by their titles."""
    signs = {"here": _("Who is there"), "news": _("Unread, answered"), "urgent": _("Urgency, as a sign")}
    return signs.get(column) or (_("Number") if column == "number" else _usual(3, "")[column].title)


def may_be_sized(column: str) -> bool:
    """Whether a person says how wide a column is: signs are as wide as they are."""
    return column not in SIGNS


def group_name(group: str) -> str:
    """What the queue is grouped by, in a word."""
    return {
        "": _("nothing"),
        "status": _("status"),
        "priority": _("priority"),
        "assignee": _("assignee"),
        "team": _("team"),
        "due": pgettext("group", "due"),
    }[group]


def group_label(group: str, key: str) -> str:
    """What stands above the tickets of a group: its ``key`` among the groups by ``group``."""
    if group == "status":
        return words.status(TicketStatus(key)).text
    if group == "priority":
        return words.priority(Priority(key)).text
    return safe_line(group_word(group, key), 80)


def _due_cell(due: date | None, now: datetime) -> Cell:
    if due is None:
        return Cell("")
    today = now.astimezone().date()
    style = "error" if due < today else "warning" if due <= today + timedelta(days=1) else "muted"
    sign = f"{OVERDUE} " if due < today else ""
    return Cell(f"{sign}{words.day(due, now)}", style)


class Signs(NamedTuple):
    """What many rows share, put into words once a page."""

    statuses: Mapping[TicketStatus, Cell]
    priorities: Mapping[Priority, tuple[Cell, Cell]]
    """The sign, and the word."""
    channels: Mapping[Channel, Cell]


def signs_of(rows: Iterable[TicketRow]) -> Signs:
    """The cells for the statuses, priorities and channels that occur in ``rows``."""
    statuses, priorities, channels = set(), set(), set()
    for row in rows:
        statuses.add(row.status)
        priorities.add(row.priority)
        channels.add(row.channel)
    status = {one: words.status(one) for one in statuses}
    priority = {one: words.priority(one) for one in priorities}
    return Signs(
        {one: Cell(shown.text, shown.style) for one, shown in status.items()},
        {
            one: (Cell(shown.sign + URGENT.get(one, ""), shown.style), Cell(shown.word, shown.style))
            for one, shown in priority.items()
        },
        {one: Cell(words.channel(one), "muted") for one in channels},
    )


def table_row(
    row: TicketRow, key: PageKey | None, signs: Signs, now: datetime, view: str = "", group: str = ""
) -> TableRow:
    """One ticket as cells, in the order of ``COLUMNS``. Bold: the last word is the requester's."""
    priority_sign, priority = signs.priorities[row.priority]
    writing = any(who.mode is PresenceMode.WRITING for who in row.presence)
    here = Cell(WRITING, "warning") if writing else Cell(LOOKING if row.presence else "", "accent")
    if row.snooze is not None and not row.presence:
        here = Cell(SNOOZED, "muted")
    age = Cell(words.age(row.created_at, now), "muted")
    if view == "snoozed":
        age = Cell(words.snoozed_shortly(row.snooze, now) if row.snooze is not None else "", "accent")
    answered = row.requester_waiting and row.status is not TicketStatus.NEW
    news = (UNREAD if row.unread else "") + (ANSWERED if answered else "")
    waiting = "strong" if row.requester_waiting else ""
    return TableRow(
        key=row.number,
        anchor=key,
        group=group_label(group, key.group) if group and key is not None else "",
        cells=(
            here,
            Cell(str(row.number), "muted"),
            signs.statuses[row.status],
            priority_sign,
            Cell(news, waiting or "accent"),
            Cell(row.subject or _("(no subject)"), waiting),
            Cell(row.requester, waiting),
            priority,
            Cell(row.assignee or "–", "muted"),
            Cell(row.team, "muted"),
            Cell(row.category, "muted"),
            signs.channels[row.channel],
            age,
            _due_cell(row.due, now),
            Cell(words.age(row.updated_at, now), "muted"),
        ),
    )


class Place(NamedTuple):
    """Where the cursor of a list stood: on a ticket, and where that stood in the order."""

    number: int
    key: PageKey | None = None
    order: tuple[str, ...] = ()
    """What ``key`` is a place in; see ``TicketSource.order``."""


@dataclass(slots=True, eq=False, repr=False)
class TicketSource:
    """The tickets of ``view`` that fit ``query``. ``seen`` keeps the rows last read by number, for facts and dialogs."""

    ask: Callable[[ListTickets], Awaitable[TicketPage]]
    clock: Clock
    view: str
    query: str
    sort: str
    seen: dict[int, TicketRow]
    only: tuple[int, ...] | None = None
    """None but these tickets."""
    layout: QueueLayout = field(default_factory=QueueLayout)
    cut: bool = False
    """Not all messages were searched (``TicketPage.cut``)."""
    grouped: int = 0
    """There are no more than so many tickets in the groups (``TicketPage.grouped``)."""
    stand: Place | None = None
    """Where the list begins, until its first rows are shown; None: at its top."""
    cursor: Callable[[], int | None] = lambda: None
    """The ticket that the cursor of the list is on."""

    async def window(self, anchor: PageKey | None, direction: Direction, limit: int) -> RowWindow:
        """Read one window. Raises DeskError, such as for a filter that cannot be read."""
        if direction == "top" and self.stand is not None:
            found = await self._window_at(self.stand, limit)
            if found is not None:
                return found
        found = self.shown(await self.ask(self._request(anchor, direction, limit)))
        here = self.cursor()
        if here is None or direction not in ("top", "around") or any(row.key == here for row in found.rows):
            return found
        return found._replace(left=await self._row_of(here))

    async def _row_of(self, number: int) -> TableRow | None:
        """A ticket as it is, wherever it stands: the line under the cursor stays when its ticket leaves the list."""
        request = replace(self._request(None, "top", 1), view="all", query="", group="", numbers=(number,))
        rows = self._rows(await self.ask(request), group="")
        return rows[0] if rows else None

    @property
    def order(self) -> tuple[str, ...]:
        """What the order of the list depends on."""
        return self.sort, self.layout.group, self.query if "sort" in self.query else ""

    async def place_of(self, number: int) -> PageKey | None:
        """Where a ticket stands in this list; None where it does not."""
        if self.only is not None and number not in self.only:
            return None
        page = await self.ask(replace(self._request(None, "top", 1), numbers=(number,)))
        self.cut = self.cut or page.cut
        return page.keys[0] if page.keys else None

    async def _window_at(self, place: Place, limit: int) -> RowWindow | None:
        """Rows on both sides of a ticket; of one that has left the list, of where it stood."""
        key = await self.place_of(place.number) or (place.key if place.order == self.order else None)
        if key is None:
            return None
        ahead = self.shown(await self.ask(self._request(key, "before", limit // 3)))
        behind = self.shown(await self.ask(self._request(key, "around", limit)))
        rows = [*ahead.rows, *behind.rows]
        return RowWindow(rows, ahead.has_before, behind.has_after, len(ahead.rows)) if rows else None

    def _request(self, anchor: PageKey | None, direction: Direction, limit: int) -> ListTickets:
        return ListTickets(
            view=self.view,
            query=self.query,
            sort=self.sort,
            after=anchor if direction == "after" else None,
            before=anchor if direction == "before" else None,
            around=anchor if direction == "around" else None,
            from_end=direction == "end",
            limit=limit,
            numbers=self.only,
            group=self.layout.group,
            with_due=self.layout.with_due,
        )

    def shown(self, page: TicketPage) -> RowWindow:
        """A page as the table shows it."""
        self.cut = self.cut or page.cut
        self.grouped = page.grouped
        return RowWindow(self._rows(page, self.layout.group), page.has_before, page.has_after)

    def _rows(self, page: TicketPage, group: str) -> list[TableRow]:
        if len(self.seen) > 5_000:
            self.seen.clear()
        self.seen.update((row.number, row) for row in page.rows)
        now, signs = self.clock(), signs_of(page.rows)
        return [
            table_row(row, key, signs, now, self.view, group)
            for row, key in zip(page.rows, page.keys, strict=True)
        ]
