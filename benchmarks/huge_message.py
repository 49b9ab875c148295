"""Opening tickets with monstrous messages in the real interface, against a small one.

    python -m benchmarks.huge_message [--runs 5]

From the Enter of ``:NUMBER`` until the end of the message is on the screen of a pseudo-terminal (120×40): wall time, CPU of the
process, and its memory afterwards. Allowed: 0.5 s and 100 MB more than the small message.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.start import _cpu_of
from tests.services.desk import open_desk
from tests.terminal.pty_app import PtyApp
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.clock import utc_now
from tui_desk.models import Lease

LIMIT_SECONDS, LIMIT_MEGABYTES = 0.5, 100
BODIES = {
    "small": "one line",
    "100,000 lines": "\n".join(f"line {number}" for number in range(100_000)),
    "a line of 1 MB": "x" * 1_000_000,
    "1 MB of words": "word " * 200_000,
    "quoted 5,000 deep": "\n".join(">" * 5_000 + f" deep {line}" for line in range(200)),
    "200 kB of brackets": "[/][@click=app.quit]" * 10_000,
    "1 MB of wide letters": "字" * 330_000,
}


def _memory(process: int) -> float:
    """Resident megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def open_once(database: Path, number: int) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and resident megabytes of opening a ticket."""
    environment = {"TUI_DESK_DATABASE": str(database), "HOME": str(database.parent)}
    with PtyApp(["-m", "tui_desk", "--as", "ana"], 120, 40, environment) as app:
        app.wait_text("▌")
        app.press(":")
        app.wait_text("action, #number")
        app.press("1", "enter")  # a small one first: what is imported once is not what is measured
        app.wait_text("#1 First")
        app.press("escape")
        app.wait_for(lambda: "Queue ›" in app.text()[0])
        app.press(":")
        app.wait_text("action, #number")
        app.press(*str(number))
        app.wait_text(str(number))
        began, cpu = time.perf_counter(), _cpu_of(app.pid)
        app.press("enter")
        app.wait_for(
            lambda: f"#{number} Body" in app.text()[0] and "Reading" not in "".join(app.text()[4:8]), 60
        )
        app.wait_for(
            lambda: "To:" in "".join(app.text()) or any(line.strip() for line in app.text()[6:12]), 60
        )
        return time.perf_counter() - began, _cpu_of(app.pid) - cpu, _memory(app.pid)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "desk.db"
        with open_desk(f"sqlite:///{database}") as desk:
            desk.ask(NewTicket("First", "warm@client.test", "warm"))
            numbers = {
                name: desk.ask(NewTicket(f"Body {index}", "otto@client.test", body))
                for index, (name, body) in enumerate(BODIES.items())
            }
            with desk.writing() as session:
                session.add(Lease(name="worker", holder="benchmark", expires_at=utc_now().replace(year=2200)))
        small: tuple[float, float, float] | None = None
        for name, number in numbers.items():
            found = [open_once(database, number) for _run in range(runs)]
            wall, cpu, memory = (statistics.median(values) for values in zip(*found, strict=True))
            small = small or (wall, cpu, memory)
            more = wall - small[0], cpu - small[1], memory - small[2]
            told = "ok" if more[0] <= LIMIT_SECONDS and more[2] <= LIMIT_MEGABYTES else "OVER THE LIMIT"
            print(
                f"{name:<22} {wall:6.3f} s wall {cpu:6.3f} s CPU {memory:6.1f} MB   "
                f"+{more[0]:.3f} s +{more[1]:.3f} s CPU +{more[2]:.1f} MB  {told}"
            )


if __name__ == "__main__":
    main()
