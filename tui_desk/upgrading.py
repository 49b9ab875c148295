"""What a person is told while their desk is brought to the schema of this version: which step, for how long, and that it may be stopped."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from tui_desk.core.i18n import _

_SHOWN_EVERY = 1.0
"""Seconds between two pictures of the line on a terminal; what takes less is not worth a word."""
_LOGGED_EVERY = 10.0
"""The same where lines are not written over."""


@contextmanager
def upgrade_told() -> Iterator[Callable[[int, int], None]]:
    """Tell on stderr how far an upgrade is. Answers what wants to know each step that begins: its number, from 1, and how many there are.

    Meanwhile Ctrl+C ends the process at once. Nothing is lost by it, since all steps are one transaction; Python's own way would wait for
    the end of the statement, which takes minutes on a big desk.
    """
    ended = threading.Event()
    place: list[int] = []

    def step_begins(number: int, steps: int) -> None:
        place[:] = number, steps

    telling = threading.Thread(target=_tell, args=(place, ended), daemon=True)
    telling.start()
    try:
        with _ended_by_interrupt():
            yield step_begins
    finally:
        ended.set()
        telling.join()


def _tell(place: list[int], ended: threading.Event) -> None:
    on_screen = sys.stderr.isatty()
    began = monotonic()
    told = False
    while not ended.wait(_SHOWN_EVERY if on_screen else _LOGGED_EVERY):
        line = _line(place, int(monotonic() - began))
        sys.stderr.write(f"\r\x1b[K{line}" if on_screen else f"{line}\n")
        sys.stderr.flush()
        told = True
    if told and on_screen:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _line(place: list[int], seconds: int) -> str:
    if not place:
        return _(
            "The upgrade waits for who writes there now: {seconds} s. Ctrl+C stops it unchanged."
        ).format(seconds=seconds)
    number, steps = place
    return _("Upgrading the desk, step {number} of {steps}: {seconds} s. Ctrl+C stops it unchanged.").format(
        number=number, steps=steps, seconds=seconds
    )


@contextmanager
def _ended_by_interrupt() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only there may it be asked for
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
