"""Emptying SQLite's write-ahead log: by one worker at a time, often enough that reading through it stays cheap."""

from __future__ import annotations

import time

from tui_desk.db.engine import checkpoint
from tui_desk.workers.context import WorkerContext

EVERY_SECONDS = 3.0
"""A log of half a gigabyte, left by twenty thousand mails, made every page lookup in it a third slower."""


def checkpoint_if_due(context: WorkerContext) -> None:
    """Move what is committed into the database file, where nobody else has that task. Called between commits."""
    if not context.database.is_sqlite or time.monotonic() < context.checkpoint_at:
        return
    if not context.checkpointing.acquire(blocking=False):
        return
    try:
        context.checkpoint_at = time.monotonic() + EVERY_SECONDS
        if context.leases.take_quietly("checkpoint"):
            checkpoint(context.database)
    finally:
        context.checkpointing.release()
