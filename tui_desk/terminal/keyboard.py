"""Keys as the terminal sends them: a thread that sleeps until there are some.

Textual's own wakes up ten times a second to see whether a lone Esc was a key, also while nobody types. Here that is asked when
it is due, and an end of the thread is told through a pipe instead of being looked for.
"""

from __future__ import annotations

import os
import select
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from errno import EIO

from textual.message import Message

from tui_desk.terminal.answers import AnswerParser

_AT_A_TIME = 4_096


class Ending(threading.Event):
    """An event that can be slept on together with a file descriptor: ``wake`` is readable once it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.wake, self._told = os.pipe()

    def set(self) -> None:
        """It is over; whoever sleeps wakes up."""
        if not self.is_set():
            super().set()
            os.write(self._told, b".")

    def clear(self) -> None:
        """It may begin anew."""
        if self.is_set():
            os.read(self.wake, 1)
            super().clear()


def read_keys(fd: int, parser: AnswerParser, take: Callable[[Message], None], ending: Ending) -> None:
    """Hand what is typed at ``fd`` to ``take`` as messages, until ``ending`` is set. Raises OSError when the terminal is gone."""
    decode = getincrementaldecoder("utf-8")("replace").decode
    sources = [fd, ending.wake]
    was_terminal = os.isatty(fd)
    while not ending.is_set():
        ready, _writable, _broken = select.select(sources, [], [], parser.due())
        if fd in ready:
            read = os.read(fd, _AT_A_TIME)
            if not read and was_terminal:
                raise OSError(EIO, os.strerror(EIO))
            if not read:
                sources.remove(fd)  # the end of a file: no key comes any more
            typed = decode(read)
            for message in parser.feed(typed) if typed else ():
                take(message)
        for message in parser.tick():
            take(message)
