"""My tasks: over all tickets, overdue first; ticked here, or opened in their ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import BROWSE, DETAILS
from tui_desk.actions.work import TASKS
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.tasks import ListTasks
from tui_desk.contracts.work import TaskView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.tasks import ENDED
from tui_desk.screens import words, work_words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.screens.ticket_tasks import TaskActions
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

LIMIT = 500
_FILTERS = ("mine", "late", "open", "all")


class TasksScreen(BrowseScreen[TaskView], TaskActions):
    """The list of tasks."""

    scopes = (TASKS, BROWSE, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Tasks")
        self.search_hint = _("words in the task, its notes or the ticket")
        self.shown = "mine"

    def above(self) -> Iterable[Widget]:
        titles = {"mine": _("Mine"), "late": _("Late"), "open": _("All open"), "all": _("Everything")}
        sections = tuple(Section(name, titles[name]) for name in _FILTERS)
        yield SectionTabs(sections, self.shown, id="filters")

    def columns(self) -> tuple[Column, ...]:
        states = words.widest(work_words.task_state(state).text for state in work_words.STATES)
        return (
            Column("state", _("State"), states),
            Column("due", _("Due"), 17),
            Column("task", _("Task"), 20, flex=3),
            Column("ticket", "#", 6, align="right"),
            Column("subject", _("Ticket"), 16, flex=2, priority=2),
            Column("who", _("Who"), 12, flex=1, priority=1),
        )

    async def read(self) -> Sequence[TaskView]:
        return await self.ask(
            ListTasks(
                mine=self.shown == "mine",
                overdue=self.shown == "late",
                everything=self.shown == "all",
                query=self.search_text,
                limit=LIMIT,
            )
        )

    def items_read(self) -> None:
        if len(self.items) >= LIMIT:
            self.say(_("The first {count} are shown; / finds the others.").format(count=LIMIT))

    def row(self, item: TaskView) -> TableRow:
        now = self.host.options.clock()
        state = work_words.task_state(item.state)
        over, late = item.state in ENDED, work_words.is_late(item, now)
        return TableRow(
            item.id,
            (
                Cell(state.text, state.style),
                Cell(work_words.due(item, now) or "–", "error" if late else "muted"),
                Cell(item.title, "muted" if over else ""),
                Cell(str(item.ticket), "muted"),
                Cell(item.ticket_subject or _("(no subject)"), "muted"),
                Cell(work_words.who(item) or "–", "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: TaskView) -> Content:
        now = self.host.options.clock()
        state = work_words.task_state(item.state)
        facts = (
            Fact(_("Ticket"), f"#{item.ticket} {item.ticket_subject}"),
            Fact(_("Due"), work_words.due(item, now), "$text-error" if work_words.is_late(item, now) else ""),
            Fact(_("Assignee"), item.assignee_name),
            Fact(_("Team"), item.team),
            Fact(_("Needed"), _("before the ticket is resolved") if item.blocking else _("optional")),
            Fact(_("Done"), words.moment(item.done_at, now) if item.done_at else ""),
        )
        return blocks(heading(item.title, state.text, state.colour), labelled(facts), sentence(item.notes))

    def empty_text(self) -> str:
        if self.search_text:
            return _("No task here has these words. Esc shows all again.")
        sentences = {
            "mine": _("Nothing to do. Tasks are added in a ticket: 5, then +. 3 shows everybody's."),
            "late": _("Nothing is late. 3 shows what is open."),
            "open": _("No task is open. Tasks are added in a ticket: 5, then +."),
            "all": _("There are no tasks yet. They are added in a ticket: 5, then +."),
        }
        return sentences[self.shown]

    def concerns(self, change: Change) -> bool:
        return True

    # -- what actions are about --------------------------------------------------------------------------------------
    def item_facts(self, item: TaskView) -> set[str]:
        return {"work_task", "work_item", "ticket"}

    def _item(self) -> TaskView:
        item = self.current()
        if item is None:
            raise UsageError(_("No task is selected."))
        return item

    def task_id(self) -> int:
        return self._item().id

    def ticket_number(self) -> int:
        return self._item().ticket

    def timer_task(self) -> int | None:
        return self._item().id

    def field_now(self, field: str) -> str:
        return ""

    def open_item(self, item: TaskView) -> None:
        from tui_desk.screens.ticket import TicketScreen

        self.app.push_screen(TicketScreen(item.ticket, at=("task", item.id)))

    # -- filters -----------------------------------------------------------------------------------------------------
    def _show(self, shown: str) -> None:
        self.shown = shown
        self.query_one(SectionTabs).show(shown)
        self.list_anew()

    def do_tasks_mine(self, argument: str) -> None:
        self._show("mine")

    def do_tasks_late(self, argument: str) -> None:
        self._show("late")

    def do_tasks_open(self, argument: str) -> None:
        self._show("open")

    def do_tasks_all(self, argument: str) -> None:
        self._show("all")

    def do_next_tasks(self, argument: str) -> None:
        self._show(_FILTERS[(_FILTERS.index(self.shown) + 1) % len(_FILTERS)])

    def do_previous_tasks(self, argument: str) -> None:
        self._show(_FILTERS[_FILTERS.index(self.shown) - 1])
