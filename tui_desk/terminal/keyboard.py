"""Keys as the terminal sends them, read where they are used: on the event loop.

Textual reads them in a thread that wakes up ten times a second to see whether a lone Esc was a key. On a busy machine a key waited
for that thread to get its turn, and then for the event loop to get one. Here the loop sleeps until there is a key, or a lone Esc is due.
"""

from __future__ import annotations

import asyncio
import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable
from time import monotonic

from textual.message import Message

from tui_desk.terminal.answers import AnswerParser

_AT_A_TIME = 4_096


class Keyboard:
    """Reads from the file descriptor ``fd``: ``take`` gets the messages, ``gone`` is called when the terminal is no more."""

    def __init__(
        self,
        fd: int,
        parser: AnswerParser,
        take: Callable[[Message], None],
        gone: Callable[[], None],
    ) -> None:
        self._fd, self._parser, self._take, self._gone = fd, parser, take, gone
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._loop = asyncio.get_running_loop()
        self._was_terminal = os.isatty(fd)
        self._due: asyncio.TimerHandle | None = None
        self._reading = False

    def begin(self) -> None:
        """Read from now on."""
        try:
            self._loop.add_reader(self._fd, self._read)
        except PermissionError:  # a file: nobody types there
            return
        self._reading = True

    def end(self) -> None:
        """Leave what is typed from now on to others."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._fd)

    def read_until(self, done: Callable[[], bool], seconds: float) -> None:
        """Read on, with the event loop at rest, until ``done`` holds or so many seconds have passed."""
        end = monotonic() + seconds
        while self._reading and not done() and (left := end - monotonic()) > 0:
            if select.select([self._fd], [], [], left)[0]:
                self._read()

    def _read(self) -> None:
        try:
            read = os.read(self._fd, _AT_A_TIME)
        except OSError:
            read, self._was_terminal = b"", True
        if not read:  # the end of a file, or of a terminal
            self.end()
            if self._was_terminal:
                self._gone()
            return
        if typed := self._decode(read):
            for message in self._parser.feed(typed):
                self._take(message)
        self._tick()

    def _tick(self) -> None:
        """See whether time alone made a key of what was read, and look again when it does."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        for message in self._parser.tick():
            self._take(message)
        due = self._parser.due()
        if due is not None:
            self._due = self._loop.call_later(due, self._tick)
