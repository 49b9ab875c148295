"""Searching the conversation of a ticket: a line at the foot while one types, then n and N."""

from __future__ import annotations

from abc import abstractmethod

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui_desk.actions.conversation import FIND
from tui_desk.actions.keys import key_label
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field
from tui_desk.widgets.searchable_conversation import SearchableConversation


class TicketSearch(BaseScreen):
    """The ``do_…`` methods of searching, for the screen with the conversation."""

    _wanted_words = ""

    @abstractmethod
    def to_conversation(self) -> None:
        """Show the conversation, where something else is shown."""

    @abstractmethod
    async def read_whole(self) -> None:
        """Read the messages that are not here yet."""

    def conversation(self) -> SearchableConversation:
        """What is searched."""
        return self.query_one(SearchableConversation)

    async def do_find(self, argument: str) -> None:
        self.to_conversation()
        await self.read_whole()
        view = self.conversation()
        words: str | None = argument.strip()
        if words:
            view.search(words)
            view.step(1)
        else:
            words = await self.answer_of(FindDialog(view, self._wanted_words))
        if not words or view.searched is None:
            self._end()
            return
        self._wanted_words = words
        if view.searched[1]:
            self.use_scopes((FIND, *(scope for scope in self.scopes if scope != FIND)))
            self._tell_place()
        else:
            self.leave_search()
            self.refuse(_("“{words}” is not in this conversation.").format(words=safe_line(words, 60)))

    def do_find_next(self, argument: str) -> None:
        self.conversation().step(1)
        self._tell_place()

    def do_find_previous(self, argument: str) -> None:
        self.conversation().step(-1)
        self._tell_place()

    def do_find_end(self, argument: str) -> None:
        self._end()

    def _end(self) -> None:
        self.leave_search()
        self.hush()

    def leave_search(self) -> None:
        """Mark nothing any more, and give n and N back to the ticket."""
        if FIND in self.scopes or self.conversation().searched is not None:
            self.conversation().search("")
            self.use_scopes(tuple(scope for scope in self.scopes if scope != FIND))

    def _tell_place(self) -> None:
        searched = self.conversation().searched
        if searched is None:
            return
        keys = {
            action.id: key_label(self.host.actions.keys_of(action)[0])
            for action in self.host.actions.in_scopes((FIND,))
        }
        self.say(
            counted(*searched),
            _("{next} next · {previous} previous · {end} ends the search").format(
                next=keys["find_next"], previous=keys["find_previous"], end=keys["find_end"]
            ),
            stays=True,
        )


def counted(number: int, total: int) -> str:
    """Which of how many places one stands on."""
    found = ngettext("{count} place", "{count} places", total).format(count=total)
    return _("{number} of {found}").format(number=number, found=found) if number else found


class FindDialog(Dialog[str]):
    """A line at the foot; what it finds is marked above while one types."""

    def __init__(self, view: SearchableConversation, typed: str) -> None:
        super().__init__()
        self._view, self._typed = view, typed

    def compose(self) -> ComposeResult:
        with Vertical(id="command-box"):
            yield Static(_("Enter goes on · ↑ the last search · Esc leaves"), id="found", markup=False)
            yield Field(placeholder=_("words in this conversation"), id="typed")

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._view.back_to_beginning()
        self._view.search(event.value)
        self._view.step(1)
        searched, told = self._view.searched, self.query_one("#found", Static)
        told.set_class(searched is not None and not searched[1], "-wrong")
        if searched is None:
            told.update(_("Enter goes on · ↑ the last search · Esc leaves"))
        elif searched[1]:
            told.update(counted(*searched))
        else:
            told.update(_("Nothing here has that."))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or self._typed)

    def on_key(self, event: events.Key) -> None:
        if event.key == "up" and self._typed:
            event.stop()
            event.prevent_default()
            field = self.query_one(Input)
            field.value = self._typed
            field.cursor_position = len(self._typed)

    def action_dismiss_empty(self) -> None:
        """Close; one is where one was."""
        self._view.search("")
        self._view.back_to_beginning()
        self.dismiss(None)
