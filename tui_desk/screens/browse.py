"""Screens around one list with the details of what the cursor is on: beside it where there is room, below it elsewhere.

A screen names its columns, reads its items (:meth:`BrowseScreen.read`), turns one into a row (:meth:`BrowseScreen.row`) and
describes one (:meth:`BrowseScreen.describe`). After an action that takes the item out of the list, the next one is selected.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import events
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_desk.core.i18n import _
from tui_desk.screens.details import hung
from tui_desk.screens.fields import Field
from tui_desk.screens.lists import ListScreen, ScreenTable
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Direction, RowSource, RowWindow, TableRow
from tui_desk.widgets.virtual_table import VirtualTable

Item = TypeVar("Item")

DETAILS_RIGHT = 120
"""Columns from which the details stand beside the list."""
_SEARCH_AFTER = 0.15


@dataclass(slots=True)
class WholeList:
    """A list short enough to be read at once: every window is all of it."""

    read: Callable[[], Awaitable[Sequence[TableRow]]]

    async def window(self, anchor: Any | None, direction: Direction, limit: int) -> RowWindow:
        """All rows. Raises DeskError."""
        return RowWindow(await self.read())


class BrowseScreen(ListScreen, Generic[Item]):
    """A list of things and the details of one."""

    CSS_PATH = "styles/browse.tcss"
    search_hint = ""
    """What the search looks in; empty: there is no search."""

    def __init__(self) -> None:
        super().__init__()
        self.add_class("browse")
        self.items: dict[Hashable, Item] = {}
        self.search_text = ""
        self._search_timer: Timer | None = None
        self._jump: Hashable | None = None

    # -- for the screens ---------------------------------------------------------------------------------------------
    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """The columns of the list."""

    @abstractmethod
    async def read(self) -> Sequence[Item]:
        """Ask the desk for the items. Raises DeskError."""

    def key(self, item: Item) -> Hashable:
        """What tells an item from the others."""
        found: Hashable = getattr(item, "id", None)
        return found

    @abstractmethod
    def row(self, item: Item) -> TableRow:
        """An item as cells; its key is :meth:`key`."""

    @abstractmethod
    def describe(self, item: Item) -> Content:
        """The details of an item."""

    def empty_text(self) -> str:
        """What an empty list teaches."""
        return _("Nothing here. q goes back, ? shows the keys.")

    def above(self) -> Iterable[Widget]:
        """Widgets above the list, such as tabs."""
        return ()

    def item_facts(self, item: Item) -> set[str]:
        """What holds of the selected item."""
        return set()

    def items_read(self) -> None:
        """The items were read."""

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        yield from self.above()
        if self.search_hint:
            yield Field(placeholder=self.search_hint, id="search")
        table = ScreenTable(self.columns(), self.source(), empty_text=self._teaching()[0], id="list")
        details = VerticalScroll(Static("", id="details", markup=False), id="details-box", can_focus=False)
        yield Container(table, details, id="panes")

    def start(self) -> None:
        if self.search_hint:
            self.query_one("#search", Input).display = False
        self.table().focus()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= DETAILS_RIGHT, "-right")
        self.set_class(event.size.width < DETAILS_RIGHT and event.size.height >= 20, "-below")

    def facts(self) -> frozenset[str]:
        item = self.current()
        return super().facts() | ({"selected"} | self.item_facts(item) if item is not None else set())

    def current(self) -> Item | None:
        """The item under the cursor."""
        row = self.table().current_row
        return None if row is None or row.stale else self.items.get(row.key)

    # -- reading -----------------------------------------------------------------------------------------------------
    async def load(self) -> None:
        self.table().refresh_rows()

    def source(self) -> RowSource:
        """Where the rows come from: a list read at once."""
        return WholeList(self._rows)

    async def _rows(self) -> Sequence[TableRow]:
        items = await self.read()
        self.items = {self.key(item): item for item in items}
        self.items_read()
        return [self.row(item) for item in items]

    def list_anew(self) -> None:
        """Read another list (another search, another filter) from its top."""
        table = self.table()
        table.empty_text = self._teaching()[0]
        table.show_source(self.source())

    def select_soon(self, key: Hashable) -> None:
        """Put the cursor on ``key`` when the list has been read again."""
        self._jump = key
        self.reload()

    def gone(self) -> None:
        """What the cursor is on leaves the list by what one just did: select the next one, and read again."""
        table = self.table()
        self._jump = table.neighbour_key(1) or table.neighbour_key(-1)
        if self._jump is None:
            self.list_anew()  # it was the last one: nothing is left to stand on
        else:
            self.reload()

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        self._show_details()

    def on_virtual_table_rows_refreshed(self, message: VirtualTable.RowsRefreshed) -> None:
        if self._jump is not None and self.table().move_to_key(self._jump):
            self._jump = None
        self._show_details()

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        item = self.items.get(message.key) if message.key is not None else None
        if item is not None:
            self.open_item(item)

    def open_item(self, item: Item) -> None:
        """Enter was pressed on it."""

    def _teaching(self) -> tuple[str, str]:
        """What an empty list says: the fact in the list, what to do about it in the pane of the details."""
        fact, stop, rest = self.empty_text().partition(". ")
        return fact + stop.rstrip(), rest if not self.items else ""

    def _show_details(self) -> None:
        item = self.current()
        shown = self.describe(item) if item is not None else Content(self._teaching()[1])
        self.query_one("#details", Static).update(hung(shown))
        self.facts_changed()

    def do_details_down(self, argument: str) -> None:
        self.query_one("#details-box").scroll_relative(y=3, animate=False)

    def do_details_up(self, argument: str) -> None:
        self.query_one("#details-box").scroll_relative(y=-3, animate=False)

    # -- search ------------------------------------------------------------------------------------------------------
    def do_search(self, argument: str) -> None:
        field = self.query_one("#search", Input)
        field.display = True
        if argument:
            field.value = argument
        else:
            field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._search_timer is not None:
            self._search_timer.stop()
        self._search_timer = self.set_timer(_SEARCH_AFTER, self._apply_search)

    def _apply_search(self) -> None:
        self._search_timer = None
        typed = self.query_one("#search", Input).value.strip()
        if typed != self.search_text:
            self.search_text = typed
            self.list_anew()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._leave_search()

    def _leave_search(self) -> None:
        self._apply_search()
        field = self.query_one("#search", Input)
        field.display = bool(field.value)
        self.table().focus()

    def on_key(self, event: events.Key) -> None:
        if isinstance(self.focused, Input) and event.key in ("escape", "down", "up"):
            event.stop()
            event.prevent_default()
            if event.key == "escape":
                self.focused.value = ""
            self._leave_search()

    def do_back(self, argument: str) -> None:
        if self.search_hint and self.query_one("#search", Input).value:
            self.query_one("#search", Input).value = ""
            self._leave_search()
        else:
            super().do_back(argument)
