"""A screen that asks the desk: work beside the keyboard, reading what is shown, and reading it anew after changes by anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, TypeVar

from textual.css.query import NoMatches
from textual.timer import Timer
from textual.worker import Worker

from tui_desk.contracts.gateway import Change, Request
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.screens.message_line import MessageLine
from tui_desk.screens.telling import TellingScreen

T = TypeVar("T")
Work = Awaitable[None] | Callable[[], Awaitable[None]]

_SETTLE = 0.05
"""Seconds to wait for further changes before looking again."""
_BETWEEN_LOOKS = 0.5
"""Seconds between two looks for changes by others: fifty busy colleagues must not keep this terminal busy."""
_REST = 0.25
"""Seconds without a key after which changes by others are looked for: keys go first."""
_BETWEEN_LOOKS_AT_WORK = 2.5
"""Seconds between two looks while keys come all the time."""


def rest_left(pressed_at: float, looked_at: float) -> float:
    """Seconds for which a look for changes by others gives way to keys; both are times of ``monotonic``."""
    now = monotonic()
    left = min(pressed_at + _REST, looked_at + _BETWEEN_LOOKS_AT_WORK) - now
    return max(_SETTLE, left) if left > 0 else 0.0


class ReadingScreen(TellingScreen):
    """What a screen shows is read by :meth:`load`, at the start and whenever somebody changed it."""

    def __init__(self) -> None:
        super().__init__()
        self._settling: Timer | None = None
        self._changed: Change | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._loading = False
        self._load_again = False
        self._looked_at = 0.0

    async def ask(self, request: Request[T]) -> T:
        """Ask the desk, off the event loop. Raises DeskError, which the dispatcher tells."""
        answer = await self.host.gateway.ask(request)
        self.host.saw(request, answer)
        return answer

    # -- work beside the keyboard ------------------------------------------------------------------------------------
    def run_guarded(self, doing: str, work: Work, group: str = "action", exclusive: bool = False) -> None:
        """Run ``work`` beside the keyboard; whatever it raises is told on the message line.

        ``exclusive`` cancels what of the group is under way; give it a function then, so that what is cancelled before its
        turn was never begun.
        """
        if not self.is_running:  # closing: nobody would ever await it
            if isinstance(work, Coroutine):
                work.close()
            return

        async def guarded() -> None:
            await self._guard(doing, work)

        _running: Worker[None] = self.run_worker(
            guarded, group=group, exclusive=exclusive, exit_on_error=False
        )

    async def _guard(self, doing: str, work: Work) -> None:
        try:
            await (work() if callable(work) else work)
        except Exception as error:  # noqa: BLE001 - the action dispatcher is one of the three borders
            if isinstance(error, NoMatches) and not self.query(MessageLine):
                return  # the screen was left meanwhile: there is nothing to show the answer on
            self.tell_error(doing, error)

    def tell_error(self, doing: str, error: Exception) -> None:
        """Say it on the message line; what nobody expected is also logged, without values."""
        if isinstance(error, DeskError):
            self.say(error.sentence, error.hint, level="error")
            return
        path = self.host.log_unexpected(f"{type(self).__name__}: {doing}", error)
        self.say(
            _("“{doing}” did not work because of a defect in tui-desk ({kind}).").format(
                doing=doing, kind=type(error).__name__
            ),
            _("What was saved is kept. Where it happened is noted in {path}.").format(path=path),
            level="error",
        )

    # -- reading -----------------------------------------------------------------------------------------------------
    def load(self) -> Coroutine[Any, Any, None] | None:
        """Read what is shown, anew. Runs at the start, on Look again and after changes by anybody."""
        return None

    def concerns(self, change: Change) -> bool:
        """Whether ``change`` may touch what is shown."""
        return True

    def reload(self) -> None:
        """Read what is shown anew, beside the keyboard."""
        if self._loading:
            self._load_again = True
            return
        work = self.load()
        if work is not None:
            self._loading = True
            self.run_guarded(_("Reading"), self._load(work), group="load")

    async def _load(self, work: Awaitable[None]) -> None:
        try:
            await work
        except DeskError as error:
            self.trouble(error)
        else:
            self.trouble_over()
        finally:
            self._loading = False
            self.reading_ended()
            if self._load_again:
                self._load_again = False
                self.call_later(self.reload)

    def reading_ended(self) -> None:
        """What is shown was read, or could not be."""

    # -- changes by anybody ------------------------------------------------------------------------------------------
    def follow_changes(self) -> None:
        """From now on, look again after changes by anybody."""
        self._unsubscribe = self.host.gateway.subscribe(self._desk_changed)

    async def on_unmount(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _desk_changed(self, change: Change) -> None:
        known = self._changed
        if known is not None:
            both = known.tickets | change.tickets if known.tickets and change.tickets else frozenset[int]()
            change = Change(both)
        self._changed = change
        self.call_later(self._settle)  # the feed calls from outside: timers need this screen's own context

    def _settle(self) -> None:
        if self._settling is None and self._changed is not None and self.is_current:
            wait = max(_SETTLE, self._looked_at + _BETWEEN_LOOKS - monotonic())
            self._settling = self.set_timer(wait, self._look_at_rest)

    def _look_at_rest(self) -> None:
        wait = rest_left(self.host.pressed_at, self._looked_at)
        if wait:
            self._settling = self.set_timer(wait, self._look_at_rest)
        else:
            self._look_again()

    def on_screen_resume(self) -> None:
        self._settle()

    def _look_again(self) -> None:
        self._settling = None
        self._looked_at = monotonic()
        change, self._changed = self._changed, None
        if change is not None and self.concerns(change):
            self.reload()
