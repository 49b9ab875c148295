"""What the screen of a purchase shows of its deliveries and its invoices."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.receipts import DeliveriesView, ShowDeliveries
from tui_desk.core.enums import InvoiceState
from tui_desk.core.i18n import _
from tui_desk.rules.purchases import ORDERED
from tui_desk.screens.delivery_words import invoices_text, receipts_text
from tui_desk.screens.details import blocks, sentence
from tui_desk.screens.record_sections import Ask, RecordSection


async def deliveries_of(ask: Ask, purchase: PurchaseView, now: datetime) -> RecordSection | None:
    """Receipts, and below them invoices; nothing of a purchase that was never ordered. Raises DeskError."""
    if purchase.state not in ORDERED:
        return None
    found = await ask(ShowDeliveries(purchase.id))
    received = sum(one.received for one in found.lines)
    ordered = sum(one.ordered for one in found.lines)
    summary = _("{received} of {ordered} pieces").format(received=received, ordered=ordered)
    body = (
        receipts_text(found, now)
        if found.receipts
        else sentence(_("Nothing came yet; V writes down what came."), "$muted")
    )
    title, summary_of_invoices, invoices = _invoices(found, now)
    below = Content.assemble(
        (title, "bold $text-primary"), (f"   {summary_of_invoices}".rstrip(), "$muted"), "\n", invoices
    )
    return RecordSection(_("Receipts"), blocks(body, below), summary)


def _invoices(found: DeliveriesView, now: datetime) -> tuple[str, str, Content]:
    """Title, summary and body."""
    title = _("Invoices")
    if not found.invoices:
        return title, "", sentence(_("None yet; I writes one down."), "$muted")
    waiting = sum(one.state in (InvoiceState.OPEN, InvoiceState.ACCEPTED) for one in found.invoices)
    summary = _("{count} to be paid · i lists them").format(count=waiting) if waiting else _("i lists them")
    return title, summary, invoices_text(found, now)
