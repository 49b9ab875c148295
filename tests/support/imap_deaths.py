"""Fetchers that die at random fault points until all mail is in. What arrived is compared with what was delivered, byte by byte.

A thousand deaths need a thousand starts: the fetchers are forked from a process that has everything imported already.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import func
from sqlmodel import col, select

from tests.support.dovecot import Dovecot
from tests.support.history import first_broken
from tests.workers.desk import BILLING, SUPPORT, Desk, mail
from tui_desk.core import faults
from tui_desk.db.blobs import load_blob
from tui_desk.db.engine import open_database
from tui_desk.models import Event, IntakeEntry, Message
from tui_desk.workers import fetch, mailbox_loop, supervisor
from tui_desk.workers.supervisor import run_worker

THIRD = "third@desk.test"
WAYS = {SUPPORT: "flag", BILLING: "move:Done", THIRD: "leave"}
"""One mailbox for each thing that a server may be told."""
FETCHING = tuple(point for point in faults.POINTS if point.startswith("intake."))
SPREAD = (0.08, 0.3)
"""The probability of a death at a fault point, while there were too many deaths for the mails that are in, and too few."""


@dataclass(frozen=True)
class Deaths:
    """One run: so many mails in three mailboxes, so many fetchers at a time, and at least so many kills."""

    mails: int = 10_000
    kills: int = 1_000
    fetchers: int = 3
    seed: int = 1
    seconds: float = 3_600.0


@dataclass
class Survived:
    """What was counted. ``lost``, ``doubled`` and ``changed`` (other bytes than were delivered) are sums over all mails."""

    mails: int
    kills: int
    seconds: float
    lost: int
    doubled: int
    changed: int
    other: int
    """Mails that are no ticket and no answer: suspended, ignored, unfinished, or not told to the server."""
    broken: int
    """Histories that are not whole."""
    misplaced: int
    """Mails on the server that lie where they should not."""
    hits: Counter[str] = field(default_factory=Counter)

    @property
    def perfect(self) -> bool:
        return not (self.lost or self.doubled or self.changed or self.other or self.broken or self.misplaced)

    @property
    def spared(self) -> list[str]:
        """Fault points of fetching at which nobody died."""
        return [point for point in FETCHING if not self.hits[point]]

    def __str__(self) -> str:
        where = ", ".join(f"{point} {self.hits[point]}" for point in FETCHING)
        return (
            f"{self.mails} mails, {self.kills} kills in {self.seconds:.0f} s: lost {self.lost}, doubled {self.doubled}, "
            f"changed {self.changed}, held or unfinished {self.other}, broken histories {self.broken}, "
            f"misplaced on the server {self.misplaced}\n  killed at: {where}"
        )


def run(desk: Desk, url: str, dovecot: Dovecot, log: Path, wish: Deaths) -> Survived:
    """Deliver, let fetchers die until everything is in, and count. Mail that would be in before ``wish.kills`` is reached is
    followed by more. AssertionError when out of time."""
    began = time.monotonic()
    if THIRD not in dovecot.users:
        dovecot.add_user(THIRD, "third-secret")
    for user, after_import in WAYS.items():
        desk.add_mailbox(dovecot, user, after_import=after_import)
    post = _Post(dovecot, random.Random(wish.seed))
    post.deliver(wish.mails)
    fetchers = _Fetchers(url, log, wish)
    try:
        while (done := _progress(desk)) < post.count or fetchers.kills < wish.kills:
            assert time.monotonic() - began < wish.seconds, (
                f"out of time: {done} mails, {fetchers.kills} kills"
            )
            if done == post.count:
                post.deliver(3 * len(WAYS))
            fetchers.keep_running(done / post.count)
            time.sleep(0.02)  # fetchers are other processes: looked at, never waited in
    finally:
        fetchers.end()
    return _count(desk, dovecot, post.sent, fetchers.kills, log, time.monotonic() - began)


@dataclass
class _Post:
    """What was delivered to each mailbox; every fifth mail answers an earlier one."""

    dovecot: Dovecot
    dice: random.Random
    count: int = 0
    sent: dict[str, list[bytes]] = field(default_factory=lambda: {user: [] for user in WAYS})

    def deliver(self, count: int) -> None:
        portion: dict[str, list[bytes]] = {user: [] for user in WAYS}
        for number in range(self.count, self.count + count):
            user = list(WAYS)[number % len(WAYS)]
            portion[user].append(self._mail(number, user))
        for user, mails in portion.items():
            self.sent[user] += mails
            self.dovecot.deliver_many(user, mails)
        self.count += count

    def _mail(self, number: int, user: str) -> bytes:
        answers = number % 5 == 0 and number > 90
        return mail(
            number,
            to=user,
            sender=f"p{number % 90}@customer.test",
            extra=f"In-Reply-To: <m{number - 90}@customer.test>\r\n" if answers else "",
            body="a line of text that fills the mail\r\n" * self.dice.choice([1, 5, 40, 200]),
        )


def _progress(desk: Desk) -> int:
    """Mails that have their verdict and of which the server knows."""
    with desk.database.reading() as session:
        query = select(func.count()).where(
            col(IntakeEntry.verdict) != "", col(IntakeEntry.settled_on_server).is_(True)
        )
        return int(session.exec(query).one())


class _Fetchers:
    """Keeps the processes running; each kills itself."""

    def __init__(self, url: str, log: Path, wish: Deaths) -> None:
        self.url, self.log, self.wish = url, log, wish
        self.dice = random.Random(wish.seed)
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload([__name__])
        self.running: list[BaseProcess] = []
        self.kills = 0

    def keep_running(self, share: float) -> None:
        """As many as are wanted. ``share`` of the mail is in; fewer deaths than that share of them make the next ones likelier."""
        self._bury()
        while len(self.running) < self.wish.fetchers:
            self._start(SPREAD[self.kills <= self.wish.kills * 1.1 * share])

    def _start(self, probability: float) -> None:
        arguments = (self.url, probability, self.dice.randrange(1 << 30), str(self.log))
        process = self.context.Process(target=fetcher, args=arguments, daemon=True)
        process.start()
        self.running.append(process)

    def _bury(self) -> None:
        for process in [each for each in self.running if each.exitcode is not None]:
            assert process.exitcode == -signal.SIGKILL, f"a fetcher ended with {process.exitcode}"
            self.running.remove(process)
            self.kills += 1

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.join(180)
        self.running.clear()


def fetcher(url: str, probability: float, seed: int, log: str) -> None:
    """One worker in a process of its own, until it dies."""
    wish = {"TUI_DESK_FAULT": f"random:{probability}:{seed}", "TUI_DESK_FAULT_LOG": log}
    faults._PLAN = faults.plan_from(wish)  # the environment was read when the parent imported it
    fetch.STORE_MESSAGES = 10  # more commits, more places to die at
    mailbox_loop.LEASE_PAUSE = 0.1
    supervisor.LOOK_SECONDS = 0.1
    run_worker(open_database(url), threading.Event())


def _count(
    desk: Desk, dovecot: Dovecot, sent: dict[str, list[bytes]], kills: int, log: Path, seconds: float
) -> Survived:
    wanted = Counter(_digest(raw) for mails in sent.values() for raw in mails)
    with desk.database.reading() as session:
        rows = session.exec(
            select(IntakeEntry.sha256, IntakeEntry.verdict, IntakeEntry.settled_on_server)
        ).all()
        shown = Counter(session.exec(select(Message.raw_sha256)).all())
        changed = sum(_digest(load_blob(session, digest)) != digest for digest in wanted & shown)
        chains: dict[str, list[Event]] = {}
        for event in session.exec(select(Event).order_by(col(Event.stream), col(Event.position))):
            chains.setdefault(event.stream, []).append(event)
    kept = Counter(row[0] for row in rows)
    return Survived(
        mails=sum(wanted.values()),
        kills=kills,
        seconds=seconds,
        lost=sum((wanted - shown).values()) + sum((wanted - kept).values()),
        doubled=sum((shown - wanted).values()) + sum((kept - wanted).values()),
        changed=changed,
        other=sum(verdict not in ("created", "joined") or not told for _sha, verdict, told in rows),
        broken=sum(first_broken(chain) is not None for chain in chains.values()),
        misplaced=_misplaced(dovecot, sent),
        hits=Counter(log.read_text().split()) if log.exists() else Counter(),
    )


def _misplaced(dovecot: Dovecot, sent: dict[str, list[bytes]]) -> int:
    """What the server has is what was delivered: flagged, moved or left as each mailbox wants it."""
    wrong = 0
    for user, mails in sent.items():
        folder = WAYS[user].partition(":")[2] or "INBOX"
        there = Counter(map(_digest, dovecot.messages(user, folder)))
        delivered = Counter(map(_digest, mails))
        wrong += sum((there - delivered).values()) + sum((delivered - there).values())
        wrong += len(dovecot.messages(user)) if folder != "INBOX" else 0
    return wrong


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
