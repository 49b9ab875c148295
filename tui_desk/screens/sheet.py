"""The weekly time sheet of an agent: a row for each ticket, a column for each day, and what the cursor's row is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.work import SHEET
from tui_desk.contracts.desk import ListAgents
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.contracts.timekeeping import ListActivities, SheetRow, SheetView, ShowSheet
from tui_desk.contracts.work import TimeEntryView
from tui_desk.core.enums import Role
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import work_words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.choices import Choice
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.details import blocks, heading, sentence
from tui_desk.screens.ticket_actions import TicketActions
from tui_desk.screens.time_form import TimeFormScreen
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

TOTAL = 0
"""The key of the last row; tickets are numbered from 1."""


class SheetScreen(BrowseScreen[SheetRow], TicketActions):
    """A week."""

    scopes = (SHEET, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.day: date | None = None
        """Some day of the week that is shown; None: today."""
        self.agent = ""
        self.sheet: SheetView | None = None
        self.crumb = _("Time sheet")

    # -- the table ---------------------------------------------------------------------------------------------------
    def columns(self) -> tuple[Column, ...]:
        names = _("Mon Tue Wed Thu Fri Sat Sun").split()
        days = (Column(f"day{place}", name, 5, align="right") for place, name in enumerate(names))
        return (
            Column("ticket", "#", 6, align="right"),
            Column("subject", _("Ticket"), 16, flex=1),
            *days,
            Column("total", _("Total"), 6, align="right"),
        )

    def key(self, item: SheetRow) -> int:
        return item.ticket

    async def read(self) -> Sequence[SheetRow]:
        today = self.host.options.clock().astimezone().date()
        sheet = await self.ask(ShowSheet(self.day or today, self.agent))
        self.sheet = sheet
        self._title(sheet)
        if not sheet.rows:
            return ()
        return (*sheet.rows, SheetRow(TOTAL, _("Total"), sheet.days))

    def _title(self, sheet: SheetView) -> None:
        sunday = sheet.monday + timedelta(days=6)
        week = f"{sheet.monday.isoformat()} – {sunday.isoformat()}"
        self.crumb = " › ".join((_("Time sheet"), sheet.agent_name, week))
        self.show_title()

    def row(self, item: SheetRow) -> TableRow:
        total = item.ticket == TOTAL
        days = [
            Cell(work_words.minutes(one), "strong" if total else ("" if one else "muted"))
            for one in item.minutes
        ]
        number = Cell("" if total else str(item.ticket), "muted")
        subject = Cell(item.subject or _("(no subject)"), "strong" if total else "")
        return TableRow(
            item.ticket,
            (number, subject, *days, Cell(work_words.minutes(item.total), "strong")),
            anchor=item.ticket,
        )

    def describe(self, item: SheetRow) -> Content:
        if self.sheet is None:
            return Content("")
        if item.ticket == TOTAL:
            billable = _("{time} of it billable").format(time=work_words.minutes(self.sheet.billable))
            return blocks(
                heading(_("The week"), work_words.minutes(self.sheet.total)),
                sentence(billable),
                self._closed_note(),
            )
        lines = [_entry_line(entry) for entry in self._entries(item.ticket)]
        return blocks(
            heading(item.subject, work_words.minutes(item.total)),
            Content("\n").join(lines),
            self._closed_note(),
        )

    def _closed_note(self) -> Content:
        if self.sheet is None or self.sheet.closed_until is None:
            return Content("")
        until = self.sheet.closed_until.isoformat()
        return sentence(_("The time until {day} is closed.").format(day=until), "$muted")

    def _entries(self, number: int) -> list[TimeEntryView]:
        return [] if self.sheet is None else [one for one in self.sheet.entries if one.ticket == number]

    def empty_text(self) -> str:
        return _("Nothing is recorded in this week. N adds time, t on a ticket runs the clock.")

    def concerns(self, change: Change) -> bool:
        return True

    # -- what actions are about --------------------------------------------------------------------------------------
    def facts(self) -> frozenset[str]:
        agent = self.host.agent
        supervisor = agent is None or agent.role in (Role.SUPERVISOR, Role.ADMIN)
        found = super().facts()
        item = self.current()
        if item is not None and item.ticket == TOTAL:
            found -= {"selected"}
        return found | ({"supervisor"} if supervisor else set())

    def ticket_number(self) -> int:
        item = self.current()
        if item is None or item.ticket == TOTAL:
            raise UsageError(_("No ticket is selected."))
        return item.ticket

    def field_now(self, field: str) -> str:
        return ""

    def open_item(self, item: SheetRow) -> None:
        from tui_desk.screens.ticket import TicketScreen

        entries = self._entries(item.ticket)
        if entries:
            self.app.push_screen(TicketScreen(item.ticket, at=("time", entries[-1].id)))

    # -- weeks and agents --------------------------------------------------------------------------------------------
    def _go(self, days: int) -> None:
        today = self.host.options.clock().astimezone().date()
        try:
            self.day = (self.day or today) + timedelta(days=days)
        except OverflowError:
            return
        self.list_anew()

    def do_previous_week(self, argument: str) -> None:
        self._go(-7)

    def do_next_week(self, argument: str) -> None:
        self._go(7)

    def do_this_week(self, argument: str) -> None:
        self.day = None
        self.list_anew()

    async def do_sheet_agent(self, argument: str) -> None:
        chosen: str | None = argument
        if not argument:
            agents = await self.ask(ListAgents())
            choices = [Choice(one.login, one.name or one.login) for one in agents]
            present = self.sheet.agent if self.sheet else ""
            chosen = await self.choose(_("Whose week?"), choices, present)
        if chosen is not None:
            self.agent = chosen
            self.list_anew()

    # -- entries -----------------------------------------------------------------------------------------------------
    async def do_sheet_time(self, argument: str) -> None:
        item = self.current()
        present = str(item.ticket) if item is not None and item.ticket != TOTAL else ""
        typed = argument or await self.prompt(_("Time on which ticket?"), present)
        if not typed:
            return
        digits = typed.strip().lstrip("#")
        if not digits.isdecimal():
            raise UsageError(_("“{typed}” is not a ticket number.").format(typed=typed))
        ticket = await self.ask(ShowTicket(int(digits)))
        activities = await self.ask(ListActivities())
        await self.app.push_screen(TimeFormScreen(ticket.number, None, activities, ticket.tasks))

    async def do_correct_time(self, argument: str) -> None:
        entries = self._entries(self.ticket_number())
        chosen: str | None = str(entries[0].id) if len(entries) == 1 else None
        if len(entries) > 1:
            choices = [Choice(str(one.id), _entry_line(one).plain) for one in entries]
            chosen = await self.choose(_("Which one?"), choices)
        entry = next((one for one in entries if str(one.id) == chosen), None)
        if entry is not None:
            activities = await self.ask(ListActivities())
            await self.app.push_screen(TimeFormScreen(entry.ticket, entry, activities))


def _entry_line(entry: TimeEntryView) -> Content:
    """An entry on a line."""
    what = " · ".join(filter(None, (entry.activity, entry.task, entry.note)))
    parts: list[Part] = [
        (f"{entry.day:%m-%d} {work_words.hours_of(entry):<5}  ", "$muted"),
        (f"{work_words.minutes(entry.minutes):<6}", "bold"),
        what,
    ]
    if entry.billable:
        parts.append((f"  {_('billable')}", "$text-accent"))
    return line(*parts)
