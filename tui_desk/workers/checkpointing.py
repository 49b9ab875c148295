"""Emptying SQLite's write-ahead log: by one worker at a time, often enough that reading through it stays cheap."""

from __future__ import annotations

import time

from tui_desk.core.errors import Unavailable
from tui_desk.db.engine import checkpoint
from tui_desk.workers.context import LOG, WorkerContext

EVERY_SECONDS = 3.0
"""A log of half a gigabyte, left by twenty thousand mails, made every page lookup in it a third slower."""
FAILED_SECONDS = 30.0
"""After one that failed: a full disk is not filled with complaints about it."""


def checkpoint_if_due(context: WorkerContext) -> None:
    """Move what is committed into the database file, where nobody else has that task. Called between commits.

    Where that is not possible it is noted and tried again later: everything else can go on.
    """
    if not context.database.is_sqlite or time.monotonic() < context.checkpoint_at:
        return
    if not context.checkpointing.acquire(blocking=False):
        return
    try:
        context.checkpoint_at = time.monotonic() + EVERY_SECONDS
        if context.leases.take_quietly("checkpoint"):
            checkpoint(context.database)
    except Unavailable as error:
        context.checkpoint_at = time.monotonic() + FAILED_SECONDS
        LOG.warning("checkpoint: %s", error.sentence)
    finally:
        context.checkpointing.release()
