"""Limits of time that are the subject of a test, on a machine that others keep busy."""

from __future__ import annotations

import time

_CPU_SECONDS = 0.1


def busyness() -> float:
    """How many times longer than alone something takes here at this moment: wall time for a second of CPU time, at least 1."""
    began, used = time.perf_counter(), time.thread_time()
    while time.thread_time() - used < _CPU_SECONDS:
        pass
    return max(1.0, (time.perf_counter() - began) / _CPU_SECONDS)


def in_time(seconds: float, limit: float) -> bool:
    """Whether what took ``seconds`` kept its ``limit``; a machine that is busy elsewhere is allowed as much more as it is busy.

    On an idle machine the limit is the strict one.
    """
    return seconds <= limit or seconds <= limit * busyness()
