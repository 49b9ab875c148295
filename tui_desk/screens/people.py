"""People: everybody who ever wrote or owns something, found as one types."""

from __future__ import annotations

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import BROWSE, DETAILS, PEOPLE
from tui_desk.contracts.desk import PersonRow
from tui_desk.contracts.lists import ListPage, PagePeople, Place
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words
from tui_desk.screens.choices import Choice
from tui_desk.screens.details import Fact, blocks, heading, labelled
from tui_desk.screens.paged import PagedScreen
from tui_desk.screens.person_actions import PersonActions
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class PeopleScreen(PersonActions, PagedScreen[PersonRow]):
    """The list of people."""

    scopes = (PEOPLE, BROWSE, DETAILS, LIST, GLOBAL)
    sort = "name"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("People")
        self.search_hint = _("name, address or organization")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Name"), 18, flex=2),
            Column("address", _("Address"), 24, flex=3),
            Column("organization", _("Organization"), 14, flex=2, priority=1),
            Column("tickets", _("Tickets"), 7, align="right"),
            Column("last_contact", _("Last contact"), 12, priority=2),
        )

    def list_name(self) -> str:
        return _("People")

    def orders(self) -> tuple[Choice, ...]:
        return (
            Choice("name", _("Name")),
            Choice("address", _("Address")),
            Choice("organization", _("Organization")),
            Choice("last_contact", _("Last contact")),
        )

    def falls_at_first(self, sort: str) -> bool:
        return sort == "last_contact"

    async def page(self, place: Place, limit: int, with_count: bool) -> ListPage[PersonRow]:
        return await self.ask(
            PagePeople(self.search_text, self.sort, self.descending, place, limit, with_count)
        )

    def row(self, item: PersonRow) -> TableRow:
        others = len(item.addresses) - 1
        address = item.addresses[0] if item.addresses else "–"
        return TableRow(
            item.id,
            (
                Cell(item.name or "–", "strong"),
                f"{address}  +{others}" if others > 0 else address,
                Cell(item.organization, "muted"),
                Cell(str(item.tickets), "" if item.tickets else "muted"),
                Cell(_day(item), "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: PersonRow) -> Content:
        facts = (
            Fact(_("Addresses"), "\n".join(item.addresses)),
            Fact(_("Organization"), item.organization),
            Fact(_("Tickets"), str(item.tickets)),
            Fact(_("Last contact"), _day(item)),
        )
        return blocks(heading(item.name or _("(no name)")), labelled(facts))

    def empty_text(self) -> str:
        if self.search_text:
            return _("Nobody has these words. Esc shows all again.")
        return _(
            "Nobody yet. Whoever writes to a mailbox appears here by themselves; N writes somebody down."
        )

    def person_meant(self) -> int:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item.id

    def person_changed(self, person_id: int) -> None:
        self.select_soon(person_id)

    async def do_new_person(self, argument: str) -> None:
        from tui_desk.screens.person_form import open_form

        await open_form(self, None)

    def open_item(self, item: PersonRow) -> None:
        from tui_desk.screens.person import PersonScreen

        self.app.push_screen(PersonScreen(item.id))


def _day(item: PersonRow) -> str:
    """The reader's day of the last contact."""
    return desk_words.day(item.last_contact.astimezone().date()) if item.last_contact is not None else "–"
