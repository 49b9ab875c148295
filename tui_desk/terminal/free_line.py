"""A terminal opened once more, for writing that never waits: the one that was inherited is shared, and others expect it to wait."""

from __future__ import annotations

import os


def open_free_line(fd: int) -> int:
    """A file descriptor of the same terminal as ``fd`` on which a write takes what there is room for; -1 where it is none, or not ours to open."""
    try:
        return os.open(os.ttyname(fd), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return -1
