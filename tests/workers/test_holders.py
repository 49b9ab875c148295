"""Only a process that is certainly gone counts as dead; a loop that ends gives back what it had."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress

from tests.workers.desk import Desk
from tui_desk.core.clock import utc_now
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.holders import is_dead, new_holder
from tui_desk.workers.leasing import Leases
from tui_desk.workers.mailbox_loop import MailboxLoop


def _with(place: int, value: str) -> str:
    parts = new_holder().split(":")
    parts[place] = value
    return ":".join(parts)


def test_who_is_dead() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not is_dead(new_holder())
    assert is_dead(_with(-3, str(gone.pid)))
    assert is_dead(_with(-2, "1")), "the number was given to another process"
    assert not is_dead(_with(1, "another-boot").replace(f":{os.getpid()}:", f":{gone.pid}:"))
    for senseless in ("", "a", "a:b:c", _with(-3, "x"), _with(-3, "9" * 30)):
        assert not is_dead(senseless)


def test_an_ended_loop_leaves_no_descriptor_open(desk: Desk) -> None:
    context = WorkerContext(desk.database, threading.Event(), Leases(desk.database, utc_now))
    loop = MailboxLoop(context, 4711)
    reader = loop.wakeup.fileno()
    pipe = os.fstat(reader).st_ino
    loop.run()
    loop.wake()
    with suppress(OSError):
        assert os.fstat(reader).st_ino != pipe
