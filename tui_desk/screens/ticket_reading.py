"""Reading a ticket's conversation: what is new since one last looked, what came below, what was written earlier, how far one has read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from tui_desk.contracts.conversation import MessageView
from tui_desk.contracts.queue import PresenceView, PreviewTicket
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import PresenceMode
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.screens import presence
from tui_desk.screens.check_words import draft_items
from tui_desk.screens.conversation_items import Made, is_trouble, items
from tui_desk.screens.message_actions import MessageActions
from tui_desk.screens.ticket_parts import is_cancelled
from tui_desk.widgets.conversation_layout import MessageItem
from tui_desk.widgets.conversation_view import ConversationView

_READ_FIRST, _NEAR, _NEAR_FOLDED = 40, 8, 1
"""How many of the newest messages are read at first, and how near one comes to the first of them before more are; messages that are one
line each would bring it near at once."""


class TicketReading(MessageActions):
    """A part of the ticket's screen. Messages that one looked at before are one line each; the newest one never is."""

    number: int
    ticket: TicketView | None
    pane: str

    def __init__(self) -> None:
        super().__init__()
        self._made: Made = {}
        self._below: set[int] = set()
        """Messages that came while one reads, and were not in view yet."""
        self._wanted: int | None = _READ_FIRST
        """How many of the newest messages are read; None: all."""
        self._to_oldest = False
        self._seen_before: int | None = None
        """The newest message that one had looked at when the ticket was opened."""
        self._joined: frozenset[int] = frozenset()
        """Older ones that came with another ticket since."""
        self._seen = 0
        """The newest one by now."""
        self._events = 0
        """How many events the ticket had when one had looked at all of it."""

    def message(self) -> MessageView | None:
        """The current message of the conversation."""
        if self.ticket is None:
            return None
        item = self.query_one(ConversationView).current
        return next((m for m in self.ticket.messages if item is not None and m.id == item.key), None)

    def conversation_items(self, now: datetime) -> tuple[MessageItem, ...]:
        """The conversation, and the drafts that are being checked where they would stand in it."""
        if self.ticket is None:
            return ()
        return (*items(self.ticket.messages, now, self._made), *draft_items(self.ticket, now))

    async def glance(self) -> None:
        """What the queue knows of the ticket stands here while what reads all of it is imported: before the first one of a session."""
        with suppress(DeskError):  # reading it tells
            glance = await self.ask(PreviewTicket(self.number))
            self.crumb = f"#{glance.number} {glance.subject or _('(no subject)')}"
            self.show_title()
            self.query_one("#head", Static).update(Content(glance.requester))
            view = self.query_one(ConversationView)
            view.empty_text = "\n".join(glance.lines)
            view.refresh()

    # -- what is new -------------------------------------------------------------------------------------------------
    def opened(self, ticket: TicketView) -> None:
        """The ticket was read for the first time: from now on this is what one had looked at before."""
        self._seen_before = ticket.seen
        self._seen = ticket.seen or 0

    def fold_read(self, ticket: TicketView) -> None:
        """Fold what was read before, also of what is read into the conversation only now."""
        self._joined |= frozenset(ticket.joined)
        self.query_one(ConversationView).fold(message.id for message in self._read_before(ticket))
        self.query_one(ConversationView).fold(one.id for one in ticket.messages if is_cancelled(one))

    def _read_before(self, ticket: TicketView) -> Iterator[MessageView]:
        if self._seen_before is None:
            return
        newest = ticket.messages[-1].id if ticket.messages else 0
        for message in ticket.messages:
            trouble = message.delivery is not None and is_trouble(message.delivery)
            if self._was_read(message.id) and message.id != newest and not trouble:
                yield message

    def _was_read(self, message: int) -> bool:
        """Whether one had looked at it before the ticket was opened."""
        return message <= (self._seen_before or 0) and message not in self._joined

    def to_newest(self) -> None:
        """The lines above have taken their room by now: show what is asked of one, the first new message, or the newest one."""
        ticket = self.ticket
        if ticket is None or not ticket.messages:
            return
        asked = next((-one.id for one in ticket.reviews if one.for_me), None)
        seen = self._seen_before
        new = [one.id for one in ticket.messages if seen is not None and not self._was_read(one.id)]
        focus = asked or (new[0] if new else ticket.messages[-1].id)
        self.query_one(ConversationView).show(self.conversation_items(self.now()), focus=focus)

    def now(self) -> datetime:
        """The present instant."""
        return self.host.options.clock()

    def do_fold(self, argument: str) -> None:
        self.query_one(ConversationView).action_toggle_folds()

    def do_fold_read(self, argument: str) -> None:
        self.query_one(ConversationView).action_toggle_read()

    def on_conversation_view_attachment_selected(self, event: ConversationView.AttachmentSelected) -> None:
        message = self.message()
        if message is not None and message.id == event.key and event.number <= len(message.attachments):
            self.open_attachment(message.attachments[event.number - 1])

    # -- what is above and below -------------------------------------------------------------------------------------
    def on_conversation_view_message_focused(self, message: ConversationView.MessageFocused) -> None:
        self.facts_changed()

    def on_conversation_view_arranged(self) -> None:
        self.look_below()
        self._look_above()

    def _look_above(self) -> None:
        """Read more of what was written earlier before one comes to the first message that was read."""
        ticket = self.ticket
        if ticket is None or not ticket.earlier or self._wanted is None:
            return
        view = self.query_one(ConversationView)
        near = _NEAR_FOLDED if view.can_fold() else _NEAR
        if view.first_in_view < near and self._wanted <= len(ticket.messages):
            self._wanted = 4 * len(ticket.messages)
            self.reload()

    def came(self, messages: list[MessageView]) -> None:
        """These came while one reads: their mark stays until their beginning was in view."""
        self._below |= {message.id for message in messages}

    def look_below(self) -> None:
        """Take the mark away from what is in view; where none is left, one has looked at all there is."""
        if self.pane == "conversation" and self.is_current:
            view = self.query_one(ConversationView)
            self._below = {key for key in self._below if not view.was_reached(key)}
            if self.ticket is not None and not self._below:
                self._seen = max([self._seen, *(message.id for message in self.ticket.messages)])
                self._events = self.ticket.event_count
        below = self.query_one("#below", Static)
        below.update(
            _("↓ new message below · J")
            if self.pane == "conversation"
            else _("new message in the conversation · 1")
        )
        below.display = bool(self._below)

    async def read_whole(self) -> None:
        if self.ticket is not None and self.ticket.earlier:
            self._wanted = None
            work = self.load()
            if work is not None:
                await work

    @abstractmethod
    def presence_told(self, others: tuple[PresenceView, ...]) -> None:
        """Who else is here was told."""

    # -- told to the desk --------------------------------------------------------------------------------------------
    async def on_unmount(self) -> None:
        await presence.report(self.host, self.number, None, self._seen, self._events)

    def report_presence(self) -> None:
        """Tell the desk, beside the keyboard, that this terminal is here; once there is something to read."""
        if self.is_current and not self.is_unread():
            self.run_guarded(_("Presence"), self._report_presence, group="presence", exclusive=True)

    async def _report_presence(self) -> None:
        viewing = PresenceMode.VIEWING
        self.presence_told(await presence.report(self.host, self.number, viewing, self._seen, self._events))
