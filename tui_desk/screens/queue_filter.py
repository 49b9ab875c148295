"""The filter of the queue: what is typed narrows the list, a mistake keeps it as it was."""

from __future__ import annotations

from abc import abstractmethod

from textual.timer import Timer
from textual.widgets import Input, Static

from tui_desk.contracts.queue import CountMatching, ViewCount
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.filter_line import FilterLine
from tui_desk.screens.lists import ListScreen
from tui_desk.screens.queue_source import Place

_FILTER_AFTER = 0.12
_COUNT_AFTER = 0.3
"""Seconds after which what was found is counted: nobody reads a figure while typing, and rows never wait for it."""


class FilteredQueue(ListScreen):
    """A list with a filter line ``#filter`` and a line of help ``#filter-help``."""

    view: str

    def __init__(self) -> None:
        super().__init__()
        self.query_text = ""
        """The query that is shown: what was typed last and made sense."""
        self._stood: Place | None = None
        """Where the cursor goes when the filter is taken away: where one was when one began to type."""
        self._filter_timer: Timer | None = None
        self._count_timer: Timer | None = None
        self._counted: tuple[tuple[str, str], ViewCount] | None = None
        """What was counted last: of which view and query."""

    @abstractmethod
    def list_anew(self, place: Place | None = None) -> None:
        """Show the list for the present view, query and order, with the cursor at ``place``; None: at its top."""

    def place_now(self) -> Place | None:
        """Where the cursor stands; None: nowhere."""
        return None

    def filter_line(self) -> FilterLine:
        return self.query_one("#filter", FilterLine)

    def do_filter(self, argument: str) -> None:
        field = self.filter_line()
        field.display = True
        field.begin()
        self._stood = self.place_now()
        self.run_guarded(_("Filter"), self._read_names, group="filter-names", exclusive=True)
        if argument:
            field.value = argument
            self._help_filter(typing=False)
            return
        field.action_select_all()  # typing begins anew; an arrow or End goes on with what is there
        field.focus()

    async def _read_names(self) -> None:
        """What can be asked for: fields of your own, names, earlier queries."""
        from tui_desk.screens.query_names import query_names  # the start filters nothing

        field, found = self.filter_line(), await query_names(self)
        field.names, field.own, field.history = found.names, found.own, found.names.history
        self._help_filter()
        self._apply_filter()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._help_filter()
        if event.value.strip() == self.query_text:
            return
        if self._filter_timer is not None:
            self._filter_timer.stop()
        self._filter_timer = self.set_timer(_FILTER_AFTER, self._apply_filter)

    def _apply_filter(self) -> None:
        """Ask what was typed; while it makes no sense, what was found before stays."""
        if self._filter_timer is not None:
            self._filter_timer.stop()
        self._filter_timer = None
        field = self.filter_line()
        typed = field.value.strip()
        if typed != self.query_text and not field.is_wrong:
            self.query_text = typed
            self.say("")
            self.list_anew(self._place_of(typed) if typed else self._stood)

    def _place_of(self, typed: str) -> Place | None:
        """On the ticket of that number, where a bare number was typed; else at the top of what is found."""
        return Place(int(typed)) if typed.isdecimal() and len(typed) < 10 else None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._leave_filter(kept=True)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        if not message.kept:
            self.filter_cleared()
        self._leave_filter(message.kept)

    def _leave_filter(self, kept: bool = False) -> None:
        self._help_filter(typing=False)
        self._apply_filter()
        field = self.filter_line()
        field.display = bool(field.value)
        self.table().focus()
        if kept and self.query_text and field.value.strip() == self.query_text:
            self.run_guarded(_("Filter"), self._keep_query, group="filter-kept")

    async def _keep_query(self) -> None:
        """Remember it for another day; a desk that only reads forgets it."""
        from tui_desk.contracts.views import KeepQuery

        field, query = self.filter_line(), self.query_text
        field.history = (query, *(one for one in field.history if one != query))
        try:
            await self.ask(KeepQuery(query))
        except DeskError:
            return

    def _help_filter(self, typing: bool | None = None) -> None:
        """Say below the filter what fits, and which word makes no sense."""
        field = self.filter_line()
        field.show_help(self.query_one("#filter-help", Static), field.has_focus if typing is None else typing)

    # -- how many ----------------------------------------------------------------------------------------------------
    def list_titled(self) -> None:
        """Say anew what is shown."""

    def hits_crumb(self) -> str:
        """How many tickets the filter has found, for the title line; nothing until they are counted."""
        if self._counted is None or self._counted[0] != (self.view, self.query_text):
            return ""
        count = self._counted[1]
        if count.capped:
            return " › " + _("{count}+ hits").format(count=count.count)
        return " › " + ngettext("{count} hit", "{count} hits", count.count).format(count=count.count)

    def count_soon(self) -> None:
        """Rows were read: count what was found, once it has stood a moment."""
        if self._count_timer is not None:
            self._count_timer.stop()
        self._count_timer = None
        if self.query_text:
            self._count_timer = self.set_timer(_COUNT_AFTER, self._count)
        elif self._counted is not None:
            self._counted = None
            self.list_titled()

    def _count(self) -> None:
        self.run_guarded(_("Filter"), self._count_hits, group="hits", exclusive=True)

    async def _count_hits(self) -> None:
        asked = self.view, self.query_text
        found = await self.ask(CountMatching(*asked))
        if (asked, found) != self._counted:
            self._counted = asked, found
            self.list_titled()

    def tell_cut(self, cut: bool) -> None:
        """What is listed was found in the newest messages only, or in all."""
        field = self.filter_line()
        if field.is_cut is not cut:
            field.is_cut = cut
            self._help_filter()

    def filter_cleared(self) -> None:
        """The person took the filter away."""

    def clear_filter(self) -> bool:
        """Take the filter away; whether there was one."""
        field = self.filter_line()
        if not (self.query_text or field.value):
            return False
        field.value = ""
        self._stood = self.place_now()
        self.filter_cleared()
        self._leave_filter()
        return True
