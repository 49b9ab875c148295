"""Keys typed faster than screens open reach the screen they were meant for.

Textual hands every key at once to what is in front at that moment: of ``r`` and a sentence typed behind it, the first letters
would run as actions of the screen that ``r`` is about to leave. Here a key is handed over when the one before it is done with,
and, where that one opened a screen or dialog, when this has its focus.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

HOLD_SECONDS = 0.3
"""The longest that keys wait for an action that may open a dialog; one that takes longer has something to show first."""

_LOST_SECONDS = 1.0
"""After so long the widget that had the key is taken to have vanished with it."""

Forward = Callable[[events.Event], Awaitable[None]]


class TypeAhead:
    """The queue of keys of one application. ``forward`` gives one to whatever is in front."""

    def __init__(self, app: App[None], forward: Forward) -> None:
        self._app = app
        self._forward = forward
        self._waiting: deque[events.Event] = deque()
        self._handing_over = False
        self._handed_over = 0
        self._holds = 0

    async def take(self, event: events.Event) -> None:
        """A key or paste has come in."""
        self._waiting.append(event)
        if self._handing_over and len(self._waiting) == 1:
            given = self._handed_over
            self._app.set_timer(_LOST_SECONDS, lambda: self._give_up(given))
        await self._hand_over()

    def hold(self) -> Callable[[], None]:
        """Let further keys wait until the answer is called, at most :data:`HOLD_SECONDS`.

        Where a screen or dialog has come up by then, they wait for its focus as well.
        """
        front = self._app.screen
        self._holds += 1
        over = False

        def end() -> None:
            nonlocal over
            if not over:
                over = True
                self._holds -= 1
                self._app.call_later(self._hand_over)

        def release() -> None:
            stack = self._app.screen_stack  # empty while the application ends
            if (
                over
                or not stack
                or stack[-1] is front
                or not stack[-1].call_after_refresh(self._app.call_later, end)
            ):
                end()

        self._app.set_timer(HOLD_SECONDS, release)
        self._app.set_timer(_LOST_SECONDS, end)
        return release

    async def _hand_over(self) -> None:
        if self._handing_over or self._holds or not self._waiting:
            return
        self._handing_over = True
        self._handed_over += 1
        front = self._app.screen
        target: Widget = self._app.focused or front
        await self._forward(self._waiting.popleft())
        self._after(target, front)

    def _after(self, node: DOMNode, front: Screen[object]) -> None:
        """Go the way that the key bubbles, one step behind it, up to its screen."""
        if node is front or node.parent is None:
            if not front.call_later(self._settled, front):
                self._settled(front)
        elif not node.call_later(lambda: self._after(node.parent or front, front)):
            self._settled(front)

    def _settled(self, front: Screen[object]) -> None:
        """The key is done with. Another screen in front takes the next one when it is painted and has its focus."""
        now = self._app.screen
        if now is front or not now.call_after_refresh(self._app.call_later, self._ready):
            self._app.call_later(self._ready)

    async def _give_up(self, given: int) -> None:
        if self._handing_over and self._handed_over == given:
            await self._ready()

    async def _ready(self) -> None:
        self._handing_over = False
        await self._hand_over()
