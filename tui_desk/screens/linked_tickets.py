"""Records that tickets belong to (an asset, a person): the list of those tickets, each one key away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import cast

from tui_desk.core.enums import TicketStatus
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.browse import WholeList
from tui_desk.screens.lists import ListScreen, ScreenTable
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow
from tui_desk.widgets.virtual_table import VirtualTable


def linked_table(rows: Callable[[], Awaitable[Sequence[TableRow]]], empty: str) -> ScreenTable:
    """The table of linked tickets; ``rows`` reads them."""
    columns = (
        Column("number", "#", 7, align="right"),
        Column("status", _("Status"), words.widest(words.status(one).text for one in TicketStatus)),
        Column("subject", _("Subject"), 20, flex=1),
    )
    return ScreenTable(columns, WholeList(rows), empty_text=empty, id="linked")


def ticket_rows(tickets: Iterable[tuple[int, str, TicketStatus]]) -> list[TableRow]:
    """(number, subject, status) as rows."""
    rows = []
    for number, subject, status in tickets:
        shown = words.status(status)
        cells = (Cell(str(number), "muted"), Cell(shown.text, shown.style), subject or _("(no subject)"))
        rows.append(TableRow(number, cells, anchor=number))
    return rows


class LinkedTickets(ListScreen):
    """A screen with such a table."""

    async def load(self) -> None:
        self.table().refresh_rows()

    def do_details_down(self, argument: str) -> None:
        self.query_one("#record-box").scroll_relative(y=3, animate=False)

    def do_details_up(self, argument: str) -> None:
        self.query_one("#record-box").scroll_relative(y=-3, animate=False)

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        if message.key is not None:
            self.host.open_ticket(cast("int", message.key), self.neighbour)
