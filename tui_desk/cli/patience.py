"""Saying so when a command has to wait: one line on stderr, once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tui_desk.cli.output import tell

SLOW_AFTER_SECONDS = 1.0


@contextmanager
def told_when_slow(sentence: str) -> Iterator[threading.Event]:
    """Tell ``sentence`` where the block takes longer than a second. The event is set when that happened."""
    told = threading.Event()

    def say_so() -> None:
        told.set()
        tell(sentence)

    timer = threading.Timer(SLOW_AFTER_SECONDS, say_so)
    timer.daemon = True
    timer.start()
    try:
        yield told
    finally:
        timer.cancel()
