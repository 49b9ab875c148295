"""One invoice: what it asks for beside what was ordered and received, on one page."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.deliveries import INVOICE
from tui_desk.actions.inventory import PAGER
from tui_desk.contracts.invoices import InvoiceView, ShowInvoice
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.delivery_words import describe_invoice
from tui_desk.screens.invoice_actions import InvoiceActions, invoice_facts
from tui_desk.screens.one_page import OnePage


class InvoiceScreen(InvoiceActions, OnePage):
    """An invoice by its id."""

    scopes = (INVOICE, PAGER, GLOBAL)

    def __init__(self, invoice_id: int) -> None:
        super().__init__()
        self._invoice_id = invoice_id
        self._shown: InvoiceView | None = None
        self.crumb = _("Invoices")

    async def load(self) -> None:
        self._shown = invoice = await self.ask(ShowInvoice(self._invoice_id))
        self.crumb = f"P{invoice.purchase_id} › {_('Invoices')} › {invoice.number}"
        self.show_title()
        self.show_page(describe_invoice(invoice, self.host.options.clock()))
        self.facts_changed()

    def is_unread(self) -> bool:
        return self._shown is None

    def facts(self) -> frozenset[str]:
        found = {"selected", "ticket"} | invoice_facts(self._shown) if self._shown is not None else set[str]()
        return super().facts() | found

    def invoice(self) -> InvoiceView:
        if self._shown is None:
            raise UsageError(_("The invoice has not been read yet."))
        return self._shown
