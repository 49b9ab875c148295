"""One task of a ticket to write down or change. What is wrong is told while one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.tasks import AddTask, DueBy, SetTask
from tui_desk.contracts.work import TaskView
from tui_desk.core.enums import TaskState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.due import due_text, read_due
from tui_desk.rules.tasks import may_follow
from tui_desk.screens import work_words
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.choice_field import Option


class Crew(NamedTuple):
    """Whom a task can be given to: (login, name) of agents, names of teams."""

    agents: Sequence[tuple[str, str]]
    teams: Sequence[str]


class TaskFormScreen(FormScreen):
    """Adds a task to the ticket ``number``, or changes ``task``."""

    scopes = (FORM, GLOBAL)

    def __init__(self, number: int, task: TaskView | None, crew: Crew, title: str = "") -> None:
        self.edited, self.number, self._crew, self._title = task, number, crew, title
        super().__init__()
        self.crumb = f"#{number} › {task.title if task else _('New task')}"

    def fields(self) -> tuple[Field, ...]:
        nobody = Option("", _("nobody"))
        states = tuple(
            Option(state.value, work_words.task_state(state).word)
            for state in TaskState
            if self.edited is None or may_follow(self.edited.state, state)
        )
        shown = (
            Field("title", _("Task"), help=_("What is to be done, in a few words.")),
            Field(
                "assignee",
                _("Assignee"),
                "choice",
                help=_("The agent who does it; they are told."),
                options=(nobody, *(Option(login, name) for login, name in self._crew.agents)),
            ),
            Field(
                "team",
                _("Team"),
                "choice",
                help=_("The team that does it; while nobody of it has the task, all of them see it."),
                options=(Option("", _("none")), *(Option(name, name) for name in self._crew.teams)),
            ),
            Field(
                "due",
                _("Due"),
                help=_(
                    "A day or a moment: fri, 1 dec, tomorrow 9, in 2h, 2026-12-01 14:30. Empty: at no time."
                ),
                placeholder="fri",
                width=30,
            ),
            Field(
                "blocking",
                _("Needed"),
                "choice",
                help=_("Whether the ticket is only resolved when it is done, or with a reason."),
                options=(Option("yes", _("before the ticket is resolved")), Option("no", _("optional"))),
            ),
            Field("notes", _("Notes"), "block", help=_("What else is to be known."), lines=5),
        )
        state = Field("state", _("State"), "choice", help=_("How far it is."), options=states)
        return shown if self.edited is None else (shown[0], state, *shown[1:])

    async def initial(self) -> Mapping[str, str]:
        task = self.edited
        if task is None:
            return {"title": self._title, "blocking": "yes"}
        return {
            "title": task.title,
            "state": task.state.value,
            "assignee": task.assignee,
            "team": task.team,
            "due": due_text(task.due_on, task.due_at),
            "blocking": "yes" if task.blocking else "no",
            "notes": task.notes,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {"title": "" if values["title"].strip() else _("What is to be done?")}
        try:
            self._due(values["due"])
        except UsageError as error:
            found["due"] = str(error)
        return {name: problem for name, problem in found.items() if problem}

    def _due(self, text: str) -> DueBy:
        due = read_due(text, self.host.options.clock())
        return DueBy(due.on, due.at)

    async def submit(self, values: Mapping[str, str]) -> str | None:
        text = {name: value.strip() for name, value in values.items()}
        blocking = text["blocking"] == "yes"
        if self.edited is None:
            done = await self.ask(
                AddTask(
                    self.number,
                    text["title"],
                    values["notes"],
                    text["assignee"],
                    text["team"],
                    self._due(text["due"]),
                    blocking,
                )
            )
            return done.sentence
        changed: dict[str, Any] = {
            n: text[n] for n in ("title", "assignee", "team", "notes") if n in self.typed
        }
        if "state" in self.typed:
            changed["state"] = TaskState(text["state"])
        if "due" in self.typed:
            changed["due"] = self._due(text["due"])
        if "blocking" in self.typed:
            changed["blocking"] = blocking
        if not changed:
            return _("Nothing was changed.")
        return (await self.ask(SetTask(self.edited.id, self.edited.version, **changed))).sentence
