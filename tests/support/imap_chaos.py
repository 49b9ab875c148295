"""Mail on its way in while everything goes wrong: a proxy of ill will, workers that are killed, a server that is restored from a
backup, a second client that deletes and moves. What arrives is counted against what was delivered."""

from __future__ import annotations

import imaplib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import select

from tests.support.chaos_proxy import Chaos, ChaosProxy
from tests.support.dovecot import Dovecot
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.db.blobs import load_blob
from tui_desk.models import IntakeEntry, Message

ROOT = Path(__file__).parents[2]
CHAOS = Chaos(cut=0.03, delay=0.1, longest_delay=0.2, swallow=0.01, lie=0.06)
WORKERS = 2


@dataclass(frozen=True)
class Wish:
    """One run: ``mails`` that count, some noise besides that the second client removes, and how often what happens."""

    mails: int = 1_000
    seed: int = 1
    kills: int = 20
    resets: int = 3
    """The server is stopped and comes back with another UIDVALIDITY."""
    after_import: str = "flag"
    chaos: Chaos = field(default_factory=lambda: CHAOS)
    seconds: float = 600.0


@dataclass
class Outcome:
    """What was counted. ``lost``, ``doubled``, ``changed`` (other bytes) and ``held`` (suspended) are Message-IDs."""

    delivered: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    unfinished: int = 0
    kills: int = 0
    resets: int = 0
    removed: int = 0
    moved: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def perfect(self) -> bool:
        return not (self.lost or self.doubled or self.changed or self.held or self.unfinished)

    def __str__(self) -> str:
        what = ", ".join(f"{number} {name}" for name, number in sorted(self.happened.items()))
        return (
            f"{self.delivered} mails, {self.kills} kills, {self.resets} UIDVALIDITY resets, {self.removed} removed and "
            f"{self.moved} moved by another client, proxy: {what}; in {self.seconds:.0f} s: lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, changed {len(self.changed)}, held back {len(self.held)}, unfinished {self.unfinished}"
        )


class Run:
    """One run on an empty desk and an empty mailbox of a real Dovecot."""

    def __init__(self, desk: Desk, url: str, dovecot: Dovecot, wish: Wish) -> None:
        self.desk = desk
        self.url = url
        self.dovecot = dovecot
        self.wish = wish
        self.dice = random.Random(wish.seed)
        self.outcome = Outcome()
        self.raw: dict[str, bytes] = {}
        self.workers: list[subprocess.Popen[bytes]] = []

    def run(self) -> Outcome:
        """Until everything that was delivered has its verdict, or the time is over."""
        began = time.monotonic()
        with ChaosProxy(self.dovecot.imap_port, seed=self.wish.seed, chaos=self.wish.chaos) as proxy:
            self.desk.add_mailbox(
                self.dovecot, imap_port=proxy.port, after_import=self.wish.after_import, poll_seconds=5
            )
            try:
                self._trouble(began + self.wish.seconds)
                proxy.chaos = Chaos(cut=0.01, delay=0.05)  # from here on the worker must be able to end
                self._until(self._is_done, began + self.wish.seconds)
            finally:
                for worker in self.workers:
                    worker.kill()
                    worker.wait()
            self.outcome.happened = proxy.happened
        self._count()
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    # What goes wrong

    def _trouble(self, deadline: float) -> None:
        """Deliver in portions; between them one thing after the other goes wrong, in the order of the dice."""
        things = [*["kill"] * self.wish.kills, *["reset"] * self.wish.resets, *["client"] * 12]
        self.dice.shuffle(things)
        portions = self._portions(len(things) + 1)
        self._deliver(portions[0])
        self._keep_workers()
        for thing, portion in zip(things, portions[1:], strict=True):
            seen = self._entries()
            self._deliver(portion)
            # Trouble meets work: some of what was delivered has come, rarely all of it.
            enough = seen + self.dice.randrange(max(1, len(portion)))
            with suppress(AssertionError):
                self._until(lambda n=enough: self._entries() >= n, min(deadline, time.monotonic() + 3))
            {"kill": self._kill, "reset": self._reset, "client": self._second_client}[thing]()
            self._keep_workers()
            assert time.monotonic() < deadline, "out of time"

    def _portions(self, count: int) -> list[list[bytes]]:
        mails: list[bytes] = []
        for number in range(self.wish.mails):
            body = "line of text that fills the mail\r\n" * self.dice.choice([1, 5, 40, 400])
            raw = mail(number, body=body)
            self.raw[f"m{number}@customer.test"] = raw
            mails.append(raw)
            if number % 10 == 0:
                mails.append(mail(f"noise{number}", subject="noise"))
        return [mails[position::count] for position in range(count)]

    def _deliver(self, mails: list[bytes]) -> None:
        for raw in mails:
            self.dovecot.deliver(SUPPORT, raw)

    def _keep_workers(self) -> None:
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            command = [sys.executable, "-m", "tests.support.chaos_worker", self.url]
            self.workers.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL))

    def _kill(self) -> None:
        victim = self.dice.choice(self.workers)
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
        self.outcome.kills += 1

    def _reset(self) -> None:
        """As after a restore: other UIDVALIDITY, other UIDs, while workers are in the middle of their work."""
        self.dovecot.stop()
        self.dovecot.renew_uidvalidity(SUPPORT)
        self.dovecot.start()
        self.outcome.resets += 1

    def _second_client(self) -> None:
        """Somebody's mail program: removes and moves noise, marks other mail as read or to be deleted, and expunges only noise."""
        with imaplib.IMAP4(self.dovecot.host, self.dovecot.imap_port) as client:
            client.login(SUPPORT, self.dovecot.users[SUPPORT])
            client.select()
            noise = client.uid("SEARCH", "SUBJECT", "noise")[1][0].split()
            others = client.uid("SEARCH", "NOT", "SUBJECT", "noise")[1][0].split()
            self.dice.shuffle(noise)
            gone, moved = noise[: len(noise) // 3], noise[len(noise) // 3 : len(noise) // 2]
            if gone:
                client.uid("STORE", b",".join(gone).decode(), "+FLAGS.SILENT", "(\\Deleted)")
                client.uid("EXPUNGE", b",".join(gone).decode())
            if moved:
                client.uid("MOVE", b",".join(moved).decode(), "Trash")
            for flag in ("\\Seen", "\\Deleted"):
                some = self.dice.sample(others, len(others) // 4)
                if some:
                    client.uid("STORE", b",".join(some).decode(), "+FLAGS.SILENT", f"({flag})")
        self.outcome.removed += len(gone)
        self.outcome.moved += len(moved)

    # What came of it

    def _entries(self) -> int:
        with self.desk.database.reading() as session:
            return len(session.exec(select(IntakeEntry.id)).all())

    def _is_done(self) -> bool:
        self._keep_workers()
        with self.desk.database.reading() as session:
            rows = session.exec(select(IntakeEntry.rfc_message_id, IntakeEntry.verdict)).all()
        return all(verdict for _id, verdict in rows) and self.raw.keys() <= {each for each, _verdict in rows}

    def _until(self, condition: object, deadline: float) -> None:
        while not condition():
            assert time.monotonic() < deadline, "out of time"
            time.sleep(0.1)

    def _count(self) -> None:
        out = self.outcome
        out.delivered = len(self.raw)
        with self.desk.database.reading() as session:
            rows = session.exec(
                select(IntakeEntry.rfc_message_id, IntakeEntry.verdict, IntakeEntry.sha256)
            ).all()
            message_ids = session.exec(
                select(IntakeEntry.rfc_message_id, Message.id).join(
                    Message, Message.raw_sha256 == IntakeEntry.sha256
                )
            ).all()
            times = Counter(name for name, _id in set(message_ids))
            kept = {name: sha for name, verdict, sha in rows if verdict == "created"}
            for name, raw in self.raw.items():
                if not times[name]:
                    out.lost.append(name)
                elif times[name] > 1:
                    out.doubled.append(name)
                elif load_blob(session, kept[name]) != raw:
                    out.changed.append(name)
        out.held = [name for name, verdict, _sha in rows if verdict == "suspended"]
        out.unfinished = sum(not verdict for _name, verdict, _sha in rows)
