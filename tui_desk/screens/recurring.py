"""What comes round by itself: templates that the clock makes tickets of, with the next date of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.macros import KEPT, RECURRING
from tui_desk.contracts.macros import ListRecurring, ListTemplates, RecurringView, SaveRecurring
from tui_desk.core.enums import Role
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.choices import Choice
from tui_desk.screens.details import Fact, blocks, heading, labelled
from tui_desk.screens.kept_frame import KeptSection
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class RecurringScreen(KeptSection, BrowseScreen[RecurringView]):
    """The list."""

    scopes = (RECURRING, KEPT, DETAILS, LIST, GLOBAL)
    section = "recurring"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Recurring tickets")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("template", _("Template"), 20, flex=1),
            Column("rule", _("When"), 22, flex=1),
            Column("next", _("Next"), 16),
            Column("last", _("Last"), 8, align="right"),
        )

    async def read(self) -> Sequence[RecurringView]:
        return await self.ask(ListRecurring(inactive=True))

    def row(self, item: RecurringView) -> TableRow:
        cells = (
            Cell(item.template, "strong" if item.next_at else "muted"),
            Cell(item.rule, "muted"),
            Cell(_next(item), "" if item.next_at else "muted"),
            Cell(f"#{item.last_ticket}" if item.last_ticket else "–", "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: RecurringView) -> Content:
        facts = (
            Fact(_("When"), item.rule),
            Fact(_("Next"), _next(item)),
            Fact(_("Last ticket"), f"#{item.last_ticket}" if item.last_ticket else ""),
        )
        return blocks(heading(item.template), labelled(facts))

    def facts(self) -> frozenset[str]:
        agent = self.host.agent
        supervisor = agent is None or agent.role in (Role.SUPERVISOR, Role.ADMIN)
        return super().facts() | ({"supervisor"} if supervisor else set())

    def item_facts(self, item: RecurringView) -> set[str]:
        return {"runs"} if item.active else set()

    def empty_text(self) -> str:
        return _("Nothing comes round by itself yet. N lets a template become a ticket again and again.")

    def open_item(self, item: RecurringView) -> None:
        if item.last_ticket is not None:
            self.host.open_ticket(item.last_ticket)

    def _item(self) -> RecurringView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    async def do_new_recurring(self, argument: str) -> None:
        templates = [one for one in await self.ask(ListTemplates()) if not one.own]
        if not templates:
            self.refuse(_("There are no templates to choose from."), _("3 shows them; N writes one there."))
            return
        choices = [Choice(one.name, one.name, detail=one.subject) for one in templates]
        name = argument or await self.choose(_("Which template comes round?"), choices)
        if name is None:
            return
        rule = await self._ask_rule("")
        if rule:
            self._saved(await self.ask(SaveRecurring(None, name, rule)))

    async def do_edit_recurring(self, argument: str) -> None:
        item = self._item()
        rule = argument or await self._ask_rule(item.rule)
        if rule:
            paused = item.next_at is None
            self._saved(await self.ask(replace(_same(item), rule=rule, paused=paused)))

    async def _ask_rule(self, now: str) -> str:
        typed = await self.prompt(
            _("When does it come round?"),
            now,
            detail=_("daily 8:00 · weekly mon,thu 8:00 · monthly 1 8:00 · monthly last 17:30").replace(
                " · ", "\n"
            ),
        )
        return (typed or "").strip()

    async def do_pause_recurring(self, argument: str) -> None:
        item = self._item()
        self._saved(await self.ask(replace(_same(item), paused=item.next_at is not None)))

    async def do_end_recurring(self, argument: str) -> None:
        item = self._item()
        question = _("End {name}?").format(name=item.template)
        if await self.confirm(
            question, _("No more tickets are made of it; the template stays."), _("End it")
        ):
            self._saved(await self.ask(replace(_same(item), active=False)))

    def _saved(self, view: RecurringView) -> None:
        text = _("{name}: {when}").format(name=view.template, when=_next(view))
        self.say(text, level="done")
        self.reload()


def _same(item: RecurringView) -> SaveRecurring:
    return SaveRecurring(item.id, version=item.version)


def _next(item: RecurringView) -> str:
    if not item.active:
        return _("ended")
    return f"{item.next_at.astimezone():%Y-%m-%d %H:%M}" if item.next_at else _("paused")
