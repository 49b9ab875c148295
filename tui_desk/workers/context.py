"""What all loops of one worker share."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tui_desk.core.clock import Clock, utc_now
from tui_desk.db.engine import Database
from tui_desk.services.intake_values import IntakeCounts
from tui_desk.services.send_queue import Schedule
from tui_desk.services.send_routes import Route
from tui_desk.workers.leasing import Leases
from tui_desk.workers.timer import Timer

LOG = logging.getLogger("tui_desk.worker")


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one run did; ``held`` is what waits in the outbox at its end."""

    fetched: int = 0
    created: int = 0
    joined: int = 0
    suspended: int = 0
    ignored: int = 0
    duplicates: int = 0
    sent: int = 0
    failed: int = 0
    held: int = 0


Proof = Callable[[str, tuple[str, ...]], bool]
"""Asked with a Message-ID and the recipients in flight: True proves that they have it."""


@dataclass
class Totals:
    """Counted by several threads."""

    intake: IntakeCounts = field(default_factory=IntakeCounts)
    fetched: int = 0
    sent: int = 0
    failed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self, *, intake: IntakeCounts | None = None, fetched: int = 0, sent: int = 0, failed: int = 0
    ) -> None:
        with self._lock:
            self.intake = self.intake + (intake or IntakeCounts())
            self.fetched += fetched
            self.sent += sent
            self.failed += failed


@dataclass
class RouteHealth:
    """How often a way out failed in a row, and until when it is left alone (seconds of the worker's timer)."""

    failures: int = 0
    blocked_until: float = 0.0
    alone_until: float = 0.0
    """Until when it is not asked for more than one connection: it refused another one."""


@dataclass
class WorkerContext:
    """One worker: its database, clock, leases, and how it is told to end."""

    database: Database
    stop: threading.Event
    leases: Leases
    once: bool = False
    clock: Clock = utc_now
    timer: Timer = field(default_factory=Timer)
    schedule: Schedule = field(default_factory=Schedule)
    proof: Proof | None = None
    poll_outbox_seconds: float = 1.0
    totals: Totals = field(default_factory=Totals)
    processing: threading.Lock = field(default_factory=threading.Lock)
    checkpointing: threading.Lock = field(default_factory=threading.Lock)
    checkpoint_at: float = 0.0
    routes: dict[Route, RouteHealth] = field(default_factory=dict)
    """What is wrong with each way out: kept when its loop is started again, forgotten when its settings change."""
    logins: dict[int, deque[float]] = field(default_factory=dict)
    """When each mailbox refused a login lately (seconds of the timer): never more than six in an hour."""
