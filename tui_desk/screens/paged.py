"""Lists of any length: read by keyset in a chosen order, with how many there are in the title.

A screen names its orders and asks for one page (:meth:`PagedScreen.page`); all else is as in :class:`BrowseScreen`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tui_desk.contracts.lists import ListPage, Place
from tui_desk.contracts.queue import PageKey
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.choices import Choice
from tui_desk.widgets.row_buffer import Direction, RowSource, RowWindow
from tui_desk.widgets.virtual_table import VirtualTable

Item = TypeVar("Item")
_KEPT = 5_000


@dataclass(slots=True)
class Pages:
    """Windows of a list. ``read`` gets the place, how many rows, and whether to count them all."""

    read: Callable[[Place, int, bool], Awaitable[RowWindow]]

    async def window(self, anchor: PageKey | None, direction: Direction, limit: int) -> RowWindow:
        """Read one window. Raises DeskError."""
        place = Place(
            after=anchor if direction == "after" else None,
            before=anchor if direction == "before" else None,
            around=anchor if direction == "around" else None,
            from_end=direction == "end",
        )
        return await self.read(place, limit, direction in ("top", "around"))


class PagedScreen(BrowseScreen[Item], Generic[Item]):
    """A list that is read window by window."""

    sort = ""
    descending = False

    def __init__(self) -> None:
        super().__init__()
        self._count = ""

    # -- for the screens ---------------------------------------------------------------------------------------------
    @abstractmethod
    def orders(self) -> tuple[Choice, ...]:
        """What one can sort by, the usual one first."""

    @abstractmethod
    async def page(self, place: Place, limit: int, with_count: bool) -> ListPage[Item]:
        """Ask the desk for one window. Raises DeskError."""

    @abstractmethod
    def list_name(self) -> str:
        """What the list holds, for the title line."""

    def falls_at_first(self, sort: str) -> bool:
        """Whether an order begins with the largest, such as the newest first."""
        return False

    # -- reading -----------------------------------------------------------------------------------------------------
    async def read(self) -> Sequence[Item]:
        """The first window."""
        return (await self.page(Place(), 100, False)).rows

    def source(self) -> RowSource:
        return Pages(self._window)

    async def _window(self, place: Place, limit: int, with_count: bool) -> RowWindow:
        page = await self.page(place, limit, with_count)
        if len(self.items) > _KEPT:
            self.items.clear()
        self.items.update((self.key(item), item) for item in page.rows)
        if page.count is not None:
            self._show_count(f"{page.count}+" if page.capped else str(page.count))
        rows = [self.row(item)._replace(anchor=key) for item, key in zip(page.rows, page.keys, strict=True)]
        return RowWindow(rows, page.has_before, page.has_after)

    def list_anew(self) -> None:
        self.items.clear()
        super().list_anew()

    def on_virtual_table_rows_refreshed(self, message: VirtualTable.RowsRefreshed) -> None:
        super().on_virtual_table_rows_refreshed(message)
        self._jump = None  # what is in another part of the list is not looked for

    # -- order and title ---------------------------------------------------------------------------------------------
    def _show_count(self, count: str) -> None:
        if count != self._count:
            self._count = count
            self.show_list_title()

    def show_list_title(self) -> None:
        """The title line: what, how many, in which order where it is not the usual one."""
        parts = [f"{self.list_name()} ({self._count})" if self._count else self.list_name()]
        usual = self.orders()[0].value
        if (self.sort, self.descending) != (usual, self.falls_at_first(usual)):
            parts.append(f"{self._order_title()} {'↓' if self.descending else '↑'}")
        self.crumb = " › ".join(parts)
        self.show_title()

    def _order_title(self) -> str:
        return next((order.label for order in self.orders() if order.value == self.sort), self.sort)

    def on_virtual_table_heading_clicked(self, message: VirtualTable.HeadingClicked) -> None:
        """A click on what the list can go by sorts it, a second one turns it round."""
        name = message.column
        if any(order.value == name for order in self.orders()):
            usual = self.falls_at_first(name)
            turned = name == self.sort and self.descending == usual
            self.perform_named("sort_list", f"-{name}" if turned else name)

    async def do_sort_list(self, argument: str) -> None:
        chosen: str | None = argument.strip()
        if not chosen:
            from tui_desk.screens.dialogs import ChoiceDialog

            dialog = ChoiceDialog(
                _("Sort by (the same one again turns it round)"), self.orders(), self.sort, ""
            )
            chosen = await self.answer_of(dialog)
            if chosen is None:
                return
        turned = chosen.startswith("-")
        name = chosen.removeprefix("-")
        if name not in {order.value for order in self.orders()}:
            names = ", ".join(order.value for order in self.orders())
            raise UsageError(_("One can sort by {names}.").format(names=names))
        again = name == self.sort and not argument
        self.descending = not self.descending if again else self.falls_at_first(name) != turned
        self.sort = name
        self.show_list_title()
        self.list_anew()
        order = self._order_title()
        sentence = _("Sorted by {order}, falling.") if self.descending else _("Sorted by {order}, rising.")
        self.say(sentence.format(order=order.lower()))
