"""What the lists of canned replies, macros and templates share: their sections, whose they are, how a row and a form say it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

from textual.widget import Widget

from tui_desk.contracts.macros import Kept
from tui_desk.core.enums import Role
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.form_rows import Field
from tui_desk.screens.host import load_place
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.widgets.choice_field import Option
from tui_desk.widgets.row_buffer import Cell

K = TypeVar("K", bound=Kept)

SECTIONS = ("canned", "macros", "templates", "recurring")
MINE, DESK = "own", ""
"""For whom: oneself, everybody; any other value is a team."""


def titles() -> dict[str, str]:
    """The sections' names."""
    return {
        "canned": _("Canned replies"),
        "macros": _("Macros"),
        "templates": _("Templates"),
        "recurring": _("Recurring"),
    }


class KeptSection(BaseScreen):
    """One of the lists; it stands first in its screen's bases."""

    section: ClassVar[str]

    def above(self) -> Iterable[Widget]:
        """The row of sections."""
        names = titles()
        yield SectionTabs(tuple(Section(name, names[name]) for name in SECTIONS), self.section, id="sections")

    def _go(self, section: str) -> None:
        if section != self.section:
            self.app.switch_screen(load_place(section)())

    def do_kept_canned(self, argument: str) -> None:
        self._go("canned")

    def do_kept_macros(self, argument: str) -> None:
        self._go("macros")

    def do_kept_templates(self, argument: str) -> None:
        self._go("templates")

    def do_kept_recurring(self, argument: str) -> None:
        self._go("recurring")

    def do_next_kept(self, argument: str) -> None:
        self._go(SECTIONS[(SECTIONS.index(self.section) + 1) % len(SECTIONS)])

    def do_previous_kept(self, argument: str) -> None:
        self._go(SECTIONS[SECTIONS.index(self.section) - 1])


class KeptList(KeptSection, BrowseScreen[K], Generic[K]):
    """A list whose items are written, changed and set aside here. ``saving`` makes the request that saves one."""

    saving: ClassVar[type[Any]]

    @abstractmethod
    def open_form(self, item: K | None) -> None:
        """Open the form of ``item``, or of a new one."""

    def item_meant(self) -> K:
        """What the cursor is on. Raises UsageError."""
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def open_item(self, item: K) -> None:
        if "writer" in self.facts():
            self.open_form(item)

    async def set_aside(self) -> None:
        """Offer it no more; or again."""
        item = self.item_meant()
        given = {one.name: getattr(item, one.name) for one in fields(self.saving)}
        await self.ask(self.saving(**{**given, "active": not item.active}))
        told = _("{name} is set aside.") if item.active else _("{name} is offered again.")
        self.say(told.format(name=item.name), level="done")
        self.reload()


def may_share(screen: BaseScreen) -> bool:
    """Whether the person may write what is offered to others too."""
    agent = screen.host.agent
    return agent is None or agent.role in (Role.SUPERVISOR, Role.ADMIN)


def whom_field() -> Field:
    """The field that says to whom it is offered; :func:`whom_options` are its values."""
    return Field(
        "whom",
        _("Offered to"),
        "choice",
        help=_("Supervisors and admins write for everybody or a team, everybody else for themselves."),
        options=(Option(MINE, _("me alone")),),
    )


def whom_options(screen: BaseScreen, teams: Iterable[str]) -> tuple[Option, ...]:
    """Those to whom the person may offer something."""
    mine = Option(MINE, _("me alone"))
    if not may_share(screen):
        return (mine,)
    return (Option(DESK, _("everybody")), *(Option(f"team:{name}", name) for name in teams), mine)


def whom_value(item: Kept | None, screen: BaseScreen) -> str:
    """The value of the field for what is there already, or for something new."""
    if item is None:
        return DESK if may_share(screen) else MINE
    return MINE if item.own else f"team:{item.team}" if item.team else DESK


def whom_meant(value: str) -> tuple[bool, str]:
    """Whether it is one's own, and the team's name."""
    return value == MINE, value.removeprefix("team:") if value not in (MINE, DESK) else ""


def whom_text(item: Kept) -> str:
    """To whom it is offered, in a word."""
    return _("me alone") if item.own else item.team or _("everybody")


def used_text(item: Kept) -> str:
    """How often it was used."""
    return ngettext("used {count} time", "used {count} times", item.used).format(count=item.used)


def common_cells(item: Kept) -> tuple[Cell, ...]:
    """For whom, how often used, in use."""
    return (
        Cell(whom_text(item), "muted"),
        Cell(str(item.used), "muted"),
        Cell(_("yes") if item.active else _("no"), "" if item.active else "muted"),
    )
