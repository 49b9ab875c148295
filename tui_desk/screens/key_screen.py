"""A screen whose keys become actions: one key, a count or a sequence, and what may follow when one hesitates.

On a list a key is served at once where nothing is under way (:meth:`KeyScreen.take_at_once`): past Textual's queues, each of which
would be a turn of the event loop of its own.
"""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from tui_desk.actions.keys import key_label
from tui_desk.screens.acting import ActingScreen
from tui_desk.screens.key_reading import KeyReader
from tui_desk.screens.message_line import Told

WHICH_KEY_AFTER = 0.4
"""Seconds of hesitation after which the keys that may follow are named."""


def key_of(event: events.Key) -> str:
    """The key as the registry writes it: the character where there is one, else Textual's name. With Alt held it is never text."""
    character = event.character
    if event.key.startswith("alt+"):
        return event.key
    return character if character and character.isprintable() and character != " " else event.key


class KeyScreen(ActingScreen):
    """A screen that is worked by keys."""

    def __init__(self) -> None:
        super().__init__()
        self._keys = KeyReader()
        self._handling = 0
        """Messages under way here."""
        self._which_key: Timer | None = None
        self._keys_shown: Widget | None = None

    def is_typing(self) -> bool:
        """Whether keys are text now."""
        return self.focused is not None and self.focused.check_consume_key("x", "x")

    def on_key(self, event: events.Key) -> None:
        read = self._keys.read(key_of(event), self.is_typing())
        if read.kind == "none":
            return
        event.stop()
        event.prevent_default()
        if read.kind == "begun":
            self._wait_for_more()
            return
        self._forget_keys()
        for _time in range(read.times):
            if read.action is not None:
                self.perform(read.action)

    def take_at_once(self, event: events.Key) -> bool:
        """Do what the key does now, without a message to oneself, where nothing is under way here; False where that cannot be."""
        at_rest = not self._handling and self._message_queue.empty() and self._pending_message is None
        deferred = self._next_callbacks or self._callbacks
        if not at_rest or deferred or not self.is_mounted or self.is_typing():
            return False
        if not self._keys.is_whole(key_of(event)):
            return False
        with self._context():
            try:
                self.hand_out(event)
            except Exception as error:  # noqa: BLE001 - as Textual does with what a handler raises
                self.app._handle_exception(error)
        return True

    @property
    def has_left_something(self) -> bool:
        """Whether messages wait here."""
        return not self._message_queue.empty()

    def hand_out(self, message: Message) -> None:
        """Call what handles a message here, at once: none of it may wait for anything."""
        for _owner, method in self._get_dispatch_methods(message.handler_name, message):
            method(message)

    async def _dispatch_message(self, message: Message) -> None:
        self._handling += 1
        try:
            await super()._dispatch_message(message)
        finally:
            self._handling -= 1

    def perform_named(self, action_id: str, argument: str = "") -> None:
        """Do the action of that id, as its key would; nothing where this screen has none."""
        action = self.host.actions.find(self.scopes, action_id)
        if action is not None:
            self._forget_keys()
            self.perform(action, argument)

    def shown_key(self, action_id: str) -> str:
        """The key of the action of that id as it is shown; its name on the ``:`` line where it has none."""
        action = self.host.actions.find(self.scopes, action_id)
        keys = self.host.actions.keys_of(action) if action is not None else ()
        return key_label(keys[0]) if keys else f":{action_id}"

    # -- sequences ---------------------------------------------------------------------------------------------------
    def _wait_for_more(self) -> None:
        """What was typed is told at once where it is a count, and what may follow when one hesitates."""
        self._hide_which_key()
        if not self._keys.begun:
            self._tell_passing(Told(f"{self._keys.shown} …"))
        self._which_key = self.set_timer(WHICH_KEY_AFTER, self._show_continuations)

    def _forget_keys(self) -> None:
        self._keys.forget()
        self._hide_which_key()

    def _hide_which_key(self) -> None:
        if self._which_key is not None:
            self._which_key.stop()
            self._which_key = None
            self._pass()
        if self._keys_shown is not None:
            self._keys_shown.remove()
            self._keys_shown = None

    def _show_continuations(self) -> None:
        follow = self._keys.continuations(self.is_typing())
        if follow and self.is_current:
            from tui_desk.screens.which_key import WhichKey  # the start needs none

            self._keys_shown = WhichKey(self._keys.shown, follow, self.facts(), self.size.width)
            self.mount(self._keys_shown)
