"""The list of ticket templates, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.macros import KEPT, TEMPLATES
from tui_desk.contracts.macros import FillTemplate, ListTemplates, SaveTemplate, TemplateView
from tui_desk.core.i18n import _
from tui_desk.rules.macro_lines import TEMPLATE_FIELDS, field_lines, read_fields, read_tasks
from tui_desk.rules.text_variables import DESK_NAMES
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.form_rows import Field
from tui_desk.screens.kept_form import KeptForm, lines_problem, tasks_field, tasks_problem, text_problem
from tui_desk.screens.kept_frame import KeptList, common_cells, used_text, whom_text
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class TemplatesScreen(KeptList[TemplateView]):
    """The list."""

    scopes = (TEMPLATES, KEPT, DETAILS, LIST, GLOBAL)
    section = "templates"
    saving = SaveTemplate

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

    def open_form(self, item: TemplateView | None) -> None:
        self.app.push_screen(TemplateFormScreen(item))

    def do_new_template(self, argument: str) -> None:
        self.open_form(None)

    def do_edit_template(self, argument: str) -> None:
        self.open_form(self.item_meant())

    async def do_use_template(self, argument: str) -> None:
        from tui_desk.screens.new_ticket import NewTicketScreen

        self.app.push_screen(NewTicketScreen(await self.ask(FillTemplate(self.item_meant().id))))

    async def do_set_aside_template(self, argument: str) -> None:
        await self.set_aside()


class TemplateFormScreen(KeptForm[TemplateView]):
    """Writes a template, or changes this one."""

    section = "templates"

    def name_help(self) -> str:
        return _("What colleagues look for, such as New colleague.")

    def own_fields(self) -> tuple[Field, ...]:
        variables = _("Variables: {names}.").format(names="{today}, {today+3d}, {agent.name}, {desk.name}")
        return (
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
            tasks_field(),
        )

    def own_values(self, item: TemplateView) -> Mapping[str, str]:
        return {
            "subject": item.subject,
            "requester": item.requester,
            "body": item.body,
            "fields": "\n".join(field_lines(item.fields)),
            "tasks": "\n".join(item.tasks),
        }

    def own_problems(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return {
            "subject": text_problem(values["subject"], DESK_NAMES),
            "body": text_problem(values["body"], DESK_NAMES),
            "fields": lines_problem(read_fields, values["fields"], TEMPLATE_FIELDS),
            "tasks": tasks_problem(values["tasks"]),
        }

    def request(self, values: Mapping[str, str], common: Mapping[str, Any]) -> SaveTemplate:
        return SaveTemplate(
            subject=values["subject"],
            body=values["body"],
            requester=values["requester"].strip(),
            fields=read_fields(values["fields"].splitlines(), TEMPLATE_FIELDS),
            tasks=read_tasks(values["tasks"].splitlines()),
            **common,
        )

    def saved_words(self) -> str:
        return _("The template {name} is saved.")
