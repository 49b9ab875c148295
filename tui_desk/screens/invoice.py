"""One invoice: what it asks for beside what was ordered and received, on one page."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.deliveries import INVOICE
from tui_desk.actions.inventory import PAGER
from tui_desk.contracts.invoices import InvoiceView, ShowInvoice
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.delivery_words import describe_invoice
from tui_desk.screens.invoice_actions import InvoiceActions, invoice_facts


class InvoiceScreen(InvoiceActions):
    """An invoice by its id."""

    scopes = (INVOICE, PAGER, GLOBAL)
    CSS_PATH = "styles/record.tcss"

    def __init__(self, invoice_id: int) -> None:
        super().__init__()
        self._invoice_id = invoice_id
        self._shown: InvoiceView | None = None
        self.crumb = _("Invoices")

    def compose_body(self) -> Iterable[Widget]:
        box = VerticalScroll(Static("", id="record", markup=False), id="record-box", can_focus=True)
        box.styles.height = "1fr"
        box.styles.max_height = "100%"
        yield box

    def start(self) -> None:
        self._box().focus()
        self.reload()

    def _box(self) -> VerticalScroll:
        return self.query_one("#record-box", VerticalScroll)

    async def load(self) -> None:
        self._shown = invoice = await self.ask(ShowInvoice(self._invoice_id))
        self.crumb = f"P{invoice.purchase_id} › {_('Invoices')} › {invoice.number}"
        self.show_title()
        self.query_one("#record", Static).update(describe_invoice(invoice, self.host.options.clock()))
        self.facts_changed()

    def facts(self) -> frozenset[str]:
        found = {"selected", "ticket"} | invoice_facts(self._shown) if self._shown is not None else set[str]()
        return super().facts() | found

    def invoice(self) -> InvoiceView:
        if self._shown is None:
            raise UsageError(_("The invoice has not been read yet."))
        return self._shown

    # -- moving on the page ------------------------------------------------------------------------------------------
    def do_line_down(self, argument: str) -> None:
        self._box().scroll_relative(y=1, animate=False)

    def do_line_up(self, argument: str) -> None:
        self._box().scroll_relative(y=-1, animate=False)

    def do_page_down(self, argument: str) -> None:
        self._box().scroll_page_down(animate=False)

    def do_page_up(self, argument: str) -> None:
        self._box().scroll_page_up(animate=False)

    def do_first(self, argument: str) -> None:
        self._box().scroll_home(animate=False)

    def do_last(self, argument: str) -> None:
        self._box().scroll_end(animate=False)
