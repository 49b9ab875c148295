"""A screen that acts: what holds now, an action done or refused with its reason, and the keys that wait while it is under way.

An action is served by ``do_<id>(argument)``: plain for what is done at once (moving, opening a screen), ``async`` for what asks the
desk; those run beside the keyboard and never hold it up. This is the border where errors become sentences.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tui_desk.actions.registry import Action
from tui_desk.core.enums import Role
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.message_line import Told
from tui_desk.screens.reading import ReadingScreen
from tui_desk.screens.type_ahead import Hold

if TYPE_CHECKING:
    from tui_desk.screens.dialog import Dialog

R = TypeVar("R")
_SLOW_AFTER = 1.5
"""Seconds after which an action that is not done yet says so."""


class Unread(NamedTuple):
    """An action asked for before what it is about was read, and what keeps the keys behind it."""

    action: Action
    argument: str
    hold: Hold
    readings: int = 0
    """That ended since. The first may have been under way; behind the second, what then holds decides, however often it is read."""


DOING: ContextVar[Action | None] = ContextVar("doing", default=None)
"""The action that runs in this task."""
_HOLD: ContextVar[tuple[ActingScreen, Hold] | None] = ContextVar("hold", default=None)
"""What keeps the keys waiting for the action that runs in this task, and the screen whose action it is: the tasks of a screen that
an action opens begin with what the action's task had."""


def _dropped(count: int) -> str:
    return ngettext(
        "{count} key typed meanwhile was dropped.", "{count} keys typed meanwhile were dropped.", count
    ).format(count=count)


class ActingScreen(ReadingScreen):
    """A screen with actions."""

    def __init__(self) -> None:
        super().__init__()
        self._hold: Hold | None = None
        self._unread: Unread | None = None

    # -- what holds now ----------------------------------------------------------------------------------------------
    def facts(self) -> frozenset[str]:
        """What holds now; with ``super().facts()`` for what holds everywhere."""
        agent = self.host.agent
        writer = agent is None or agent.role is not Role.READ_ONLY
        status = self.host.status
        found = {
            "writer" if writer else "",
            "programs" if self.host.options.programs else "",
            "demo" if status is not None and status.demo else "",
        }
        return frozenset(found - {""})

    def is_unread(self) -> bool:
        """Whether what actions are about is still to be read: they wait for it then instead of being refused."""
        return False

    def is_reading(self) -> bool:
        """Whether that is on its way by other means than :meth:`load`; call :meth:`reading_ended` when it came or failed."""
        return False

    def is_renewing(self) -> bool:
        """Whether what is shown is being read again: what stands in an action's way may be over then."""
        return self._loading or self._load_again

    def waits(self, action: Action) -> bool:
        """Whether the action is about what is still to be read, or read again."""
        return (self.is_unread() or self.is_renewing()) and bool(action.obstacle(self.facts()))

    # -- doing it ----------------------------------------------------------------------------------------------------
    def perform(self, action: Action, argument: str = "") -> None:
        """Do it, or say why not. The border where errors become sentences."""
        self._pass()
        if self.waits(action):
            self._once_read(action, argument)
        else:
            self._do(action, argument)

    def _do(self, action: Action, argument: str) -> None:
        obstacle = action.obstacle(self.facts())
        if obstacle:
            self.refuse(obstacle)
            return
        handler: Callable[[str], Awaitable[None] | None] = getattr(self, f"do_{action.id}")
        try:
            work = handler(argument)
        except Exception as error:  # noqa: BLE001 - the action dispatcher is one of the three borders
            self.tell_error(action.shown_title, error)
            return
        self.host.saw(f"do {action.id}")
        if work is not None:
            self.run_guarded(action.shown_title, self._keys_wait(work, self._hold_keys(), action))

    # -- keys typed ahead --------------------------------------------------------------------------------------------
    async def _keys_wait(self, work: Awaitable[None], hold: Hold, action: Action) -> None:
        """Do the work; keys typed ahead wait until it is done or a screen of its own has come up."""
        _HOLD.set((self, hold))
        DOING.set(action)
        try:
            await work
        finally:
            last = self._own_hold()
            if last is not None:
                last.release()
                if last is self._hold:
                    self._pass_slow()

    def _own_hold(self) -> Hold | None:
        held = _HOLD.get()
        return held[1] if held is not None and held[0] is self else None

    def _hold_keys(self) -> Hold:
        hold = self.host.type_ahead.hold(self._took_too_long)
        self._hold = hold
        self.set_timer(_SLOW_AFTER, lambda: self._say_slow(hold))
        return hold

    async def answer_of(self, dialog: Dialog[R]) -> R | None:
        """Show a question and wait for its answer; None too where it comes so late that the keyboard went on without it."""
        hold = self._own_hold()
        if hold is not None and hold.lapsed:
            return None
        answer = await self.app.push_screen_wait(dialog)
        if hold is not None:
            _HOLD.set((self, self._hold_keys()))
        return answer

    def _say_slow(self, hold: Hold) -> None:
        if self.is_current and not hold.over:
            self._tell_passing(
                Told(
                    _("Still at it: somebody else is writing to the desk, or it is far away."),
                    _("Keys wait for it."),
                )
            )

    def _took_too_long(self, dropped: int) -> None:
        told = ngettext(
            "That takes long: {count} key typed meanwhile was dropped.",
            "That takes long: {count} keys typed meanwhile were dropped.",
            dropped,
        ).format(count=dropped)
        self.say(
            told if dropped else _("That takes long."), _("What it does is told when it is done."), "warning"
        )

    def _pass_slow(self) -> None:
        if self._passing is not None and self._passing.level == "info":
            self._pass()

    # -- keys typed before there is something to act on --------------------------------------------------------------
    def _once_read(self, action: Action, argument: str) -> None:
        """Do it as soon as what it is about is read; what is typed behind it waits as well."""
        if self._unread is not None:
            return
        hold = self.host.type_ahead.hold(self._not_read)
        self._hold, self._unread = hold, Unread(action, argument, hold)
        self.set_timer(_SLOW_AFTER, lambda: self._say_slow(hold))
        if not self.is_renewing():
            self.reload()

    def _not_read(self, dropped: int) -> None:
        self._unread = None
        self._tell_passing(
            Told(_("That takes long. {dropped}").format(dropped=_dropped(dropped + 1)), level="warning")
        )

    def reading_ended(self) -> None:
        """What is shown was read, or could not be: go on with the action that waited for it, or tell that it is dropped."""
        waiting = self._unread
        if waiting is None or self.is_reading():
            return
        if self.is_renewing() and waiting.readings == 0:
            self._unread = waiting._replace(readings=1)
            return
        if self.is_unread():
            self.host.type_ahead.drop(waiting.hold, self._reading_failed)
            return
        self._unread = None
        self._pass_slow()
        if self.is_current:
            self._do(waiting.action, waiting.argument)
        waiting.hold.release()

    def _reading_failed(self, dropped: int) -> None:
        """Beside why it could not be read."""
        self._unread = None
        told = self._trouble or Told(level="error")
        self._trouble = told._replace(hint=f"{told.hint} {_dropped(dropped + 1)}".strip())
        self._tell(self._trouble)

    def _release_keys(self) -> None:
        if self._hold is not None:
            self._hold.release()

    def on_screen_suspend(self) -> None:
        self._release_keys()
