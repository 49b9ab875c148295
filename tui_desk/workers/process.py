"""Processing: whatever is stored and has no verdict yet, batch after batch, one worker at a time."""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.db.leases import acquire, release
from tui_desk.services.intake import process_unfinished
from tui_desk.services.intake_values import IntakeCounts
from tui_desk.workers.context import WorkerContext

LEASE = "process"


def process_all(context: WorkerContext) -> IntakeCounts:
    """Process until nothing is left or the worker is told to stop."""
    total = IntakeCounts()
    with context.processing:
        while not context.stop.is_set():
            done = process_unfinished(
                context.database, lambda session: _alone(context, session), context.clock
            )
            if not done.total:
                break
            context.totals.add(intake=done)
            total = total + done
    return total


def _alone(context: WorkerContext, session: Session) -> None:
    """Only one transaction processes at a time: the lease is taken and given back inside it, so its row's lock is what counts.

    On SQLite the write lock says the same.
    """
    if context.database.is_sqlite:
        return
    now = context.clock()
    lease = acquire(session, LEASE, context.leases.holder, now)
    if lease is None:
        raise Conflict(_("Another process has taken over the work on {name}.").format(name=LEASE))
    release(session, lease, now)
