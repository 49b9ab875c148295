"""What the screen of a purchase shows below its lines and facts, subject by subject: approval, receipts, invoices, documents.

A subject adds itself here: one builder in :data:`BUILDERS`. It asks the desk for what it shows and answers a section, or None where
it has nothing to say about this purchase.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from textual.content import Content

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.core.i18n import _
from tui_desk.screens.approval_words import approval_state, describe_steps
from tui_desk.screens.details import blocks, sentence

T = TypeVar("T")


class Ask(Protocol):
    """Puts a request to the desk, as ``BaseScreen.ask`` does. Raises DeskError."""

    def __call__(self, request: Request[T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class PurchaseSection:
    """A part of the screen: its title, a summary behind it, and what it holds."""

    title: str
    body: Content
    summary: str = ""


Builder = Callable[[Ask, PurchaseView, datetime], Awaitable[PurchaseSection | None]]
"""(ask, the purchase, now) → its section."""


async def _approval(ask: Ask, purchase: PurchaseView, now: datetime) -> PurchaseSection | None:
    if purchase.approval is None:
        return None
    state = approval_state(purchase.approval.state)
    return PurchaseSection(_("Approval"), describe_steps(purchase.approval, now), state.text)


BUILDERS: tuple[Builder, ...] = (_approval,)


async def sections(ask: Ask, purchase: PurchaseView, now: datetime) -> Content:
    """All sections of a purchase under each other. Raises DeskError."""
    found = [await build(ask, purchase, now) for build in BUILDERS]
    return blocks(*(painted(section) for section in found if section is not None))


def painted(section: PurchaseSection) -> Content:
    """A section with its title."""
    parts = [sentence(section.title, "bold $text-primary")]
    if section.summary:
        parts.append(sentence(f"   {section.summary}", "$muted"))
    return Content("\n").join([Content("").join(parts), section.body])
