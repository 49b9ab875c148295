"""How long to leave a server alone: monotonic seconds, and a wait that can be cut short.

Passed in, so that a test can let an hour of back-off go by in a moment. It is no :class:`~tui_desk.core.clock.Clock`: that one says
what is written down, and may be set back by whoever sets the computer's time.
"""

from __future__ import annotations

import random
import select
import time
from collections.abc import Callable
from dataclasses import dataclass


def readable_within(descriptor: int, seconds: float) -> bool:
    """Wait until ``descriptor`` can be read, at most ``seconds``; whether it can."""
    poller = select.poll()  # select.select() knows only descriptors below 1,024
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def scattered(seconds: float) -> float:
    """Up to a quarter less: desks that a server lost at the same moment do not come back at the same moment."""
    return seconds * random.uniform(0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Timer:
    """``now``: seconds that only go forward. ``wait``: for a descriptor to become readable, at most so many seconds.
    ``scatter``: a pause after a lost connection, made a little shorter by chance."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[int, float], bool] = readable_within
    scatter: Callable[[float], float] = scattered
