"""Importing and opening ahead, behind what is on the screen: what a ticket needs when somebody is there, what an answer needs when one is read."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING

from tui_desk.core.errors import DeskError

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_desk.screens.host import DeskHost

_AFTER = 0.25
"""Seconds behind the first key; sooner, the imports would take turns with what that key paints."""
_WRITING_AFTER = 1.0
"""Seconds of rest with a ticket on the screen; what writes is a third of a second of work, and a key would wait for it."""


def collect_again() -> None:
    """Look for garbage from now on; what was imported until now stays and is not looked at."""
    gc.freeze()
    gc.enable()


class WarmUp:
    """What one terminal has got ready."""

    def __init__(self, host: DeskHost) -> None:
        self._host = host
        self.is_used = False
        """Whether a key or the mouse has come: whoever is there will open a ticket. A queue that is only looked at stays small."""
        self._will_write = False
        """Whether a ticket was opened: whoever reads one may answer it."""

    def somebody_is_there(self) -> None:
        """A key or a move of the mouse has come."""
        if not self.is_used:
            self.is_used = True
            self._host.set_timer(_AFTER, partial(self._behind, self._get_ready))

    def ticket_opened(self) -> None:
        """What an answer or a note needs is imported when keys rest, before somebody waits for it."""
        if not self._will_write:
            self._will_write = True
            self._host.set_timer(_WRITING_AFTER, self._at_rest)

    def _at_rest(self) -> None:
        left = self._host.pressed_at + _WRITING_AFTER - monotonic()
        if left > 0:
            self._host.set_timer(left, self._at_rest)
        else:
            self._behind(self._get_ready_to_write)

    def _behind(self, work: Callable[[], Awaitable[None]]) -> None:
        _warming: Worker[None] = self._host.run_worker(
            partial(_quietly, work), group="warm-up", exit_on_error=False
        )

    async def _get_ready(self) -> None:
        gc.disable()
        try:
            warm_up = getattr(self._host.gateway, "warm_up", None)
            if warm_up is not None:
                await warm_up()
            await asyncio.to_thread(import_module, "tui_desk.screens.ticket")
        finally:
            collect_again()

    async def _get_ready_to_write(self) -> None:
        warm_up = getattr(self._host.gateway, "warm_up_writing", None)
        if warm_up is not None:
            await warm_up()
        await asyncio.to_thread(import_module, "tui_desk.screens.compose")


async def _quietly(work: Callable[[], Awaitable[None]]) -> None:
    with contextlib.suppress(DeskError):  # whoever needs it next is told
        await work()
