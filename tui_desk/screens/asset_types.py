"""Settings → Asset types: kinds of assets, and the words that could become one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from textual.content import Content

from tui_desk.actions.administration import SETTINGS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.work_settings import ASSET_TYPES
from tui_desk.contracts.assets import AssetTypeView, ListAssetTypes, SaveAssetType
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class AssetTypesScreen(SettingsSection, BrowseScreen[AssetTypeView]):
    """The list."""

    scopes = (ASSET_TYPES, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "asset_types"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Asset types')}"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Asset type"), 20, flex=1),
            Column("months", _("Written off"), 12, align="right"),
            Column("assets", _("Assets"), 7, align="right"),
            Column("kept", _("State"), 16),
        )

    async def read(self) -> Sequence[AssetTypeView]:
        return await self.ask(ListAssetTypes(everything=True))

    def key(self, item: AssetTypeView) -> Hashable:
        return item.name if item.id is None else item.id

    def row(self, item: AssetTypeView) -> TableRow:
        cells = (
            Cell(item.name, "strong" if item.id is not None and item.active else "muted"),
            Cell(_months(item) or "–", "" if item.depreciation_months else "muted"),
            Cell(str(item.assets), "muted"),
            Cell(*_standing(item)),
        )
        return TableRow(self.key(item), cells, anchor=self.key(item))

    def describe(self, item: AssetTypeView) -> Content:
        count = ngettext("{count} asset", "{count} assets", item.assets).format(count=item.assets)
        if item.id is None:
            told = _(
                "Assets have this word as their type, and the list of types has none of that name: a adopts it."
            )
            return blocks(heading(item.name, count), sentence(told))
        facts = (
            Fact(
                _("Written off"),
                _("over {months}").format(months=_months(item)) if _months(item) else _("no"),
            ),
            Fact(_("Offered"), _("yes") if item.active else _("no; its assets stay as they are")),
        )
        fields = _("Fields of its own: Settings → Fields, applies to {name}.").format(name=item.name)
        return blocks(heading(item.name, count), labelled(facts), sentence(fields, "$muted"))

    def empty_text(self) -> str:
        return _("No asset types yet. N writes down the first, such as Laptop; assets can do without.")

    def item_facts(self, item: AssetTypeView) -> set[str]:
        return {"adoptable" if item.id is None else "kept"}

    def open_item(self, item: AssetTypeView) -> None:
        if "supervisor" in self.facts():
            work = self.do_adopt_asset_type("") if item.id is None else self.do_rename_asset_type("")
            self.run_guarded(_("Asset type"), work)

    def _item(self) -> AssetTypeView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    async def _save(self, request: SaveAssetType) -> None:
        saved = await self.ask(request)
        count = ngettext("{count} asset", "{count} assets", saved.assets).format(count=saved.assets)
        self.say(_("The type {name} is saved: {assets}.").format(name=saved.name, assets=count), level="done")
        self.select_soon(saved.id or saved.name)

    async def do_new_asset_type(self, argument: str) -> None:
        name = argument or await self.prompt(_("Name of the new type"), detail=_("Such as Laptop."))
        if name and name.strip():
            await self._save(SaveAssetType(name))

    async def do_adopt_asset_type(self, argument: str) -> None:
        item = self._item()
        name = await self.prompt(
            _("Name of the new type"),
            item.name,
            ngettext(
                "{count} asset becomes one of it, however its type is written now.",
                "{count} assets become some of it, however their type is written now.",
                item.assets,
            ).format(count=item.assets),
        )
        if name and name.strip():
            await self._save(SaveAssetType(name))

    async def do_rename_asset_type(self, argument: str) -> None:
        item = self._item()
        name = argument or await self.prompt(_("New name of {name}").format(name=item.name), item.name)
        if name and name.strip():
            await self._save(replace(_as_it_is(item), name=name))

    async def do_months_asset_type(self, argument: str) -> None:
        item = self._item()
        present = str(item.depreciation_months or "")
        typed: str | None = argument or await self.prompt(
            _("Over how many months are assets of {name} written off?").format(name=item.name),
            present,
            _("Empty: they are not. An asset may say otherwise."),
        )
        if typed is None:
            return
        digits = typed.strip()
        if digits and not (digits.isascii() and digits.isdecimal() and len(digits) < 6):
            raise UsageError(_("“{typed}” is no number of months.").format(typed=typed))
        await self._save(replace(_as_it_is(item), depreciation_months=int(digits) if digits else None))

    async def do_set_aside_asset_type(self, argument: str) -> None:
        item = self._item()
        await self._save(replace(_as_it_is(item), active=not item.active))


def _months(item: AssetTypeView) -> str:
    count = item.depreciation_months
    return ngettext("{count} month", "{count} months", count).format(count=count) if count else ""


def _standing(item: AssetTypeView) -> tuple[str, str]:
    if item.id is None:
        return _("not in the list"), "warning"
    return (_("in use"), "") if item.active else (_("set aside"), "muted")


def _as_it_is(item: AssetTypeView) -> SaveAssetType:
    return SaveAssetType(item.name, item.depreciation_months, item.active, item.id, item.version)
