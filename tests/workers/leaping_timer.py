"""A timer for tests of back-off: the first waits take no time, and how long each was to be is noted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tui_desk.workers.timer import Timer, readable_within


@dataclass
class Leaping:
    """``leaps`` waits are over at once, as if their time had passed; those after them, and any that is none of ``steps``,
    really wait (until they are cut short)."""

    leaps: int = 0
    steps: frozenset[float] | None = None
    watch: Callable[[], int] = lambda: 0
    """Asked at the beginning of each wait."""
    seconds: float = 1_000.0
    pauses: list[float] = field(default_factory=list)
    """How long each was to be, the one that goes on included."""
    watched: list[int] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    """When each began."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def timer(self) -> Timer:
        return Timer(now=lambda: self.seconds, wait=self._wait, scatter=lambda seconds: seconds)

    def _wait(self, descriptor: int, seconds: float) -> bool:
        with self._lock:
            leap = len(self.pauses) < self.leaps and (self.steps is None or seconds in self.steps)
            self.begun.append(self.seconds)
            self.watched.append(self.watch())
            self.pauses.append(seconds)
            if leap:
                self.seconds += seconds
        return readable_within(descriptor, 0 if leap else seconds)
