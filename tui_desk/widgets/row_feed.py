"""One question at a time to a source of rows; of those that wait, only the most urgent one is kept.

No Textual here: the widget passes in how to run a coroutine and what to do with an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Literal, NamedTuple

from tui_desk.core.errors import DeskError
from tui_desk.widgets.row_buffer import Direction, RowSource, RowWindow

Reason = Literal["more", "refresh", "load"]
_URGENCY: dict[Reason, int] = {"more": 1, "refresh": 2, "load": 3}


class Fetch(NamedTuple):
    """One question to the source. ``reason``: what its answer is for."""

    reason: Reason
    anchor: Any | None
    direction: Direction
    limit: int


class RowFeed:
    """Asks ``source``; answers of an earlier source are dropped."""

    def __init__(
        self,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        take: Callable[[Fetch, RowWindow], None],
        fail: Callable[[DeskError], None],
    ) -> None:
        """``spawn`` runs a coroutine on the event loop; ``take`` and ``fail`` get the answers there."""
        self._spawn, self._take, self._fail = spawn, take, fail
        self._source: RowSource | None = None
        self._generation = 0
        self._asking: Fetch | None = None
        self._waiting: Fetch | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return self._asking is not None

    @property
    def renewing(self) -> bool:
        """Whether rows that are shown already are read again."""
        return any(fetch is not None and fetch.reason != "more" for fetch in (self._asking, self._waiting))

    def connect(self, source: RowSource | None) -> None:
        """Ask this source from now on; forget what was asked of the one before."""
        self._source = source
        self._generation += 1
        self._asking = self._waiting = None

    def ask(self, fetch: Fetch) -> None:
        """Ask now, or after the answer that is under way. Rows that are merely useful are not waited for."""
        if self._source is None:
            return
        if self._asking is None:
            self._asking = fetch
            self._spawn(self._answer(fetch, self._source, self._generation))
        elif fetch.reason != "more" and (
            self._waiting is None or _URGENCY[fetch.reason] >= _URGENCY[self._waiting.reason]
        ):
            self._waiting = fetch

    async def _answer(self, fetch: Fetch, source: RowSource, generation: int) -> None:
        failure: DeskError | None = None
        window = RowWindow(())
        try:
            window = await source.window(fetch.anchor, fetch.direction, fetch.limit)
        except DeskError as error:
            failure = error
        if generation != self._generation:
            return
        waiting, self._waiting = self._waiting, None
        self._asking = None
        if failure is not None:
            self._fail(failure)
        elif waiting is None or waiting.reason != "load":
            self._take(fetch, window)
        if waiting is not None:
            self.ask(waiting)
