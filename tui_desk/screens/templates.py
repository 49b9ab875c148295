"""The list of ticket templates, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from textual.content import Content

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.macros import KEPT, TEMPLATES
from tui_desk.contracts.desk import ListTeams
from tui_desk.contracts.macros import FillTemplate, ListTemplates, SaveTemplate, TemplateView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.macro_lines import TEMPLATE_FIELDS, field_lines, read_fields, read_tasks
from tui_desk.rules.text_variables import DESK_NAMES, NAMES, problems
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.kept_frame import (
    KeptSection,
    common_cells,
    used_text,
    whom_field,
    whom_meant,
    whom_options,
    whom_text,
    whom_value,
)
from tui_desk.widgets.choice_field import ChoiceField
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class TemplatesScreen(KeptSection, BrowseScreen[TemplateView]):
    """The list."""

    scopes = (TEMPLATES, KEPT, DETAILS, LIST, GLOBAL)
    section = "templates"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Templates")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Template"), 20, flex=1),
            Column("subject", _("Subject"), 20, flex=2),
            Column("whom", _("Offered to"), 12),
            Column("used", _("Used"), 5, align="right"),
            Column("active", _("In use"), 6),
        )

    async def read(self) -> Sequence[TemplateView]:
        return await self.ask(ListTemplates(inactive=True))

    def row(self, item: TemplateView) -> TableRow:
        cells = (
            Cell(item.name, "strong" if item.active else "muted"),
            Cell(item.subject or "–", "muted"),
            *common_cells(item),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: TemplateView) -> Content:
        facts = (
            Fact(_("Offered to"), whom_text(item)),
            Fact(_("Requester"), item.requester),
            Fact(_("Subject"), item.subject),
            Fact(_("Sets"), "\n".join(field_lines(item.fields))),
            Fact(_("Tasks"), "\n".join(item.tasks)),
        )
        return blocks(heading(item.name, used_text(item)), labelled(facts), sentence(item.body, "$muted"))

    def empty_text(self) -> str:
        return _("No templates yet. N writes the first; Ctrl+T in a new ticket fills the form with it.")

    def open_item(self, item: TemplateView) -> None:
        if "writer" in self.facts():
            self.do_edit_template("")

    def _item(self) -> TemplateView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def do_new_template(self, argument: str) -> None:
        self.app.push_screen(TemplateFormScreen(None))

    def do_edit_template(self, argument: str) -> None:
        self.app.push_screen(TemplateFormScreen(self._item()))

    async def do_use_template(self, argument: str) -> None:
        from tui_desk.screens.new_ticket import NewTicketScreen

        self.app.push_screen(NewTicketScreen(await self.ask(FillTemplate(self._item().id))))

    async def do_set_aside_template(self, argument: str) -> None:
        item = self._item()
        given = {one.name: getattr(item, one.name) for one in fields(SaveTemplate)}
        await self.ask(SaveTemplate(**{**given, "active": not item.active}))
        told = _("{name} is set aside.") if item.active else _("{name} is offered again.")
        self.say(told.format(name=item.name), level="done")
        self.reload()


class TemplateFormScreen(FormScreen):
    """Writes a template, or changes this one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, item: TemplateView | None) -> None:
        self.item = item
        super().__init__()
        self.crumb = f"{_('Templates')} › {item.name if item else _('new')}"

    def fields(self) -> tuple[Field, ...]:
        variables = _("Variables: {names}.").format(names="{today}, {today+3d}, {agent.name}, {desk.name}")
        return (
            Field("name", _("Name"), help=_("What colleagues look for, such as New colleague.")),
            whom_field(),
            Field("subject", _("Subject"), help=variables),
            Field(
                "requester",
                _("Requester"),
                help=_("An address or a name. Empty: whoever makes the ticket says it; the clock cannot."),
            ),
            Field("body", _("Text"), "block", help=variables, lines=4),
            Field(
                "fields",
                _("Sets"),
                "block",
                help=_("One a line: {names}.").format(
                    names=", ".join(f"{name}=…" for name in TEMPLATE_FIELDS)
                ),
                lines=4,
            ),
            Field(
                "tasks",
                _("Tasks"),
                "block",
                help=_(
                    "One a line, as in a checklist: Call back | days=2 | assignee=ben | optional. A whole checklist: {example}"
                ).format(example="checklist=New colleague"),
                lines=3,
            ),
        )

    async def initial(self) -> Mapping[str, str]:
        item = self.item
        teams = await self.ask(ListTeams())
        field = self.control("whom")
        assert isinstance(field, ChoiceField)
        field.set_options(whom_options(self, (team.name for team in teams)))
        whom = whom_value(item, self)
        if item is None:
            return {"whom": whom}
        return {
            "name": item.name,
            "whom": whom,
            "subject": item.subject,
            "requester": item.requester,
            "body": item.body,
            "fields": "\n".join(field_lines(item.fields)),
            "tasks": "\n".join(item.tasks),
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {"name": "" if values["name"].strip() else _("It needs a name.")}
        for name, known in (("subject", DESK_NAMES), ("body", DESK_NAMES), ("tasks", NAMES)):
            wrong = problems(values[name], known)
            found[name] = wrong[0].placed() if wrong else ""
        try:
            read_fields(values["fields"].splitlines(), TEMPLATE_FIELDS)
        except UsageError as error:
            found["fields"] = f"{error.sentence} {error.hint}"
        try:
            read_tasks(values["tasks"].splitlines())
        except UsageError as error:
            found["tasks"] = f"{error.sentence} {error.hint}"
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        item = self.item
        own, team = whom_meant(values["whom"])
        saved = await self.ask(
            SaveTemplate(
                item.id if item else None,
                values["name"].strip(),
                values["subject"],
                values["body"],
                values["requester"].strip(),
                read_fields(values["fields"].splitlines(), TEMPLATE_FIELDS),
                read_tasks(values["tasks"].splitlines()),
                team,
                own,
                item.active if item else True,
                item.version if item else 0,
            )
        )
        return _("The template {name} is saved.").format(name=saved.name)
