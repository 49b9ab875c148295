"""The queue: views with counts, the list, the preview beside or below it, the filter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, cast

from textual import events
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.registry import Action
from tui_desk.actions.ticket_needs import QUEUE
from tui_desk.contracts.queue import CountViews, PreviewTicket, TicketRow
from tui_desk.core.enums import AfterWork
from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.bulk_actions import BulkActions
from tui_desk.screens.filter_line import FilterLine
from tui_desk.screens.key_map import tell_troubles
from tui_desk.screens.lists import ScreenTable
from tui_desk.screens.message_line import Told
from tui_desk.screens.own_settings import after_work
from tui_desk.screens.queue_layout import ArrangedQueue
from tui_desk.screens.queue_parts import Banners, Preview, ViewTabs
from tui_desk.screens.queue_places import QueuePlaces
from tui_desk.screens.queue_source import Place, TicketSource, columns
from tui_desk.screens.queue_words import quit_question, sort_sign, sort_title
from tui_desk.screens.saved_views import SavedViews
from tui_desk.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from tui_desk.contracts.views import SavedView
    from tui_desk.rules.own_query import KnownField
    from tui_desk.screens.completion import Value

_PREVIEW_AFTER = 0.15
"""Seconds for which the cursor rests before its ticket is read; sooner, a key that is held would read every one it passes."""
_AGES_EVERY = 60.0
PREVIEW_BELOW = 100
PREVIEW_RIGHT = 140
_PREVIEW_ROWS = 22


class QueueScreen(ArrangedQueue, QueuePlaces, SavedViews, BulkActions):
    """The list of tickets."""

    scopes = (QUEUE, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Queue")
        self._seen: dict[int, TicketRow] = {}
        self._preview_due: asyncio.TimerHandle | None = None
        self._rests_from = 0.0
        """When the cursor will have rested long enough for a preview (monotonic)."""
        self._read_once = False

    @property
    def is_as_started(self) -> bool:
        """Whether it shows what the next start shows first."""
        as_started = (self.view, self.query_text, self.sort) == ("open", "", "updated") and not self.has_marks
        return as_started and bool(self._seen)

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        source, self._shown = self.source_of_tickets(), self.list_name()
        first_page, self.host.first_page = self.host.first_page, None
        initial = source.shown(first_page) if first_page is not None else None
        self.digits = max(self.digits, len(str(max(self._seen, default=0))))
        yield ViewTabs(id="views")
        yield Banners(id="banners")
        yield FilterLine(
            _("words, status:open, priority>=high, created<3d, from:@acme.com, has:note"), "filter"
        )
        yield Static("", id="filter-help", markup=False)
        with_preview = Container(
            ScreenTable(
                columns(self.digits, self.view, self.layout_now, self.sort),
                source,
                initial=initial,
                id="tickets",
            ),
            Vertical(Preview(self.host.options.clock, id="preview"), id="preview-box"),
            id="panes",
        )
        yield with_preview

    def start(self) -> None:
        self.filter_line().display = False
        self._help_filter()
        self.list_titled()
        self.set_focus(self.table())  # at once: the first picture has the cursor
        self.set_interval(_AGES_EVERY, self.reload)
        tell_troubles(self)

    def list_name(self) -> str:
        return "marked" if self.only_marked else f"{self.view} {self.saved.id if self.saved else ''}"

    def source_of_tickets(self, place: Place | None = None) -> TicketSource:
        ask, clock = self.ask, self.host.options.clock
        shown = (self.view, self.query_text, None)
        view, query, only = ("all", "", self.marked) if self.only_marked else shown
        self._listed = TicketSource(ask, clock, view, query, self.sort, self._seen, only, self.layout_now)
        self._listed.stand, self._listed.cursor = place, self.stands_on
        return self._listed

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width >= PREVIEW_RIGHT, "-right")
        self.set_class(PREVIEW_BELOW <= width < PREVIEW_RIGHT and height >= _PREVIEW_ROWS, "-below")
        self._preview_soon()

    def facts(self) -> frozenset[str]:
        here = self.current()
        found = {"ticket", "selected", "requester"} if here is not None else set()
        return super().facts() | found | self.mark_facts() | self.view_facts()

    def current(self) -> TicketRow | None:
        """The ticket under the cursor."""
        key = self.table().current_key
        return self._seen.get(cast("int", key)) if key is not None else None

    def tickets_here(self) -> tuple[Value, ...]:
        from tui_desk.screens.completion import Value  # the start completes nothing

        return tuple(Value(str(row.number), row.subject) for row in self._seen.values())

    # -- reading -----------------------------------------------------------------------------------------------------
    async def load(self) -> None:
        from tui_desk.contracts.views import ListSavedViews  # behind the first picture

        await self.read_layout()
        if self._read_once:
            self.table().refresh_rows()
        self._read_once = True  # the table reads its first rows by itself
        counts = await self.ask(CountViews())
        self.query_one(ViewTabs).show(self.view, counts, self.saved, await self.ask(ListSavedViews()))
        self._preview_soon()
        await self.look_at_marks()

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        self.facts_changed()
        self._preview_soon()

    def on_virtual_table_rows_refreshed(self, message: VirtualTable.RowsRefreshed) -> None:
        if not self.table().is_reading:  # else it is the list before that tells late of its rows
            self._listed.stand = None
        self._fit_numbers()
        self.tell_cut(self._listed.cut)
        self.count_soon()
        self.count_groups_soon()
        self.tell_grouped(self._listed.grouped)
        self.facts_changed()
        self._preview_soon()

    def _fit_numbers(self) -> None:
        """The column of numbers is as wide as the widest one seen; it never becomes narrower under the reader's eyes."""
        digits = len(str(max(self._seen, default=0)))
        if digits > self.digits:
            self.digits = digits
            self.place_columns()

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        if message.key is not None:
            self.host.open_ticket(cast("int", message.key), self.neighbour)

    # -- preview -----------------------------------------------------------------------------------------------------
    def _preview_soon(self) -> None:
        if not (self.has_class("-right") or self.has_class("-below")):
            return
        self._rests_from = monotonic() + _PREVIEW_AFTER
        if self._preview_due is None:
            self._show_preview_in(_PREVIEW_AFTER)

    def _show_preview_in(self, seconds: float) -> None:
        """A plain call of the event loop: a timer of Textual's is a task, and costs as much as a key."""
        self._preview_due = asyncio.get_running_loop().call_later(seconds, self._show_preview)

    def _show_preview(self) -> None:
        moving = self._rests_from - monotonic()
        if moving > 0:  # one call however many keys
            self._show_preview_in(moving)
            return
        self._preview_due = None
        self.run_guarded(_("Preview"), self._read_preview, group="preview", exclusive=True)

    async def _read_preview(self) -> None:
        row, pane = self.current(), self.query_one(Preview)
        if row is None:
            pane.show(None, None)
            return
        try:
            preview = await self.ask(PreviewTicket(row.number))
        except DeskError:
            preview = None  # the ticket went away between two looks: the list will say so
        if self.current() == row:
            pane.show(row, preview)

    # -- views -------------------------------------------------------------------------------------------------------
    def list_titled(self) -> None:
        view, hits = self.saved.name if self.saved else words.view_title(self.view), self.hits_crumb()
        self.crumb = f"{_('Queue')} › {view}{hits} › {sort_title(self.sort)}{self.group_crumb()}"
        group = self.group_crumb(short=True)
        self.shorter_crumbs = tuple(
            f"{view}{hits} › {order}{group}" for order in (sort_title(self.sort), sort_sign(self.sort))
        )
        if self.only_marked:
            self.crumb, self.shorter_crumbs = f"{_('Queue')} › {_('Only the marked')}", ()
        self.show_title()
        self.query_one(ViewTabs).show(self.view, saved=self.saved)
        self.teach()

    def show_view(self, view: str, saved: SavedView | None = None) -> None:
        self.view, self.saved = view, saved
        self.place_columns()
        self.only_marked = False
        self.list_anew(self.last_place())

    def come_back(self, view: str, query: str, sort: str, row: int | None, saved: int | None = None) -> None:
        """Show the list as it was at another time, with the cursor on ``row``; ``saved``: the saved view that it was."""
        self.query_text, self.sort = query, sort
        field = self.filter_line()
        field.value, field.display = query, bool(query)
        if (view, query, sort) != ("open", "", "updated"):
            self.show_view(view)
        if row is not None:
            self.came_back(row)
        if saved is not None:
            self.run_guarded(_("Views"), lambda: self.name_again(saved), group="saved-view")

    def list_anew(self, place: Place | None = None) -> None:
        self.only_marked = False
        self.list_titled()
        self.list_from(place)
        self.marks_moved()

    def list_marks_anew(self) -> None:
        self.list_titled()
        self.list_from(self.last_place())

    def own_fields(self) -> Mapping[str, KnownField]:
        return self.filter_line().own

    def subject_of(self, number: int) -> str:
        row = self._seen.get(number)
        return row.subject if row is not None else ""

    def show_next(self, number: int, why: Told) -> None:
        self.went_on_to(number)
        self.host.open_ticket(number, self.neighbour, why)

    async def went_away(self, number: int) -> None:
        """As the agent has set it: the cursor goes on, or back; or it stays on the line, which says that the ticket has left."""
        after = await after_work(self)
        if after is not AfterWork.STAY and self.view not in ("all", "resolved"):
            self.table().action_move(1 if after is AfterWork.NEXT else -1)

    # -- leaving ---------------------------------------------------------------------------------------------------------
    def do_clear(self, argument: str) -> None:
        if not (self.clear_marks() or self.clear_filter()):
            self.hush()

    def perform(self, action: Action, argument: str = "") -> None:
        """As everywhere; only two q in a row, with nothing done between them, leave."""
        if action.id != "back" and self._asks_to_quit():
            self.hush()
        super().perform(action, argument)

    def do_back(self, argument: str) -> None:
        if self.clear_filter():
            return
        if self._asks_to_quit():
            self.do_quit("")
        else:
            self.say(quit_question())

    def _asks_to_quit(self) -> bool:
        return self.notice == Told(quit_question())

    # -- the ticket under the cursor ---------------------------------------------------------------------------------
    def ticket_number(self) -> int:
        row = self.current()
        if row is None:
            raise UsageError(_("Nothing is selected."))
        return row.number

    def field_now(self, field: str) -> str:
        row = self.current()
        return str(getattr(row, field, "")) if row is not None else ""
