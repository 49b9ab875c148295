"""Telling the desk that this terminal is at a ticket, and asking who else is."""

from __future__ import annotations

from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import ReportPresence
from tui_desk.core.enums import PresenceMode
from tui_desk.core.errors import DeskError
from tui_desk.screens.host import DeskHost

REPORT_EVERY = 20.0
"""Seconds between reports; the desk forgets a terminal that stays silent."""


async def report(
    host: DeskHost, number: int, mode: PresenceMode | None, seen: int = 0, events: int = 0
) -> tuple[PresenceView, ...]:
    """Report ``mode`` (None: has left), and up to which message one has ``seen`` the ticket, when it had so many ``events``. Who else is there; nobody, where the desk cannot be asked just now."""
    try:
        return await host.gateway.ask(ReportPresence(number, host.options.session, mode, seen, events))
    except DeskError:
        return ()  # presence is a courtesy: what keeps it from working is told by what matters
