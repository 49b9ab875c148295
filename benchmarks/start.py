"""CPU from start to the first painted queue, against an empty Textual application, in turns.

    python -m benchmarks.start [--tickets 100000] [--runs 7]

Both run in a pseudo-terminal until the text they paint is on the screen; the figure is user + system time of the process
at that moment. The limit is 1.8 times the empty application.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from benchmarks.desk_of_size import make_desk

LIMIT = 1.8
EMPTY = "from textual.app import App\nfrom textual.widgets import Static\nclass A(App):\n def compose(self):\n  yield Static('ready-to-see')\nA().run()"


def cpu_until(argv: list[str], text: bytes, environment: dict[str, str], timeout: float = 30) -> float:
    """Seconds of CPU that ``argv`` has used when ``text`` appears on its terminal."""
    child, terminal = pty.fork()
    if child == 0:
        # An installation has its modules compiled; where writing them is forbidden every start would compile them anew.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        os.execvpe(argv[0], argv, {**inherited, **environment})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen, end = b"", time.monotonic() + timeout
    try:
        while text not in seen:
            if time.monotonic() > end:
                raise TimeoutError(f"{text!r} did not appear; last bytes: {seen[-400:]!r}")
            if select.select([terminal], [], [], 0.2)[0]:
                seen += os.read(terminal, 65536)
        return _cpu_of(child)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def _cpu_of(process: int) -> float:
    """User and system seconds of all threads, from the scheduler's nanosecond counters."""
    tasks = Path(f"/proc/{process}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder) / "desk.db"
        make_desk(desk, options.tickets)
        environment = {
            "TUI_DESK_DATABASE": str(desk),
            "TUI_DESK_AGENT": "root",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "HOME": folder,
        }
        ours, empty = [], []
        for _run in range(options.runs + 1):
            empty.append(cpu_until([sys.executable, "-c", EMPTY], b"ready-to-see", environment))
            ours.append(cpu_until([sys.executable, "-m", "tui_desk"], _some_row(desk), environment))
    ratios = [our / other for our, other in zip(ours[1:], empty[1:], strict=True)]
    print(f"empty application  {statistics.median(empty[1:]):.3f} s CPU (median of {options.runs})")
    print(f"tui-desk, queue    {statistics.median(ours[1:]):.3f} s CPU at {options.tickets:,} tickets")
    print(
        f"ratio              {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f}; limit {LIMIT})"
    )


def _some_row(desk: Path) -> bytes:
    """Text that only the live list can show: the number of the first ticket of the first view."""
    import sqlite3

    with sqlite3.connect(desk) as connection:
        row = connection.execute(
            "SELECT id FROM ticket WHERE status IN ('new', 'open', 'pending', 'on_hold') ORDER BY updated_at DESC, id DESC LIMIT 1"
        ).fetchone()
    return str(row[0]).encode()


if __name__ == "__main__":
    main()
