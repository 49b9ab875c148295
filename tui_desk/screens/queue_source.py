"""The rows of the queue: a view and a filter, read by keyset, as cells of the table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from tui_desk.contracts.queue import ListTickets, PageKey, TicketPage, TicketRow
from tui_desk.core.clock import Clock
from tui_desk.core.enums import Channel, PresenceMode, TicketStatus
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, Direction, RowWindow, TableRow


def columns(digits: int = 3, view: str = "") -> tuple[Column, ...]:
    """The queue's columns for numbers of that many ``digits``; the first to go on a narrow terminal has the highest priority.

    The view of what is snoozed says until when, and by whom, in place of the age.
    """
    last = Column("age", _("Age"), 4, align="right")
    if view == "snoozed":
        last = Column("snoozed", _("Snoozed until"), 28, flex=2, least=24)
    return (
        Column("here", "", 1),
        Column("number", "#", digits, align="right"),
        Column("status", _("Status"), words.widest(words.status(one).text for one in TicketStatus)),
        Column("urgent", "!", 1),
        Column("subject", _("Subject"), 34, flex=5, least=22),
        Column("requester", _("Requester"), 14, flex=2, priority=1, least=11),
        Column("priority", _("Priority"), 8, priority=4),
        Column("assignee", _("Assignee"), 9, flex=1, priority=3),
        Column("team", _("Team"), 12, flex=1, priority=5),
        Column("category", _("Category"), 18, priority=7),
        Column("channel", _("Channel"), words.widest(map(words.channel, Channel)), priority=6),
        last,
    )


def table_row(row: TicketRow, key: PageKey | None, now: datetime, view: str = "") -> TableRow:
    """One ticket as cells. Bold: the last word is the requester's."""
    status, priority = words.status(row.status), words.priority(row.priority)
    writing = any(who.mode is PresenceMode.WRITING for who in row.presence)
    here = Cell("✎", "warning") if writing else Cell("◉" if row.presence else "", "accent")
    if row.snooze is not None and not row.presence:
        here = Cell("☾", "muted")
    last = Cell(words.age(row.created_at, now), "muted")
    if view == "snoozed":
        last = Cell(words.snoozed_shortly(row.snooze, now) if row.snooze is not None else "", "accent")
    waiting = "strong" if row.requester_waiting else ""
    return TableRow(
        key=row.number,
        anchor=key,
        cells=(
            here,
            Cell(str(row.number), "muted"),
            Cell(status.text, status.style),
            Cell(priority.sign, priority.style),
            Cell(row.subject or _("(no subject)"), waiting),
            Cell(row.requester, waiting),
            Cell(priority.word, priority.style),
            Cell(row.assignee or "–", "muted"),
            Cell(row.team, "muted"),
            Cell(row.category, "muted"),
            Cell(words.channel(row.channel), "muted"),
            last,
        ),
    )


@dataclass(slots=True)
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
    cut: bool = False
    """Not all messages were searched (``TicketPage.cut``)."""

    async def window(self, anchor: PageKey | None, direction: Direction, limit: int) -> RowWindow:
        """Read one window. Raises DeskError, such as for a filter that cannot be read."""
        page = await self.ask(
            ListTickets(
                view=self.view,
                query=self.query,
                sort=self.sort,
                after=anchor if direction == "after" else None,
                before=anchor if direction == "before" else None,
                around=anchor if direction == "around" else None,
                from_end=direction == "end",
                limit=limit,
                numbers=self.only,
            )
        )
        return self.shown(page)

    def shown(self, page: TicketPage) -> RowWindow:
        """A page as the table shows it."""
        self.cut = self.cut or page.cut
        if len(self.seen) > 5_000:
            self.seen.clear()
        self.seen.update((row.number, row) for row in page.rows)
        now = self.clock()
        rows = [table_row(row, key, now, self.view) for row, key in zip(page.rows, page.keys, strict=True)]
        return RowWindow(rows, page.has_before, page.has_after)
