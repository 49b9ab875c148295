"""A worker in a process of its own for the chaos suite: ``python -m tests.support.chaos_worker URL``.

Waits are a tenth to a fortieth of what they are in life, so that a minute shows what an hour would.
"""

from __future__ import annotations

import signal
import sys
import threading

from tui_desk.db.engine import open_database
from tui_desk.mail import imap_idle
from tui_desk.workers import fetch, mailbox_loop, supervisor
from tui_desk.workers.supervisor import run_worker


def main() -> None:
    """Work until SIGTERM (or until somebody kills us)."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    imap_idle.PROOF_SECONDS = mailbox_loop.PROOF_SECONDS = 2.0
    imap_idle.ANSWER_SECONDS = 1.0
    mailbox_loop.ANSWER_SECONDS = 2.0
    mailbox_loop.NETWORK_PAUSES = (0.1, 0.2, 0.5)
    mailbox_loop.LEASE_PAUSE = 0.2
    supervisor.LOOK_SECONDS = 0.2
    fetch.STORE_MESSAGES = 25
    run_worker(open_database(sys.argv[1]), stop)


if __name__ == "__main__":
    main()
