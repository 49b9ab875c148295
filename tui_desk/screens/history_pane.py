"""Pane History of the ticket screen: a table of events whose newest hundred come with the ticket, the rest on scrolling."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tui_desk.contracts.history import EventPage, ListEvents
from tui_desk.contracts.tickets import EventView, TicketView
from tui_desk.core.clock import Clock
from tui_desk.core.i18n import _
from tui_desk.screens.history_rows import EventSource, columns
from tui_desk.screens.lists import ScreenTable


class HistoryPane(ScreenTable):
    """The list. The screen moves its cursor."""

    def __init__(self, ask: Callable[[ListEvents], Awaitable[EventPage]], clock: Clock, number: int) -> None:
        self.events = EventSource(ask, clock, f"ticket:{number}", with_subject=False, newest=())
        super().__init__(
            columns(with_subject=False),
            self.events,
            empty_text=_("Nothing has happened yet."),
            id="history",
        )
        self.events.widened = self._widened
        self._chosen = False
        """Whether the person moved the cursor to an event."""

    def _widened(self, when: int) -> None:
        self.show_columns(columns(with_subject=False, when=when))

    def on_show(self) -> None:
        """What happened last is on top when one comes here, until one looks at another event."""
        if not self._chosen:
            self.action_first()

    def show(self, ticket: TicketView) -> None:
        """Show the history of a ticket as it was just read; the cursor stays on its event."""
        newest = tuple(reversed(ticket.events))
        if newest == self.events.newest:
            return
        self.events.newest, self.events.total = newest, max(ticket.event_count, len(newest))
        self.refresh_rows()

    @property
    def current(self) -> EventView | None:
        """The event under the cursor."""
        key = self.current_key
        return self.events.seen.get(key) if isinstance(key, int) else None

    def move(self, delta: int) -> None:
        """Move the cursor so many lines; very many: to the end."""
        self._chosen = True
        if abs(delta) < 10_000:
            self.action_move(delta)
        elif delta > 0:
            self.action_last()
        else:
            self.action_first()

    def page(self, pages: float) -> None:
        """Move it by a part of what is in view."""
        self._chosen = True
        self.action_page(pages)
