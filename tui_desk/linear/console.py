"""Lines out, one line in. Nothing that was written is ever touched again; the line being typed is edited by readline.

What a terminal would take as a command never gets there: everything that is said goes through ``safe_block``.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from types import FrameType, ModuleType
from typing import Protocol, TextIO

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block

Complete = Callable[[str], Sequence[str]]
"""The line up to the cursor goes in; out come the lines it may become."""


_WAKE_SECONDS = 0.1
"""Readline has begun to wait by then; one signal too early would be lost again, and nothing tells when it does."""


class Stopped(Exception):
    """Ctrl+C; ``typed`` is what stood on the line."""

    def __init__(self, typed: str = "") -> None:
        super().__init__()
        self.typed = typed


class Ended(Exception):
    """Ctrl+D, or there is no more input."""


class HungUp(BaseException):
    """The terminal is gone, or the program is told to end; ``typed`` is what stood on the line."""

    def __init__(self, number: int, typed: str = "") -> None:
        super().__init__()
        self.number, self.typed = number, typed


class Console(Protocol):
    """Where one talks with a person."""

    @property
    def is_live(self) -> bool:
        """Whether somebody sits there who can be asked back (no: a script's lines)."""
        ...

    def say(self, text: str) -> None:
        """Append ``text`` as lines."""
        ...

    @property
    def was_ahead(self) -> bool:
        """Whether the line that was asked for last had come before it was asked for: pasted, or typed ahead."""
        ...

    def has_more(self) -> bool:
        """Whether more has come already."""
        ...

    def ask(self, prompt: str, complete: Complete | None = None, history: Sequence[str] | None = None) -> str:
        """One line, or several that were pasted at once, where the terminal says so. ``history`` is what the arrows bring (None: what
        was typed at the main prompt before).

        Raises Stopped, Ended, HungUp.
        """
        ...

    def remember(self, line: str) -> None:
        """Let the arrows bring ``line`` at the main prompt."""
        ...

    def ring(self) -> None:
        """Call the person; from any thread."""
        ...


class LineConsole:
    """A terminal, or any two streams. ``readline`` edits the line where there is a terminal."""

    def __init__(self, lines_in: TextIO, lines_out: TextIO, readline: ModuleType | None = None) -> None:
        self._in, self._out, self._readline = lines_in, lines_out, readline
        self._asking = False
        self._hung_up = 0
        self._remembered: list[str] = []
        self._prompt = ""
        self._options: list[str] = []
        self._was_ahead = False
        if readline is not None:
            readline.set_completion_display_matches_hook(self.show_matches)

    @property
    def is_live(self) -> bool:
        return self._readline is not None or self._in.isatty()

    @property
    def was_ahead(self) -> bool:
        return self._was_ahead

    def has_more(self) -> bool:
        if not self.is_live:
            return False
        try:
            return bool(select.select([self._in], [], [], 0)[0])
        except (OSError, ValueError):
            return False

    def say(self, text: str) -> None:
        safe = safe_block(text)
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        try:
            self._out.write(safe.encode(encoding, "replace").decode(encoding) + "\n")
            self._out.flush()
        except OSError:
            raise HungUp(signal.SIGHUP) from None

    def ring(self) -> None:
        if self.is_live:
            with suppress(OSError, ValueError):
                self._out.write("\a")
                self._out.flush()

    def remember(self, line: str) -> None:
        if line in self._remembered:
            self._remembered.remove(line)
        self._remembered.append(line)

    def ask(self, prompt: str, complete: Complete | None = None, history: Sequence[str] | None = None) -> str:
        if self._hung_up:
            raise HungUp(self._hung_up)
        self._prepare(complete, self._remembered if history is None else history)
        self._prompt = safe_block(prompt).replace("\n", " ")
        self._was_ahead = self.has_more()
        try:
            self._asking = True
            line = self._read()
        except KeyboardInterrupt:
            self._line_end()
            raise Stopped(self._typed()) from None
        except EOFError:
            self._line_end()
            raise Ended from None
        except OSError:
            raise HungUp(signal.SIGHUP, self._typed()) from None
        except HungUp as gone:
            raise HungUp(gone.number, self._typed()) from None
        finally:
            self._asking = False
        return line.rstrip("\r\n")

    def _read(self) -> str:
        if self._readline is not None:
            return input(self._prompt)
        self._out.write(self._prompt)
        self._out.flush()
        line = self._in.readline()
        if not line:
            raise EOFError
        if not self.is_live:  # a script's line is shown, as a terminal echoes it
            self._out.write(line if line.endswith("\n") else line + "\n")
        return line

    def _line_end(self) -> None:
        with suppress(OSError):
            self._out.write("\n")
            self._out.flush()

    def _typed(self) -> str:
        return str(self._readline.get_line_buffer()) if self._readline is not None else ""

    def _prepare(self, complete: Complete | None, history: Sequence[str]) -> None:
        readline = self._readline
        if readline is None:
            return
        readline.clear_history()
        for line in history:
            if _can_be_typed(line):
                readline.add_history(line)

        def completed(text: str, index: int) -> str | None:
            if index == 0:
                before = str(readline.get_line_buffer())[: readline.get_endidx()]
                offered = complete(before) if complete is not None else ()
                self._options = [one for one in offered if _can_be_typed(one)]
            return self._options[index] if index < len(self._options) else None

        readline.set_completer(completed)

    def show_matches(self, substitution: str, matches: Sequence[str], longest: int) -> None:
        """What Tab can become, as one line of words; then the prompt again."""
        shared = substitution.rfind(" ") + 1
        words = ", ".join(safe_block(one[shared:]) for one in matches)
        self._out.write("\n" + _("Fits: {names}").format(names=words) + "\n" + self._prompt + self._typed())
        self._out.flush()
        if self._readline is not None:
            self._readline.redisplay()

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within it Ctrl+C and the end of the terminal stop what is going on: what is done is not ours, such as a command of the command
        line, which may take long or ask for something itself."""
        self._asking = True
        try:
            yield
        finally:
            self._asking = False

    # -- signals -----------------------------------------------------------------------------------------------------
    def interrupted(self, number: int, frame: FrameType | None) -> None:
        """Ctrl+C ends a question. While the desk is at work it waits: what was begun is done whole."""
        if self._asking:
            self._asking = False  # once: what follows from it is not to be ended by the next one
            raise KeyboardInterrupt

    def hung_up(self, number: int, frame: FrameType | None) -> None:
        """The line is cut, or somebody ends us."""
        self._hung_up = number
        if self._asking:
            self._asking = False
            raise HungUp(number)


@contextmanager
def terminal_console() -> Iterator[LineConsole]:
    """The console of this process, its signals taken; a broken line or SIGTERM ends what is asked by HungUp."""
    for stream in (sys.stdin, sys.stdout):
        _replace_unknown(stream)
    console = LineConsole(sys.stdin, sys.stdout, _line_editing() if sys.stdin.isatty() else None)
    taken = {
        signal.SIGINT: console.interrupted,
        signal.SIGHUP: console.hung_up,
        signal.SIGTERM: console.hung_up,
    }
    before = {number: signal.signal(number, handler) for number, handler in taken.items()}
    try:
        with _woken_by_signals():
            yield console
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _woken_by_signals() -> Iterator[None]:
    """A signal that comes just before readline begins to wait would be noticed at the next key only: readline is woken once more then."""
    coming, sent = os.pipe()
    os.set_blocking(sent, False)
    asking = threading.get_ident()

    def wake() -> None:
        while os.read(coming, 64):
            time.sleep(_WAKE_SECONDS)
            signal.pthread_kill(asking, signal.SIGWINCH)  # which readline looks up for, and nobody else minds

    waker = threading.Thread(target=wake, name="linear-waker", daemon=True)
    before = signal.set_wakeup_fd(sent, warn_on_full_buffer=False)
    waker.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(sent)
        waker.join()
        os.close(coming)


def _can_be_typed(line: str) -> bool:
    """readline writes the line as it is, also what a terminal takes for a command or turns round."""
    return line.replace("\t", " ").isprintable()


def _replace_unknown(stream: TextIO) -> None:
    """What a terminal of another encoding cannot say is a question mark, and half a letter is no letter: neither ends the session."""
    if isinstance(stream, TextIOWrapper):
        with suppress(OSError):  # somebody read from it before
            stream.reconfigure(errors="replace")


def _line_editing() -> ModuleType | None:
    """readline, set so that it writes words and no tables; None where Python has none."""
    try:
        import readline
    except ImportError:
        return None
    for setting in (
        "set enable-bracketed-paste off"
        if os.environ.get("TERM") == "dumb"
        else "set enable-bracketed-paste on",
        "set enable-active-region off",
        "set blink-matching-paren off",
        "set colored-stats off",
        "set colored-completion-prefix off",
        "set show-all-if-ambiguous on",
        "set completion-query-items 0",
        "set page-completions off",
        "set bell-style audible",
        "tab: complete",
    ):
        readline.parse_and_bind(setting)
    readline.set_auto_history(False)
    readline.set_completer_delims("")
    return readline
