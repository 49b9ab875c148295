"""Tasks on tickets, and the checklists they come from."""

from __future__ import annotations

from datetime import date, datetime

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.contracts.work import TaskView
from tui_desk.core.enums import TaskState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class RowChanged(FieldChanged):
    """What a change of a row of the work did; ``id`` is the row's."""

    id: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DueBy:
    """By the end of the day ``on``, or at the instant ``at``; neither: at no time."""

    on: date | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListTasks(Request[tuple[TaskView, ...]]):
    """Tasks, overdue and next due first. Of one ticket: in its order, the ones that are over too."""

    ticket: int | None = None
    mine: bool = False
    """Assigned to the acting agent, or to one of the agent's teams and nobody in it."""
    assignee: str = ""
    """A login."""
    team: str = ""
    query: str = ""
    """Words in title, notes or the ticket's subject."""
    overdue: bool = False
    everything: bool = False
    """Those that are over too."""
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ShowTask(Request[TaskView]):
    id: int


@dataclass(frozen=True, slots=True)
class AddTask(Request[RowChanged]):
    """A new task at the end of the ticket's. ``assignee`` is a login (``me``), ``team`` a team's name."""

    number: int
    title: str
    notes: str = ""
    assignee: str = ""
    team: str = ""
    due: DueBy = DueBy()
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class SetTask(Request[RowChanged]):
    """Change some of a task; ``None`` leaves it alone, the empty string clears. ``version`` guards a colleague's change (0: don't check)."""

    id: int
    version: int = 0
    title: str | None = None
    notes: str | None = None
    state: TaskState | None = None
    assignee: str | None = None
    team: str | None = None
    due: DueBy | None = None
    blocking: bool | None = None


@dataclass(frozen=True, slots=True)
class MoveTask(Request[RowChanged]):
    """Up (negative) or down in the ticket's order; as far as it goes."""

    id: int
    by: int


@dataclass(frozen=True, slots=True)
class RemoveTask(Request[RowChanged]):
    """Delete a task; time recorded on it stays with the ticket."""

    id: int


@dataclass(frozen=True, slots=True)
class ChecklistItemView:
    """A task to be. ``due_after_days``: days after the checklist was applied."""

    title: str
    notes: str = ""
    assignee: str = ""
    team: str = ""
    due_after_days: int | None = None
    blocking: bool = True
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ChecklistView:
    id: int
    name: str
    category: str
    """Applied by itself when a ticket gets this category; empty: by hand only."""
    active: bool
    items: tuple[ChecklistItemView, ...]
    version: int


@dataclass(frozen=True, slots=True)
class ListChecklists(Request[tuple[ChecklistView, ...]]):
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class ShowChecklist(Request[ChecklistView]):
    name: str


@dataclass(frozen=True, slots=True)
class SaveChecklist(Request[ChecklistView]):
    """Make a checklist (``id`` None) or change one: ``items`` are all it holds from now on, in order."""

    id: int | None
    name: str
    category: str = ""
    active: bool = True
    items: tuple[ChecklistItemView, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class RemoveChecklist(Request[str]):
    """Delete a checklist; tasks that came from it stay. Answers a sentence."""

    name: str


@dataclass(frozen=True, slots=True)
class ApplyChecklist(Request[RowChanged]):
    """Add a checklist's tasks to a ticket; those of it that are there already are not added again. ``id`` is the checklist's."""

    number: int
    name: str
