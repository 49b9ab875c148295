"""What the interface costs its terminal: bytes, CPU, memory and lag, in one table with the limits.

    python -m benchmarks.terminal [--tickets 1000000] [--only bytes lag …]

tui-desk itself, in a pseudo-terminal, over a desk of that many tickets. Bytes are exact and the same in every run; CPU is user and
system time of all threads, that of a key as it would be on the machine of the limits (what an empty application takes here, against
0.27 s there); lag is how long the cursor goes on moving after the key was let go, on a line of so many bytes a second.
The exit code is 1 where a figure is above its limit.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.busy_desk import others_at_work
from benchmarks.desk_of_size import make_desk
from benchmarks.full_ticket import long_ticket
from benchmarks.key_press import _cpu
from tests.terminal.pty_app import PtyApp

SIZES = ((80, 24), (200, 50))
EMPTY = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class A(App):\n def compose(self):\n  yield Static('ready-to-see')\nA().run()"
)
_QUIET = 0.3
_EMPTY_THERE = 0.27
"""CPU seconds of the empty application where the limits were measured."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``limit`` is what it must not pass."""

    what: str
    seen: float
    limit: float
    unit: str

    @property
    def holds(self) -> bool:
        return self.seen <= self.limit


@contextmanager
def desk_shown(desk: Path, columns: int, lines: int, state: str = "state") -> Iterator[PtyApp]:
    """tui-desk with its queue on the screen and nothing more to do."""
    with PtyApp(["-m", "tui_desk"], columns, lines, _environment(desk, state)) as app:
        app.wait_text("▌")
        app.wait_idle(_QUIET)
        yield app


def _sent(app: PtyApp, *keys: str) -> int:
    """Bytes that keys bring."""
    before = len(app.output)
    app.press(*keys)
    app.wait_for(lambda: len(app.output) > before)
    app.wait_idle(0.08)
    return len(app.output) - before


def of_bytes(desk: Path) -> Iterator[Figure]:
    """Moves, scrolls, screens, rest."""
    for (columns, lines), move, scroll, screen in zip(
        SIZES, (160, 250), (250, 400), (4_000, 9_000), strict=True
    ):
        size = f"{columns}×{lines}"
        with desk_shown(desk, columns, lines, "elsewhere") as app:  # without what the last session left
            yield Figure(f"first screen {size}", len(app.output), screen, "bytes")
            rest = len(app.output)
            end = time.monotonic() + 10
            while time.monotonic() < end:
                app.pump(0.5)
            yield Figure(f"idle for 10 s {size}", len(app.output) - rest, 0, "bytes")
            costs = [_sent(app, "j") for _key in range(lines * 3)]
            moves = costs[: lines // 3]
            yield Figure(f"j that moves {size}", statistics.median(moves), move, "bytes")
            yield Figure(f"j, {lines * 3} in a row {size}", statistics.fmean(costs), scroll, "bytes each")
            yield Figure(f"opening a ticket {size}", _sent(app, "enter"), 4_000, "bytes")


def of_lag(desk: Path) -> Iterator[Figure]:
    """``j`` held for three seconds on a slow line, at 200×50."""
    for rate, limit in ((32_000, 0.05), (8_000, 0.3)):
        with (
            tempfile.TemporaryDirectory() as state,  # where the last run ended, there may be nothing left to move to
            desk_shown(desk, 200, 50, state) as app,
        ):
            yield Figure(f"lag after j for 3 s, {rate // 1000} kB/s", _lag(app, rate), limit, "s")


def _cursor_line(app: PtyApp) -> tuple[int, str]:
    """The line that the cursor is on, and the number of the ticket there."""
    rows = app.screen.buffer
    for y in range(app.screen.lines):
        if rows[y][0].data == "▌":
            return y, "".join(rows[y][x].data for x in range(2, 12))
    return -1, ""


def _lag(app: PtyApp, rate: int) -> float:
    """Press ``j`` 30 times a second for three seconds and read no more than ``rate``; seconds for which the cursor goes on moving.

    The preview of the ticket it comes to rest on follows a moment later, of purpose: it is no lag.
    """
    began = time.monotonic()
    allowed = 0.0
    pressed = 0
    last = heard = looked = began
    line = _cursor_line(app)
    released: float | None = None
    while True:
        now = time.monotonic()
        allowed = min(allowed + (now - looked) * rate, rate * 0.02)
        looked = now
        if released is None and now - began >= 3:
            released = now
        while released is None and pressed < (now - began) * 30:
            app.press("j")
            pressed += 1
        if allowed >= 64:
            size = len(app.output)
            app.take(int(allowed))
            allowed -= len(app.output) - size
            if (now_on := _cursor_line(app)) != line:
                line, last = now_on, time.monotonic()
            if len(app.output) != size:
                heard = time.monotonic()
        if released is not None and time.monotonic() - max(heard, released) > 1.5:
            if last == began:
                raise AssertionError("the cursor never moved")
            return max(0.0, last - released)
        time.sleep(0.002)  # the pace of the line is kept in steps as short as this


def of_cpu(desk: Path) -> Iterator[Figure]:
    """Start against an empty Textual application, memory, a key."""
    starts: list[tuple[float, float, float]] = []
    memory: list[float] = []
    with desk_shown(desk, 80, 24) as app:
        app.press("\x11")  # Ctrl+Q: what it showed is kept for the next start
        app.wait_exit()
    for _run in range(5):
        with PtyApp(["-c", EMPTY]) as app:
            app.wait_text("ready-to-see")
            app.wait_idle(_QUIET)
            empty = _cpu(app.pid)
        starts.append((empty, _first_rows(desk), _first_rows(desk, "elsewhere")))
        with desk_shown(desk, 80, 24, "elsewhere") as app:  # without what the last session left
            memory.append(psutil.Process(app.pid).memory_info().rss / 1e6)
    yield Figure(
        "first rows / an empty application", statistics.median(f / e for e, f, _l in starts), 0.3, "×"
    )
    yield Figure(
        "live list / an empty application", statistics.median(f / e for e, _f, f in starts), 1.4, "×"
    )
    yield Figure("memory at the live list", statistics.median(memory), 80, "MB")
    pace = _EMPTY_THERE / statistics.median(e for e, _f, _l in starts)
    with desk_shown(desk, 120, 40) as app:
        _sent(app, "j")
        app.wait_idle(1.5)  # behind the first key what the others need is imported
        before = _cpu(app.pid)
        keys = 150
        for _key in range(keys):
            _sent(app, "j")
        here = (_cpu(app.pid) - before) / keys * 1e3
        yield Figure(f"CPU of a j, 120×40 (here {here:.1f} ms)", here * pace, 4, "ms")


def of_work(desk: Path) -> Iterator[Figure]:
    """Key to paint while others work at the desk, and a long ticket."""
    with desk_shown(desk, 120, 40) as app:
        _sent(app, "j")
        app.wait_idle(1.5)  # behind the first key what the others need is imported: that is no rest
        quiet = _paints(app)
        with others_at_work(desk):
            app.wait_for(lambda: "Paper jam" in "\n".join(app.text()) or _has_events(desk))
            busy = _paints(app)
    what = f"key to paint, p95, others at work ({busy * 1e3:.0f} / {quiet * 1e3:.0f} ms)"
    yield Figure(what, busy / quiet, 1.5, "×")
    yield Figure("opening 500 messages / 5", long_ticket(5), 2, "×")


def _has_events(desk: Path) -> bool:
    """Whether the others have begun."""
    with sqlite3.connect(f"file:{desk}?mode=ro", uri=True) as connection:
        return bool(connection.execute("SELECT count(*) > 20 FROM event").fetchone()[0])


def _paints(app: PtyApp) -> float:
    """Seconds from a ``j`` or ``k`` to the first byte that it brings: the time that nineteen of twenty take at most."""
    found = []
    for turn in range(200):
        before, began = len(app.output), time.perf_counter()
        app.press("jk"[turn % 2])  # down and up: a list may be shorter
        while len(app.output) == before:
            app.pump(1)
        found.append(time.perf_counter() - began)
        while (
            left := began + 0.05 - time.perf_counter()
        ) > 0:  # whatever comes meanwhile: twenty keys a second
            app.pump(left)
    return statistics.quantiles(found, n=20)[-1]


def _first_rows(desk: Path, state: str = "state") -> float:
    """CPU until the rows are on the screen."""
    with PtyApp(["-m", "tui_desk"], 80, 24, _environment(desk, state)) as app:
        app.wait_text("▌")
        return _cpu(app.pid)


def _environment(desk: Path, state: str) -> dict[str, str]:
    folder = str(desk.parent)
    for place in (desk.parent / state).rglob("place-*"):
        place.unlink()  # the run before was killed, and its successor would go back to where it was
    names = {"TUI_DESK_DATABASE": str(desk), "TUI_DESK_AGENT": "root"}
    return {**names, "XDG_STATE_HOME": str(desk.parent / state), "HOME": folder}


SUBJECTS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "bytes": of_bytes,
    "lag": of_lag,
    "cpu": of_cpu,
    "work": of_work,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", choices=sorted(SUBJECTS), default=list(SUBJECTS))
    parser.add_argument("--desk", type=Path, help="a desk that is there already")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    short = False
    with tempfile.TemporaryDirectory() as folder:
        desk = options.desk or Path(folder) / "desk.db"
        if options.desk is None:
            make_desk(desk, options.tickets)
        for name in options.only:
            for figure in SUBJECTS[name](desk):
                short |= not figure.holds
                sign = "ok " if figure.holds else "OVER"
                print(
                    f"{sign:<5}{figure.what:<62}{figure.seen:>10.2f} {figure.unit:<11} limit {figure.limit:g}",
                    flush=True,
                )
    sys.exit(short)


if __name__ == "__main__":
    main()
