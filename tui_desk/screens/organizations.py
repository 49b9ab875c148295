"""Organisations: companies and departments whose people write."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import BROWSE, DETAILS
from tui_desk.actions.people import ORGANIZATIONS
from tui_desk.contracts.people import ListOrganizations, OrganizationRow, ShowOrganization
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

LIMIT = 500


class OrganizationsScreen(BrowseScreen[OrganizationRow]):
    """The list of organisations."""

    scopes = (ORGANIZATIONS, BROWSE, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Organizations")
        self.search_hint = _("name or mail domain")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Name"), 20, flex=3),
            Column("domain", _("Mail domain"), 18, flex=2),
            Column("people", _("People"), 7, align="right"),
        )

    async def read(self) -> Sequence[OrganizationRow]:
        found = await self.ask(ListOrganizations(self.search_text, LIMIT))
        count = f"{LIMIT}+" if len(found) == LIMIT else str(len(found))
        self.crumb = f"{_('Organizations')} ({count})"
        self.show_title()
        return found

    def row(self, item: OrganizationRow) -> TableRow:
        cells = (
            Cell(item.name, "strong"),
            Cell(item.domain, "muted"),
            Cell(str(item.people), "" if item.people else "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: OrganizationRow) -> Content:
        facts = (Fact(_("Mail domain"), item.domain), Fact(_("People"), str(item.people)))
        return blocks(heading(item.name), labelled(facts))

    def empty_text(self) -> str:
        if self.search_text:
            return _("No organization has these words. Esc shows all again.")
        return _("No organization yet. N writes one down; whoever writes from its mail domain belongs to it.")

    def open_item(self, item: OrganizationRow) -> None:
        from tui_desk.screens.organization import OrganizationScreen

        self.app.push_screen(OrganizationScreen(item.id))

    def do_new_organization(self, argument: str) -> None:
        from tui_desk.screens.organization import OrganizationFormScreen

        self.app.push_screen(OrganizationFormScreen(None))

    async def do_edit_organization(self, argument: str) -> None:
        from tui_desk.screens.organization import OrganizationFormScreen

        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        self.app.push_screen(OrganizationFormScreen(await self.ask(ShowOrganization(item.id))))
