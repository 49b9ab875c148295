"""What the screen of a purchase shows below its lines and facts, subject by subject: approval, receipts, invoices, documents.

A subject adds itself here: one builder in :data:`BUILDERS`. It asks the desk for what it shows and answers a section, or None where
it has nothing to say about this purchase.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from textual.content import Content

from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.core.i18n import _
from tui_desk.screens import document_section
from tui_desk.screens.approval_words import approval_state, describe_steps
from tui_desk.screens.delivery_sections import deliveries_of
from tui_desk.screens.record_sections import Ask, RecordSection, together

Builder = Callable[[Ask, PurchaseView, datetime], Awaitable[RecordSection | None]]
"""(ask, the purchase, now) → its section."""


async def _approval(ask: Ask, purchase: PurchaseView, now: datetime) -> RecordSection | None:
    if purchase.approval is None:
        return None
    state = approval_state(purchase.approval.state)
    return RecordSection(_("Approval"), describe_steps(purchase.approval, now), state.text)


BUILDERS: tuple[Builder, ...] = (_approval, deliveries_of, document_section.of_purchase)


async def sections(ask: Ask, purchase: PurchaseView, now: datetime) -> Content:
    """All sections of a purchase under each other. Raises DeskError."""
    return together([await build(ask, purchase, now) for build in BUILDERS])
