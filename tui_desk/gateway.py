"""The application's side of the contract: runs requests off the event loop, and brings changes by anybody to the screens.

The first screen's requests go by plain drivers; the database proper (SQLAlchemy, the tables) is opened when the first request
that needs it comes or :meth:`DeskGateway.warm_up` is called.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tui_desk.contracts.gateway import Change, Request
from tui_desk.core.errors import Unavailable
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.db.url import DatabaseUrl
from tui_desk.services.actor import Actor
from tui_desk.services.dispatch import handler_of, run, run_fast

if TYPE_CHECKING:
    from tui_desk.db.changes import ChangeFeed
    from tui_desk.db.engine import Database

T = TypeVar("T")
Listener = Callable[[Change], None]

_FEED_WAIT_SECONDS = 5.0
_FEED_RETRY_SECONDS = 2.0


class DeskGateway:
    """A desk as the interface sees it. Implements ``contracts.gateway.Gateway``; :meth:`close` ends its threads."""

    def __init__(self, url: DatabaseUrl, actor: Actor) -> None:
        self.url = url
        self.actor = actor
        self._reader: FastReader | None = None
        self._database: Database | None = None
        self._opening = threading.Lock()
        self._listeners: list[Listener] = []
        self._feed: ChangeFeed | None = None
        self._missed = False
        """Whether something may have changed while nobody listened."""
        self._feed_thread: threading.Thread | None = None
        self._closed = threading.Event()

    async def ask(self, request: Request[T]) -> T:
        """Carry out ``request`` in a thread. Raises DeskError."""
        return await asyncio.to_thread(self.ask_now, request)

    def ask_now(self, request: Request[T]) -> T:
        """Carry out ``request`` in this thread."""
        if handler_of(request).mode == "fast":
            return run_fast(self._open_reader(), self.actor, request)
        return run(self.database(), self.actor, request)

    def follow(self) -> None:
        """Notice changes from here on: call it before the first reading.

        What is committed until the first listener subscribes is told to that one at once.
        """
        from tui_desk.db.changes import ChangeFeed

        with suppress(Unavailable):
            self._feed = ChangeFeed(self.url)
        self._missed = self._feed is None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` on the running event loop after every change; the answer unsubscribes."""
        self._listeners.append(listener)
        if self._feed_thread is None:
            loop = asyncio.get_running_loop()
            self._feed_thread = threading.Thread(
                target=self._follow, args=(loop,), name="change-feed", daemon=True
            )
            self._feed_thread.start()
        return partial(self._unsubscribe, listener)

    def database(self) -> Database:
        """The database proper, opened at the first call."""
        with self._opening:
            if self._database is None:
                from tui_desk.db.engine import open_database

                self._database = open_database(self.url)
            return self._database

    @property
    def is_open(self) -> bool:
        """Whether the database proper is there: a request that needs it is answered at once."""
        return self._database is not None

    async def warm_up(self) -> None:
        """Import and open what showing a ticket needs, before one is asked for."""
        await asyncio.to_thread(self._warm_up)

    def _warm_up(self) -> None:
        import tui_desk.services.presence
        import tui_desk.services.ticket_view  # noqa: F401 - imported for the time it takes

        self.database()

    async def warm_up_writing(self) -> None:
        """Import what an answer or a note needs, before one is written."""
        await asyncio.to_thread(self._warm_up_writing)

    def _warm_up_writing(self) -> None:
        import tui_desk.services.conversation
        import tui_desk.services.drafts  # noqa: F401 - imported for the time it takes

    def close(self) -> None:
        """End the feed and let go of the database."""
        self._closed.set()
        if self._feed is not None:
            self._feed.close()
        if self._feed_thread is not None:
            self._feed_thread.join(timeout=_FEED_RETRY_SECONDS)
        if self._reader is not None:
            self._reader.close()
        if self._database is not None:
            self._database.close()

    def _open_reader(self) -> FastReader:
        with self._opening:
            if self._reader is None:
                self._reader = open_reader(self.url)
            return self._reader

    def _unsubscribe(self, listener: Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    def _follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """The feed's thread: waits for changes and hands them to the event loop; opens the feed anew when it breaks."""
        from tui_desk.db.changes import ChangeFeed

        while not self._closed.is_set():
            try:
                if self._feed is None:
                    self._feed = ChangeFeed(self.url)
                    changed, self._missed = self._missed, False
                else:
                    changed = self._feed.wait(_FEED_WAIT_SECONDS)
            except Unavailable:
                self._feed, self._missed = None, True
                self._closed.wait(_FEED_RETRY_SECONDS)
                continue
            if changed and not loop.is_closed():
                loop.call_soon_threadsafe(self._tell, Change())

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)
