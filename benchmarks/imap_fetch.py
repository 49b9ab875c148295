"""Fetching: our checked fetch against the bytes as imaplib gives them, and a look at a large folder.

python -m benchmarks.imap_fetch                  2,000 mails fetched both ways, in turns; ratio (wanted: 0.5)
python -m benchmarks.imap_fetch --looks 50000    CPU and wall time of a look at a folder of so many mails, and of one new mail
"""

from __future__ import annotations

import argparse
import imaplib
import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.mails import generated
from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.tls import make_certificates
from tests.workers.desk import SUPPORT, Desk, mail, open_desk
from tui_desk.core.clock import utc_now
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.mail.imap import ImapSession, RawMessage
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.workers.access import MailboxPlan
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.fetch import FolderSync
from tui_desk.workers.leasing import Leases

LOOKS = 9
"""Looks of each kind; the middle one is shown."""
_NUMBERS = itertools.count()


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
                cpu, wall, got = timed(partial(work, dovecot))
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
    """What a look costs the worker when nothing came and when one mail did, as it is and with a listing each time."""
    mails = [mail(number, body="short") for number in range(count)]
    with dovecot_with(mails) as (dovecot, folder), open_desk(f"sqlite:///{folder / 'desk.db'}") as desk:
        mailbox_id = desk.add_mailbox(dovecot)
        show("first import", [timed(lambda: desk.sync().fetched)])
        with folder_of(desk, dovecot, mailbox_id) as sync:
            sync.run()
            for name in ("whole", "with every second mail gone"):
                print(f"  the folder {name}:")
                for how, listing in (("each time a listing", True), ("as it is", False)):
                    wire = Wire(sync.session)
                    show(
                        f"{how}, nothing new",
                        [timed(partial(look, sync, listing)) for _ in range(LOOKS)],
                        wire,
                    )
                    found = [one_new_mail(sync, dovecot, next(_NUMBERS), listing, wire) for _ in range(LOOKS)]
                    show(f"{how}, one new mail", found, wire)
                remove_every_second(sync.session)
                sync.run()


class Wire:
    """Bytes that the server said, except for the mails themselves."""

    def __init__(self, session: ImapSession) -> None:
        self.got = 0
        imap = session.client._imap
        read = type(imap).readline

        def readline() -> bytes:
            line: bytes = read(imap)
            self.got += len(line)
            return line

        imap.readline = readline


def remove_every_second(session: ImapSession) -> None:
    """Then ranges of UIDs are no shorter than all of them."""
    session.move(session.uids()[::2], "Trash")


@contextmanager
def folder_of(desk: Desk, dovecot: Dovecot, mailbox_id: int) -> Iterator[FolderSync]:
    """What the worker looks at a mailbox with, on a connection of its own."""
    leases = Leases(desk.database, utc_now)
    lease = leases.take(f"mailbox:{mailbox_id}")
    assert lease is not None
    mailbox = desk.mailbox(mailbox_id)
    server = ServerAddress(dovecot.host, dovecot.imap_port, Security.NONE)
    plan = MailboxPlan(
        id=mailbox_id,
        version=mailbox.version,
        address=SUPPORT,
        server=server,
        credentials=Credentials(SUPPORT, dovecot.users[SUPPORT]),
        folder=mailbox.folder,
        after_import=mailbox.after_import,
        start=mailbox.start,
        start_uidvalidity=mailbox.start_uidvalidity,
        start_uid=mailbox.start_uid,
        created_at=mailbox.created_at,
        poll_seconds=mailbox.poll_seconds,
        largest_mail=100_000_000,
    )
    with open_mailbox(server, plan.credentials) as session:
        yield FolderSync(WorkerContext(desk.database, threading.Event(), leases), plan, lease, session)


def look(sync: FolderSync, listing: bool = False) -> int:
    """One look; ``listing`` has it forget that the last one found everything."""
    if listing:
        sync.complete = None
    return sync.run()


def one_new_mail(
    sync: FolderSync, dovecot: Dovecot, number: int, listing: bool, wire: Wire
) -> tuple[float, float, int]:
    """The look that finds it: the server may need a moment to see what lies in its folder."""
    dovecot.deliver(SUPPORT, mail(f"new{number}"))
    before = wire.got
    while not (found := timed(partial(look, sync, listing)))[2]:
        wire.got = before
    return found


def show(name: str, times: list[tuple[float, float, int]], wire: Wire | None = None) -> None:
    cpu, wall = (statistics.median(each[place] for each in times) * 1000 for place in (0, 1))
    said = ""
    if wire is not None:
        said = f", {wire.got / len(times):9.0f} bytes"
        wire.got = 0
    print(f"{name:>36}: {cpu:9.1f} ms CPU, {wall:9.1f} ms wall{said} ({len(times)})", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetching.")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--looks", type=int, default=0)
    wish = parser.parse_args()
    if wish.looks:
        looks(wish.looks)
        return 0
    return 0 if compare(wish.count, wish.rounds) else 1


if __name__ == "__main__":
    raise SystemExit(main())
