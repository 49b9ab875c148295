"""Purchases on the ticket screen: asked for with ``+``, opened and changed in pane Work."""

from __future__ import annotations

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.purchase_actions import PurchaseActions, purchase_facts
from tui_desk.screens.ticket_work import TicketWork


class TicketPurchases(TicketWork, PurchaseActions):
    """What purchases add to the ticket screen."""

    def purchase_id(self) -> int:
        item = self.work_item()
        if item is None or item.kind != "purchase":
            raise UsageError(_("No purchase is selected."))
        return item.id

    def work_facts(self) -> set[str]:
        item = self.work_item()
        bought = self.ticket.purchases if self.ticket is not None else ()
        found = next(
            (one for one in bought if item is not None and item.kind == "purchase" and one.id == item.id),
            None,
        )
        return super().work_facts() | (purchase_facts(found) if found is not None else set())

    def do_add_purchase(self, argument: str) -> None:
        from tui_desk.screens.purchase_form import PurchaseFormScreen

        self.app.push_screen(PurchaseFormScreen(self.ticket_number(), None))
