"""Limits of time that are the subject of a test, on a machine that is slow or that others keep busy.

A limit is meant for the machine the project is measured on. A slower one is allowed as much more as it is slower at a fixed
piece of work; on one that is as fast, the limit is the strict one.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from functools import cache

_CPU_SECONDS = 0.1
_TRIES = 3
_WORD = re.compile(r"([a-z]+)\s+([0-9]+)")
_REFERENCE_SECONDS = 0.03
"""CPU time of :func:`_fixed_work` where the limits were set."""


def in_time(seconds: float, limit: float) -> bool:
    """Whether what took ``seconds`` of wall time kept its ``limit``, as slow as this machine is, and as busy as it is now and
    was in the last minute."""
    if seconds <= limit:
        return True
    return seconds <= limit * slowness() * max(busyness(), os.getloadavg()[0] / (os.cpu_count() or 1))


def affordable(work: Callable[[], object], limit: float) -> bool:
    """Whether ``work`` can be done in ``limit`` seconds of this thread's CPU time: the best of three tries counts."""
    return any(_cpu_seconds(work) <= limit * slowness() for _try in range(_TRIES))


def busyness() -> float:
    """How many times longer than alone something takes here at this moment: wall time for a second of CPU time, at least 1."""
    began, used = time.perf_counter(), time.thread_time()
    while time.thread_time() - used < _CPU_SECONDS:
        pass
    return max(1.0, (time.perf_counter() - began) / _CPU_SECONDS)


@cache
def slowness() -> float:
    """How many times slower than the reference this machine does a fixed piece of work, at least 1."""
    return max(1.0, min(_cpu_seconds(_fixed_work) for _try in range(_TRIES)) / _REFERENCE_SECONDS)


def _fixed_work() -> None:
    text = " ".join(f"word {number}" for number in range(20_000))
    counted: dict[str, int] = {}
    for found in _WORD.finditer(text):
        counted[found[2][-2:]] = counted.get(found[2][-2:], 0) + len(found[1])


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
