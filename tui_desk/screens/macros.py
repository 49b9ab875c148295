"""The list of macros, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.macros import KEPT, MACROS
from tui_desk.contracts.macros import ListMacros, MacroView, SaveMacro
from tui_desk.core.i18n import _
from tui_desk.rules.macro_lines import MACRO_FIELDS, field_lines, read_fields, read_tasks
from tui_desk.screens.canned_replies import variables_help
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.form_rows import Field
from tui_desk.screens.kept_form import (
    KeptForm,
    language_field,
    lines_problem,
    tasks_field,
    tasks_problem,
    text_problem,
)
from tui_desk.screens.kept_frame import KeptList, common_cells, used_text, whom_text
from tui_desk.widgets.choice_field import Option
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

_DRAFT, _SEND = "draft", "send"


class MacrosScreen(KeptList[MacroView]):
    """The list."""

    scopes = (MACROS, KEPT, DETAILS, LIST, GLOBAL)
    section = "macros"
    saving = SaveMacro

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Macros")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Macro"), 20, flex=2),
            Column("steps", _("Steps"), 6, align="right"),
            Column("language", _("Lang."), 5),
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
            Cell(item.language or "–", "muted"),
            *common_cells(item),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: MacroView) -> Content:
        return blocks(
            heading(item.name, used_text(item)),
            labelled((Fact(_("Offered to"), whom_text(item)), Fact(_("Language"), item.language))),
            sentence("\n".join(f"• {step}" for step in item.steps)),
            sentence(item.note, "$note"),
            sentence(item.reply, "$muted"),
        )

    def empty_text(self) -> str:
        return _("No macros yet. N writes the first; on a ticket, ; does it.")

    def open_form(self, item: MacroView | None) -> None:
        self.app.push_screen(MacroFormScreen(item))

    def do_new_macro(self, argument: str) -> None:
        self.open_form(None)

    def do_edit_macro(self, argument: str) -> None:
        self.open_form(self.item_meant())

    async def do_set_aside_macro(self, argument: str) -> None:
        await self.set_aside()


class MacroFormScreen(KeptForm[MacroView]):
    """Writes a macro, or changes this one."""

    section = "macros"

    def name_help(self) -> str:
        return _("What colleagues look for, such as VPN: take and ask.")

    def own_fields(self) -> tuple[Field, ...]:
        return (
            language_field(
                _("Two letters such as en or es: in tickets of requesters with that language it comes first.")
            ),
            Field(
                "fields",
                _("Sets"),
                "block",
                help=_(
                    "One a line: {names}. assignee=me or nobody; tags=vpn,-new adds vpn and takes new away."
                ).format(names=", ".join(f"{name}=…" for name in MACRO_FIELDS)),
                lines=4,
            ),
            tasks_field(),
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

    def new_values(self) -> Mapping[str, str]:
        return {"send": _DRAFT}

    def own_values(self, item: MacroView) -> Mapping[str, str]:
        return {
            "language": item.language,
            "fields": "\n".join(field_lines(item.fields)),
            "tasks": "\n".join(item.tasks),
            "note": item.note,
            "reply": item.reply,
            "send": _SEND if item.send else _DRAFT,
        }

    def own_problems(self, values: Mapping[str, str]) -> Mapping[str, str]:
        does = any(values[name].strip() for name in ("fields", "tasks", "note", "reply"))
        nothing = _("A macro does something: set a field, add a task, write a note or a reply.")
        return {
            "tasks": tasks_problem(values["tasks"]),
            "note": text_problem(values["note"]),
            "reply": text_problem(values["reply"]),
            "fields": lines_problem(read_fields, values["fields"], MACRO_FIELDS) if does else nothing,
        }

    def request(self, values: Mapping[str, str], common: Mapping[str, Any]) -> SaveMacro:
        return SaveMacro(
            fields=read_fields(values["fields"].splitlines(), MACRO_FIELDS),
            tasks=read_tasks(values["tasks"].splitlines()),
            note=values["note"],
            reply=values["reply"],
            send=values["send"] == _SEND,
            language=values["language"].strip(),
            **common,
        )

    def saved_words(self) -> str:
        return _("The macro {name} is saved.")
