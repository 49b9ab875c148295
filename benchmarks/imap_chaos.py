"""The chaos suite of the way in, in full: a real Dovecot behind a proxy that cuts, delays, swallows and lies; workers that are
killed; another UIDVALIDITY; a second client that deletes and moves. Prints what was lost and doubled; exit code 1 if anything was.

    python -m benchmarks.imap_chaos                    1,000 mails, with each way of settling
    python -m benchmarks.imap_chaos --deaths 1000 --mails 10000    3 fetchers that die at random fault points, nothing else
    python -m benchmarks.imap_chaos --outage 600       what happens after ten minutes without a network
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.support import imap_deaths
from tests.support.chaos_proxy import ChaosProxy
from tests.support.dovecot import running_dovecot
from tests.support.imap_chaos import Run, Wish
from tests.support.ports import wait_until
from tests.support.tls import make_certificates
from tests.workers.desk import SUPPORT, mail, open_desk


def chaos(wish: Wish) -> bool:
    """One run on a desk and a server of its own; whether nothing was lost, doubled, changed or held back."""
    with tempfile.TemporaryDirectory(prefix="chaos") as text:
        folder = Path(text)
        url = f"sqlite:///{folder / 'desk.db'}"
        with running_dovecot(make_certificates(folder)) as dovecot, open_desk(url) as desk:
            outcome = Run(desk, url, dovecot, wish).run()
    print(f"{wish.after_import}, seed {wish.seed}: {outcome}", flush=True)
    for name, some in (("lost", outcome.lost), ("doubled", outcome.doubled), ("held", outcome.held)):
        if some:
            print(f"  {name}: {' '.join(some[:20])}")
    return outcome.perfect


def deaths(wish: imap_deaths.Deaths) -> bool:
    """Fetchers that die until everything is in; whether nothing was lost, doubled or changed, with a death at every fault point."""
    with tempfile.TemporaryDirectory(prefix="deaths") as text:
        folder = Path(text)
        url = f"sqlite:///{folder / 'desk.db'}"
        with running_dovecot(make_certificates(folder)) as dovecot, open_desk(url) as desk:
            survived = imap_deaths.run(desk, url, dovecot, folder / "log", wish)
    print(survived, flush=True)
    return survived.perfect and not survived.spared


def outage(seconds: float, kind: str) -> bool:
    """Packets disappear (``hole``) or connections are refused (``down``) for so long, with the waits of real life."""
    with tempfile.TemporaryDirectory(prefix="outage") as text:
        folder = Path(text)
        with (
            running_dovecot(make_certificates(folder)) as dovecot,
            open_desk(f"sqlite:///{folder / 'desk.db'}") as desk,
            ChaosProxy(dovecot.imap_port) as proxy,
        ):
            mailbox = desk.add_mailbox(dovecot, imap_port=proxy.port)
            dovecot.deliver(SUPPORT, mail(1))
            with desk.running_worker():
                wait_until(lambda: len(desk.tickets()) == 1, what="the first mail")
                wait_until(lambda: all(each.settled_on_server for each in desk.entries()), what="settling")
                began = time.monotonic()
                setattr(proxy, kind, True)
                if kind == "down":
                    proxy.cut_all()
                wait_until(lambda: desk.mailbox(mailbox).last_problem != "", 120, "the outage to be noticed")
                noticed = time.monotonic() - began
                dovecot.deliver(SUPPORT, mail(2))
                wait_until(lambda: time.monotonic() - began > seconds, seconds + 60, "the end of the outage")
                tried = proxy.connections
                setattr(proxy, kind, False)
                ended = time.monotonic()
                wait_until(lambda: len(desk.tickets()) == 2, 120, "the mail after the outage")
                back = time.monotonic() - ended
    print(
        f"outage ({kind}) of {seconds:.0f} s: noticed after {noticed:.0f} s, {tried} connections until its end, "
        f"mail {back:.0f} s after it",
        flush=True,
    )
    return noticed < 60 and back < 60


def main() -> int:
    parser = argparse.ArgumentParser(description="Chaos on the way in.")
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--resets", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=7_200.0, help="give up after so long")
    parser.add_argument(
        "--outage", type=float, default=0.0, help="measure recovery after so many seconds instead"
    )
    parser.add_argument(
        "--deaths", type=int, default=0, help="let fetchers die at random fault points so often instead"
    )
    parser.add_argument("--fetchers", type=int, default=3, help="with --deaths: so many at a time")
    wish = parser.parse_args()
    if wish.deaths:
        good = [deaths(imap_deaths.Deaths(wish.mails, wish.deaths, wish.fetchers, wish.seed, wish.seconds))]
    elif wish.outage:
        good = [outage(wish.outage, kind) for kind in ("hole", "down")]
    else:
        good = [
            chaos(
                Wish(
                    mails=wish.mails,
                    seed=wish.seed,
                    kills=wish.kills,
                    resets=wish.resets,
                    after_import=after_import,
                    seconds=wish.seconds,
                )
            )
            for after_import in ("flag", "move:Done", "leave")
        ]
    print("nothing lost, nothing doubled" if all(good) else "NOT PERFECT")
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
