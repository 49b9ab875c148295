"""Fetching: our checked fetch against the bytes as imaplib gives them, a look at a large folder, and a first import.

python -m benchmarks.imap_fetch                  2,000 mails fetched both ways, in turns; ratio (wanted: 0.5)
python -m benchmarks.imap_fetch --looks 50000    CPU and wall time of a look at a folder of so many mails, and of one new mail
python -m benchmarks.imap_fetch --first 50000    first import of so many: rate per portion, memory, a stop in the middle
"""

from __future__ import annotations

import argparse
import imaplib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import func, select

from benchmarks.mails import generated
from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.ports import wait_until
from tests.support.tls import make_certificates
from tests.workers.desk import SUPPORT, mail, open_desk
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.mail.imap import RawMessage
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.models import IntakeEntry, Message
from tui_desk.services.ledger import progress
from tui_desk.workers.fetch import FolderSync


@contextmanager
def dovecot_with(mails: list[bytes]) -> Iterator[tuple[Dovecot, Path]]:
    with tempfile.TemporaryDirectory(prefix="bench") as text:
        folder = Path(text)
        with running_dovecot(make_certificates(folder)) as dovecot:
            dovecot.deliver_many(SUPPORT, mails)
            yield dovecot, folder


def timed(work: Callable[[], int]) -> tuple[float, float, int]:
    """(CPU seconds, wall seconds, answer)."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = work()
    return time.process_time() - cpu, time.perf_counter() - wall, answer


def raw_fetch(dovecot: Dovecot) -> int:
    """imaplib, one FETCH for every 200 mails, nothing looked at."""
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port) as client:
        client.login(SUPPORT, dovecot.users[SUPPORT])
        client.select(readonly=True)
        uids = client.uid("SEARCH", "ALL")[1][0].split()
        got = 0
        for start in range(0, len(uids), 200):
            which = f"{int(uids[start])}:{int(uids[min(start + 199, len(uids) - 1)])}"
            got += sum(isinstance(each, tuple) for each in client.uid("FETCH", which, "(BODY.PEEK[])")[1])
        return got


def our_fetch(dovecot: Dovecot) -> int:
    """What the worker does: sizes first, whole mails in portions, each checked."""
    address = ServerAddress(dovecot.host, dovecot.imap_port, Security.NONE)
    with open_mailbox(address, Credentials(SUPPORT, dovecot.users[SUPPORT])) as session:
        session.select("INBOX", read_only=True)
        return sum(isinstance(each, RawMessage) for each in session.fetch_raw(session.uids()))


def compare(count: int, rounds: int) -> bool:
    best = {"raw": (1e9, 1e9), "ours": (1e9, 1e9)}
    with dovecot_with(generated(count)) as (dovecot, _folder):
        raw_fetch(dovecot)  # the server's own caches
        for _round in range(rounds):
            for name, work in (("raw", raw_fetch), ("ours", our_fetch)):
                cpu, wall, got = timed(lambda w=work: w(dovecot))  # type: ignore[misc]
                assert got == count, (name, got)
                best[name] = (min(best[name][0], cpu), min(best[name][1], wall))
    for name, (cpu, wall) in best.items():
        print(f"{name:>5}: {count / wall:7.0f} mails/s {count / cpu:7.0f} mails/CPU s")
    ratio = best["raw"][1] / best["ours"][1]
    print(
        f"ours is {ratio:.2f} of raw by the clock, {best['raw'][0] / best['ours'][0]:.2f} by CPU (wanted: 0.5)"
    )
    return ratio >= 0.5


def looks(count: int) -> None:
    """What a look costs the worker when nothing came, as it is and with a listing each time; and one new mail."""
    import tui_desk.workers.mailbox_loop as loops

    found: dict[str, list[tuple[float, float]]] = {}
    kind = ["first import"]
    plain = FolderSync.run

    def measured(self: FolderSync) -> int:
        cpu, wall = time.thread_time(), time.perf_counter()
        stored = plain(self)
        label = kind[0] if stored or kind[0] == "first import" else f"{kind[0]}, nothing new"
        found.setdefault(label, []).append((time.thread_time() - cpu, time.perf_counter() - wall))
        if kind[0] == "each time a listing":
            self.complete = None
        return stored

    mails = [mail(number, body="short") for number in range(count)]
    with dovecot_with(mails) as (dovecot, folder), open_desk(f"sqlite:///{folder / 'desk.db'}") as desk:
        desk.add_mailbox(dovecot, poll_seconds=1)
        FolderSync.run = measured  # type: ignore[method-assign]
        loops.SECOND_LOOK = 0.05
        try:
            with desk.running_worker():
                wait_until(lambda: len(desk.entries()) == count, 3_600, "the first import")
                for name in ("each time a listing", "as it is"):
                    kind[0] = name
                    wait_until(lambda n=name: len(found.get(f"{n}, nothing new", [])) >= 6, 120, "looks")  # type: ignore[misc]
                kind[0] = "one new mail"
                for number in range(5):
                    dovecot.deliver(SUPPORT, mail(f"new{number}"))
                    wait_until(lambda n=number: len(found.get("one new mail", [])) > n, 60, "the new mail")  # type: ignore[misc]
        finally:
            FolderSync.run = plain  # type: ignore[method-assign]
    for name, times in found.items():
        cpus, walls = sorted(each[0] for each in times), sorted(each[1] for each in times)
        middle = len(times) // 2
        print(
            f"{name:>36}: {cpus[middle] * 1000:9.1f} ms CPU, {walls[middle] * 1000:9.1f} ms wall ({len(times)})"
        )


def first(count: int) -> bool:
    """A first import that is stopped half way and goes on: mails per CPU second of each tenth, and the most memory."""
    me = psutil.Process()
    rates: list[str] = []
    most = 0
    with (
        dovecot_with([]) as (dovecot, folder),
        open_desk(f"sqlite:///{folder / 'desk.db'}") as desk,
    ):
        for portion in range(0, count, 1_000):  # not all of it in memory: that is what is measured
            dovecot.deliver_many(SUPPORT, generated(min(1_000, count - portion), seed=portion + 1))
        mailbox = desk.add_mailbox(dovecot)
        before = me.memory_info().rss
        stop = threading.Event()

        def done() -> int:
            with desk.database.reading() as session:
                return (progress(session, mailbox) or (0, 0))[0]

        from tui_desk.workers.supervisor import run_worker

        def watch(until: int) -> None:
            nonlocal most
            cpu, seen = time.process_time(), done()
            while (now := done()) < until and not finished.is_set():
                most = max(most, me.memory_info().rss)
                if now - seen >= count // 10:
                    rates.append(f"{(now - seen) / (time.process_time() - cpu):.0f}")
                    cpu, seen = time.process_time(), now
                time.sleep(0.05)

        def work() -> None:
            run_worker(desk.database, stop, once=True)
            finished.set()

        for until in (count // 2, count):
            finished = threading.Event()
            stop.clear()
            thread = threading.Thread(target=work)
            thread.start()
            watch(until if until < count else count * 2)
            stop.set() if until < count else None
            thread.join()
            with (
                desk.database.reading() as session
            ):  # counted there: a list of all would be the most memory of all
                stored, messages = (
                    session.execute(select(func.count()).select_from(table)).scalar_one()
                    for table in (IntakeEntry, Message)
                )
            print(f"  {stored} mails are in, {messages} messages", flush=True)
        good = stored == count == messages
    print(f"mails/CPU s of each tenth: {' '.join(rates)}; memory +{(most - before) / 2**20:.0f} MB")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetching.")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--looks", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    wish = parser.parse_args()
    if wish.looks:
        looks(wish.looks)
        return 0
    if wish.first:
        return 0 if first(wish.first) else 1
    return 0 if compare(wish.count, wish.rounds) else 1


if __name__ == "__main__":
    raise SystemExit(main())
