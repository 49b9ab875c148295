"""Settings → Checklists: tasks that belong together, put on a ticket by hand or by its category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from tui_desk.actions.administration import FORM, SETTINGS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.work_settings import CHECKLISTS
from tui_desk.contracts.tasks import ChecklistItemView, ChecklistView, ListChecklists, SaveChecklist
from tui_desk.contracts.tickets import ListCategories
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.rules.checklist_lines import line_of, read_line
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class ChecklistsScreen(SettingsSection, BrowseScreen[ChecklistView]):
    """The list."""

    scopes = (CHECKLISTS, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "checklists"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Checklists')}"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Checklist"), 20, flex=2),
            Column("tasks", _("Tasks"), 6, align="right"),
            Column("category", _("Category"), 16, flex=1),
            Column("active", _("Active"), 6),
        )

    async def read(self) -> Sequence[ChecklistView]:
        return await self.ask(ListChecklists(inactive=True))

    def row(self, item: ChecklistView) -> TableRow:
        cells = (
            Cell(item.name, "strong" if item.active else "muted"),
            Cell(str(len(item.items)), "muted"),
            Cell(item.category or "–", "muted"),
            Cell(_("yes") if item.active else _("no"), "" if item.active else "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: ChecklistView) -> Content:
        by = _("when a ticket gets {category}, and by hand").format(category=item.category)
        tasks = "\n".join(f"{place}. {_line(one)}" for place, one in enumerate(item.items, start=1))
        count = ngettext("{count} task", "{count} tasks", len(item.items)).format(count=len(item.items))
        return blocks(
            heading(item.name, count),
            labelled((Fact(_("Put on"), by if item.category else _("by hand: + in a ticket")),)),
            sentence(tasks),
        )

    def empty_text(self) -> str:
        return _("No checklists yet. N writes down the first: one task a line.")

    def open_item(self, item: ChecklistView) -> None:
        if "supervisor" in self.facts():
            self.do_edit_checklist("")

    def _item(self) -> ChecklistView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def do_new_checklist(self, argument: str) -> None:
        self.app.push_screen(ChecklistFormScreen(None))

    def do_edit_checklist(self, argument: str) -> None:
        self.app.push_screen(ChecklistFormScreen(self._item()))

    async def do_set_aside_checklist(self, argument: str) -> None:
        item = self._item()
        await self.ask(
            SaveChecklist(item.id, item.name, item.category, not item.active, item.items, item.version)
        )
        told = _("{name} is set aside.") if item.active else _("{name} is offered again.")
        self.say(told.format(name=item.name), level="done")
        self.reload()


class ChecklistFormScreen(FormScreen):
    """Makes a checklist, or changes this one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, checklist: ChecklistView | None) -> None:
        self.checklist = checklist
        super().__init__()
        name = checklist.name if checklist else _("New checklist")
        self.crumb = f"{_('Settings')} › {_('Checklists')} › {name}"

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("name", _("Name"), help=_("What colleagues look for, such as New colleague.")),
            Field(
                "category",
                _("Category"),
                help=_(
                    "A path such as HR/Joiner: the list is put on a ticket that gets it, once. Empty: by hand only."
                ),
            ),
            Field(
                "items",
                _("Tasks"),
                "block",
                help=_(
                    "One a line. What differs stands behind bars: | assignee=ben | team=IT | days=2 (due so many days after) | "
                    "optional | notes=by phone"
                ),
                lines=10,
            ),
        )

    async def initial(self) -> Mapping[str, str]:
        known = await self.ask(ListCategories())
        if known:
            paths = ", ".join(category.path for category in known[:12])
            self.show_notes((_("Categories: {names}").format(names=paths),))
        found = self.checklist
        if found is None:
            return {}
        lines = "\n".join(_line(item) for item in found.items)
        return {"name": found.name, "category": found.category, "items": lines}

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {"name": "" if values["name"].strip() else _("A checklist needs a name.")}
        try:
            if not _items(values["items"]):
                found["items"] = _("At least one task.")
        except UsageError as error:
            found["items"] = str(error)
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        found = self.checklist
        saved = await self.ask(
            SaveChecklist(
                found.id if found else None,
                values["name"].strip(),
                values["category"].strip(),
                found.active if found else True,
                _items(values["items"]),
                found.version if found else 0,
            )
        )
        return _("The checklist {name} is saved.").format(name=saved.name)


def _line(item: ChecklistItemView) -> str:
    return line_of(item.title, item.assignee, item.team, item.due_after_days, item.blocking, item.notes)


def _items(text: str) -> tuple[ChecklistItemView, ...]:
    """Raises UsageError."""
    read = (read_line(line) for line in text.splitlines() if line.strip())
    return tuple(
        ChecklistItemView(one.title, one.notes, one.assignee, one.team, one.days, one.blocking)
        for one in read
    )
