"""Run a program in a pseudo-terminal, type into it, and see what a terminal would show."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import pyte

from tests.support.ports import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "down": "\x1b[B", "up": "\x1b[A", "right": "\x1b[C", "left": "\x1b[D", "pagedown": "\x1b[6~", "pageup": "\x1b[5~",
    "home": "\x1b[H", "end": "\x1b[F", "enter": "\r", "tab": "\t", "escape": "\x1b[27u", "backspace": "\x7f",
}  # fmt: skip
_QUERIES = (
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
)


class Terminal(pyte.Screen):
    """As terminals do, and pyte does not: the whole screen is erased in the present colours (terminfo ``bce``)."""

    def erase_in_display(self, how: int = 0, *arguments: object, **options: object) -> None:
        """ED: cells that were never written to take the background too."""
        if how == 2:
            for y in range(self.lines):
                for x in range(self.columns):
                    self.buffer[y][x] = self.cursor.attrs
        super().erase_in_display(how, *arguments, **options)


class PtyApp:
    """A program in a terminal of ``columns`` × ``lines``; everything it sent is in ``output``."""

    def __init__(
        self, arguments: list[str], columns: int = 80, lines: int = 24, env: Mapping[str, str] | None = None
    ) -> None:
        self.output = bytearray()
        self.screen = Terminal(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.exit_status: int | None = None
        pid, fd = pty.fork()
        if pid == 0:
            termios.tcsetwinsize(0, (lines, columns))
            os.chdir(ROOT)
            whole = {
                **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "PYTHONPATH": str(ROOT),
            }
            os.execvpe(sys.executable, [sys.executable, *arguments], {**whole, **(env or {})})
        self.pid, self.fd = pid, fd
        self._answered = 0

    def __enter__(self) -> PtyApp:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.exit_status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait_exit()
        os.close(self.fd)

    def pump(self, seconds: float) -> bool:
        """Take in what comes within ``seconds``; False when the program closed the terminal."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        return self.take(65_536)

    def take(self, most: int) -> bool:
        """Take in what is there, but no more bytes than ``most``; False when the program closed the terminal."""
        if not select.select([self.fd], [], [], 0)[0]:
            return True
        try:
            data = os.read(self.fd, most)
        except OSError:
            return False
        self.output += data
        self._stream.feed(_without_private(data))
        for pattern, answer in _QUERIES:
            for match in pattern.finditer(self.output, self._answered):
                del match
                os.write(self.fd, answer)
        self._answered = max(0, len(self.output) - 8)
        return bool(data)

    def wait_for(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Until ``condition`` holds for what was received; fails with the screen otherwise."""
        end = time.monotonic() + seconds
        while not condition():
            if not self.pump(0.05) or time.monotonic() > end:
                if condition():
                    return
                raise AssertionError("\n".join(["not seen; the screen is:", *self.text()]))

    def wait_text(self, text: str, seconds: float = PATIENCE) -> None:
        """Until ``text`` is on the screen."""
        self.wait_for(lambda: any(text in line for line in self.text()), seconds)

    def wait_idle(self, quiet: float, seconds: float = PATIENCE) -> None:
        """Until nothing came for ``quiet`` seconds in which no thread of the program had anything to do.

        Time in which one runs or waits for its turn does not count: what looks like rest on a busy machine may be none.
        """
        end = time.monotonic() + seconds
        rested, seen = 0.0, len(self.output)
        while rested < quiet:
            began = time.monotonic()
            assert began < end, "the program does not come to rest"
            if not self.pump(0.02):
                return
            if len(self.output) != seen:
                rested, seen = 0.0, len(self.output)
            elif not is_busy(self.pid):
                rested += min(time.monotonic() - began, 0.05)

    def press(self, *keys: str) -> None:
        """Type keys: names of :data:`KEYS` or the characters themselves."""
        for key in keys:
            os.write(self.fd, KEYS.get(key, key).encode())

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the terminal."""
        self.screen.resize(lines, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def wait_exit(self, seconds: float = PATIENCE) -> int:
        """Until the program ended; its exit status (negative: the signal)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pump(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_status = os.waitstatus_to_exitcode(status)
                while select.select([self.fd], [], [], 0)[0] and self.pump(0):
                    pass
                return self.exit_status
        raise AssertionError("the program did not end")

    def text(self) -> list[str]:
        """The lines of the screen."""
        screen = self.screen
        return ["".join(screen.buffer[y][x].data for x in range(screen.columns)) for y in range(screen.lines)]

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell of the screen with what can be seen of its attributes."""
        return cells_of(self.screen)


def is_busy(pid: int) -> bool:
    """Whether any thread of the process runs, waits for its turn or for the disk (proc(5))."""
    for task in Path(f"/proc/{pid}/task").glob("*/stat"):
        with contextlib.suppress(OSError):
            if task.read_text().rpartition(")")[2].split()[0] in "RD":
                return True
    return False


def cells_of(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """Every cell of a terminal with what can be seen of its attributes."""
    return [[_visible(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def _visible(char: pyte.screens.Char) -> tuple[object, ...]:
    if char.data == " " and not (char.reverse or char.underscore or char.strikethrough):
        return (" ", char.bg)
    return tuple(char)


def wait_same(one: PtyApp, other: PtyApp, seconds: float = PATIENCE) -> None:
    """Until two screens are the same, cell for cell; fails with the cells that differ."""
    end = time.monotonic() + seconds
    while True:
        pairs = zip(one.cells(), other.cells(), strict=True)
        differing = [
            (y, x, a, b)
            for y, (row, other_row) in enumerate(pairs)
            for x, (a, b) in enumerate(zip(row, other_row, strict=True))
            if a != b
        ]
        if not differing:
            return
        if time.monotonic() > end:
            raise AssertionError("\n".join([f"{len(differing)} cells differ", *map(str, differing[:10])]))
        one.pump(0.02)
        other.pump(0.02)


_PRIVATE = re.compile(rb"\x1b\[[<>=][\d;]*[a-zA-Z]")


def _without_private(data: bytes) -> bytes:
    """pyte prints the tail of sequences it does not know (kitty's keyboard protocol)."""
    return _PRIVATE.sub(b"", data)
