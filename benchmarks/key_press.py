"""What a key costs in a list: CPU, bytes to the terminal, time to paint; at 1,000 and 1,000,000 rows, against DataTable.

    python -m benchmarks.key_press [--keys 120] [--columns 120] [--lines 40]

Each program runs in a pseudo-terminal; one `j` at a time, the next one when the terminal has been quiet for 20 ms. CPU is
user + system time of all threads of the process. `wire` is tui-desk's driver, `stock` Textual's own. A flat cost means
that the ratio of a million rows to a thousand is about 1.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.terminal.pty_app import PtyApp

DRIVERS = {
    "wire": "tui_desk.terminal.driver:WireDriver",
    "stock": "textual.drivers.linux_driver:LinuxDriver",
}
_QUIET = 0.02


@dataclass(frozen=True, slots=True)
class Cost:
    """Per key."""

    cpu_ms: float
    sent_bytes: float
    paint_ms: float


def _cpu(process: int) -> float:
    """Seconds of CPU of all threads, from the scheduler's nanosecond counters."""
    tasks = Path(f"/proc/{process}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def _has_more(program: PtyApp, size: int) -> bool:
    return len(program.output) > size


def _until_quiet(program: PtyApp, seconds: float = _QUIET) -> float:
    """Take in what comes until nothing came for so long; when the last of it came."""
    last, size = time.perf_counter(), len(program.output)
    while True:
        program.pump(seconds)
        now = time.perf_counter()
        if len(program.output) != size:
            last, size = now, len(program.output)
        elif now - last >= seconds:
            return last


def measure(name: str, driver: str, keys: int, columns: int, lines: int) -> Cost:
    """Run one program and press ``j`` so many times."""
    environment = {"TEXTUAL_DRIVER": DRIVERS[driver], "TEXTUAL_ANIMATIONS": "none"}
    with PtyApp(["-m", "benchmarks.key_press", "--serve", name], columns, lines, environment) as program:
        program.wait_text("Subject 10 ", 120)
        program.press("j")
        _until_quiet(program, 0.5)
        paints: list[float] = []
        cpu, sent = _cpu(program.pid), len(program.output)
        for _key in range(keys):
            start, size = time.perf_counter(), len(program.output)
            program.press("j")
            program.wait_for(partial(_has_more, program, size))
            paints.append(_until_quiet(program) - start)
        spent, total = _cpu(program.pid) - cpu, len(program.output) - sent
        return Cost(spent / keys * 1e3, total / keys, statistics.median(paints) * 1e3)


def serve(name: str) -> None:
    """Show a list: ``virtual-1000``, ``table-1000`` and so on."""
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    from tests.widgets.rows import COLUMNS, Numbers
    from tui_desk.widgets.row_buffer import TableRow
    from tui_desk.widgets.virtual_table import VirtualTable

    kind, _dash, count = name.partition("-")

    def cells(key: int) -> tuple[str, str, str, str]:
        return (
            f"#{key}",
            f"Subject {key} about the printer on the third floor",
            f"Person {key % 97}",
            f"{key % 60}m",
        )

    class Shown(App[None]):
        ENABLE_COMMAND_PALETTE = False

        def compose(self) -> ComposeResult:
            if kind == "virtual":
                yield VirtualTable(
                    COLUMNS, Numbers(int(count), lambda key: TableRow(key, cells(key), anchor=key))
                )
                return
            table: DataTable[str] = DataTable(cursor_type="row")
            table.add_columns("#", "Subject", "Requester", "Age")
            table.add_rows(cells(key) for key in range(int(count)))
            yield table

        def key_j(self) -> None:
            if kind == "table":
                self.query_one(DataTable).action_cursor_down()

    Shown().run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=120)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--serve")
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    costs: dict[str, Cost] = {}
    print(f"{'':<24}{'CPU ms':>10}{'bytes':>10}{'paint ms':>10}")
    for name, driver in (
        ("virtual-1000", "wire"),
        ("virtual-1000000", "wire"),
        ("virtual-1000", "stock"),
        ("table-1000", "stock"),
        ("table-1000", "wire"),
    ):
        cost = costs[f"{name} {driver}"] = measure(name, driver, options.keys, options.columns, options.lines)
        print(
            f"{name + ' ' + driver:<24}{cost.cpu_ms:>10.2f}{cost.sent_bytes:>10.0f}{cost.paint_ms:>10.1f}",
            flush=True,
        )
    small, large, peer = costs["virtual-1000 wire"], costs["virtual-1000000 wire"], costs["table-1000 stock"]
    print(
        f"a million rows / a thousand: CPU {large.cpu_ms / small.cpu_ms:.2f}, bytes {large.sent_bytes / small.sent_bytes:.2f}"
    )
    print(
        f"DataTable / ours:            CPU {peer.cpu_ms / small.cpu_ms:.2f}, bytes {peer.sent_bytes / small.sent_bytes:.2f}"
    )


if __name__ == "__main__":
    main()
