"""Large mails from a real Dovecot by a worker (X-A10): one of 50 MB, then thirty of 25 MB in a row. Prints how much memory
the worker took for them; exit code 1 when bytes differ or it was too much. (The interface is another process: see ``key_press``.)

    python -m benchmarks.large_mails
    python -m benchmarks.large_mails --largest 8 --each 4 --count 3
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import tempfile
import threading
import time
from base64 import encodebytes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import func
from sqlmodel import col, select

from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.tls import make_certificates
from tests.workers.desk import SUPPORT, Desk, open_desk
from tui_desk.db.blobs import load_blob
from tui_desk.db.engine import open_database
from tui_desk.models import IntakeEntry
from tui_desk.workers.supervisor import run_worker

MB = 1_000_000
GROWTH = 4.0
"""The worker's memory may grow by so many times the largest mail."""


@dataclass
class Found:
    """``growth`` in bytes; ``same`` whether every mail's bytes are those that were delivered."""

    seconds: float
    growth: int
    same: bool
    limit: int
    tickets: int
    sizes: list[int] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.same and self.growth <= self.limit and self.tickets == len(self.sizes)

    def __str__(self) -> str:
        return (
            f"{len(self.sizes)} mails, {sum(self.sizes) / MB:.0f} MB in {self.seconds:.0f} s: {self.tickets} tickets, "
            f"bytes {'the same' if self.same else 'DIFFERENT'}, the worker's memory grew by {self.growth / MB:.0f} MB "
            f"(limit {self.limit / MB:.0f} MB)"
        )


def large_mail(number: int, megabytes: float) -> bytes:
    """A mail with an attachment that no compression makes smaller."""
    data = encodebytes(random.Random(number).randbytes(int(megabytes * MB * 0.73))).replace(b"\n", b"\r\n")
    return (
        (
            f"From: anna@customer.test\r\nTo: {SUPPORT}\r\nSubject: Problem {number}\r\nMessage-ID: <m{number}@customer.test>\r\n"
            'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n'
            '--b\r\nContent-Type: application/octet-stream; name="log.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        ).encode()
        + data
        + b"--b--\r\n"
    )


def run(desk: Desk, url: str, dovecot: Dovecot, sizes: list[float], limit: float = 3_600) -> Found:
    """Deliver mails of so many megabytes each, in this order, and let a worker of its own process read them."""
    digests: list[str] = []
    desk.add_mailbox(dovecot)
    small = large_mail(10_000, 0.01)
    dovecot.deliver(SUPPORT, small)
    context = multiprocessing.get_context("spawn")
    worker = context.Process(target=work, args=(url,), daemon=True)
    worker.start()
    try:
        _until(lambda: _told(desk) == 1, limit)  # everything is imported, and one mail is read
        process = psutil.Process(worker.pid)
        base = most = process.memory_info().rss
        began = time.monotonic()
        lengths = []
        for number, megabytes in enumerate(sizes):
            raw = large_mail(number, megabytes)
            digests.append(hashlib.sha256(raw).hexdigest())
            lengths.append(len(raw))
            dovecot.deliver(SUPPORT, raw)
            del raw
        while _told(desk) < 1 + len(sizes):
            most = max(most, process.memory_info().rss)
            assert time.monotonic() - began < limit, "out of time"
            time.sleep(0.01)  # memory is sampled: a peak has no event to wait for
        seconds = time.monotonic() - began
    finally:
        worker.kill()
        worker.join(60)
    with desk.database.reading() as session:
        kept = {hashlib.sha256(load_blob(session, digest)).hexdigest() for digest in digests}
    tickets = len(desk.tickets()) - 1
    return Found(seconds, most - base, kept == set(digests), int(GROWTH * max(lengths)), tickets, lengths)


def work(url: str) -> None:
    run_worker(open_database(url), threading.Event())


def _told(desk: Desk) -> int:
    with desk.database.reading() as session:
        query = select(func.count()).where(
            col(IntakeEntry.verdict) == "created", col(IntakeEntry.settled_on_server).is_(True)
        )
        return int(session.exec(query).one())


def _until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "out of time"
        time.sleep(0.05)  # the other process has the processor meanwhile


def main() -> int:
    parser = argparse.ArgumentParser(description="Large mails.")
    parser.add_argument("--largest", type=float, default=50, help="megabytes of the first mail")
    parser.add_argument("--each", type=float, default=25, help="megabytes of each of the others")
    parser.add_argument("--count", type=int, default=30)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="large") as text:
        folder = Path(text)
        url = f"sqlite:///{folder / 'desk.db'}"
        with running_dovecot(make_certificates(folder)) as dovecot, open_desk(url) as desk:
            found = run(desk, url, dovecot, [wish.largest, *[wish.each] * wish.count])
    print(found)
    return 0 if found.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
