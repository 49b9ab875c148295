"""Who holds a lease or a claim: a name that tells another process on the same machine whether its owner still lives.

``host:pid-namespace:pid:start-time:random``. A holder elsewhere is believed to live until its time is up.
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
    return f"{_machine()}:{pid}:{_started(pid)}:{secrets.token_hex(4)}"


def is_dead(holder: str) -> bool:
    """Whether the owner of ``holder`` certainly lives no more: it ran here, and its process is gone."""
    machine, _, rest = holder.rpartition(":")[0].rpartition(":")[0].rpartition(":")
    started = holder.split(":")[-2] if holder.count(":") >= 4 else ""
    if machine != _machine() or not rest.isdigit() or not started.isdigit():
        return False
    return _started(int(rest)) != started


def dead_among(holders: Iterable[str]) -> set[str]:
    """Those of ``holders`` that certainly live no more."""
    return {holder for holder in holders if is_dead(holder)}


def _machine() -> str:
    try:
        namespace = str((_PROC / "self" / "ns" / "pid").stat().st_ino)
    except OSError:
        namespace = "0"
    return f"{socket.gethostname().replace(':', '_')}:{namespace}"


def _started(pid: int) -> str:
    """When the process began (clock ticks since boot, field 22 of proc(5) stat); empty where there is none."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]
