"""What every screen is made of: title, body, message line, hints; the one place where keys become actions and
errors become sentences.

A screen names its ``scopes`` (nearest first), its ``crumb``, composes its middle in :meth:`FrameScreen.compose_body`, says in
:meth:`FrameScreen.facts` what holds now, and serves each action by ``do_<id>(argument)``: plain for what is done at once
(moving, opening a screen), ``async`` for what asks the desk; those run beside the keyboard and never hold it up.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.keys import key_label
from tui_desk.actions.registry import Action
from tui_desk.core.enums import Role
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.chrome import HintLine, TitleLine, hints_of
from tui_desk.screens.cover import TooSmall, cover_when_too_small
from tui_desk.screens.key_reading import KeyReader
from tui_desk.screens.message_line import MessageLine, Told
from tui_desk.screens.reading import ReadingScreen
from tui_desk.screens.title_words import title_forms
from tui_desk.screens.type_ahead import Hold

if TYPE_CHECKING:
    from tui_desk.screens.dialog import Dialog

R = TypeVar("R")
WHICH_KEY_AFTER = 0.4
"""Seconds of hesitation after which the keys that may follow are named."""
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
_HOLD: ContextVar[tuple[FrameScreen, Hold] | None] = ContextVar("hold", default=None)
"""What keeps the keys waiting for the action that runs in this task, and the screen whose action it is: the tasks of a screen that
an action opens begin with what the action's task had."""


def key_of(event: events.Key) -> str:
    """The key as the registry writes it: the character where there is one, else Textual's name. With Alt held it is never text."""
    character = event.character
    if event.key.startswith("alt+"):
        return event.key
    return character if character and character.isprintable() and character != " " else event.key


def _dropped(count: int) -> str:
    return ngettext(
        "{count} key typed meanwhile was dropped.", "{count} keys typed meanwhile were dropped.", count
    ).format(count=count)


class FrameScreen(ReadingScreen):
    """The frame of a full screen of the desk; see :class:`tui_desk.screens.base.BaseScreen`."""

    crumb: str = ""
    """Where one is, for the title line; set it and call :meth:`show_title`."""
    shorter_crumbs: tuple[str, ...] = ()
    """The same in fewer words, for where there is little room."""

    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._keys = KeyReader()
        self._handling = 0
        """Messages under way here."""
        self._which_key: Timer | None = None
        self._keys_shown: Widget | None = None
        self._hold: Hold | None = None
        self._unread: Unread | None = None
        self._hinted: tuple[object, ...] = ()
        """What the hints were made of last."""

    # -- for the screens ---------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        """The middle of the screen."""
        return ()

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

    def facts_changed(self) -> None:
        """Call it when the selection changed: the hints follow."""
        actions, facts, typing = self.host.actions, self.facts(), self.is_typing()
        hinted = (actions, self.scopes, facts, typing)
        if hinted != self._hinted:  # the same at most moves of a cursor
            self._hinted = hinted
            self.query_one(HintLine).show(hints_of(actions, self.scopes, facts, typing))

    # -- the frame ---------------------------------------------------------------------------------------------------
    def compose(self) -> ComposeResult:
        yield TitleLine(id="title-line")
        yield Vertical(*self.compose_body(), id="body")
        yield MessageLine(id="message-line")
        yield HintLine(id="hint-line")
        yield TooSmall()

    def on_mount(self) -> None:
        self._keys.use(self.host.actions, self.scopes)
        self.follow_changes()
        self.app.app_suspend_signal.subscribe(self, lambda _app: self._release_keys())
        self.show_title()
        self.facts_changed()
        self._tell_offer()
        self.show_guide()
        self.start()
        self.reload()

    def use_scopes(self, scopes: tuple[str, ...]) -> None:
        """Go by the actions of other scopes from now on, where a part of the screen has keys of its own."""
        if scopes != self.scopes:
            self.scopes = scopes
            self.keys_changed()

    def keys_changed(self) -> None:
        """Go by the map of now: other scopes, or another preset."""
        self._keys.use(self.host.actions, self.scopes)
        self._forget_keys()
        self.facts_changed()
        self.show_guide()

    def start(self) -> None:
        """For screens: what else belongs to the start (set columns, focus)."""

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.status_changed()  # what was learnt while another screen was in front
            self._tell_offer()
            self.show_guide()

    def show_guide(self) -> None:
        """The step of the guided start, while there is one."""
        if self.host.guide is not None:
            from tui_desk.screens.guide import place_of, show_guide

            show_guide(self)
            self.host.saw(f"at {place_of(self.scopes)}")

    def crumbs(self) -> tuple[str, ...]:
        """Where one is, for the title line; then in fewer words."""
        return (self.crumb, *self.shorter_crumbs)

    def show_title(self) -> None:
        """Paint the title line anew."""
        host = self.host
        notices = host.actions.find((GLOBAL,), "go_notifications")
        keys = host.actions.keys_of(notices) if notices is not None else ()
        forms = title_forms(self.crumbs(), host.status, host.agent, key_label(keys[0]) if keys else "")
        self.query_one(TitleLine).show(*forms[0], *forms[1:])

    def status_changed(self) -> None:
        """The application knows who-am-I or the desk's health anew."""
        self.show_title()
        self.facts_changed()

    def on_resize(self, event: events.Resize) -> None:
        cover_when_too_small(self, event)

    # -- keys become actions -----------------------------------------------------------------------------------------
    def on_descendant_focus(self) -> None:
        self.facts_changed()

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

    def on_hint_line_chosen(self, message: HintLine.Chosen) -> None:
        """A click on a hint is its key."""
        self.perform_named(message.action)

    def perform_named(self, action_id: str, argument: str = "") -> None:
        """Do the action of that id, as its key would; nothing where this screen has none."""
        action = self.host.actions.find(self.scopes, action_id)
        if action is not None:
            self._forget_keys()
            self.perform(action, argument)

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
