"""A program that gets some bytes and may answer some: with an end to its time and to what it may say."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_CHUNK = 65_536
_HEED_SECONDS = 0.2
"""How soon the wish to end a program lets go of one that has ended by itself."""
_JOIN_SECONDS = 5.0
"""What left the group with a session of its own may hold the pipes on: it is not waited for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """``status``: exit status, or the negative number of the signal. ``cut``: it said more than was kept, and was ended for it.
    ``stopped``: somebody wanted it ended."""

    status: int
    out: bytes
    errors: bytes
    timed_out: bool
    cut: bool
    stopped: bool = False


def run_bounded(
    arguments: Sequence[str],
    content: bytes,
    *,
    seconds: float,
    most: int,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
    stop: threading.Event | None = None,
) -> Ended:
    """Run a program in a process group of its own, ``content`` on its standard input; keep ``most`` bytes of each of its outputs.

    All of the group is ended when its time is over, when it says more than is kept, or when ``stop`` is set. Raises OSError where it cannot be started.
    """
    process = subprocess.Popen(
        list(arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment,
        cwd=folder,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    late, cut, stopped, over = (threading.Event() for _each in range(4))
    out, errors = bytearray(), bytearray()

    def end(why: threading.Event) -> None:
        why.set()
        _end(process)

    def heed(wish: threading.Event) -> None:
        while not over.is_set():
            if wish.wait(_HEED_SECONDS):
                if not over.is_set():
                    end(stopped)
                return

    clock = threading.Timer(seconds, end, (late,))
    threads = [
        threading.Thread(target=_feed, args=(process.stdin, content), daemon=True),
        threading.Thread(target=_keep, args=(process.stdout, out, most, lambda: end(cut)), daemon=True),
        threading.Thread(target=_keep, args=(process.stderr, errors, most, lambda: end(cut)), daemon=True),
    ]
    heeding = threading.Thread(target=heed, args=(stop,), daemon=True) if stop is not None else None
    clock.daemon = True
    for thread in (clock, *threads, *((heeding,) if heeding is not None else ())):
        thread.start()
    try:
        os.waitid(
            os.P_PID, process.pid, os.WEXITED | os.WNOWAIT
        )  # until it is waited for, its group is nobody else's
    finally:
        clock.cancel()
        clock.join()
        over.set()
        if heeding is not None:
            heeding.join()
        _end(process)  # what it left running in the background holds our ends of the pipes
        process.wait()
    for thread in threads:
        thread.join(_JOIN_SECONDS)
    return Ended(process.returncode, bytes(out), bytes(errors), late.is_set(), cut.is_set(), stopped.is_set())


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _feed(pipe: IO[bytes], content: bytes) -> None:
    with suppress(OSError), pipe:  # it may not want all of it
        pipe.write(content)


def _keep(pipe: IO[bytes], kept: bytearray, most: int, too_much: Callable[[], None]) -> None:
    with suppress(OSError, ValueError), pipe:
        while chunk := os.read(pipe.fileno(), _CHUNK):
            room = most - len(kept)
            kept += chunk[:room]
            if len(chunk) > room:
                too_much()
                return
