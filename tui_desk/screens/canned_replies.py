"""The list of canned replies, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from textual.content import Content

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.macros import CANNED, KEPT
from tui_desk.contracts.desk import ListTeams
from tui_desk.contracts.macros import CannedView, ListCanned, SaveCanned
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
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


class CannedRepliesScreen(KeptSection, BrowseScreen[CannedView]):
    """The list."""

    scopes = (CANNED, KEPT, DETAILS, LIST, GLOBAL)
    section = "canned"

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
                    Fact(_("Used"), used_text(item)),
                )
            ),
            sentence(item.text),
        )

    def empty_text(self) -> str:
        return _(
            "No canned replies yet. N writes the first; while answering, ; and letters of its name put it in."
        )

    def open_item(self, item: CannedView) -> None:
        if "writer" in self.facts():
            self.do_edit_canned("")

    def _item(self) -> CannedView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def do_new_canned(self, argument: str) -> None:
        self.app.push_screen(CannedFormScreen(None))

    def do_edit_canned(self, argument: str) -> None:
        self.app.push_screen(CannedFormScreen(self._item()))

    async def do_set_aside_canned(self, argument: str) -> None:
        item = self._item()
        given = {one.name: getattr(item, one.name) for one in fields(SaveCanned)}
        await self.ask(SaveCanned(**{**given, "active": not item.active}))
        told = _("{name} is set aside.") if item.active else _("{name} is offered again.")
        self.say(told.format(name=item.name), level="done")
        self.reload()


class CannedFormScreen(FormScreen):
    """Writes a canned reply, or changes this one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, item: CannedView | None) -> None:
        self.item = item
        super().__init__()
        self.crumb = f"{_('Canned replies')} › {item.name if item else _('new')}"

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("name", _("Name"), help=_("What colleagues look for, such as VPN: first steps.")),
            Field(
                "shortcut",
                _("Shortcut"),
                help=_("One word; while answering, ; and its letters put the text in: ;vpn"),
                width=20,
            ),
            Field(
                "language",
                _("Language"),
                help=_(
                    "Two letters such as en or es: requesters with that language get it first. Empty: for all."
                ),
                width=6,
            ),
            whom_field(),
            Field("text", _("Text"), "block", help=variables_help(), lines=10),
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
            "shortcut": item.shortcut,
            "language": item.language,
            "whom": whom,
            "text": item.text,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {
            "name": "" if values["name"].strip() else _("It needs a name."),
            "text": text_problem(values["text"]) if values["text"].strip() else _("There is no text."),
            "shortcut": _("A shortcut is one word.") if len(values["shortcut"].split()) > 1 else "",
        }
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        item = self.item
        own, team = whom_meant(values["whom"])
        saved = await self.ask(
            SaveCanned(
                item.id if item else None,
                values["name"].strip(),
                values["text"],
                values["shortcut"].strip(),
                values["language"].strip(),
                team,
                own,
                item.active if item else True,
                item.version if item else 0,
            )
        )
        return _("The canned reply {name} is saved.").format(name=saved.name)


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


def text_problem(text: str) -> str:
    """What is wrong with a text's variables, with its place; empty where nothing is."""
    from tui_desk.rules.text_variables import NAMES, problems

    wrong = problems(text, NAMES)
    return wrong[0].placed() if wrong else ""
