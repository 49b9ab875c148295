"""One worker: a thread per mailbox and per way out, the clock, and the watch over them.

Any number of workers may run on one desk, in any number of processes: leases see to it that each mailbox is read by one of
them, claims that each message is sent by one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import select

from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import DeskError
from tui_desk.db.engine import Database
from tui_desk.models import Mailbox
from tui_desk.services import send_routes, unanswered
from tui_desk.services.send_queue import Schedule
from tui_desk.services.send_routes import Route
from tui_desk.workers import mailbox_loop, send
from tui_desk.workers.clock import ClockWork, bring_back
from tui_desk.workers.context import LOG, Proof, SyncResult, WorkerContext
from tui_desk.workers.leasing import RENEW_SECONDS, Leases
from tui_desk.workers.mailbox_loop import MailboxLoop
from tui_desk.workers.outbox_sweep import sweep_outbox
from tui_desk.workers.process import old_things_passed_over, process_all
from tui_desk.workers.send import SendLoop
from tui_desk.workers.sent_copies import SentCopies
from tui_desk.workers.timer import Timer

LOOK_SECONDS = 1.0
"""How soon a change of the settings takes effect."""
RESTART_SECONDS = 5.0
END_SECONDS = 20.0


def run_worker(
    database: Database,
    stop: threading.Event,
    *,
    once: bool = False,
    clock: Clock = utc_now,
    schedule: Schedule | None = None,
    proof: Proof | None = None,
    timer: Timer | None = None,
) -> SyncResult:
    """Fetch, process and send until ``stop`` is set, or (``once``) until everything that can be done now is done.

    ``proof`` is asked about messages whose answer never came, besides the account's Sent folder; ``schedule`` says when what
    failed is tried again, ``timer`` measures how long a server is left alone. Problems of a mailbox or a server are noted there
    and never raised; raises Unavailable when the database cannot be used at all (``once``).
    """
    context = WorkerContext(
        database,
        stop,
        Leases(database, clock),
        once=once,
        clock=clock,
        schedule=schedule or Schedule(),
        proof=proof,
        timer=timer or Timer(),
    )
    with old_things_passed_over():
        if once:
            _once(context)
        else:
            Supervisor(context).run()
    return _result(context)


def _result(context: WorkerContext) -> SyncResult:
    totals, intake = context.totals, context.totals.intake
    with context.database.reading() as session:
        held = unanswered.waiting_count(session)
    return SyncResult(
        fetched=totals.fetched,
        created=intake.created,
        joined=intake.joined,
        suspended=intake.suspended,
        ignored=intake.ignored,
        duplicates=intake.duplicates,
        sent=totals.sent,
        failed=totals.failed,
        held=held,
    )


def _once(context: WorkerContext) -> None:
    """Every mailbox at the same time, then what is left to process, then what may leave."""
    crashes: list[BaseException] = []
    threads = [
        mailbox_loop.start_thread(MailboxLoop(context, mailbox_id), crashes.append)
        for mailbox_id in _mailboxes(context.database)
    ]
    for thread in threads:
        thread.join()
    process_all(context)
    bring_back(context, context.clock())  # a desk that fetches by the hour has no clock besides
    sweep_outbox(context)
    copies = SentCopies(context)
    copies.begin()
    with context.database.reading() as session:
        ways = send_routes.routes(session)
    for route in ways:
        SendLoop(context, route, ways).drain()
    copies.round()
    context.leases.give_all_back()
    if crashes:
        raise crashes[0]


def _mailboxes(database: Database) -> dict[int, int]:
    """Active mailboxes that can be read, with the version of their settings."""
    with database.reading() as session:
        rows = session.execute(
            select(Mailbox.id, Mailbox.version).where(
                Mailbox.state == MailboxState.ACTIVE.value, Mailbox.imap_host != ""
            )
        ).all()
    return {int(mailbox_id): version for mailbox_id, version in rows}


@dataclass
class _Fetching:
    loop: MailboxLoop
    thread: threading.Thread
    version: int


@dataclass
class _Sending:
    loop: SendLoop
    thread: threading.Thread


@dataclass
class Supervisor:
    """Starts, ends and restarts the loops as the settings say, renews the leases, and keeps the sign of life."""

    context: WorkerContext
    fetching: dict[int, _Fetching] = field(default_factory=dict)
    sending: dict[Route, _Sending] = field(default_factory=dict)
    ways: set[Route] = field(default_factory=set)
    copies: threading.Thread | None = None
    not_before: dict[str, float] = field(default_factory=dict)
    renew_at: float = 0.0

    def run(self) -> None:
        """Until told to stop; then everything ends cleanly and leases are given back."""
        clock = ClockWork(self.context)
        try:
            while not self.context.stop.wait(LOOK_SECONDS if self.renew_at else 0.0):
                self._step("heartbeat", self._renew)
                self._step("mailboxes", self._watch_mailboxes)
                self._step("copies", self._watch_copies)
                self._step("sending", self._watch_routes)
                self._step("clock", clock.tick)
        finally:
            self._end()

    def _step(self, name: str, work: Callable[[], None]) -> None:
        """One duty; a database that is away for a while stops none of the others."""
        try:
            work()
        except DeskError as error:
            LOG.warning("%s: %s", name, error)
        except Exception:  # noqa: BLE001 - the supervisor's border: one duty stops none of the others
            LOG.exception("%s failed; it is tried again", name)

    def _renew(self) -> None:
        if time.monotonic() < self.renew_at:
            return
        self.renew_at = time.monotonic() + RENEW_SECONDS
        self.context.leases.take_quietly("worker")
        self.context.leases.renew_all()

    def _watch_mailboxes(self) -> None:
        wanted = _mailboxes(self.context.database)
        for mailbox_id, running in list(self.fetching.items()):
            if not running.thread.is_alive():
                del self.fetching[mailbox_id]
            elif wanted.get(mailbox_id) != running.version:
                running.version = wanted.get(mailbox_id, running.version)
                self.context.logins.pop(mailbox_id, None)
                running.loop.failures = 0
                running.loop.wake()
        for mailbox_id, version in wanted.items():
            if mailbox_id not in self.fetching and self._may_start(f"mailbox:{mailbox_id}"):
                loop = MailboxLoop(self.context, mailbox_id)
                thread = mailbox_loop.start_thread(loop, self._crashed(f"mailbox:{mailbox_id}"))
                self.fetching[mailbox_id] = _Fetching(loop, thread, version)

    def _watch_routes(self) -> None:
        with self.context.database.reading() as session:
            ways = send_routes.routes(session)
        changed, self.ways = set(ways) != self.ways, set(ways)
        for gone in set(self.context.routes) - self.ways:
            del self.context.routes[gone]  # other settings: tried at once
        for route, running in list(self.sending.items()):
            if changed:
                running.loop.wakeup.set()  # it ends; what leaves by which way is decided anew
            if not running.thread.is_alive():
                del self.sending[route]
        for route in ways:
            if route not in self.sending and self._may_start(route.name):
                loop = SendLoop(self.context, route, ways)
                self.sending[route] = _Sending(loop, send.start_thread(loop, self._crashed(route.name)))

    def _watch_copies(self) -> None:
        if self.copies is None or not self.copies.is_alive():
            self.copies = SentCopies(self.context).start()

    def _may_start(self, name: str) -> bool:
        return time.monotonic() >= self.not_before.get(name, 0.0)

    def _crashed(self, name: str) -> Callable[[BaseException], None]:
        def note(error: BaseException) -> None:
            if isinstance(error, DeskError):
                LOG.warning("%s: %s", name, error)
            else:
                LOG.error("%s failed; it is started again", name, exc_info=error)
            self.not_before[name] = time.monotonic() + RESTART_SECONDS

        return note

    def _end(self) -> None:
        """Wake every loop, wait for what they are at, and give the leases back."""
        deadline = time.monotonic() + END_SECONDS
        for fetching in self.fetching.values():
            fetching.loop.wake()
        for sending_loop in self.sending.values():
            sending_loop.loop.wakeup.set()
        for thread in [
            *(each.thread for each in self.fetching.values()),
            *(each.thread for each in self.sending.values()),
            *([self.copies] if self.copies is not None else []),
        ]:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._step("leases", self.context.leases.give_all_back)
