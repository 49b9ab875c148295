"""Invoices: those to be paid by the day they are due, of one purchase or of all. ``i`` from purchases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.deliveries import INVOICES
from tui_desk.actions.inventory import BROWSE, DETAILS
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.invoices import InvoiceView, ListInvoices
from tui_desk.core.enums import InvoiceState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.delivery_words import describe_invoice, differs, due_text, invoice_state, invoice_total
from tui_desk.screens.invoice_actions import InvoiceActions, invoice_facts
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

LIMIT = 500


class InvoicesScreen(BrowseScreen[InvoiceView], InvoiceActions):
    """The list, of a purchase (then paid and refused ones too) or of all."""

    scopes = (INVOICES, BROWSE, DETAILS, LIST, GLOBAL)

    def __init__(self, purchase_id: int | None = None) -> None:
        super().__init__()
        self._purchase = purchase_id
        self.everything = purchase_id is not None
        self.search_hint = _("number, supplier or purchase")
        of = f"{_('Purchases')} › " if purchase_id is None else f"P{purchase_id} › "
        self.crumb = of + _("Invoices")

    def above(self) -> Iterable[Widget]:
        tabs = (Section("open", _("To be paid")), Section("all", _("All")))
        yield SectionTabs(tabs, "all" if self.everything else "open", id="filters")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("due", _("Due"), 19),
            Column("state", _("State"), 11),
            Column("number", _("Number"), 14, flex=1, least=10),
            Column("total", _("Total"), 14, align="right"),
            Column("differs", _("Differs"), 7),
            Column("supplier", _("Supplier"), 12, flex=1, priority=1, least=8),
            Column("purchase", _("Purchase"), 16, flex=2, priority=2),
        )

    async def read(self) -> Sequence[InvoiceView]:
        return await self.ask(ListInvoices(self._purchase, self.search_text, self.everything, LIMIT))

    def row(self, item: InvoiceView) -> TableRow:
        now = self.host.options.clock()
        state = invoice_state(item.state)
        over = item.state in (InvoiceState.PAID, InvoiceState.REFUSED)
        cells = (
            Cell(due_text(item, now) or "–", "error" if item.overdue else "muted"),
            Cell(state.text, state.style),
            Cell(item.number, "muted" if over else ""),
            Cell(invoice_total(item), "muted" if over else ""),
            Cell("≠" if differs(item) else "", "warning"),
            item.supplier,
            Cell(f"P{item.purchase_id} {item.purchase}", "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: InvoiceView) -> Content:
        return describe_invoice(item, self.host.options.clock())

    def empty_text(self) -> str:
        if self.search_text:
            return _("No invoice has these words. Esc shows all again.")
        if not self.everything:
            return _("Nothing is to be paid. An invoice is written down with I on its purchase.")
        return _("No invoices yet. One is written down with I on its purchase.")

    def item_facts(self, item: InvoiceView) -> set[str]:
        return invoice_facts(item) | {"ticket"}

    def concerns(self, change: Change) -> bool:
        return True

    def invoice(self) -> InvoiceView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def decided(self, state: InvoiceState) -> None:
        if not self.everything and state in (InvoiceState.PAID, InvoiceState.REFUSED):
            self.gone()
        else:
            self.reload()

    def open_item(self, item: InvoiceView) -> None:
        from tui_desk.screens.invoice import InvoiceScreen

        self.app.push_screen(InvoiceScreen(item.id))

    # -- filters -----------------------------------------------------------------------------------------------------
    def _show(self, everything: bool) -> None:
        self.everything = everything
        self.query_one(SectionTabs).show("all" if everything else "open")
        self.list_anew()

    def do_invoices_open(self, argument: str) -> None:
        self._show(everything=False)

    def do_invoices_all(self, argument: str) -> None:
        self._show(everything=True)

    def do_next_invoices(self, argument: str) -> None:
        self._show(not self.everything)
