"""Settings → Time: sorts of work, the closed period, the pause of clocks while nobody types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.administration import SETTINGS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.work_settings import TIME
from tui_desk.contracts.timekeeping import (
    ActivityView,
    ClosePeriod,
    ListActivities,
    SaveActivity,
    SetIdlePause,
    ShowTimeSettings,
    TimeSettings,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.time_spans import read_day
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.choices import Choice
from tui_desk.screens.details import Fact, blocks, heading, hung, labelled, sentence
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class TimeSettingsScreen(SettingsSection, BrowseScreen[ActivityView]):
    """The list of activities below what is set."""

    scopes = (TIME, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "time"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Time')}"

    def above(self) -> Iterable[Widget]:
        yield from super().above()
        settings = Static("", id="time-settings", markup=False)
        settings.styles.padding = (0, 1)
        yield settings

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Activity"), 24, flex=1),
            Column("billable", _("Billable"), 9),
            Column("active", _("Active"), 6),
        )

    async def read(self) -> Sequence[ActivityView]:
        self._show(await self.ask(ShowTimeSettings()))
        return await self.ask(ListActivities(inactive=True))

    def _show(self, settings: TimeSettings) -> None:
        closed = (
            settings.closed_until.isoformat() if settings.closed_until else _("nothing is closed; c closes")
        )
        minutes = (
            _("{count} min").format(count=settings.idle_minutes) if settings.idle_minutes else _("never")
        )
        if settings.own_idle_minutes is not None:
            minutes = _("{time} (your own setting)").format(time=minutes)
        facts = (Fact(_("Closed until"), closed), Fact(_("Clocks pause without a key"), minutes))
        self.query_one("#time-settings", Static).update(hung(labelled(facts)))

    def row(self, item: ActivityView) -> TableRow:
        cells = (
            Cell(item.name, "strong" if item.active else "muted"),
            Cell(_("yes") if item.billable else _("no"), "accent" if item.billable else "muted"),
            Cell(_("yes") if item.active else _("no"), "" if item.active else "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: ActivityView) -> Content:
        told = (
            _("A new entry of it is billable unless it says otherwise.")
            if item.billable
            else _("A new entry of it is not billable unless it says so.")
        )
        aside = "" if item.active else _("Set aside: it is offered no more; what was recorded stays.")
        return blocks(heading(item.name), sentence(told), sentence(aside, "$muted"))

    def empty_text(self) -> str:
        return _(
            "No activities yet. N adds one, such as travel or remote support; time can be recorded without."
        )

    def _item(self) -> ActivityView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    async def _save(self, request: SaveActivity) -> None:
        saved = await self.ask(request)
        self.say(_("{name} is saved.").format(name=saved.name), level="done")
        self.select_soon(saved.id)

    async def do_new_activity(self, argument: str) -> None:
        name = argument or await self.prompt(_("Name of the new activity"), detail=_("Such as travel."))
        if name and name.strip():
            await self._save(SaveActivity(name))

    async def do_rename_activity(self, argument: str) -> None:
        item = self._item()
        name = argument or await self.prompt(_("New name of {name}").format(name=item.name), item.name)
        if name and name.strip():
            await self._save(replace(_as_it_is(item), name=name))

    async def do_billable_activity(self, argument: str) -> None:
        item = self._item()
        await self._save(replace(_as_it_is(item), billable=not item.billable))

    async def do_set_aside_activity(self, argument: str) -> None:
        item = self._item()
        await self._save(replace(_as_it_is(item), active=not item.active))

    async def do_close_period(self, argument: str) -> None:
        present = (await self.ask(ShowTimeSettings())).closed_until
        typed: str | None = argument or await self.prompt(
            _("Close the time until"),
            present.isoformat() if present else "",
            _("The last day that is closed: 2026-02-28, yesterday. Empty: nothing is closed."),
        )
        if typed is None:
            return
        until = read_day(typed, self.host.options.clock()) if typed.strip() else None
        settings = await self.ask(ClosePeriod(until))
        told = (
            _("The time until {day} is closed.").format(day=until)
            if until
            else _("Nothing is closed any more.")
        )
        self.say(told, level="done")
        self._show(settings)

    async def do_idle_pause(self, argument: str) -> None:
        desk = False
        if "supervisor" in self.facts():
            choices = [
                Choice("own", _("for your own clock")),
                Choice("desk", _("for everybody who has set none")),
            ]
            chosen = await self.choose(_("Pause without a key"), choices)
            if chosen is None:
                return
            desk = chosen == "desk"
        typed: str | None = argument or await self.prompt(
            _("Minutes without a key"),
            detail=_("0: never.") if desk else _("0: never. Empty: as it is set for everybody."),
        )
        if typed is None:
            return
        digits = typed.strip()
        if digits and not (digits.isascii() and digits.isdecimal() and len(digits) < 6):
            raise UsageError(_("“{typed}” is no number of minutes.").format(typed=typed))
        self._show(await self.ask(SetIdlePause(int(digits) if digits else None, desk)))
        self.say(_("Saved."), level="done")


def _as_it_is(item: ActivityView) -> SaveActivity:
    return SaveActivity(item.name, item.billable, item.active, item.id)
