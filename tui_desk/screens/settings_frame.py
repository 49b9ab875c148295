"""What the sections of the settings share: the row of sections above, and going from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from tui_desk.core.enums import Role
from tui_desk.core.i18n import _
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import load_place
from tui_desk.screens.sections import Section, SectionTabs

SECTIONS = (
    "mail",
    "agents",
    "teams",
    "desk",
    "checklists",
    "time",
    "purchase_settings",
    "field_settings",
    "asset_types",
)


def section_tabs(current: str) -> SectionTabs:
    """The row of sections, ``current`` open."""
    titles = {
        "mail": _("Mail"),
        "agents": _("Agents"),
        "teams": _("Teams"),
        "desk": _("Desk"),
        "checklists": _("Checklists"),
        "time": _("Time"),
        "purchase_settings": _("Purchases"),
        "field_settings": _("Fields"),
        "asset_types": _("Asset types"),
    }
    return SectionTabs(tuple(Section(name, titles[name]) for name in SECTIONS), current, id="sections")


class SettingsSection(BaseScreen):
    """A section of the settings; it stands first in its screen's bases."""

    section: ClassVar[str]

    def above(self) -> Iterable[Widget]:
        """The row of sections."""
        yield section_tabs(self.section)

    def facts(self) -> frozenset[str]:
        agent = self.host.agent
        supervisor = agent is None or agent.role in (Role.SUPERVISOR, Role.ADMIN)
        found = {"admin"} if self._is_admin() else set()
        return super().facts() | found | ({"supervisor"} if supervisor else set())

    def _is_admin(self) -> bool:
        agent = self.host.agent
        return agent is None or agent.role is Role.ADMIN

    def may_change(self) -> bool:
        """Whether this agent may change settings; says so where not."""
        if not self._is_admin():
            self.say(_("Only an admin may change the settings of the desk."), level="warning")
        return self._is_admin()

    def _go(self, section: str) -> None:
        if section != self.section:
            self.app.switch_screen(load_place(section)())

    def do_section_mail(self, argument: str) -> None:
        self._go("mail")

    def do_section_agents(self, argument: str) -> None:
        self._go("agents")

    def do_section_teams(self, argument: str) -> None:
        self._go("teams")

    def do_section_desk(self, argument: str) -> None:
        self._go("desk")

    def do_section_checklists(self, argument: str) -> None:
        self._go("checklists")

    def do_section_time(self, argument: str) -> None:
        self._go("time")

    def do_section_purchase_settings(self, argument: str) -> None:
        self._go("purchase_settings")

    def do_section_field_settings(self, argument: str) -> None:
        self._go("field_settings")

    def do_section_asset_types(self, argument: str) -> None:
        self._go("asset_types")

    def do_next_section(self, argument: str) -> None:
        self._go(SECTIONS[(SECTIONS.index(self.section) + 1) % len(SECTIONS)])

    def do_previous_section(self, argument: str) -> None:
        self._go(SECTIONS[SECTIONS.index(self.section) - 1])
