"""How one ticket is linked with another: its number, then how the two belong together. Enter alone makes them related."""

from __future__ import annotations

from tui_desk.contracts.tickets import LinkTickets
from tui_desk.core.enums import LinkKind
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice

_WAYS: tuple[tuple[LinkKind, bool], ...] = (
    (LinkKind.RELATED, True),
    (LinkKind.DUPLICATE, True),
    (LinkKind.PARENT, True),
    (LinkKind.PARENT, False),
    (LinkKind.BLOCKS, True),
    (LinkKind.BLOCKS, False),
    (LinkKind.FOLLOW_UP, True),
    (LinkKind.FOLLOW_UP, False),
)
"""Kinds of links, and whether they begin at the ticket one is at."""


async def ticket_link(screen: BaseScreen, number: int, other: int, way: str = "") -> LinkTickets | None:
    """Ask how ``number`` belongs to ``other`` (unless ``way`` says it in the words of the choice); None: changed their mind."""
    ways = {words.link(kind, outgoing): (kind, outgoing) for kind, outgoing in _WAYS}
    chosen: str | None = next((text for text in ways if text.casefold() == way.strip().casefold()), None)
    if chosen is None:
        choices = [Choice(text, f"#{number} {text} #{other}") for text in ways]
        first = words.link(LinkKind.RELATED, True)
        chosen = await screen.choose(_("How do they belong together?"), choices, first)
    if chosen is None:
        return None
    kind, outgoing = ways[chosen]
    return LinkTickets(number, other, kind) if outgoing else LinkTickets(other, number, kind)
