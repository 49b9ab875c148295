"""What the text of a ticket names of the inventory: looked for when the ticket is shown, linked by one key, dismissed by another."""

from __future__ import annotations

from dataclasses import replace

from tui_desk.contracts.assets import Recognised
from tui_desk.contracts.recognition import DismissRecognised, LinkLicence, RecogniseInTicket
from tui_desk.contracts.tickets import LinkAsset, TicketView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.message_actions import MessageActions


class TicketInventory(MessageActions):
    """The two keys, and the question that is asked again when the ticket has changed."""

    _read_state: tuple[int, int] | None = None
    _names: tuple[Recognised, ...] = ()

    async def with_recognised(self, ticket: TicketView) -> TicketView:
        """The ticket with what its text names."""
        state = (ticket.number, ticket.version)
        if state != self._read_state:
            self._names = await self.ask(RecogniseInTicket(ticket.number))
            self._read_state = state
        return replace(ticket, recognised=self._names)

    def inventory_facts(self) -> set[str]:
        """What holds of the ticket."""
        return {"recognised"} if self.ticket is not None and self.ticket.recognised else set()

    def _first(self) -> Recognised:
        if self.ticket is None or not self.ticket.recognised:
            raise UsageError(_("The text names nothing that could be linked."))
        return self.ticket.recognised[0]

    async def do_link_recognised(self, argument: str) -> None:
        found, number = self._first(), self.ticket_number()
        if found.licence:
            await self.change(LinkLicence(number, found.id))
        else:
            await self.change(LinkAsset(number, found.id))

    async def do_dismiss_recognised(self, argument: str) -> None:
        found = self._first()
        await self.change(DismissRecognised(self.ticket_number(), found.id, found.licence))
