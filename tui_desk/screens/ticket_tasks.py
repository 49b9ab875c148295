"""Tasks and time on the ticket screen: what their keys do."""

from __future__ import annotations

from abc import abstractmethod

from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.contracts.tasks import (
    ApplyChecklist,
    ListChecklists,
    MoveTask,
    RemoveTask,
    SetTask,
    ShowTask,
)
from tui_desk.contracts.timekeeping import ListActivities, RemoveTime, ShowTime
from tui_desk.core.enums import Role, TaskState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.tasks import ticked
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice
from tui_desk.screens.task_form import Crew, TaskFormScreen
from tui_desk.screens.ticket_actions import TicketActions
from tui_desk.screens.ticket_work import TicketWork
from tui_desk.screens.time_form import TimeFormScreen


async def crew_of(screen: BaseScreen) -> Crew:
    """Whom a task can be given to."""
    agents = await screen.ask(ListAgents())
    teams = await screen.ask(ListTeams())
    workers = [(one.login, one.name or one.login) for one in agents if one.role is not Role.READ_ONLY]
    return Crew(workers, [team.name for team in teams])


class TaskActions(TicketActions):
    """What can be done with a task from its ticket and from the list of one's tasks alike."""

    @abstractmethod
    def task_id(self) -> int:
        """The task an action applies to. Raises UsageError where there is none."""

    async def do_tick(self, argument: str) -> None:
        task = await self.ask(ShowTask(self.task_id()))
        await self.change(SetTask(task.id, state=ticked(task.state)))

    async def do_begin_task(self, argument: str) -> None:
        task = await self.ask(ShowTask(self.task_id()))
        begun = task.state is TaskState.IN_PROGRESS
        await self.change(SetTask(task.id, state=TaskState.OPEN if begun else TaskState.IN_PROGRESS))

    async def do_edit_task(self, argument: str) -> None:
        task = await self.ask(ShowTask(self.task_id()))
        await self.app.push_screen(TaskFormScreen(task.ticket, task, await crew_of(self)))

    async def do_give_task(self, argument: str) -> None:
        task = await self.ask(ShowTask(self.task_id()))
        crew = await crew_of(self)
        choices = [Choice(login, name) for login, name in crew.agents] + [Choice("", _("nobody"))]
        title = _("Give “{task}” to").format(task=task.title)
        chosen: str | None = argument or await self.choose(title, choices, task.assignee)
        if chosen is not None:
            await self.change(SetTask(task.id, assignee=chosen))


class TicketTasks(TicketWork, TaskActions):
    """The handlers of the ticket screen."""

    def task_id(self) -> int:
        item = self.work_item()
        if item is None or item.kind != "task":
            raise UsageError(_("No task is selected."))
        return item.id

    def timer_task(self) -> int | None:
        item = self.work_item()
        return item.id if item is not None and item.kind == "task" else None

    def _entry_id(self) -> int:
        item = self.work_item()
        if item is None or item.kind != "time":
            raise UsageError(_("No time entry is selected."))
        return item.id

    # -- tasks -------------------------------------------------------------------------------------------------------
    async def do_add_task(self, argument: str) -> None:
        number = self.ticket_number()
        await self.app.push_screen(TaskFormScreen(number, None, await crew_of(self), argument))

    async def do_add_checklist(self, argument: str) -> None:
        number = self.ticket_number()
        chosen: str | None = argument
        if not argument:
            lists = await self.ask(ListChecklists())
            if not lists:
                self.refuse(
                    _("There are no checklists yet."), _("A supervisor makes them: g m, section Checklists.")
                )
                return
            choices = [
                Choice(one.name, one.name, detail=", ".join(item.title for item in one.items[:4]))
                for one in lists
            ]
            chosen = await self.choose(_("Put on #{number}").format(number=number), choices)
        if chosen is not None:
            await self.change(ApplyChecklist(number, chosen))

    async def do_task_down(self, argument: str) -> None:
        await self.change(MoveTask(self.task_id(), 1))

    async def do_task_up(self, argument: str) -> None:
        await self.change(MoveTask(self.task_id(), -1))

    async def do_remove_task(self, argument: str) -> None:
        await self.change(RemoveTask(self.task_id()))

    # -- time --------------------------------------------------------------------------------------------------------
    async def do_add_time(self, argument: str) -> None:
        item = self.work_item()
        task_id = item.id if item is not None and item.kind == "task" else None
        tasks = self.ticket.tasks if self.ticket is not None else ()
        activities = await self.ask(ListActivities())
        await self.app.push_screen(TimeFormScreen(self.ticket_number(), None, activities, tasks, task_id))

    async def do_edit_time(self, argument: str) -> None:
        entry = await self.ask(ShowTime(self._entry_id()))
        activities = await self.ask(ListActivities())
        await self.app.push_screen(TimeFormScreen(entry.ticket, entry, activities))

    async def do_remove_time(self, argument: str) -> None:
        await self.change(RemoveTime(self._entry_id()))
