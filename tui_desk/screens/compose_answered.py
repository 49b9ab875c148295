"""What is answered, above the text: the conversation where there is room for it, else what the requester wrote last."""

from __future__ import annotations

from textual import events

from tui_desk.contracts.conversation import MessageView
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import Direction
from tui_desk.screens.conversation_items import items
from tui_desk.screens.draft_keeping import DraftScreen
from tui_desk.widgets.conversation_view import ConversationView

_WITH_CONVERSATION = 34
"""Rows from which the conversation is shown above the text."""
_WITH_LAST = 22
"""Rows from which the last message is."""


def answered(messages: tuple[MessageView, ...]) -> MessageView | None:
    """What was heard last from outside; where nothing was, the last message."""
    heard = [one for one in messages if one.direction is Direction.IN]
    found = heard or messages
    return found[-1] if found else None


class ComposeAnswered(DraftScreen):
    """A screen with a conversation ``#above`` its text."""

    _ticket: TicketView | None = None

    def on_resize(self, event: events.Resize) -> None:
        tall = event.size.height >= _WITH_CONVERSATION
        self.set_class(tall, "-tall")
        self.set_class(not tall and event.size.height >= _WITH_LAST, "-short")
        self.show_answered()

    def show_answered(self) -> None:
        """Paint it anew; where one had read to stays in view."""
        if self._ticket is None:
            return
        messages = self._ticket.messages
        if self.has_class("-short"):
            last = answered(messages)
            messages = (last,) if last is not None else ()
        self.query_one(ConversationView).show(items(messages, self.host.options.clock()))

    def do_fold_answered(self, argument: str) -> None:
        self.toggle_class("-folded")

    def do_answered_down(self, argument: str) -> None:
        self.query_one(ConversationView).action_line(1)

    def do_answered_up(self, argument: str) -> None:
        self.query_one(ConversationView).action_line(-1)
