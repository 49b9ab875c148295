"""What verifying the history costs: a million chained events, in CPU seconds (limit 20).

    python -m benchmarks.audit_verify [--events 1000000] [--path DESK.db]

The events are such as a desk has (fields, rows of work, messages), in streams of 25; they are made once, and kept where a path is given.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tui_desk.core.enums import Role
from tui_desk.db.engine import open_database
from tui_desk.db.schema import ensure_schema
from tui_desk.services import audit
from tui_desk.services.actor import Actor
from tui_desk.services.events import event_row

LIMIT = 20.0
"""CPU seconds for a million events."""
_A_STREAM = 25
_BEGAN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_KINDS: tuple[tuple[str, str, Any, Any], ...] = (
    ("changed", "status", "new", "open"),
    ("changed", "assignee", None, {"id": 3, "name": "Ana Díaz"}),
    (
        "message_received",
        "",
        None,
        {"message_id": 812, "evidence": "known_message_id", "from": "otto@client.test"},
    ),
    (
        "row_added",
        "",
        None,
        {"table": "task", "id": 5, "name": "Order", "values": {"title": "Order", "state": "open"}},
    ),
    ("replied", "", None, {"message_id": 813, "outbox_id": 77, "to": ["otto@client.test"]}),
    ("changed", "tags", ["network"], ["network", "vip"]),
)


def make_history(path: Path, events: int) -> None:
    """A desk with so many chained events at ``path``, which must not exist yet."""
    database = open_database(str(path))
    ensure_schema(database)
    database.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        'INSERT INTO event (stream, position, at, actor_id, actor, action, field, "before", "after", undoes, deed, hash) '
        "VALUES (?, ?, ?, NULL, ?, ?, ?, ?, ?, NULL, ?, ?)",
        _events(events),
    )
    connection.execute("COMMIT")
    connection.close()


def _events(count: int) -> Iterator[tuple[Any, ...]]:
    """As a desk writes them: many streams grow at the same time."""
    choice, actor = random.Random(1), Actor(None, "ana", "Ana", Role.AGENT)
    streams = max(1, count // _A_STREAM)
    ends: dict[int, tuple[int, str]] = {}
    for number in range(count):
        stream = choice.randrange(streams) + 1
        position, previous = ends.get(stream, (0, ""))
        action, field, before, after = choice.choice(_KINDS)
        at, deed = _BEGAN + timedelta(seconds=number, microseconds=number % 7), f"{number:016x}"
        row = event_row(
            actor,
            f"ticket:{stream}",
            position + 1,
            previous,
            action,
            at,
            field=field,
            before=before,
            after=after,
            deed=deed,
        )
        ends[stream] = (position + 1, row["hash"])
        told = [json.dumps(value) for value in (before, after)]
        moment = at.strftime("%Y-%m-%d %H:%M:%S.%f")
        yield (row["stream"], position + 1, moment, actor.login, action, field, *told, deed, row["hash"])


def measure(path: Path) -> tuple[int, float, float]:
    """(events, CPU seconds, wall seconds) of one verification. Raises SystemExit where it finds anything."""
    database = open_database(str(path))
    cpu, wall = time.process_time(), time.perf_counter()
    with database.reading() as session:
        report = audit.verify(session)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    database.close()
    if report.broken:
        raise SystemExit(f"a whole history was found broken: {report.broken[0].sentence}")
    return report.events, cpu, wall


def main() -> int:
    """Print the table; exit code 1 beyond the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--path", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.path or Path(folder) / "desk.db"
        if not path.exists():
            make_history(path, given.events)
        events, cpu, wall = measure(path)
    a_million = cpu / events * 1_000_000
    print(f"{'events':>10} {'CPU s':>8} {'wall s':>8} {'CPU s a million':>16} {'of the limit':>13}")
    print(f"{events:>10} {cpu:>8.2f} {wall:>8.2f} {a_million:>16.2f} {a_million / LIMIT:>12.0%}")
    return 0 if a_million <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
