"""Processing: whatever is stored and has no verdict yet, batch after batch."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tui_desk.services.intake import process_unfinished
from tui_desk.services.intake_values import IntakeCounts
from tui_desk.workers.checkpointing import checkpoint_if_due
from tui_desk.workers.context import WorkerContext


def process_all(context: WorkerContext, fresh: Mapping[str, bytes] | None = None) -> IntakeCounts:
    """Process until nothing is left or the worker is told to stop. One thread of a worker at a time; between workers the
    transaction itself sees to it (``services.intake.alone``)."""
    total = IntakeCounts()
    with context.processing:
        while not context.stop.is_set():
            with collector_at_rest():
                done = process_unfinished(context.database, context.clock, fresh=fresh)
            if not done.total:
                break
            context.totals.add(intake=done)
            checkpoint_if_due(context)
            total = total + done
    return total


@contextmanager
def old_things_passed_over() -> Iterator[None]:
    """While a worker runs, the search for circular garbage leaves out what was there before: some hundred thousand objects of
    the libraries, a tenth of a second each time. Afterwards everything is looked at again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """For one batch no search for circular garbage: it would walk through everything that lives several times, a tenth of a
    batch's time, and mail becomes no circles. It is on again whatever happens; should another thread have it on sooner,
    only time is lost."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
