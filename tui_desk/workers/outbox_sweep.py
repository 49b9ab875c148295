"""What in the outbox is due by the clock, whoever sends: undo windows, messages put off, claims that nobody holds any more."""

from __future__ import annotations

from tui_desk.core.faults import reach
from tui_desk.services import send_later, unanswered
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.holders import dead_among


def sweep_outbox(context: WorkerContext) -> None:
    """Undo windows that are over, messages whose time has come or is put in doubt, and claims whose owner is gone."""
    now = context.clock()
    with context.database.reading() as session:
        due = unanswered.held_due(session, now)
        doubtful = send_later.doubtful(session)
        dead = dead_among(unanswered.claim_holders(session))
        late = unanswered.late_claims(session, now)
    if doubtful:
        with context.database.writing() as session:
            send_later.stop_doubtful(session, doubtful, now)
    while due:
        with context.database.writing() as session:
            due = unanswered.release_held(session, now)
        reach("clock.released")
    if dead or late:
        with context.database.writing() as session:
            unanswered.sweep(session, now, dead, context.schedule)
        reach("outbox.swept")
