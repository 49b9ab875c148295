"""The Textual application: its look, its first screen, and the desk's health for every title line. Kept small."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath
from time import monotonic
from typing import Any, ClassVar

from textual import events
from textual.app import App, ModeError, ScreenError
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from tui_desk.contracts.gateway import Change, Gateway
from tui_desk.contracts.status import DeskStatus, ShowStatus, WhoAmI
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.kept_place import PlaceKeeper, left_behind, whose
from tui_desk.screens import looks
from tui_desk.screens.attention import Attention
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import AppOptions, DeskHost, Neighbours, load_place
from tui_desk.screens.message_line import Told
from tui_desk.screens.reading import rest_left
from tui_desk.screens.warm_up import WarmUp, collect_again
from tui_desk.terminal.answers import BackgroundTold
from tui_desk.terminal.choke import install_choke_point
from tui_desk.terminal.driver import WireDriver
from tui_desk.terminal.first_picture import Opening
from tui_desk.terminal.grid import Grid
from tui_desk.terminal.paint_pace import install_paint_pace
from tui_desk.terminal.quick_messages import install_quick_messages
from tui_desk.terminal.repaint import install_thin_repaint

_STATUS_EVERY = 20.0
"""Seconds between looks at the desk's health; changes by anybody are seen at once besides."""

_PLACE_EVERY = 3.0
"""Seconds between two looks at where one is: after a kill the next session goes on there."""
_SETTLE, _BETWEEN_STATUSES = 0.05, 0.5
"""Seconds to wait for further changes before a look at the desk's health, and between two such looks."""
_COLLECT_AFTER = 0.1
"""Seconds; by then the first picture stands."""
_TAKE_OVER_AFTER = 1.0
"""Seconds for which the first picture stands at most."""
_BACKGROUND_IN_TIME = 5.0
"""Seconds after which a terminal's answer changes nothing before the next start: somebody is reading already."""
_WORKER_STARTS = 12.0
"""Seconds in which the worker that is started beside this terminal gives its first sign of life."""


class DeskApp(DeskHost, inherit_bindings=False):
    """tui-desk."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []  # keys come from the registry of actions
    TITLE = "tui-desk"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/styles/base.tcss", "screens/styles/queue.tcss"]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {"desk": lambda: load_place("queue")()}
    DEFAULT_MODE = "desk"

    def __init__(self, gateway: Gateway, options: AppOptions) -> None:
        install_choke_point()
        install_thin_repaint()
        install_paint_pace()
        install_quick_messages()
        super().__init__(gateway, options, WireDriver)
        self.opening: Opening | None = None
        """What the terminal shows already."""
        self.last_queue: Grid | None = None
        """What the queue looked like when it was last left as a start shows it."""
        self.attention = Attention(self)
        self._is_known = False
        """Whether the desk has answered who works here."""
        self._place = PlaceKeeper(options.state_folder, whose(options.desk, options.login))
        self._begun_at = monotonic()
        self._status_at = 0.0
        self._status_due: Timer | None = None
        self._warm_up = WarmUp(self)
        self._idle_asked_at = options.clock()
        self.animation_level = "none"
        looks.count_colours(self)
        theme = looks.as_shown(self, looks.theme_of(self))
        self.register_theme(looks.worn(theme))
        looks.only_light(self, theme)
        if theme.ansi:
            self.theme = looks.worn_name(theme)
        else:
            # Without the watcher: it would read all styles once more before anything is painted.
            self.set_reactive(App.theme, looks.worn_name(theme))
            self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The desk's own colours, for themes that do not name them."""
        return looks.defaults()

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the styles, and read them anew where their colours changed: Textual would read all of them twice for its first screen."""
        if self.stylesheet._variables != self.get_css_variables():
            super().refresh_css(animate)
            return
        self.stylesheet.update(self, animate=animate)
        with contextlib.suppress(ScreenError):
            if self.screen.is_mounted:
                self.screen._refresh_layout(self.size)
                self.screen._css_update_count = self._css_update_count
        for below in self.screen_stack[:-1]:
            self.stylesheet.update(below, animate=animate)
            below._css_update_count = self._css_update_count

    def on_resize(self, event: events.Resize) -> None:
        """The first size is told by the driver once more: the queue is laid out for it already."""
        if self._size is None and self.screen.size == event.size:
            self._size = event.size
            event.stop().prevent_default()

    def on_background_told(self, event: BackgroundTold) -> None:
        """The terminal says whether it is light: for now, while nobody reads yet, and for the next start."""
        looks.background_told(self, event.light, now=monotonic() - self._begun_at < _BACKGROUND_IN_TIME)

    def push_screen(self, *args: Any, **kwargs: Any) -> Any:
        """Show a screen above the current one; what the queue looked like is kept."""
        self._look_at_queue()
        return super().push_screen(*args, **kwargs)

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Leave; what the queue looked like is kept for the next start."""
        self.attention.leave()
        self._look_at_queue()
        self._keep_place()
        super().exit(*args, **kwargs)

    def on_unmount(self) -> None:
        """A session that ended in order leaves no place behind; one whose terminal went away, or that broke, does."""
        if self.return_code or self._exception is not None:
            self._place.leave()
        else:
            self._place.forget()

    def _keep_place(self) -> None:
        from tui_desk.screens.lost_place import place_of

        place = place_of(self) if self._is_known else None
        if place is not None:
            self._place.keep(place)

    def _take_up_place(self) -> None:
        """Go on where a session of this person was cut off."""
        place = left_behind(self.options.state_folder, whose(self.options.desk, self.options.login))
        self._is_known = True
        queue = self.screen
        if place is not None and self.options.start == "queue":
            from tui_desk.screens.lost_place import take_up
            from tui_desk.screens.queue import QueueScreen

            if isinstance(queue, QueueScreen):
                take_up(queue, place, at_once=not self._warm_up.is_used)
        self.set_interval(_PLACE_EVERY, self._keep_place)

    def _look_at_queue(self) -> None:
        with contextlib.suppress(ScreenError, ModeError):  # before the first screen there is none
            if getattr(self.screen, "is_as_started", False) and isinstance(self._driver, WireDriver):
                self.last_queue = self._driver.wire.picture()

    def keep_picture(self, keep: Callable[[str, Grid], None]) -> None:
        """Hand over what the queue looked like last, and the sequences that draw it, where it was seen in this session."""
        if self.last_queue is not None and isinstance(self._driver, WireDriver):
            keep(self._driver.wire.drawing_of(self.last_queue), self.last_queue)

    def on_mount(self) -> None:
        self.gateway.subscribe(self._desk_changed)
        self.set_interval(_STATUS_EVERY, self._look_at_status)
        if self.options.starts_worker:
            self.set_timer(_WORKER_STARTS, self._look_at_status)
        self._look_at_status()
        self.set_timer(_COLLECT_AFTER, collect_again)
        if self.opening is not None:
            self.set_timer(_TAKE_OVER_AFTER, self._take_over)
        if self.options.start != "queue":
            self.call_after_refresh(self.go_to, self.options.start)

    def _take_over(self) -> None:
        """From the first picture, which stands until this one is as complete."""
        self.opening = None
        if isinstance(self._driver, WireDriver):
            self._driver.take_over()

    def _handle_exception(self, error: Exception) -> None:
        # A screen that is put together while the application ends misses parts that do not come any more: that is no defect.
        if not (self._exit and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    async def on_event(self, event: events.Event) -> None:
        """A key or a move of the mouse: what is likely next is got ready."""
        if isinstance(event, events.InputEvent):
            self._warm_up.somebody_is_there()
        await super().on_event(event)

    def open_ticket(self, number: int, neighbours: Neighbours | None = None, why: Told | None = None) -> None:
        """Show a ticket; what an answer or a note needs is got ready behind it."""
        super().open_ticket(number, neighbours, why)
        self._warm_up.ticket_opened()

    def _desk_changed(self, change: Change) -> None:
        self.call_later(self._look_at_status_soon)

    def _look_at_status_soon(self) -> None:
        """Once for all changes of the moment, and behind the keys."""
        if self._status_due is None:
            wait = max(_SETTLE, self._status_at + _BETWEEN_STATUSES - monotonic())
            self._status_due = self.set_timer(wait, self._look_at_status_at_rest)

    def _look_at_status_at_rest(self) -> None:
        wait = rest_left(self.pressed_at, self._status_at)
        self._status_due = self.set_timer(wait, self._look_at_status_at_rest) if wait else None
        if not wait:
            self._look_at_status()

    def _look_at_status(self) -> None:
        self._status_at = monotonic()
        _reading: Worker[None] = self.run_worker(
            self._read_status, group="status", exclusive=True, exit_on_error=False
        )

    async def _read_status(self) -> None:
        try:
            agent, status = await asyncio.gather(self.gateway.ask(WhoAmI()), self.gateway.ask(ShowStatus()))
        except DeskError as error:
            if isinstance(self.screen, BaseScreen):
                self.screen.trouble(error)
            return
        if isinstance(self.screen, BaseScreen):
            self.screen.trouble_over()
        if self.options.starts_worker and monotonic() - self._begun_at < _WORKER_STARTS:
            status = replace(status, worker_alive=True)
        if (agent, status) != (self.agent, self.status):
            self.agent, self.status = agent, status
            self.status_changed()
        if self.opening is not None:
            self.call_after_refresh(self._take_over)
        if not self._is_known:
            self._take_up_place()
        with contextlib.suppress(DeskError):  # the next look tells
            await self.attention.look(status.notifications)
        await self._hold_clock_when_idle(status)

    async def _hold_clock_when_idle(self, status: DeskStatus) -> None:
        """Nobody at the keys: hold the clock from the last one on, where the agent wants that. Asked once in that time."""
        now, idle = self.options.clock(), timedelta(minutes=status.timer_idle)
        if not (status.timer_running and idle) or now - max(self.last_key_at, self._idle_asked_at) < idle:
            return
        from tui_desk.contracts.timekeeping import PauseTimer

        self._idle_asked_at = now
        with contextlib.suppress(DeskError):  # at work at another terminal, or stopped meanwhile
            held = await self.gateway.ask(PauseTimer(since=self.last_key_at))
            if isinstance(self.screen, BaseScreen):
                self.screen.say(
                    held.sentence, _("No key was pressed for a while; t on the ticket goes on."), "warning"
                )
