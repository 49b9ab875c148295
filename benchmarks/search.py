"""The filter line on a large desk: CPU and wall time of the first page and of counting, query by query, against its limit.

    python -m benchmarks.search DESK [--limit 100] [--times 5]

DESK is a desk as ``benchmarks.desk_of_size --messages 3`` makes one (SQLite), or its copy in PostgreSQL (``tui-desk db copy``); it is
only read. Ends with 1 where a median is above the limit: milliseconds of CPU, on PostgreSQL with that of the server's process for our
connection; of the clock where that server is on another machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.desk_of_size import vocabulary
from tui_desk.contracts.queue import ListTickets
from tui_desk.core.enums import Role
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.db.url import parse_database_url
from tui_desk.services.actor import Actor
from tui_desk.services.queue import count_matching, list_tickets, read_query

ACTOR = Actor(1, "root", "Root", Role.ADMIN, "benchmark")
OFTEN, SECOND, THIRD, FOURTH, *_, SELDOM = vocabulary()[:3_000]
QUERIES = (
    ("all", OFTEN),
    ("all", OFTEN[:2]),
    ("all", f"{OFTEN} {SECOND}"),
    ("all", f'"{OFTEN} {SECOND}"'),
    ("all", f'"{OFTEN} {SECOND} {THIRD} {FOURTH}"'),
    ("all", f"{OFTEN} {SECOND} {THIRD} {FOURTH}"),
    ("all", OFTEN[:4]),
    ("all", f"{SECOND} {OFTEN[:4]}"),
    ("open", OFTEN[:4]),
    ("all", f"{OFTEN} -{SECOND}"),
    ("all", f"{SELDOM} -{OFTEN}"),
    ("all", f"{OFTEN} printer"),
    ("all", f"{OFTEN} {SELDOM}"),
    ("all", SELDOM),
    ("open", f"{OFTEN} {SECOND}"),
    ("open", f"{SELDOM} network"),
    ("mine", OFTEN),
    ("all", "printer"),
    ("all", "pri"),
    ("all", "p"),
    ("all", "printer network"),
    ("all", '"stopped working"'),
    ("all", "printer 99"),
    ("all", "person 77"),
    ("all", "zzqq"),
    ("open", "printer"),
    ("open", "printer -network priority>=high"),
    ("open", "status:open,pending assignee:me team:network priority>=high created<3d"),
    ("open", "waiting>4h"),
    ("open", "sort:due"),
    ("all", "sort:due"),
    ("open", "has:note"),
    ("all", "has:note"),
    ("all", "has:attachment"),
    ("all", "has:task,approval"),
    ("open", "-has:note"),
    ("open", "is:unread"),
    ("all", "is:waiting"),
    ("all", "is:spam"),
    ("all", "channel:phone"),
    ("all", "type:problem"),
    ("all", "status:new assignee:me"),
    ("all", "category:none priority:critical"),
    ("all", "tag:vpn"),
    ("all", "rated:bad"),
    ("all", "asset:LT-*"),
    ("all", "due<2d"),
    ("open", "updated:today"),
    ("all", "created<3d"),
    ("all", "created:2026-10 status:closed"),
    ("all", "from:person"),
    ("all", "from:4711"),
    ("all", "team:hr sort:priority"),
    ("all", "#4711"),
)


class Cost(NamedTuple):
    """Median milliseconds."""

    cpu: float
    wall: float


def server_cpu(reader: FastReader) -> Callable[[], float]:
    """A clock of the seconds of CPU that the server spent for this connection; it stands where that cannot be seen from here."""
    if reader.is_sqlite:
        return lambda: 0.0
    spent = Path(f"/proc/{reader.rows('SELECT pg_backend_pid()')[0][0]}/schedstat")
    return lambda: int(spent.read_text().split()[0]) / 1e9 if spent.exists() else 0.0


def cost(work: Callable[[], object], times: int, server: Callable[[], float]) -> Cost:
    """What ``work`` costs once everything it needs is in memory."""
    work()
    cpu, wall = [], []
    for _time in range(times):
        before, begun = time.process_time() + server(), time.perf_counter()
        work()
        cpu.append((time.process_time() + server() - before) * 1e3)
        wall.append((time.perf_counter() - begun) * 1e3)
    return Cost(statistics.median(cpu), statistics.median(wall))


def measure(reader: FastReader, limit: float, times: int) -> bool:
    """Print the table; whether every page and count is within the limit."""
    print(f"{'':5} {'':72} {'page':>8} {'':>8} {'count':>8}")
    print(f"{'view':5} {'query':72} {'CPU':>8} {'wall':>8} {'CPU':>8} {'wall':>8} {'found':>6}")
    within, server = True, server_cpu(reader)
    seen = reader.is_sqlite or server() > 0
    for view, query in QUERIES:
        page = cost(
            lambda v=view, q=query: list_tickets(reader, ACTOR, ListTickets(view=v, query=q)), times, server
        )

        def count(view: str = view, query: str = query) -> tuple[int, bool]:
            return count_matching(reader, ACTOR, view, read_query(reader, query))

        counted, (found, capped) = cost(count, times, server), count()
        fine = max(page.cpu, counted.cpu) <= limit if seen else max(page.wall, counted.wall) <= limit
        within &= fine
        shown = f"{found}{'+' if capped else ''}"
        mark = "" if fine else "  above the limit"
        costs = f"{page.cpu:8.1f} {page.wall:8.1f} {counted.cpu:8.1f} {counted.wall:8.1f}"
        print(f"{view:5} {query:72} {costs} {shown:>6}{mark}", flush=True)
    print(f"limit: {limit:.0f} ms for a page and for a count")
    return within


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("desk")
    parser.add_argument("--limit", type=float, default=100)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    opened = open_reader(parse_database_url(asked.desk))
    good = measure(opened, asked.limit, asked.times)
    opened.close()
    sys.exit(0 if good else 1)
