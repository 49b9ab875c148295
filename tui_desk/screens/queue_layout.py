"""The columns and groups of the queue, as the agent has chosen them; and what is said when the row under the cursor moves."""

from __future__ import annotations

from time import monotonic
from typing import cast

from textual.timer import Timer

from tui_desk.contracts.queue import GROUPS, SORTS, CountGroups, ListTickets
from tui_desk.contracts.queue_layout import (
    COLUMNS,
    LEAST_WIDTH,
    MOST_WIDTH,
    ChosenColumn,
    QueueLayout,
    SaveQueueLayout,
    ShowQueueLayout,
)
from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.message_line import Told
from tui_desk.screens.queue_filter import FilteredQueue
from tui_desk.screens.queue_source import SORT_OF, TicketSource, columns, group_label, group_name
from tui_desk.screens.queue_words import moved, sort_title
from tui_desk.widgets.virtual_table import VirtualTable

_NONE = "none"
_COUNT_AFTER, _COUNTS_APART = 0.2, 2.0
"""Seconds after which groups are counted, and between two counts: rows never wait for a figure."""


class ArrangedQueue(FilteredQueue):
    """A list of tickets in columns and groups of the agent's own."""

    view: str
    sort: str
    _listed: TicketSource

    def __init__(self) -> None:
        super().__init__()
        self.digits = 3
        """Of the widest number seen: the column never becomes narrower under the reader's eyes."""
        self._moved = Told()
        self.grouped = 0
        """As many tickets are in groups and the view holds more; 0: all of them are."""
        self._groups_due: Timer | None = None
        self._groups_of: TicketSource | None = None
        """The list whose groups are counted."""
        self._groups_at = 0.0
        """When the groups were counted last (monotonic)."""

    @property
    def layout_now(self) -> QueueLayout:
        """Columns and group as they are; the usual ones until the agent's are read."""
        return self.host.layout or QueueLayout()

    def place_columns(self) -> None:
        """Show the columns as they are chosen, for this view."""
        self.table().show_columns(columns(self.digits, self.view, self.layout_now, self.sort))

    async def read_layout(self) -> None:
        """Where the start did not read how the agent has the queue."""
        if self.host.layout is None:
            found = await self.ask(ShowQueueLayout())
            if found != QueueLayout():
                self._show_layout(found)
            self.host.layout = found

    def _show_layout(self, layout: QueueLayout) -> None:
        before, self.host.layout = self.layout_now, layout
        self.place_columns()
        if (before.group, before.with_due) != (layout.group, layout.with_due):
            self.list_arranged()

    def list_arranged(self) -> None:
        """Show the same list in other groups."""
        self.list_anew(self.place_now())

    async def _keep(self, layout: QueueLayout, sentence: str) -> None:
        """Show it at once, and keep it for any terminal; a desk that only reads keeps nothing."""
        self._show_layout(layout)
        try:
            self._show_layout(await self.ask(SaveQueueLayout(layout.columns, layout.group)))
        except DeskError as error:
            self.say(sentence, _("For this session only: {cause}").format(cause=error.sentence))
        else:
            self.say(sentence)

    async def do_columns(self, argument: str) -> None:
        now = self.layout_now
        if argument.strip() == "reset":
            await self._keep(QueueLayout(group=now.group), _("The columns are as usual."))
        elif argument.strip():
            await self._keep(QueueLayout(chosen_columns(argument), now.group), _("These are your columns."))
        else:
            from tui_desk.screens.columns_dialog import ColumnsDialog  # few change them

            chosen = await self.answer_of(ColumnsDialog(now, self.digits, self.view, self.table().size.width))
            if chosen is not None and chosen != now:
                await self._keep(chosen, _("The queue is as you want it. = changes it."))

    def do_sort(self, argument: str) -> None:
        if argument and argument not in SORTS:
            raise UsageError(_("One can sort by {names}.").format(names=", ".join(SORTS)))
        self.sort = argument or SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        self.place_columns()
        self.list_anew()
        self.say(_("Sorted: {order}.").format(order=sort_title(self.sort)))

    def on_virtual_table_heading_clicked(self, message: VirtualTable.HeadingClicked) -> None:
        """A click on what the list can go by sorts it; on any other heading, says by what it can."""
        sort = SORT_OF.get(message.column)
        if sort is None:
            names = ", ".join(sort_title(one) for one in SORTS)
            self.say(_("The list cannot go by this column. It can go by: {names}.").format(names=names))
        elif sort != self.sort:
            self.perform_named("sort", sort)

    async def do_group(self, argument: str) -> None:
        group = argument.strip().casefold()
        if not group:
            from tui_desk.screens.choices import Choice

            choices = [Choice(_NONE, group_name(""))] + [Choice(one, group_name(one)) for one in GROUPS]
            group = await self.choose(_("Group by"), choices, self.layout_now.group or _NONE) or ""
            if not group:
                return
        if group not in (*GROUPS, _NONE):
            raise UsageError(
                _("One cannot group by “{name}”.").format(name=safe_line(group, 40)),
                _("One can group by {names}.").format(names=", ".join((*GROUPS, _NONE))),
            )
        group = "" if group == _NONE else group
        await self._keep(
            QueueLayout(self.layout_now.columns, group),
            _("Grouped by: {name}.").format(name=group_name(group)),
        )

    def group_crumb(self, *, short: bool = False) -> str:
        """What groups the list, for the title line; ``short``: without how much of the view is in the groups."""
        group = self.layout_now.group
        if not group:
            return ""
        told = _("by {name}").format(name=group_name(group))
        bound = (
            f" ({_('the first {count}').format(count=self.grouped)})" if self.grouped and not short else ""
        )
        return f" › {told}{bound}"

    def tell_grouped(self, grouped: int) -> None:
        """A view holds more than its groups show, or no longer."""
        if grouped != self.grouped:
            self.grouped = grouped
            self.list_titled()

    def count_groups_soon(self) -> None:
        """Rows were read: count what is in the groups, once that has stood a moment, and not all the time on a busy desk."""
        if self._listed is not self._groups_of:  # what was counted is no figure of this list
            self._groups_of, self._groups_at = self._listed, 0.0
            self.table().show_counts({})
            if self._groups_due is not None:
                self._groups_due.stop()
                self._groups_due = None
        if self._groups_due is None and self._listed.layout.group:
            wait = max(_COUNT_AFTER, self._groups_at + _COUNTS_APART - monotonic())
            self._groups_due = self.set_timer(wait, self._count_groups)

    def _count_groups(self) -> None:
        self._groups_due, self._groups_at = None, monotonic()
        self.run_guarded(_("Groups"), self._show_group_counts, group="group-counts", exclusive=True)

    async def _show_group_counts(self) -> None:
        listed = self._listed
        group = listed.layout.group
        if not group:
            return
        found = await self.ask(CountGroups(group, listed.view, listed.query, listed.sort, listed.only))
        if listed is self._listed:
            self.table().show_counts(
                {
                    group_label(group, one.key): f"{one.count}+" if one.capped else str(one.count)
                    for one in found
                }
            )

    # -- the row under the cursor ------------------------------------------------------------------------------------
    def on_virtual_table_row_moved(self, message: VirtualTable.RowMoved) -> None:
        renewed = message.renewed
        self._tell_moved(moved(cast("int", message.key), renewed.group, renewed.lines))

    def _tell_moved(self, sentence: str) -> None:
        """What one did oneself, and what is still to be read, is not told over."""
        if self.host.live_offer() is None and self.notice in (Told(), self._moved):
            self._moved = Told(sentence)
            self.say(sentence)

    def on_virtual_table_row_left(self, message: VirtualTable.RowLeft) -> None:
        number = cast("int", message.key)
        if not self._did_it(number):
            self.run_guarded(_("Queue"), lambda: self._tell_left(number), group="left", exclusive=True)

    async def _tell_left(self, number: int) -> None:
        """It may only have moved further than the rows that were read. A warning is not told over."""
        page = await self.ask(ListTickets(self.view, self.query_text, numbers=(number,), limit=1))
        if page.rows:
            self._tell_moved(moved(number, "", 0))
        elif self.notice.level not in ("warning", "error") and not self._did_it(number):
            self.say(_("#{number} is no longer in this view.").format(number=number))

    def _did_it(self, number: int) -> bool:
        """Whether what is told, with the way back, was done to this ticket."""
        offer = self.host.live_offer()
        return offer is not None and offer.is_about(number)


def chosen_columns(text: str) -> tuple[ChosenColumn, ...]:
    """Columns as they are typed: names in order, each with its width where one says it (``subject:40``). Raises UsageError."""
    found = []
    for word in filter(None, (part.strip() for part in text.replace(",", " ").split())):
        name, _colon, size = word.casefold().partition(":")
        if name not in COLUMNS:
            raise UsageError(
                _("There is no column “{name}”.").format(name=safe_line(name, 40)),
                _("Columns: {names}.").format(names=", ".join(COLUMNS)),
            )
        if size and not (size.isdecimal() and LEAST_WIDTH <= int(size) <= MOST_WIDTH):
            raise UsageError(
                _("A column has {least} to {most} cells.").format(least=LEAST_WIDTH, most=MOST_WIDTH)
            )
        found.append(ChosenColumn(name, True, int(size or 0)))
    return tuple(found)
