"""The list of canned replies, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.macros import CANNED, KEPT
from tui_desk.contracts.macros import CannedView, ListCanned, SaveCanned
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.form_rows import Field
from tui_desk.screens.kept_form import KeptForm, language_field, text_problem
from tui_desk.screens.kept_frame import KeptList, common_cells, whom_text
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class CannedRepliesScreen(KeptList[CannedView]):
    """The list."""

    scopes = (CANNED, KEPT, DETAILS, LIST, GLOBAL)
    section = "canned"
    saving = SaveCanned

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Canned replies")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Canned reply"), 20, flex=2),
            Column("shortcut", _("Shortcut"), 10),
            Column("language", _("Lang."), 5),
            Column("whom", _("Offered to"), 12, flex=1),
            Column("used", _("Used"), 5, align="right"),
            Column("active", _("In use"), 6),
        )

    async def read(self) -> Sequence[CannedView]:
        return await self.ask(ListCanned(inactive=True))

    def row(self, item: CannedView) -> TableRow:
        cells = (
            Cell(item.name, "strong" if item.active else "muted"),
            Cell(f";{item.shortcut}" if item.shortcut else "–", "muted"),
            Cell(item.language or "–", "muted"),
            *common_cells(item),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: CannedView) -> Content:
        return blocks(
            heading(item.name, f";{item.shortcut}" if item.shortcut else ""),
            labelled(
                (
                    Fact(_("Offered to"), whom_text(item)),
                    Fact(_("Language"), item.language),
                    Fact(
                        _("Used"),
                        ngettext("{count} time", "{count} times", item.used).format(count=item.used),
                    ),
                )
            ),
            sentence(item.text),
        )

    def empty_text(self) -> str:
        return _(
            "No canned replies yet. N writes the first; while answering, ; and letters of its name put it in."
        )

    def open_form(self, item: CannedView | None) -> None:
        self.app.push_screen(CannedFormScreen(item))

    def do_new_canned(self, argument: str) -> None:
        self.open_form(None)

    def do_edit_canned(self, argument: str) -> None:
        self.open_form(self.item_meant())

    async def do_set_aside_canned(self, argument: str) -> None:
        await self.set_aside()


class CannedFormScreen(KeptForm[CannedView]):
    """Writes a canned reply, or changes this one."""

    section = "canned"

    def name_help(self) -> str:
        return _("What colleagues look for, such as VPN: first steps.")

    def own_fields(self) -> tuple[Field, ...]:
        return (
            Field(
                "shortcut",
                _("Shortcut"),
                help=_("One word; while answering, ; and its letters put the text in: ;vpn"),
                width=20,
            ),
            language_field(
                _("Two letters such as en or es: requesters with that language get it first. Empty: for all.")
            ),
            Field("text", _("Text"), "block", help=variables_help(), lines=10),
        )

    def own_values(self, item: CannedView) -> Mapping[str, str]:
        return {"shortcut": item.shortcut, "language": item.language, "text": item.text}

    def own_problems(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return {
            "text": text_problem(values["text"]) if values["text"].strip() else _("There is no text."),
            "shortcut": _("A shortcut is one word.") if len(values["shortcut"].split()) > 1 else "",
        }

    def request(self, values: Mapping[str, str], common: Mapping[str, Any]) -> SaveCanned:
        return SaveCanned(
            text=values["text"],
            shortcut=values["shortcut"].strip(),
            language=values["language"].strip(),
            **common,
        )

    def saved_words(self) -> str:
        return _("The canned reply {name} is saved.")


def variables_help() -> str:
    """What one may write into a text."""
    return _(
        "Variables: {names}, {today}, {later}. {otherwise}: what stands there where there is none. {condition}"
    ).format(
        names="{requester.name}, {ticket.number}, {ticket.subject}, {agent.name}",
        today="{today}",
        later="{today+3d}",
        otherwise="{requester.first_name|there}",
        condition="{if requester.vip}…{else}…{end}",
    )
