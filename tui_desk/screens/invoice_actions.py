"""What can be done with an invoice, from the list and from its own page alike."""

from __future__ import annotations

from abc import abstractmethod

from tui_desk.contracts.invoices import DecideInvoice, InvoiceView
from tui_desk.contracts.receipts import ShowDeliveries
from tui_desk.core.enums import InvoiceState
from tui_desk.core.i18n import _
from tui_desk.screens.delivery_words import differs, invoice_total
from tui_desk.screens.ticket_actions import TicketActions
from tui_desk.screens.undo_actions import taking_back


def invoice_facts(invoice: InvoiceView) -> set[str]:
    """What holds of an invoice."""
    state = invoice.state
    found = {f"invoice_{state.value}"}
    if state in (InvoiceState.ACCEPTED, InvoiceState.REFUSED):
        found.add("invoice_reopenable")
    return found


class InvoiceActions(TicketActions):
    """The handlers; :meth:`invoice` says which one is meant."""

    @abstractmethod
    def invoice(self) -> InvoiceView:
        """The invoice an action applies to. Raises UsageError where there is none."""

    def ticket_number(self) -> int:
        return self.invoice().ticket

    def field_now(self, field: str) -> str:
        return ""

    async def do_accept_invoice(self, argument: str) -> None:
        invoice = self.invoice()
        reason = argument.strip()
        if differs(invoice) and not reason:
            told = [f"≠ {row.text}: {', '.join(row.told)}" for row in invoice.check if row.told]
            title = _("{number} is not what was ordered and received: why is it accepted?")
            typed = await self.prompt(title.format(number=invoice.number), detail="\n".join(told))
            if not typed or not typed.strip():
                return
            reason = typed.strip()
        await self._decide(invoice, InvoiceState.ACCEPTED, reason)

    async def do_refuse_invoice(self, argument: str) -> None:
        invoice = self.invoice()
        title = _("Refuse {number}, {total}: why?")
        title = title.format(number=invoice.number, total=invoice_total(invoice))
        reason = argument or await self.prompt(title)
        if reason and reason.strip():
            await self._decide(invoice, InvoiceState.REFUSED, reason.strip())

    async def do_pay_invoice(self, argument: str) -> None:
        await self._decide(self.invoice(), InvoiceState.PAID, argument.strip())

    async def do_reopen_invoice(self, argument: str) -> None:
        await self._decide(self.invoice(), InvoiceState.OPEN, argument.strip())

    async def _decide(self, invoice: InvoiceView, state: InvoiceState, reason: str) -> None:
        done = await self.ask(DecideInvoice(invoice.id, state, reason, invoice.version))
        self.offer(taking_back(done, self.host.options.clock()))
        self.look_at({done.number})
        self.decided(state)

    def decided(self, state: InvoiceState) -> None:
        """The invoice is ``state`` from now on."""
        self.reload()

    async def do_edit_invoice(self, argument: str) -> None:
        from tui_desk.screens.invoice_form import InvoiceFormScreen

        invoice = self.invoice()
        deliveries = await self.ask(ShowDeliveries(invoice.purchase_id))
        self.app.push_screen(InvoiceFormScreen(deliveries, invoice))

    def do_open_its_purchase(self, argument: str) -> None:
        from tui_desk.screens.purchase import PurchaseScreen

        self.app.push_screen(PurchaseScreen(self.invoice().purchase_id))

    def do_open_ticket(self, argument: str) -> None:
        from tui_desk.screens.ticket import TicketScreen

        invoice = self.invoice()
        self.app.push_screen(TicketScreen(invoice.ticket, at=("purchase", invoice.purchase_id)))
