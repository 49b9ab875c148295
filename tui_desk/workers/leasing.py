"""The leases of one worker: taken, renewed together, given back; a dead neighbour's are taken over at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session, select

from tui_desk.core.clock import Clock
from tui_desk.core.errors import Conflict
from tui_desk.db.engine import Database
from tui_desk.db.leases import HeldLease, acquire, release, renew
from tui_desk.models import Lease
from tui_desk.workers.holders import is_dead, new_holder

LEASE_SECONDS = 60
RENEW_SECONDS = 20.0


@dataclass
class Leases:
    """All that this worker holds. Safe to use from several threads."""

    database: Database
    clock: Clock
    holder: str = field(default_factory=new_holder)
    _held: dict[str, HeldLease] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str) -> HeldLease | None:
        """The lease, None while somebody alive has it."""
        if not self._is_free(name):
            return None
        with self.database.writing() as session:
            now = self.clock()
            row = session.exec(select(Lease).where(Lease.name == name).with_for_update()).first()
            if row is not None and row.holder != self.holder and row.expires_at > now and is_dead(row.holder):
                row.expires_at = now
                session.add(row)
                session.flush()
            lease = acquire(session, name, self.holder, now, LEASE_SECONDS)
        if lease is not None:
            with self._lock:
                self._held[name] = lease
        return lease

    def _is_free(self, name: str) -> bool:
        """A look without writing: waiting for a lease must not wake every terminal."""
        with self.database.reading() as session:
            row = session.exec(select(Lease).where(Lease.name == name)).first()
            return (
                row is None
                or row.holder == self.holder
                or row.expires_at <= self.clock()
                or is_dead(row.holder)
            )

    def guard(self, lease: HeldLease) -> Callable[[Session], None]:
        """Proves, inside a transaction, that the lease is still ours. Raises Conflict when it is not."""
        return lambda session: renew(session, lease, self.clock(), LEASE_SECONDS)

    def forget(self, lease: HeldLease) -> None:
        """It is not ours any more, as a refused write has shown."""
        with self._lock:
            if self._held.get(lease.name) == lease:
                del self._held[lease.name]

    def give_back(self, lease: HeldLease) -> None:
        """Let another take it without waiting."""
        with self._lock:
            self._held.pop(lease.name, None)
        with self.database.writing() as session:
            release(session, lease, self.clock())

    def give_all_back(self) -> None:
        """At the end of the worker."""
        with self._lock:
            held = list(self._held.values())
        for lease in held:
            self.give_back(lease)

    def take_quietly(self, name: str) -> bool:
        """Whether the lease is ours; written only when we do not have it yet (``renew_all`` keeps it)."""
        with self._lock:
            if name in self._held:
                return True
        return self.take(name) is not None

    def renew_all(self) -> set[str]:
        """Renew everything in one transaction; answers the names that were lost."""
        with self._lock:
            held = list(self._held.values())
        lost: set[str] = set()
        if not held:
            return lost
        with self.database.writing() as session:
            now = self.clock()
            for lease in held:
                try:
                    renew(session, lease, now, LEASE_SECONDS)
                except Conflict:
                    lost.add(lease.name)
        with self._lock:
            for name in lost:
                self._held.pop(name, None)
        return lost

    def holds(self, lease: HeldLease) -> bool:
        """Whether we still believe that we have it."""
        with self._lock:
            return self._held.get(lease.name) == lease
