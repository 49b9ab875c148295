"""The queue: views with counts, the list, the preview beside or below it, the filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from textual import events
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.registry import Action
from tui_desk.actions.tickets import QUEUE
from tui_desk.contracts.queue import SORTS, VIEWS, CountViews, PreviewTicket, TicketRow
from tui_desk.core.enums import AfterWork
from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.bulk_actions import BulkActions
from tui_desk.screens.fields import Field
from tui_desk.screens.key_map import tell_troubles
from tui_desk.screens.lists import ScreenTable
from tui_desk.screens.message_line import Told
from tui_desk.screens.own_settings import after_work
from tui_desk.screens.queue_parts import Banners, Preview, ViewTabs, banners
from tui_desk.screens.queue_source import TicketSource, columns
from tui_desk.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from tui_desk.rules.own_query import KnownField

_PREVIEW_AFTER = 0.06
_FILTER_AFTER = 0.12
_AGES_EVERY = 60.0
PREVIEW_BELOW = 100
PREVIEW_RIGHT = 140
_PREVIEW_ROWS = 22


class QueueScreen(BulkActions):
    """The list of tickets."""

    scopes = (QUEUE, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Queue")
        self.view = "open"
        self.query_text = ""
        self.sort = "updated"
        self._seen: dict[int, TicketRow] = {}
        self._preview_timer: Timer | None = None
        self._filter_timer: Timer | None = None
        self._read_once = False
        self._own_fields: Mapping[str, KnownField] = {}
        self._digits = 3

    @property
    def is_as_started(self) -> bool:
        """Whether it shows what the next start shows first."""
        as_started = (self.view, self.query_text, self.sort) == ("open", "", "updated") and not self.has_marks
        return as_started and bool(self._seen)

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        source = self._source()
        first_page, self.host.first_page = self.host.first_page, None
        initial = source.shown(first_page) if first_page is not None else None
        self._digits = max(self._digits, len(str(max(self._seen, default=0))))
        yield ViewTabs(id="views")
        yield Banners(id="banners")
        yield Field(placeholder=_("words, status:open, priority:high, from:name, assignee:me"), id="filter")
        yield Static("", id="filter-help", markup=False)
        with_preview = Container(
            ScreenTable(columns(self._digits, self.view), source, initial=initial, id="tickets"),
            Vertical(Preview(self.host.options.clock, id="preview"), id="preview-box"),
            id="panes",
        )
        yield with_preview

    def start(self) -> None:
        self.query_one("#filter", Input).display = False
        self._help_filter()
        self._show_view()
        self.table().focus()
        self.set_interval(_AGES_EVERY, self.reload)
        tell_troubles(self)

    def _source(self) -> TicketSource:
        ask, clock = self.ask, self.host.options.clock
        if self.only_marked:
            return TicketSource(ask, clock, "all", "", self.sort, self._seen, self.marked)
        return TicketSource(ask, clock, self.view, self.query_text, self.sort, self._seen)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width >= PREVIEW_RIGHT, "-right")
        self.set_class(PREVIEW_BELOW <= width < PREVIEW_RIGHT and height >= _PREVIEW_ROWS, "-below")
        self._preview_soon()

    def facts(self) -> frozenset[str]:
        here = self.current()
        found = {"ticket", "selected", "requester"} if here is not None else set()
        return super().facts() | found | self.mark_facts()

    def current(self) -> TicketRow | None:
        """The ticket under the cursor."""
        key = self.table().current_key
        return self._seen.get(cast("int", key)) if key is not None else None

    def status_changed(self) -> None:
        super().status_changed()
        self.query_one(Banners).show(banners(self.host.status))

    # -- reading -----------------------------------------------------------------------------------------------------
    async def load(self) -> None:
        if self._read_once:
            self.table().refresh_rows()
        self._read_once = True  # the table reads its first rows by itself
        counts = await self.ask(CountViews())
        self.query_one(ViewTabs).show(self.view, counts)
        self._preview_soon()
        await self.look_at_marks()

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        self.facts_changed()
        self._preview_soon()

    def on_virtual_table_rows_refreshed(self, message: VirtualTable.RowsRefreshed) -> None:
        self._fit_numbers()
        self.facts_changed()
        self._preview_soon()

    def _fit_numbers(self) -> None:
        """The column of numbers is as wide as the widest one seen; it never becomes narrower under the reader's eyes."""
        digits = len(str(max(self._seen, default=0)))
        if digits > self._digits:
            self._digits = digits
            self.table().show_columns(columns(digits, self.view))

    def on_virtual_table_row_left(self, message: VirtualTable.RowLeft) -> None:
        offer = self.host.live_offer()
        if offer is None or getattr(offer.request, "number", None) != message.key:
            self.say(_("#{number} is no longer in this view.").format(number=message.key))

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        if message.key is not None:
            self.host.open_ticket(cast("int", message.key), self.neighbour)

    # -- preview -----------------------------------------------------------------------------------------------------
    def _preview_soon(self) -> None:
        if not (self.has_class("-right") or self.has_class("-below")):
            return
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_PREVIEW_AFTER, self._show_preview)

    def _show_preview(self) -> None:
        self._preview_timer = None
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
    def _show_view(self) -> None:
        self.crumb = f"{_('Queue')} › {words.view_title(self.view)}"
        if self.sort != "updated":
            self.crumb += f" › {_sort_title(self.sort)}"
        if self.only_marked:
            self.crumb = f"{_('Queue')} › {_('Only the marked')}"
        self.show_title()
        self.query_one(ViewTabs).show(self.view)
        self.table().empty_text = _empty(self.view, self.query_text)

    def _go_view(self, view: str) -> None:
        put_off_before, self.view = self.view == "snoozed", view
        if put_off_before != (view == "snoozed"):
            self.table().show_columns(columns(self._digits, view))
        self._list_anew()

    def _list_anew(self) -> None:
        self.only_marked = False
        self.list_marks_anew()
        self.marks_moved()

    def list_marks_anew(self) -> None:
        self._show_view()
        self.table().show_source(self._source())

    def own_fields(self) -> Mapping[str, KnownField]:
        return self._own_fields

    def subject_of(self, number: int) -> str:
        row = self._seen.get(number)
        return row.subject if row is not None else ""

    def do_view_mine(self, argument: str) -> None:
        self._go_view("mine")

    def do_view_unassigned(self, argument: str) -> None:
        self._go_view("unassigned")

    def do_view_open(self, argument: str) -> None:
        self._go_view("open")

    def do_view_pending(self, argument: str) -> None:
        self._go_view("pending")

    def do_view_resolved(self, argument: str) -> None:
        self._go_view("resolved")

    def do_view_all(self, argument: str) -> None:
        self._go_view("all")

    def do_view_snoozed(self, argument: str) -> None:
        self._go_view("snoozed")

    def show_next(self, number: int, why: Told) -> None:
        self.host.open_ticket(number, self.neighbour, why)

    async def went_away(self, number: int) -> None:
        """As the agent has set it: the cursor goes on, or back; or it stays on the line, which says that the ticket has left."""
        after = await after_work(self)
        if after is not AfterWork.STAY and self.view not in ("all", "resolved"):
            self.table().action_move(1 if after is AfterWork.NEXT else -1)

    def do_next_view(self, argument: str) -> None:
        self._go_view(VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)])

    def do_previous_view(self, argument: str) -> None:
        self._go_view(VIEWS[VIEWS.index(self.view) - 1])

    def do_sort(self, argument: str) -> None:
        if argument and argument not in SORTS:
            raise UsageError(_("One can sort by {names}.").format(names=", ".join(SORTS)))
        self.sort = argument or SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        self._list_anew()
        self.say(_("Sorted: {order}.").format(order=_sort_title(self.sort)))

    # -- filter ------------------------------------------------------------------------------------------------------
    def do_filter(self, argument: str) -> None:
        field = self.query_one("#filter", Input)
        field.display = True
        self.run_guarded(_("Filter"), self._read_own_fields, group="own-fields", exclusive=True)
        if argument:
            field.value = argument
            self._help_filter()
            return
        field.focus()

    async def _read_own_fields(self) -> None:
        """Which fields of your own can be asked for, for the line below the filter."""
        from tui_desk.contracts.custom_fields import ListFields, known  # the start filters nothing
        from tui_desk.core.enums import FieldSubject

        self._own_fields = known(await self.ask(ListFields(FieldSubject.TICKET, inactive=True, past=True)))
        self._help_filter(self.focused is self.query_one("#filter"))

    def on_input_changed(self, event: Input.Changed) -> None:
        self._help_filter()
        if event.value == self.query_text:
            return
        if self._filter_timer is not None:
            self._filter_timer.stop()
        self._filter_timer = self.set_timer(_FILTER_AFTER, self._apply_filter)

    def _apply_filter(self) -> None:
        self._filter_timer = None
        typed = self.query_one("#filter", Input).value.strip()
        if typed != self.query_text:
            self.query_text = typed
            self.say("")
            self._list_anew()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._leave_filter()

    def _leave_filter(self) -> None:
        self._apply_filter()
        field = self.query_one("#filter", Input)
        field.display = bool(field.value)
        self.table().focus()
        self._help_filter(typing=False)

    def _help_filter(self, typing: bool = True) -> None:
        """Say below the filter which values a field takes, and which word nothing knows."""
        shown, typed = self.query_one("#filter-help", Static), self.query_one("#filter", Input).value
        if not typed:
            shown.display = False
            return
        from tui_desk.screens.filter_help import filter_help  # the start filters nothing

        sentence, wrong = filter_help(typed, typing, self._own_fields)
        shown.display = bool(sentence)
        shown.set_class(wrong, "-wrong")
        shown.update(f"! {sentence}" if wrong else sentence)

    def on_key(self, event: events.Key) -> None:
        field = self.query_one("#filter", Input)
        if self.focused is field and event.key in ("escape", "down", "up"):
            event.stop()
            event.prevent_default()
            if event.key == "escape":
                field.value = ""
            self._leave_filter()

    def do_clear(self, argument: str) -> None:
        if not (self.clear_marks() or self._clear_filter()):
            self.hush()

    def perform(self, action: Action, argument: str = "") -> None:
        """As everywhere; only two q in a row, with nothing done between them, leave."""
        if action.id != "back" and self._asks_to_quit():
            self.hush()
        super().perform(action, argument)

    def do_back(self, argument: str) -> None:
        if self._clear_filter():
            return
        if self._asks_to_quit():
            self.do_quit("")
        else:
            self.say(_quit_question())

    def _asks_to_quit(self) -> bool:
        return self.notice == Told(_quit_question())

    def _clear_filter(self) -> bool:
        """Whether there was one."""
        field = self.query_one("#filter", Input)
        if not (self.query_text or field.value):
            return False
        field.value = ""
        self._leave_filter()
        return True

    # -- the ticket under the cursor ---------------------------------------------------------------------------------
    def ticket_number(self) -> int:
        row = self.current()
        if row is None:
            raise UsageError(_("Nothing is selected."))
        return row.number

    def field_now(self, field: str) -> str:
        row = self.current()
        return str(getattr(row, field, "")) if row is not None else ""


def _quit_question() -> str:
    return _("q again leaves tui-desk; drafts are kept.")


def _sort_title(sort: str) -> str:
    return {
        "updated": _("last change first"),
        "created": _("newest first"),
        "priority": _("most urgent first"),
    }[sort]


def _empty(view: str, query: str) -> str:
    """What an empty list teaches."""
    if query:
        return _("Nothing in this view fits the filter. Esc clears it, 6 looks in everything.")
    sentences = {
        "mine": _("Nothing is assigned to you. 2 shows what nobody has taken; I takes one."),
        "unassigned": _("Everything is taken. 3 shows all that is open."),
        "open": _("Nothing is open. N writes down a call or a visit; mail arrives by itself."),
        "pending": _("Nothing waits for a requester or anybody else."),
        "resolved": _("Nothing is resolved yet. s sets a ticket's status."),
        "snoozed": _("Nothing is put off. Z puts a ticket off until tomorrow 9, fri, 3d or an answer."),
        "all": _("No tickets yet. N writes down a call or a visit; mail arrives by itself."),
    }
    return sentences[view]
