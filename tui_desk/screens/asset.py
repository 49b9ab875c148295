"""One asset: everything known about it, and the tickets it is linked with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import ASSET, DETAILS
from tui_desk.contracts.desk import AssetView, ShowAsset
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.asset_sections import sections
from tui_desk.screens.assets import AssetActions, describe_asset
from tui_desk.screens.details import blocks, hung
from tui_desk.screens.linked_tickets import LinkedTickets, linked_table, ticket_rows
from tui_desk.widgets.row_buffer import TableRow


class AssetScreen(AssetActions, LinkedTickets):
    """An asset by its id."""

    scopes = (ASSET, DETAILS, LIST, GLOBAL)
    CSS_PATH = "styles/record.tcss"

    def __init__(self, asset_id: int) -> None:
        super().__init__()
        self.asset_id = asset_id
        self.crumb = _("Asset")
        self._asset: AssetView | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static("", id="record", markup=False), id="record-box", can_focus=False)
        yield Static(_("Linked tickets"), id="linked-title", markup=False)
        yield linked_table(
            self.linked_rows, _("No ticket is linked. In a ticket, l links it with {tag}.").format(tag="…")
        )

    def start(self) -> None:
        self.table().focus()

    def facts(self) -> frozenset[str]:
        return super().facts() | ({"selected"} if self._asset is not None else set())

    def asset(self) -> AssetView:
        if self._asset is None:
            raise UsageError(_("The asset has not been read yet."))
        return self._asset

    def do_history(self, argument: str) -> None:
        from tui_desk.screens.history import HistoryScreen

        self.app.push_screen(HistoryScreen(f"asset:{self.asset_id}", self.crumb))

    async def linked_rows(self) -> Sequence[TableRow]:
        self._asset = asset = await self.ask(ShowAsset(self.asset_id))
        self.crumb = f"{_('Assets')} › {asset.tag}"
        self.show_title()
        today = self.host.options.clock().astimezone().date()
        more = await sections(self.ask, asset, today)
        self.query_one("#record", Static).update(hung(blocks(describe_asset(asset, today), more)))
        self.table().empty_text = _("No ticket is linked. In a ticket, l links it with {tag}.").format(
            tag=asset.tag
        )
        self.facts_changed()
        return ticket_rows(asset.tickets)
