"""One contract: everything known about it, and the assets it covers."""

from __future__ import annotations

from collections.abc import Sequence

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.licences import CONTRACT
from tui_desk.contracts.agreements import ContractView, CoverAsset, CoveredAsset, ShowContract
from tui_desk.contracts.desk import ListAssets
from tui_desk.core.enums import AssetState
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words, licence_words, words
from tui_desk.screens.choices import Choice
from tui_desk.screens.licence_actions import ContractActions
from tui_desk.screens.licence_sections import contract_sections
from tui_desk.screens.record import RecordScreen
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow
from tui_desk.widgets.virtual_table import VirtualTable

_SHOWN = 30


class ContractScreen(RecordScreen, ContractActions):
    """A contract by its id."""

    scopes = (CONTRACT, DETAILS, LIST, GLOBAL)

    def __init__(self, contract_id: int) -> None:
        super().__init__(f"contract:{contract_id}")
        self.contract_id = contract_id
        self.crumb = _("Contract")
        self._contract: ContractView | None = None

    def columns(self) -> tuple[Column, ...]:
        states = words.widest(desk_words.asset_state(one).text for one in AssetState)
        return (
            Column("tag", _("Tag"), 11),
            Column("state", _("State"), states),
            Column("name", _("Name"), 20, flex=1),
        )

    def rows_title(self) -> str:
        return _("Covered assets")

    def empty_text(self) -> str:
        return _("It covers no asset yet. a adds one.")

    async def read(self) -> Sequence[TableRow]:
        contract = await self.ask(ShowContract(self.contract_id))
        more = await contract_sections(self.ask, contract, self.today())
        self._contract = contract
        self.crumb = f"{_('Contracts')} › {contract.name}"
        self.show_record(licence_words.describe_contract(contract, self.today()), more)
        rows = []
        for asset in contract.assets:
            state = desk_words.asset_state(asset.state)
            cells = (Cell(asset.tag, "strong"), Cell(state.text, state.style), asset.name)
            rows.append(TableRow(asset.id, cells, anchor=asset.id))
        return rows

    # -- what actions are about --------------------------------------------------------------------------------------
    def facts(self) -> frozenset[str]:
        found = {"selected"} if self._contract is not None else set()
        if self._contract is not None and self._contract.ends_on is not None:
            found.add("ends")
        if self._asset() is not None:
            found.add("covered")
        return super().facts() | found

    def _asset(self) -> CoveredAsset | None:
        """The asset under the cursor."""
        if self._contract is None:
            return None
        key = self.table().current_key
        return next((asset for asset in self._contract.assets if asset.id == key), None)

    def contract(self) -> ContractView:
        if self._contract is None:
            raise UsageError(_("The contract has not been read yet."))
        return self._contract

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        asset = self._asset()
        if asset is not None:
            self.host.open_asset(asset.id)

    # -- actions -----------------------------------------------------------------------------------------------------
    async def do_cover_asset(self, argument: str) -> None:
        contract = self.contract()
        typed = argument or await self.prompt(
            _("Which asset does {name} cover?").format(name=contract.name),
            detail=_("Words of its tag or name."),
        )
        if not typed or not typed.strip():
            return
        covered = {asset.id for asset in contract.assets}
        found = [
            one for one in await self.ask(ListAssets(typed.strip(), limit=_SHOWN)) if one.id not in covered
        ]
        if not found:
            raise NotFound(_("No other asset has the words “{words}”.").format(words=typed.strip()))
        chosen: str | None = str(found[0].id)
        if len(found) > 1:
            choices = [Choice(str(one.id), one.tag, detail=one.name) for one in found]
            chosen = await self.choose(_("Which asset?"), choices)
        asset = next((one for one in found if str(one.id) == chosen), None)
        if asset is None:
            return
        await self.ask(CoverAsset(contract.id, asset.id))
        self.say(_("{name} covers {tag} now.").format(name=contract.name, tag=asset.tag), level="done")
        self.reload()

    async def do_uncover_asset(self, argument: str) -> None:
        contract, asset = self.contract(), self._asset()
        if asset is None:
            raise UsageError(_("Nothing is selected."))
        await self.ask(CoverAsset(contract.id, asset.id, covered=False))
        told = _("{name} covers {tag} no more.").format(name=contract.name, tag=asset.tag)
        self.say(told, _("H shows it, and takes it back."), "done")
        self.gone()
