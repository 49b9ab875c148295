"""Assets: the list, searched as one types, with the details of one beside it."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import ASSETS, BROWSE, DETAILS
from tui_desk.contracts.desk import AssetView
from tui_desk.contracts.lists import ListPage, PageAssets, Place
from tui_desk.core.enums import DocumentSubject
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens import desk_words
from tui_desk.screens.asset_import import AssetFiles
from tui_desk.screens.asset_life import AssetLife
from tui_desk.screens.choices import Choice
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.document_key import HasDocuments
from tui_desk.screens.paged import PagedScreen
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class AssetActions(AssetLife, HasDocuments):
    """What can be done with an asset from the list and from its own screen alike."""

    def documents_of(self) -> tuple[DocumentSubject, int]:
        return DocumentSubject.ASSET, self.asset().id

    async def do_edit_asset(self, argument: str) -> None:
        from tui_desk.screens.asset_form import open_form

        await open_form(self, self.asset().id)


class AssetsScreen(AssetActions, AssetFiles, PagedScreen[AssetView]):
    """Everything that is looked after."""

    scopes = (ASSETS, BROWSE, DETAILS, LIST, GLOBAL)
    sort = "tag"

    def __init__(self) -> None:
        super().__init__()
        self.search_hint = _("tag, name, serial, owner, type or location")
        self.show_retired = False
        self.crumb = self.list_name()

    def list_name(self) -> str:
        return " › ".join([_("Assets"), _("with retired ones")] if self.show_retired else [_("Assets")])

    def orders(self) -> tuple[Choice, ...]:
        return (
            Choice("tag", _("Tag")),
            Choice("name", _("Name")),
            Choice("type", _("Type")),
            Choice("state", _("State")),
            Choice("owner", _("Owner")),
            Choice("warranty", _("Warranty")),
            Choice("location", _("Location")),
        )

    def listed(self) -> tuple[str, bool]:
        return self.search_text, self.show_retired

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("tag", _("Tag"), 11),
            Column("name", _("Name"), 18, flex=8),
            Column("type", _("Type"), 10, priority=2),
            Column("state", _("State"), 11),
            Column("owner", _("Owner"), 14, flex=2, priority=1),
            Column("location", _("Location"), 12, flex=2, priority=3),
            Column("serial", _("Serial"), 14, priority=5),
            Column("warranty", _("Warranty"), 10, priority=4),
        )

    async def page(self, place: Place, limit: int, with_count: bool) -> ListPage[AssetView]:
        return await self.ask(
            PageAssets(
                self.search_text, self.show_retired, self.sort, self.descending, place, limit, with_count
            )
        )

    def row(self, item: AssetView) -> TableRow:
        state = desk_words.asset_state(item.state)
        return TableRow(
            item.id,
            (
                Cell(item.tag, "strong"),
                item.name,
                Cell(item.type, "muted"),
                Cell(state.text, state.style),
                Cell(item.owner or "–", "" if item.owner else "muted"),
                Cell(item.location, "muted"),
                Cell(item.serial, "muted"),
                Cell(desk_words.day(item.warranty_until), warranty_style(item.warranty_until, self.today())),
            ),
            anchor=item.id,
        )

    def today(self) -> date:
        """The reader's date."""
        return self.host.options.clock().astimezone().date()

    def describe(self, item: AssetView) -> Content:
        return describe_asset(item, self.today())

    def empty_text(self) -> str:
        if self.search_text:
            return _("No asset has these words. Esc shows all again, v shows retired ones too.")
        return _("No assets yet. N writes down the first: a tag and a name are enough.")

    def asset(self) -> AssetView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def open_item(self, item: AssetView) -> None:
        from tui_desk.screens.asset import AssetScreen

        self.app.push_screen(AssetScreen(item.id))

    async def do_new_asset(self, argument: str) -> None:
        from tui_desk.screens.asset_form import open_form

        await open_form(self, None)

    def do_show_retired(self, argument: str) -> None:
        self.show_retired = not self.show_retired
        self.show_list_title()
        self.list_anew()
        self.say(_("Retired assets are shown.") if self.show_retired else _("Retired assets are hidden."))


def warranty_style(until: date | None, today: date) -> str:
    """The colour of a warranty's end: past, near (60 days), or neither."""
    if until is None:
        return "muted"
    if until < today:
        return "muted"
    return "warning" if (until - today).days <= 60 else ""


def warranty_text(until: date | None, today: date) -> str:
    """A warranty's end and what it means today."""
    if until is None:
        return "–"
    days = (until - today).days
    if days < 0:
        return _("{date}, over").format(date=until.isoformat())
    left = ngettext("{date}, {days} day left", "{date}, {days} days left", days)
    return left.format(date=until.isoformat(), days=days)


def describe_asset(asset: AssetView, today: date) -> Content:
    """Everything known about an asset."""
    state = desk_words.asset_state(asset.state)
    warranty = warranty_style(asset.warranty_until, today)
    facts = (
        Fact(_("State"), state.text, state.colour),
        Fact(_("Type"), asset.type),
        Fact(_("Serial"), asset.serial),
        Fact(_("Host name"), asset.hostname),
        Fact(_("Owner"), asset.owner),
        Fact(_("Location"), asset.location),
        Fact(_("Supplier"), asset.supplier),
        Fact(_("Cost"), desk_words.money(asset.cost, asset.currency) if asset.cost is not None else ""),
        Fact(_("Bought"), desk_words.day(asset.purchased_on) if asset.purchased_on else ""),
        *_worth(asset),
        Fact(
            _("Warranty"),
            warranty_text(asset.warranty_until, today) if asset.warranty_until else "",
            "$text-warning" if warranty == "warning" else "",
        ),
    )
    warnings = "\n".join(f"! {warning}" for warning in asset.warnings)
    return blocks(
        heading(asset.name, asset.tag),
        sentence(warnings, "$text-warning"),
        labelled(facts),
        sentence(asset.notes),
    )


def _worth(asset: AssetView) -> tuple[Fact, ...]:
    """What is left of its cost, where that is known."""
    found = asset.depreciation
    if found is None:
        return ()
    value = desk_words.money(found.book_value, asset.currency)
    if not found.book_value:
        return (Fact(_("Book value"), value, "$muted"),)
    told = _("{value}, {monthly} less each month").format(
        value=value, monthly=desk_words.money(found.monthly, asset.currency)
    )
    if found.ends is not None:
        year, month = found.ends
        told = _("{told} until {month}").format(told=told, month=f"{year}-{month:02}")
    return (Fact(_("Book value"), told),)
