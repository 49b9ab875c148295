"""The driver between Textual and the terminal: it sends what changed, never waits, and leaves the terminal as it was.

``App(driver_class=WireDriver)`` or ``TEXTUAL_DRIVER=tui_desk.terminal.driver:WireDriver``. What differs from Textual's own:

* Frames become a picture in memory; a thread sends the cells that differ (:mod:`tui_desk.terminal.wire`). Textual's queue
  of whole frames, and the event loop waiting for it, are gone. Nothing is sent while nothing changes.
* While suspended (``App.suspend()`` for an editor) painting is frozen: something that repaints in the background
  neither disturbs the editor nor waits for it.
* SIGTERM and SIGHUP end the application in order; if it does not end, the terminal is restored all the same.
* No link is ever opened: a browser would start on the machine where tui-desk runs.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import termios
import threading
import tty
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from types import FrameType
from typing import Any

from rich.color import ColorSystem
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput
from textual.screen import Screen

from tui_desk.terminal.answers import ATTRIBUTES, QUESTION, AnswerParser, SixelTold, may_be_asked
from tui_desk.terminal.first_picture import ENTER, Opening, screen_of_terminal
from tui_desk.terminal.frames import pieces_of
from tui_desk.terminal.graphics import may_learn
from tui_desk.terminal.grid import grid_of
from tui_desk.terminal.keyboard import Keyboard
from tui_desk.terminal.wire import Wire

_SETTLE_SECONDS = 0.5
"""How long answers of the terminal are waited for before it is given back."""
_GRACE_SECONDS = 5.0
"""How long an application that was told to end may take."""
_RESTORE = (
    "\x1b[?2026l\x1b[r\x1b[m\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2004l\x1b[?2048l\x1b[?1004l"
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)
_POINTER = "\x1b]22;"
"""Begins what sets the shape of the mouse's pointer (OSC 22)."""
_TITLE, _NO_TITLE = "\x1b]2;", "\x1b]2;\x07"
"""Begins what sets the title of the window (OSC 2); takes it away."""
_NO_BCE = ("screen", "vt100", "vt220")
"""Terminals that erase with their default background (GNU screen without ``-bce``); tmux calls itself ``tmux-…``."""


class WireDriver(LinuxDriver):
    """See the module."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._keyboard: Keyboard | None = None
        self._context = copy_context()
        # Frames are told apart by Textual's markers; it writes them only where it believes the terminal knows them.
        self._app._sync_available = True
        # What is painted comes here as it is: writing it as a frame and reading that back costs as much as painting.
        setattr(app, "_display", partial(self._show, app._display))  # noqa: B010 - this application's alone
        self._frame: list[str] | None = None
        self.wire_fd = screen_of_terminal()
        bce = os.environ.get("TMUX") is not None or not os.environ.get("TERM", "").startswith(_NO_BCE)
        self.wire = Wire(self.wire_fd, erase_with_background=bce)
        self._opening: Opening | None = getattr(app, "opening", None)
        self._questions = _questions(app)
        self.sixel = False
        """Whether the terminal said that it draws Sixel."""
        self._title = ""
        self._pointer = f"{_POINTER}default\x07"
        self._active = False
        self._entered = False
        """Whether the alternate screen is shown already; entering it once more would blank it."""
        self._ending = False
        self._signals_before: dict[int, Any] = {}
        atexit.register(self.restore_terminal)

    # Output.

    def write(self, data: str) -> None:
        """Take in what Textual writes: parts of a frame between its markers, control sequences outside. Never waits."""
        if data == SYNC_START:
            self._frame = []
        elif data == SYNC_END:
            frame, self._frame = self._frame, None
            if frame:
                width, height = self._app.size
                self.wire.show("".join(frame), width, height, typing=self._is_typing())
        elif self._frame is not None:
            self._frame.append(data)
        elif data.startswith(_TITLE):
            self._title = data if data != _NO_TITLE else ""
            self.wire.control(data)
        elif data.startswith(_POINTER):
            if data != self._pointer:
                self._pointer = data
                self.wire.control(data)
        elif not (self._entered and data == ENTER):
            self.wire.control(data)

    def _show(self, otherwise: Callable[[Screen[Any], Any], None], screen: Screen[Any], update: Any) -> None:
        """Take in what Textual painted; what is no picture goes the way it would without this."""
        app = self._app
        if not isinstance(update, (ChopsUpdate, LayoutUpdate)) or not self._takes_pictures():
            otherwise(screen, update)
            return
        try:
            cursor = app.screen.outer_size.clamp_offset(app.cursor_position)
            app._previous_cursor_position = cursor
            pieces = pieces_of(update, app.console._color_system or ColorSystem.TRUECOLOR)
            self.wire.draw(pieces, cursor, *app.size, typing=self._is_typing())
        except Exception as error:  # noqa: BLE001 - as Textual does where a widget cannot be painted
            app._handle_exception(error)
        app.post_display_hook()

    def _takes_pictures(self) -> bool:
        app = self._app
        ready = app._running and not app._closed and not app._batch_count
        return ready and app._driver is self and not (app.is_headless or self.is_inline)

    def _enable_mouse_support(self) -> None:
        """Ask for every move of the mouse (xterm's mode 1003) in the form without limits (1006), once the keys are read.

        Textual asks twice, for iTerm 3.5 wants it late, and in two older forms too.
        """
        if self._mouse and self._key_thread is not None:
            self.write("\x1b[?1003h\x1b[?1006h")

    def _is_typing(self) -> bool:
        """Whether what is focused has a text cursor: input methods look where the terminal's is."""
        return hasattr(type(self._app.focused), "cursor_screen_offset")

    def flush(self) -> None:
        """Nothing to do: the wire sends as soon as the line takes it."""

    def repaint(self) -> None:
        """Send the whole screen again (Ctrl+L: something else wrote to the terminal)."""
        self.wire.repaint()

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Open nothing."""

    def _get_terminal_size(self) -> tuple[int, int]:
        """The terminal's own answer; Textual would believe an exported ``COLUMNS`` and never follow a resize."""
        try:
            size = os.get_terminal_size(self.wire_fd)
        except OSError:
            return super()._get_terminal_size()
        return (size.columns, size.lines) if size.columns and size.lines else super()._get_terminal_size()

    # Beginning and end.

    def start_application_mode(self) -> None:
        """Take the terminal (also after a suspension)."""
        self._catch_signals()
        opening, self._opening = self._opening, None
        self.wire.start(grid_of(opening.rows) if opening is not None else None)
        self._active = True
        self._context = copy_context()
        self._entered = opening is not None
        super().start_application_mode()  # type: ignore[no-untyped-call] # without annotations in Textual
        self._entered = False
        if opening is not None:
            self.attrs_before = opening.modes
        if self._title:  # it was the shell's or the editor's meanwhile
            self.wire.control(self._title)
        self.wire.paint(opening is None)
        if self._questions:
            self.wire.control(self._questions)
            self._questions = ""

    def take_over(self) -> None:
        """The application shows all that the first picture showed: what differs is sent from now on."""
        if self._active:
            self.wire.paint(True)

    def stop_application_mode(self) -> None:
        """Give the terminal back: nothing is painted from here on, until it is taken again."""
        if not self._active:
            return
        self.wire.paint(False)
        if (
            self._keyboard is not None
        ):  # answers under way must not come as keys to whoever has the terminal next
            self._keyboard.read_until(self.wire.is_settled, _SETTLE_SECONDS)
        if self._title:
            self.wire.control(_NO_TITLE)
        if self._mouse_pixels:
            self.wire.control("\x1b[?1016l")
        super().stop_application_mode()
        self._active = False
        self.wire.stop()
        self._release_signals()

    def _sigcont_application(self, *_received: object) -> None:
        """It goes on after a stop. Before one by Ctrl+Z the terminal was given back; ``kill -STOP``, ``cpulimit`` and debuggers
        stop a process unasked, and Textual would begin once more beside what runs: two threads would share the keys.
        """
        if self._active and self._auto_restart:
            if self._is_raw():
                return
            self.suspend_application_mode()  # a shell has had the terminal meanwhile
        super()._sigcont_application()

    def _is_raw(self) -> bool:
        """Whether the line is as the application set it."""
        try:
            return not termios.tcgetattr(self.fileno)[tty.LFLAG] & termios.ICANON
        except termios.error:
            return True  # no terminal that could have been changed

    def process_message(self, message: Message) -> None:
        """Learn from the terminal's answers, then pass them on."""
        if isinstance(message, TerminalSupportsSynchronizedOutput):
            known = self.wire.synchronized
            self.wire.answered()
            if known:  # the answer to a question of the wire's own
                return
        if isinstance(message, SixelTold):
            self.sixel = message.sixel
            return
        super().process_message(message)

    def send_message(self, message: Message) -> None:
        """Hand a message to the application."""
        self._app.post_message(message)

    def _run_input_thread(self) -> None:
        """Textual's thread for the keys: it only lets the event loop read them."""
        self._loop.call_soon_threadsafe(self._begin_reading, context=self._context)

    def _begin_reading(self) -> None:
        if self._active and self._keyboard is None:
            self._keyboard = Keyboard(
                self.fileno, AnswerParser(self._debug), self.process_message, self._hung_up
            )
            self._keyboard.begin()

    def disable_input(self) -> None:
        """Leave what is typed to others."""
        super().disable_input()
        if self._keyboard is not None:
            self._keyboard.end()
            self._keyboard = None

    def _hung_up(self) -> None:
        """A terminal that is gone ends the application."""
        self._exit(128 + signal.SIGHUP)

    def restore_terminal(self) -> None:
        """Whatever happened: modes, screen and line discipline as they were. Does nothing when all is in order."""
        if not self._active:
            return
        self._active = False
        with contextlib.suppress(OSError):
            title = _NO_TITLE if self._title else ""
            os.write(self.wire_fd, (self.wire.leaving() + title + _RESTORE).encode("ascii"))
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    # Signals.

    def _catch_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            self._signals_before[number] = signal.signal(number, self._on_signal)

    def _release_signals(self) -> None:
        for number, handler in self._signals_before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._signals_before.clear()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """End in order; a second signal, or one that is not heeded in time, ends at once."""
        code = 128 + number
        if self._ending:
            self._leave_now(code)
        self._ending = True
        timer = threading.Timer(_GRACE_SECONDS, self._leave_now, (code,))
        timer.daemon = True
        timer.start()
        self._exit(code)

    def _exit(self, code: int) -> None:
        self._loop.call_soon_threadsafe(lambda: self._app.exit(return_code=code))

    def _leave_now(self, code: int) -> None:
        self.restore_terminal()
        os._exit(code)


def _questions(app: App[Any]) -> str:
    """What this terminal is asked of itself. The last question is one that every terminal answers."""
    if not may_be_asked(os.environ):
        return ""
    background = QUESTION if getattr(app, "asks_background", False) else ""
    drawing = getattr(app, "asks_graphics", False) and may_learn(os.environ)
    return background + ATTRIBUTES if background or drawing else ""
