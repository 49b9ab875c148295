"""A first import from a real Dovecot by ``tui-desk worker``, which is killed half way and started again.

    python -m benchmarks.first_import                50,000 mails
    python -m benchmarks.first_import --mails 2000 --plain    plain text only: made and read in a third of the time

Prints the rate of each tenth, what ``tui-desk mailbox list`` says meanwhile, the worker's memory, and what is in afterwards;
exit code 1 unless every mail is in once.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import func
from sqlmodel import col, select

from benchmarks.mails import generated
from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.tls import make_certificates
from tests.workers.desk import SUPPORT, Desk, mail, open_desk
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.models import Agent, IntakeEntry, Message

LOGIN = "importer"


@dataclass
class Import:
    """A desk with one mailbox of ``count`` mails, and the worker that reads it."""

    desk: Desk
    url: str
    count: int
    environment: dict[str, str]
    rates: list[str] = field(default_factory=list)
    """Mails per second and per CPU second of the worker, for each tenth."""
    base: int = 0
    """The worker's memory (bytes) when its first mail was in, and the most it had."""
    most: int = 0

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tui_desk", *words, "--db", self.url, "--as", LOGIN]

    def work_until(self, enough: int) -> None:
        """Run a worker until ``enough`` mails have their verdict and the server knows; then it is killed."""
        worker = subprocess.Popen(
            self.command("worker"), env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self._watch(psutil.Process(worker.pid), enough)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()

    def _watch(self, worker: psutil.Process, enough: int) -> None:
        seen, cpu, clock = self.finished(), 0.0, time.monotonic()
        first = seen
        while (done := self.finished()) < enough:
            memory = worker.memory_info().rss  # NoSuchProcess: the worker ended by itself
            self.most = max(self.most, memory)
            self.base = self.base or (memory if done > first else 0)
            if done - seen >= self.count // 10:
                spent, now = sum(worker.cpu_times()[:2]), time.monotonic()
                self.rates.append(f"{(done - seen) / (now - clock):.0f}/{(done - seen) / (spent - cpu):.0f}")
                print(f"  {done} mails, {memory / 2**20:.0f} MB; {self.health()}", flush=True)
                seen, cpu, clock = done, spent, now
            time.sleep(0.1)  # between two samples of another process: a busy look would take its processor

    def finished(self) -> int:
        with self.desk.database.reading() as session:
            query = select(func.count()).where(
                col(IntakeEntry.verdict) != "", col(IntakeEntry.settled_on_server).is_(True)
            )
            return int(session.exec(query).one())

    def health(self) -> str:
        """What a person sees of it."""
        listed = subprocess.run(
            self.command("mailbox", "list"), env=self.environment, capture_output=True, text=True, check=True
        )
        return listed.stdout.strip().splitlines()[-1].strip()

    def counted(self) -> dict[str, int]:
        """Ledger rows, different UIDs among them, and messages; and how many ledger rows are neither ticket nor answer."""
        with self.desk.database.reading() as session:
            return {
                "entries": session.exec(select(func.count(col(IntakeEntry.id)))).one(),
                "different": session.exec(select(func.count(func.distinct(col(IntakeEntry.uid))))).one(),
                "messages": session.exec(select(func.count(col(Message.id)))).one(),
                "others": session.exec(
                    select(func.count()).where(col(IntakeEntry.verdict).not_in(["created", "joined"]))
                ).one(),
            }


@contextmanager
def prepared(count: int, *, plain: bool) -> Iterator[Import]:
    with tempfile.TemporaryDirectory(prefix="first") as text:
        folder = Path(text)
        url = f"sqlite:///{folder / 'desk.db'}"
        with running_dovecot(make_certificates(folder)) as dovecot, open_desk(url) as desk:
            deliver(dovecot, count, plain=plain)
            desk.add_mailbox(dovecot)
            with desk.database.writing() as session:
                session.add(Agent(login=LOGIN, name="Importer", role=Role.ADMIN.value, created_at=utc_now()))
            yield Import(desk, url, count, {**os.environ, "COLUMNS": "160"})


def deliver(dovecot: Dovecot, count: int, *, plain: bool) -> None:
    for portion in range(0, count, 1_000):  # not all of it in memory at once
        number = min(1_000, count - portion)
        some = plain_mails(portion, number) if plain else generated(number, seed=portion + 1)
        dovecot.deliver_many(SUPPORT, some)


def plain_mails(first: int, count: int) -> list[bytes]:
    """Up to 8 kB each, by 500 people; every third answers an earlier one of the same person."""
    found = []
    for number in range(first, first + count):
        answers = (
            f"In-Reply-To: <m{number - 500}@customer.test>\r\n" if number % 3 == 0 and number >= 500 else ""
        )
        body = f"The printer on floor {number} does not print since this morning.\r\n" * (
            1 + number * 7 % 120
        )
        found.append(mail(number, sender=f"p{number % 500}@customer.test", extra=answers, body=body))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="A first import that is killed half way.")
    parser.add_argument("--mails", type=int, default=50_000)
    parser.add_argument("--plain", action="store_true", help="short mails of plain text")
    wish = parser.parse_args()
    count = wish.mails
    with prepared(count, plain=wish.plain) as run:
        began = time.monotonic()
        run.work_until(count // 2)
        stored = run.counted()["entries"]
        print(f"  killed with {stored} mails in", flush=True)
        run.work_until(count)
        seconds = time.monotonic() - began
        found = run.counted()
    print(
        f"{count} mails in {seconds:.0f} s: {count / seconds:.0f} a second, the kill and its restart included"
    )
    print(f"mails per second/per CPU second of the worker, by tenths: {' '.join(run.rates)}")
    print(
        f"the worker's memory: {run.base / 2**20:.0f} MB at its first mails, {run.most / 2**20:.0f} MB at most"
    )
    print(", ".join(f"{name} {number}" for name, number in found.items()))
    whole = found["entries"] == found["different"] == found["messages"] == count
    return 0 if whole and not found["others"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
