"""The list of macros, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from textual.content import Content

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.macros import KEPT, MACROS
from tui_desk.contracts.desk import ListTeams
from tui_desk.contracts.macros import ListMacros, MacroView, SaveMacro
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.macro_lines import MACRO_FIELDS, field_lines, read_fields, read_tasks
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.canned_replies import text_problem, variables_help
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
from tui_desk.widgets.choice_field import ChoiceField, Option
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

_DRAFT, _SEND = "draft", "send"


class MacrosScreen(KeptSection, BrowseScreen[MacroView]):
    """The list."""

    scopes = (MACROS, KEPT, DETAILS, LIST, GLOBAL)
    section = "macros"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Macros")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Macro"), 20, flex=2),
            Column("steps", _("Steps"), 6, align="right"),
            Column("whom", _("Offered to"), 14, flex=1),
            Column("used", _("Used"), 5, align="right"),
            Column("active", _("In use"), 6),
        )

    async def read(self) -> Sequence[MacroView]:
        return await self.ask(ListMacros(inactive=True))

    def row(self, item: MacroView) -> TableRow:
        cells = (
            Cell(item.name, "strong" if item.active else "muted"),
            Cell(str(len(item.steps)), "muted"),
            *common_cells(item),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: MacroView) -> Content:
        return blocks(
            heading(item.name, used_text(item)),
            labelled((Fact(_("Offered to"), whom_text(item)),)),
            sentence("\n".join(f"• {step}" for step in item.steps)),
            sentence(item.note, "$note"),
            sentence(item.reply, "$muted"),
        )

    def empty_text(self) -> str:
        return _("No macros yet. N writes the first; on a ticket, ; does it.")

    def open_item(self, item: MacroView) -> None:
        if "writer" in self.facts():
            self.do_edit_macro("")

    def _item(self) -> MacroView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def do_new_macro(self, argument: str) -> None:
        self.app.push_screen(MacroFormScreen(None))

    def do_edit_macro(self, argument: str) -> None:
        self.app.push_screen(MacroFormScreen(self._item()))

    async def do_set_aside_macro(self, argument: str) -> None:
        item = self._item()
        given = {one.name: getattr(item, one.name) for one in fields(SaveMacro)}
        await self.ask(SaveMacro(**{**given, "active": not item.active}))
        told = _("{name} is set aside.") if item.active else _("{name} is offered again.")
        self.say(told.format(name=item.name), level="done")
        self.reload()


class MacroFormScreen(FormScreen):
    """Writes a macro, or changes this one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, item: MacroView | None) -> None:
        self.item = item
        super().__init__()
        self.crumb = f"{_('Macros')} › {item.name if item else _('new')}"

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("name", _("Name"), help=_("What colleagues look for, such as VPN: take and ask.")),
            whom_field(),
            Field(
                "fields",
                _("Sets"),
                "block",
                help=_(
                    "One a line: {names}. assignee=me or nobody; tags=vpn,-new adds vpn and takes new away."
                ).format(names=", ".join(f"{name}=…" for name in MACRO_FIELDS)),
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
            Field("note", _("Note"), "block", help=variables_help(), lines=3),
            Field("reply", _("Reply"), "block", help=variables_help(), lines=5),
            Field(
                "send",
                _("The reply"),
                "choice",
                help=_(
                    "A draft is opened to be looked at; what is sent at once can be stopped for some seconds."
                ),
                options=(Option(_DRAFT, _("is a draft")), Option(_SEND, _("is sent at once"))),
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
            return {"whom": whom, "send": _DRAFT}
        return {
            "name": item.name,
            "whom": whom,
            "fields": "\n".join(field_lines(item.fields)),
            "tasks": "\n".join(item.tasks),
            "note": item.note,
            "reply": item.reply,
            "send": _SEND if item.send else _DRAFT,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {name: text_problem(values[name]) for name in ("tasks", "note", "reply")}
        found["name"] = "" if values["name"].strip() else _("It needs a name.")
        try:
            read_fields(values["fields"].splitlines(), MACRO_FIELDS)
        except UsageError as error:
            found["fields"] = f"{error.sentence} {error.hint}"
        try:
            read_tasks(values["tasks"].splitlines())
        except UsageError as error:
            found["tasks"] = f"{error.sentence} {error.hint}"
        if not any(values[name].strip() for name in ("fields", "tasks", "note", "reply")):
            found["fields"] = _("A macro does something: set a field, add a task, write a note or a reply.")
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        item = self.item
        own, team = whom_meant(values["whom"])
        saved = await self.ask(
            SaveMacro(
                item.id if item else None,
                values["name"].strip(),
                read_fields(values["fields"].splitlines(), MACRO_FIELDS),
                read_tasks(values["tasks"].splitlines()),
                values["note"],
                values["reply"],
                values["send"] == _SEND,
                team,
                own,
                item.active if item else True,
                item.version if item else 0,
            )
        )
        return _("The macro {name} is saved.").format(name=saved.name)
