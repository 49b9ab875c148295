"""Screens of one record: what is known about it above, a table of what belongs to it below."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.screens.browse import WholeList
from tui_desk.screens.details import blocks, hung
from tui_desk.screens.lists import ListScreen, ScreenTable
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import TableRow
from tui_desk.widgets.virtual_table import VirtualTable


class RecordScreen(ListScreen):
    """A record and the rows that belong to it. ``stream`` is where its history is told."""

    CSS_PATH = "styles/record.tcss"

    def __init__(self, stream: str) -> None:
        super().__init__()
        self._stream = stream
        self._jump: Hashable | None = None

    # -- for the screens ---------------------------------------------------------------------------------------------
    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""

    @abstractmethod
    async def read(self) -> Sequence[TableRow]:
        """Ask the desk for the record, show it, and answer the rows. Raises DeskError."""

    @abstractmethod
    def rows_title(self) -> str:
        """What the rows are."""

    @abstractmethod
    def empty_text(self) -> str:
        """What an empty table teaches."""

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static("", id="record", markup=False), id="record-box", can_focus=False)
        yield Static(self.rows_title(), id="linked-title", markup=False)
        source = WholeList(self._rows)
        yield ScreenTable(self.columns(), source, empty_text=self.empty_text(), id="linked")

    def start(self) -> None:
        self.table().focus()

    async def load(self) -> None:
        self.table().refresh_rows()

    async def _rows(self) -> Sequence[TableRow]:
        rows = await self.read()
        self.show_title()
        self.facts_changed()
        return rows

    def show_record(self, *parts: Content) -> None:
        """Show what is known about it."""
        self.query_one("#record", Static).update(hung(blocks(*parts)))

    def today(self) -> date:
        """The reader's date."""
        return self.host.options.clock().astimezone().date()

    def gone(self) -> None:
        """The row under the cursor leaves the table by what one just did: the next one is selected, and all is read again."""
        table = self.table()
        self._jump = table.neighbour_key(1) or table.neighbour_key(-1)
        if self._jump is None:
            table.show_source(WholeList(self._rows))
        else:
            self.reload()

    def on_virtual_table_rows_refreshed(self, message: VirtualTable.RowsRefreshed) -> None:
        if self._jump is not None and self.table().move_to_key(self._jump):
            self._jump = None
        self.facts_changed()

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        self.facts_changed()

    # -- actions -----------------------------------------------------------------------------------------------------
    def do_history(self, argument: str) -> None:
        from tui_desk.screens.history import HistoryScreen

        self.app.push_screen(HistoryScreen(self._stream, self.crumb))

    def do_details_down(self, argument: str) -> None:
        self.query_one("#record-box").scroll_relative(y=3, animate=False)

    def do_details_up(self, argument: str) -> None:
        self.query_one("#record-box").scroll_relative(y=-3, animate=False)
