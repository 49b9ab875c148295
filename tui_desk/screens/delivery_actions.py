"""What can be done with an ordered purchase: receive, write an invoice down, see its invoices, give up on the rest."""

from __future__ import annotations

from abc import abstractmethod

from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.receipts import ClosePurchase, ShowDeliveries
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.screens.ticket_actions import TicketActions
from tui_desk.screens.undo_actions import taking_back

S = PurchaseState
_ON_ITS_WAY = frozenset({S.ORDERED, S.PARTLY_RECEIVED, S.RECEIVED, S.INVOICED})
_CLOSABLE = frozenset({S.PARTLY_RECEIVED, S.RECEIVED, S.INVOICED})


def delivery_facts(purchase: PurchaseView) -> set[str]:
    """What holds of a purchase once it was ordered."""
    found = {"purchase_on_its_way"} if purchase.state in _ON_ITS_WAY else set[str]()
    return found | ({"purchase_closable"} if purchase.state in _CLOSABLE else set())


class DeliveryActions(TicketActions):
    """The handlers; :meth:`purchase_id` says which purchase is meant."""

    @abstractmethod
    def purchase_id(self) -> int:
        """The purchase an action applies to. Raises UsageError where there is none."""

    async def do_receive_goods(self, argument: str) -> None:
        from tui_desk.screens.receive_form import ReceiveFormScreen

        self.app.push_screen(ReceiveFormScreen(await self.ask(ShowDeliveries(self.purchase_id()))))

    async def do_new_invoice(self, argument: str) -> None:
        from tui_desk.screens.invoice_form import InvoiceFormScreen

        deliveries = await self.ask(ShowDeliveries(self.purchase_id()))
        if deliveries.state not in _ON_ITS_WAY:
            raise Refused(_("P{id} is not ordered, or has ended.").format(id=deliveries.purchase_id))
        self.app.push_screen(InvoiceFormScreen(deliveries))

    def do_purchase_invoices(self, argument: str) -> None:
        from tui_desk.screens.invoices import InvoicesScreen

        self.app.push_screen(InvoicesScreen(self.purchase_id()))

    def do_due_invoices(self, argument: str) -> None:
        from tui_desk.screens.invoices import InvoicesScreen

        self.app.push_screen(InvoicesScreen())

    async def do_close_purchase(self, argument: str) -> None:
        purchase_id = self.purchase_id()
        title = _("Close P{id}: why is nothing more waited for?").format(id=purchase_id)
        reason = argument or await self.prompt(title)
        if reason and reason.strip():
            done = await self.ask(ClosePurchase(purchase_id, reason))
            self.offer(taking_back(done, self.host.options.clock()))
            self.look_at({done.number})
            self.reload()
