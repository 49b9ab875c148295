"""When a screen is painted: at once where it rested, else a sixtieth of a second behind the picture before.

What a key changes is painted at once although something else was just painted, such as what others did: it waits for pictures of keys alone.

Textual's timer for this is a task that wakes up once more behind each picture, for nothing. :func:`install_paint_pace` gives
every screen one that sleeps until there is something to paint.
"""

from __future__ import annotations

import asyncio
from typing import Any

from textual.constants import MAX_FPS
from textual.screen import Screen

_PERIOD = 1 / MAX_FPS
_NAME = "_desk_paint_pace"


class PaintPace:
    """Stands where Textual's ``Timer`` does for the updates of one screen."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._loop = asyncio.get_running_loop()
        self._due: asyncio.TimerHandle | None = None
        self._painted_at = self._painted_for_key_at = 0.0

    def resume(self) -> None:
        """There is something to paint."""
        before = self._painted_for_key_at if self._is_for_key() else self._painted_at
        at = max(self._loop.time(), before + _PERIOD)
        if self._due is not None and self._due.when() <= at:
            return
        self.pause()
        self._due = self._loop.call_at(at, self._paint)

    def _is_for_key(self) -> bool:
        """Whether a key came since the last picture (an application tells by ``pressed_at``; the loop's clock is ``monotonic``)."""
        return getattr(self._screen.app, "pressed_at", 0.0) > self._painted_at

    def pause(self) -> None:
        """There is nothing to paint any more."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _paint(self) -> None:
        self._due = None
        now = self._loop.time()
        if self._is_for_key():
            self._painted_for_key_at = now
        self._painted_at = now
        screen = self._screen
        if not screen.is_running or screen.app._exit:
            return
        with screen._context():
            try:
                screen._on_timer_update()
            except Exception as error:  # noqa: BLE001 - as Textual's timer does
                screen.app._handle_exception(error)


def _pace_of(screen: Screen[Any]) -> PaintPace:
    pace: PaintPace | None = screen.__dict__.get(_NAME)
    if pace is None:
        pace = screen.__dict__[_NAME] = PaintPace(screen)
    return pace


def install_paint_pace() -> None:
    """Let every screen of this process be painted so. Calling it again changes nothing."""
    Screen._update_timer = property(_pace_of)  # type: ignore[assignment,method-assign] # where Textual keeps its timer
