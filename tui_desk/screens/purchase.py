"""One purchase: its lines and its total, who decides, what was ordered, and what came of it, on one page."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.inventory import PAGER
from tui_desk.actions.purchases import PURCHASE
from tui_desk.contracts.invoices import ListInvoices
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.purchases import ShowPurchase
from tui_desk.core.enums import DocumentSubject
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.choices import Choice
from tui_desk.screens.details import blocks
from tui_desk.screens.document_key import HasDocuments, open_documents
from tui_desk.screens.one_page import OnePage
from tui_desk.screens.purchase_actions import PurchaseActions, purchase_facts
from tui_desk.screens.purchase_sections import sections
from tui_desk.screens.purchase_words import describe_purchase


class PurchaseScreen(PurchaseActions, HasDocuments, OnePage):
    """A purchase by its id. Other subjects add to it: ``purchase_sections``."""

    scopes = (PURCHASE, PAGER, GLOBAL)

    def __init__(self, purchase: int) -> None:
        super().__init__()
        self._purchase = purchase
        self.shown: PurchaseView | None = None
        self.crumb = f"{_('Purchases')} › P{purchase}"

    async def load(self) -> None:
        purchase = await self.ask(ShowPurchase(self._purchase))
        now = self.host.options.clock()
        more = await sections(self.ask, purchase, now)
        self.shown = purchase
        self.crumb = f"#{purchase.ticket} › {purchase.name} {purchase.title}"
        self.show_title()
        self.show_page(blocks(describe_purchase(purchase, now), more))
        self.facts_changed()

    # -- what actions are about --------------------------------------------------------------------------------------
    def is_unread(self) -> bool:
        return self.shown is None

    def facts(self) -> frozenset[str]:
        found = {"selected", "ticket"} | purchase_facts(self.shown) if self.shown is not None else set()
        return super().facts() | found

    def purchase_id(self) -> int:
        return self._purchase

    def documents_of(self) -> tuple[DocumentSubject, int]:
        return DocumentSubject.PURCHASE, self._purchase

    async def do_documents(self, argument: str) -> None:
        invoices = await self.ask(ListInvoices(self._purchase, everything=True))
        subject, identifier = self.documents_of()
        if invoices:
            choices = [Choice("0", _("this purchase"))]
            choices += [
                Choice(str(one.id), _("invoice {number}").format(number=one.number)) for one in invoices
            ]
            chosen: str | None = argument or await self.choose(_("Documents of which one?"), choices)
            if chosen is None:
                return
            if chosen != "0":
                subject, identifier = DocumentSubject.INVOICE, int(chosen)
        open_documents(self, subject, identifier)

    def ticket_number(self) -> int:
        if self.shown is None:
            raise UsageError(_("The purchase has not been read yet."))
        return self.shown.ticket

    def field_now(self, field: str) -> str:
        return ""

    def do_open_ticket(self, argument: str) -> None:
        from tui_desk.screens.ticket import TicketScreen

        self.app.push_screen(TicketScreen(self.ticket_number(), at=("purchase", self._purchase)))
