"""The seconds that a held message can still be stopped, counted down on the ticket screen."""

from __future__ import annotations

from textual.timer import Timer

from tui_desk.contracts.tickets import TicketView
from tui_desk.screens.host import pace
from tui_desk.screens.ticket_reading import TicketReading
from tui_desk.widgets.conversation_view import ConversationView

_EVERY, _LATER = 1.0, 30.0


class TicketCountdown(TicketReading):
    """A part of the ticket's screen."""

    def __init__(self) -> None:
        super().__init__()
        self._countdown: Timer | None = None
        self._countdown_every: float | None = None

    def count_down(self, ticket: TicketView) -> None:
        """Once a second while an undo window is open, seldom while something leaves later, and not at all otherwise."""
        held = [m.delivery for m in ticket.messages if m.delivery and m.delivery.held_until is not None]
        every = None
        if held:
            every = _LATER if all(one.later for one in held) else _EVERY
        if every != self._countdown_every:
            if self._countdown is not None:
                self._countdown.stop()
            self._countdown = (
                self.set_interval(pace(self.app, every), self._tick) if every is not None else None
            )
            self._countdown_every = every

    def _tick(self) -> None:
        if self.ticket is not None and self.is_current:
            self.query_one(ConversationView).show(self.conversation_items(self.now()))
