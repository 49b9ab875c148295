"""Keys typed faster than screens open reach the screen they were meant for.

Textual hands every key at once to what is in front at that moment: of ``r`` and a sentence typed behind it, the first letters
would run as actions of the screen that ``r`` is about to leave. Here a key is handed over when the one before it is done with,
and, where that one opened a screen or dialog, when this has its focus. Where the database is slow, that takes a while: the keys
wait, and are dropped when it takes too long. They never act on a screen they were not meant for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

HOLD_SECONDS = 10.0
"""The longest that keys wait for an action. What was typed until then is dropped, and the action opens no dialog any more."""

_LOST_SECONDS = 5.0
"""After so long the widget that had the key is taken to have vanished with it."""

_COMES_UP_SECONDS = 5.0
"""After so long a screen that was opened is taken to have been painted, on however busy a machine."""

Forward = Callable[[events.Event], Awaitable[None]]


class Hold:
    """An action that is under way; keys typed behind it wait."""

    def __init__(self, app: App[None], ended: Callable[[Hold], None]) -> None:
        self._app = app
        self._front = app.screen
        self._ended = ended
        self.over = False
        """Keys go on."""
        self.lapsed = False
        """It took too long: the keyboard went on without it."""

    def release(self) -> None:
        """The action is done, or a screen of its own has come up: where one has, keys wait for its focus as well."""
        stack = self._app.screen_stack  # empty while the application ends
        if self.over or not stack or stack[-1] is self._front:
            self.end()
        elif stack[-1].call_after_refresh(self._app.call_later, self.end):
            self._app.set_timer(_COMES_UP_SECONDS, self.end)
        else:
            self.end()

    def end(self) -> None:
        """Keys go on now."""
        if not self.over:
            self.over = True
            self._ended(self)


class TypeAhead:
    """The queue of keys of one application.

    ``forward`` gives one to whatever is in front; ``kept`` says which keys outlive an action that takes too long (quitting).
    """

    def __init__(self, app: App[None], forward: Forward, kept: Callable[[events.Event], bool]) -> None:
        self._app = app
        self._forward = forward
        self._kept = kept
        self._waiting: deque[events.Event] = deque()
        self._handing_over = False
        self._handed_over = 0
        self._holds: set[Hold] = set()

    async def take(self, event: events.Event) -> None:
        """A key or paste has come in."""
        self._waiting.append(event)
        if self._handing_over and len(self._waiting) == 1:
            given = self._handed_over
            self._app.set_timer(_LOST_SECONDS, lambda: self._give_up(given))
        await self._hand_over()

    def hold(self, lapsed: Callable[[int], None]) -> Hold:
        """Let further keys wait until the answer is released.

        After :data:`HOLD_SECONDS` they are dropped, ``lapsed`` is told how many, and the keyboard goes on.
        """
        hold = Hold(self._app, self._end_of)
        self._holds.add(hold)
        self._app.set_timer(HOLD_SECONDS, lambda: self._lapse(hold, lapsed))
        return hold

    def drop(self, hold: Hold, told: Callable[[int], None]) -> None:
        """What the keys wait for has come to nothing: drop them, tell how many, and let the keyboard go on."""
        self._lapse(hold, told)

    def _lapse(self, hold: Hold, lapsed: Callable[[int], None]) -> None:
        if hold not in self._holds:
            return
        hold.lapsed = True
        kept = deque(event for event in self._waiting if self._kept(event))
        dropped = len(self._waiting) - len(kept)
        self._waiting = kept
        lapsed(dropped)
        hold.end()

    def _end_of(self, hold: Hold) -> None:
        self._holds.discard(hold)
        self._app.call_later(self._hand_over)

    async def _hand_over(self) -> None:
        while not (self._handing_over or self._holds) and self._waiting:
            self._handing_over = True
            self._handed_over += 1
            front = self._app.screen
            target: Widget = self._app.focused or front
            event = self._waiting.popleft()
            to_screen = getattr(target, "leaves_keys", False) and not isinstance(front, ModalScreen)
            if to_screen and self._taken_at_once(front, event):
                continue
            await self._forward(event)
            if to_screen:
                self._behind(front)
            else:
                self._after(target, front)

    def _taken_at_once(self, front: Screen[object], event: events.Event) -> bool:
        """Whether the screen has done what the key does, or is about to; the next key may follow where nothing is left to do."""
        take: Callable[[events.Event], bool] | None = getattr(front, "take_at_once", None)
        if take is None or not isinstance(event, events.Key) or not take(event):
            return False
        if self._app.screen is front and not front.has_left_something:  # type: ignore[attr-defined] # as take_at_once
            self._handing_over = False
        else:
            self._behind(front, again=False)
        return True

    def _behind(self, front: Screen[object], again: bool = True) -> None:
        """Wait for a key that its screen has taken at once, and for what it left there to be done next."""
        then = partial(self._behind, again=False) if again else self._settled
        if not front.call_later(then, front):
            self._settled(front)

    def _after(self, node: DOMNode, front: Screen[object], again: bool = True) -> None:
        """Go the way that the key bubbles, one step behind it, up to its screen.

        In a dialog twice: what the key made there (the field's "submitted") goes that way too, and closes it.
        """
        if node is front or node.parent is None:
            then = self._once_more if again and isinstance(front, ModalScreen) else self._settled
            if not front.call_later(then, front):
                self._settled(front)
        elif not node.call_later(lambda: self._after(node.parent or front, front, again)):
            self._settled(front)

    def _once_more(self, front: Screen[object]) -> None:
        self._app.call_later(lambda: self._after(front.focused or front, front, again=False))

    def _settled(self, front: Screen[object]) -> None:
        """The key is done with. Another screen in front takes the next one when it is painted and has its focus."""
        now = self._app.screen
        if now is front and not self._waiting:
            self._handing_over = False
        elif now is front or not now.call_after_refresh(self._app.call_later, self._ready):
            self._app.call_later(self._ready)

    async def _give_up(self, given: int) -> None:
        if self._handing_over and self._handed_over == given:
            await self._ready()

    async def _ready(self) -> None:
        self._handing_over = False
        await self._hand_over()
