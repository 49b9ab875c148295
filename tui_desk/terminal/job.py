"""Whether somebody takes over the terminal, and gives it back, when this process is stopped."""

from __future__ import annotations

import os


def has_shell() -> bool:
    """Whether a shell with job control waits: the parent is in our session and not in our process group (POSIX, 3.243).

    Where there is none (a forced command, a terminal that runs tui-desk itself), whoever stops never goes on.
    """
    try:
        parent = os.getppid()
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    except OSError:
        return False
