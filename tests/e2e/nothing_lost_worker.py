"""A worker in a process of its own, for tests that kill it: ``python -m tests.e2e.nothing_lost_worker URL [PROOF]``.

Waits between attempts are short, so that a test sees in seconds what takes minutes in life. ``PROOF`` names a file with the
Message-IDs that the receiving server has.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from tui_desk.db.engine import open_database
from tui_desk.services.send_queue import Schedule
from tui_desk.workers import fetch, mailbox_loop, supervisor
from tui_desk.workers.supervisor import run_worker

QUICK = Schedule(backoff=(0.1, 0.2, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1), unknown=0.2)


def work(url: str, proof: str = "") -> None:
    """Work until SIGTERM (or until somebody kills us)."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    fetch.STORE_MESSAGES = 25  # more commits, more places to die at
    mailbox_loop.LEASE_PAUSE = 0.2
    supervisor.LOOK_SECONDS = 0.2
    known = Path(proof) if proof else None

    def proved(message_id: str, _recipients: tuple[str, ...]) -> bool:
        return known is not None and message_id in known.read_text().split()

    run_worker(open_database(url), stop, schedule=QUICK, proof=proved if known else None)


if __name__ == "__main__":
    work(*sys.argv[1:3])
