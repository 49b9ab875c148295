"""Who holds a lease or a claim: a name that tells another process on the same machine whether its owner still lives.

``host:boot:pid-namespace:pid:start-time:random``. A holder elsewhere is believed to live until its time is up.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")


def new_holder() -> str:
    """A name for this worker, different at every call."""
    pid = os.getpid()
    try:
        started = _started(pid)
    except OSError:
        started = ""  # no /proc: then nobody can tell that we are gone, and waits until our time is up
    return f"{_machine()}:{pid}:{started}:{secrets.token_hex(4)}"


def is_dead(holder: str) -> bool:
    """Whether the owner of ``holder`` certainly lives no more: it ran here, since the last boot, and its process is gone."""
    parts = holder.rsplit(":", 3)
    if len(parts) != 4:
        return False
    machine, pid, started, _random = parts
    if machine != _machine() or not pid.isdecimal() or not started.isdecimal():
        return False
    try:
        return _started(int(pid)) != started
    except FileNotFoundError:
        return _is_gone(int(pid))
    except OSError:
        return False  # nothing is known: too many open files, a process on its way out


def dead_among(holders: Iterable[str]) -> set[str]:
    """Those of ``holders`` that certainly live no more."""
    return {holder for holder in holders if is_dead(holder)}


def _is_gone(pid: int) -> bool:
    """The system's own word: /proc may hide the processes of other users (hidepid)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _machine() -> str:
    """Computer, boot and pid namespace: only where all are the same do process numbers mean the same."""
    return f"{socket.gethostname().replace(':', '_')}:{_boot()}:{_namespace()}"


def _namespace() -> str:
    try:
        return str((_PROC / "self" / "ns" / "pid").stat().st_ino)
    except OSError:
        return "0"


def _boot() -> str:
    try:
        return (_PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
    except OSError:
        return "0"


def _started(pid: int) -> str:
    """When the process began (clock ticks since boot, field 22 of proc(5) stat); empty when it has ended. Raises OSError."""
    text = (_PROC / str(pid) / "stat").read_text()
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]
