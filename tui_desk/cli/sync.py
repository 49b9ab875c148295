"""``tui-desk sync`` and ``worker``: fetch, process and send without the interface."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from tui_desk.cli.base import DeskCommand, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import plain, tell
from tui_desk.cli.worker_log import log_on_stderr
from tui_desk.contracts.mailboxes import ListMailboxes
from tui_desk.core.enums import MailboxState
from tui_desk.core.i18n import _
from tui_desk.rules.permissions import Permission
from tui_desk.services.context import require


@click.command("sync", cls=DeskCommand, help=_("Fetch, process and send without the interface."))
@click.option("--once", is_flag=True, help=_("One round, then end; the undo window is never shortened."))
@pass_invocation
def sync(run: Invocation, once: bool) -> None:
    """One round or, without --once, until stopped; exit code 1 when a mailbox cannot be read."""
    require(run.actor, Permission.RUN_WORKER)
    result = _work(run, once=once, attached=False)
    numbers = plain(result)
    run.answer(numbers, lambda: "  ".join(f"{name}: {number}" for name, number in numbers.items()))
    troubled = [
        box
        for box in run.ask(ListMailboxes())
        if box.state is MailboxState.ACTIVE and box.imap_host and not box.healthy
    ]
    for box in troubled:
        tell(f"{box.address}: {box.health}")
    if once and not all(box.receiving for box in troubled):
        raise click.exceptions.Exit(1)


@click.command("worker", cls=DeskCommand, help=_("Fetch, process and send as a service, until stopped."))
@click.option("--attached", is_flag=True, hidden=True, help=_("End when standard input does."))
@pass_invocation
def worker(run: Invocation, attached: bool) -> None:
    """Work until SIGTERM or SIGINT (or, attached, the end of standard input).

    The worker beside an interface is the desk's own, whoever looks at the desk.
    """
    if not attached:
        require(run.actor, Permission.RUN_WORKER)
    _work(run, once=False, attached=attached)


def _work(run: Invocation, *, once: bool, attached: bool) -> Any:
    from tui_desk.workers.supervisor import run_worker

    database = run.open_database()
    stop = threading.Event()
    if attached:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), name="stdin", daemon=True).start()
    with _stopped_by_signals(stop), log_on_stderr(quiet=once):
        return run_worker(database, stop, once=once)


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT end the work at its next step; afterwards they do what they did before."""
    before = {
        number: signal.signal(number, lambda _number, _frame: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _stop_at_end_of_input(stop: threading.Event) -> None:
    """Whoever started us has closed our standard input, or is gone."""
    while sys.stdin.buffer.read(4096):
        pass
    stop.set()
