"""The ticket screen's pane History, and what moves messages between tickets: merging and splitting."""

from __future__ import annotations

from tui_desk.contracts.merging import SplitTicket
from tui_desk.contracts.tickets import EventView, FieldChanged, ShowTicket, TicketView
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.history_actions import HistoryActions
from tui_desk.screens.history_pane import HistoryPane
from tui_desk.screens.message_actions import MessageActions


class TicketHistory(MessageActions, HistoryActions):
    """Adds the ``do_…`` methods; the ticket screen says which ticket and message are meant."""

    def show_history(self, ticket: TicketView) -> None:
        """Show the history as it was just read."""
        self.query_one(HistoryPane).show(ticket)

    def event_here(self) -> EventView | None:
        return self.query_one(HistoryPane).current

    def undone(self, done: FieldChanged) -> None:
        self.reload()

    def history_facts(self) -> frozenset[str]:
        """What holds of the history and of the messages as a whole."""
        found = {"event"} if self.event_here() is not None else set()
        if self.ticket is not None and self.ticket.earlier + len(self.ticket.messages) > 1:
            found.add("several_messages")
        return frozenset(found)

    async def do_undo_event(self, argument: str) -> None:
        """What was just done here is what the line at the bottom offers; else the event under the cursor."""
        if self.host.live_offer() is not None:
            await self.do_undo(argument)
            return
        await super().do_undo_event(argument)

    async def do_split(self, argument: str) -> None:
        from tui_desk.screens.split_dialog import SplitDialog

        if self.ticket is None:
            return
        current, now = self.message(), self.host.options.clock()
        messages = self.ticket.messages
        if self.ticket.earlier:
            messages = (await self.ask(ShowTicket(self.ticket.number))).messages
        whens = tuple(words.moment(message.at, now) for message in messages)
        chosen = await self.answer_of(SplitDialog(messages, whens, current.id if current else None))
        if not chosen:
            return
        first = next(message for message in messages if message.id == chosen[0])
        subject = await self.prompt(
            _("Subject of the new ticket"),
            first.subject or self.ticket.subject,
            _("Empty: that of the first message."),
        )
        if subject is not None:
            await self.change(SplitTicket(chosen, subject))
            self.reload()
