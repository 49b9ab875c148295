"""Free loopback ports, ports that refuse, and the wait for something to come to be."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
PATIENCE = 180.0
"""Seconds that a test waits for what has to come: far longer than it takes on a machine that is slow and busy with other things.
A test that finds what it waits for goes on at once, so nobody pays for it."""
_LOWEST = 12_000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_TRIES = 1_000


def free_port() -> int:
    """A TCP port on the loopback that nobody listens on at this moment."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """``count`` different free ports (held together, so that none is given twice).

    None of them is one that the kernel gives to outgoing connections: until its server listens, and while that is stopped, no
    connection of anybody takes it (one to the very port would even be connected to itself).
    """
    with ExitStack() as held:
        return [_bound(held.enter_context(socket.socket())) for _number in range(count)]


@contextmanager
def refusing_port() -> Iterator[int]:
    """A port that refuses connections for the time of the block: taken, and nobody listens on it."""
    with socket.socket() as taken:
        yield _bound(taken)


def _bound(probe: socket.socket) -> int:
    """Bind to a free port outside the range of outgoing connections; any other where that takes too long."""
    highest = min(32_000, int(_RANGE.read_text().split()[0]) if _RANGE.exists() else 32_000)
    for _try in range(_TRIES if highest > _LOWEST else 0):
        port = random.SystemRandom().randrange(_LOWEST, highest)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            continue
        return port
    probe.bind((LOOPBACK, 0))
    return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE, what: str = "the condition") -> None:
    """Return as soon as ``condition()`` is true; AssertionError after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.01)


def is_listening(port: int) -> bool:
    """Whether something accepts connections on this loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False
