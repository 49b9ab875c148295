"""What follows the work on an open ticket: the one that `>` brings, and where one is when it was resolved or put off."""

from __future__ import annotations

from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import AfterWork
from tui_desk.screens.host import Neighbours
from tui_desk.screens.message_line import Told
from tui_desk.screens.own_settings import after_work
from tui_desk.screens.ticket_actions import TicketActions


class TicketFlow(TicketActions):
    """A part of the ticket's screen."""

    number: int
    ticket: TicketView | None
    _neighbours: Neighbours | None

    def seen_here(self) -> tuple[tuple[int, int], ...]:
        return ((self.number, self.ticket.version),) if self.ticket is not None else ()

    def show_next(self, number: int, why: Told) -> None:
        from tui_desk.screens.ticket import TicketScreen

        self.app.switch_screen(TicketScreen(number, self._neighbours, why=why))

    async def went_away(self, number: int) -> None:
        """As the agent has set it: stay here, go on to the next ticket of the list, or back to the list."""
        after = await after_work(self)
        if not self.is_current or after is AfterWork.STAY:
            return
        following = None
        if after is AfterWork.NEXT and self._neighbours is not None:
            following = self._neighbours(1) or self._neighbours(-1)
        if following is None:
            self.app.pop_screen()
            return
        from tui_desk.screens.ticket import TicketScreen

        self.app.switch_screen(TicketScreen(following, self._neighbours))
