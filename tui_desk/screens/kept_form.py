"""The form of a canned reply, a macro or a template: a name, to whom it is offered, and what each of them has of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.desk import ListTeams
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.macros import Kept
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.macro_lines import read_tasks
from tui_desk.rules.text_variables import NAMES, problems
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.kept_frame import titles, whom_field, whom_meant, whom_options, whom_value
from tui_desk.widgets.choice_field import ChoiceField

K = TypeVar("K", bound=Kept)


class KeptForm(FormScreen, Generic[K]):
    """Writes one, or changes ``item``."""

    scopes = (FORM, GLOBAL)
    section: ClassVar[str]

    def __init__(self, item: K | None) -> None:
        self.item = item
        super().__init__()
        self.crumb = f"{titles()[self.section]} › {item.name if item else _('New')}"

    # -- what each of them says --------------------------------------------------------------------------------------
    @abstractmethod
    def own_fields(self) -> tuple[Field, ...]:
        """Those below the name and to whom it is offered."""

    @abstractmethod
    def own_values(self, item: K) -> Mapping[str, str]:
        """What stands in them."""

    @abstractmethod
    def own_problems(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong in them, by field; empty where nothing is."""

    @abstractmethod
    def request(self, values: Mapping[str, str], common: Mapping[str, Any]) -> Request[K]:
        """What saves it; ``common`` is what all of them have. Raises UsageError."""

    @abstractmethod
    def saved_words(self) -> str:
        """The sentence for the screen below, with ``{name}`` in it."""

    def new_values(self) -> Mapping[str, str]:
        """What stands in them for a new one."""
        return {}

    def name_help(self) -> str:
        """What a name is good for."""
        return ""

    # -- the form ----------------------------------------------------------------------------------------------------
    def fields(self) -> tuple[Field, ...]:
        return (Field("name", _("Name"), help=self.name_help()), whom_field(), *self.own_fields())

    async def initial(self) -> Mapping[str, str]:
        item = self.item
        field = self.control("whom")
        assert isinstance(field, ChoiceField)
        field.set_options(whom_options(self, (team.name for team in await self.ask(ListTeams()))))
        own = {"name": item.name, **self.own_values(item)} if item is not None else self.new_values()
        return {"whom": whom_value(item, self), **own}

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        name = "" if values["name"].strip() else _("It needs a name.")
        found = {"name": name, **self.own_problems(values)}
        return {field: problem for field, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        item = self.item
        own, team = whom_meant(values["whom"])
        common = {
            "id": item.id if item else None,
            "name": values["name"].strip(),
            "team": team,
            "own": own,
            "active": item.active if item else True,
            "version": item.version if item else 0,
        }
        saved = await self.ask(self.request(values, common))
        return self.saved_words().format(name=saved.name)


def language_field(help: str) -> Field:
    """For requesters of which language it is."""
    return Field("language", _("Language"), help=help, width=6)


def tasks_field() -> Field:
    """Tasks and whole checklists, a line each; :func:`tasks_problem` reads them."""
    return Field(
        "tasks",
        _("Tasks"),
        "block",
        help=_(
            "One a line, as in a checklist: Call back | days=2 | assignee=ben | optional. A whole checklist: {example}"
        ).format(example="checklist=New colleague"),
        lines=3,
    )


def tasks_problem(text: str) -> str:
    """What is wrong with lines of tasks; empty where nothing is."""
    return text_problem(text) or lines_problem(read_tasks, text)


def lines_problem(read: Callable[..., object], text: str, *more: object) -> str:
    """What ``read`` says against the lines of ``text``; empty where nothing."""
    try:
        read(text.splitlines(), *more)
    except UsageError as error:
        return f"{error.sentence} {error.hint}"
    return ""


def text_problem(text: str, names: tuple[str, ...] = NAMES) -> str:
    """What is wrong with a text's variables, with its place; empty where nothing is."""
    wrong = problems(text, names)
    return wrong[0].placed() if wrong else ""
