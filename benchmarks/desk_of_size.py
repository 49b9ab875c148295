"""Makes a desk with any number of tickets, fast, for measuring. ``python -m benchmarks.desk_of_size 1000000 /path/desk.db``"""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tui_desk.db.engine import configure_sqlite, open_database
from tui_desk.db.schema import ensure_schema

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WORDS = [
    "printer",
    "network",
    "password",
    "invoice",
    "laptop",
    "screen",
    "licence",
    "mail",
    "calendar",
    "access",
    "backup",
    "server",
    "phone",
    "order",
]
PEOPLE = 5000
OPEN_SHARE = 0.02


def make_desk(path: Path, tickets: int, *, seed: int = 1) -> None:
    """A desk with ``tickets`` tickets (2 % open), one message each, at ``path``, which must not exist yet."""
    database = open_database(str(path))
    ensure_schema(database)
    database.close()
    connection = sqlite3.connect(path, isolation_level=None)
    configure_sqlite(connection)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN IMMEDIATE")
    _people(connection)
    choice = random.Random(seed)
    connection.executemany(
        "INSERT INTO ticket (id, subject, thread_subject, type, status, priority, channel, assignee_id, team_id, requester_id, "
        "requester_name, company_address, created_at, updated_at, requester_waiting, spam, imported, version) "
        "VALUES (?, ?, '', 'request', ?, ?, 'email', ?, ?, ?, ?, '', ?, ?, ?, 0, 0, 1)",
        _tickets(choice, tickets),
    )
    connection.execute(
        "INSERT INTO message (id, ticket_id, kind, direction, mail_kind, author_person_id, author_name, author_address, at, "
        'subject, recipients_to, recipients_cc, text, segments, language, rfc_message_id, in_reply_to, "references", raw_sha256, '
        "content_digest, evidence, marks) SELECT id, id, 'email', 'in', 'personal', requester_id, requester_name, '', created_at, "
        "subject, '[]', '[]', 'It stopped working this morning. ' || subject, '[]', 'en', '', '', '[]', '', '', '[]', '[]' FROM ticket"
    )
    connection.execute(
        "INSERT INTO message_fts (rowid, subject, body, people) SELECT id, subject, text, author_name FROM message"
    )
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _people(connection: sqlite3.Connection) -> None:
    made = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
    connection.execute(
        "INSERT INTO agent (id, login, name, email, role, active, signature, created_at) VALUES (1, 'root', 'Root', '', 'admin', 1, '', ?)",
        [made],
    )
    connection.executemany(
        "INSERT INTO agent (id, login, name, email, role, active, signature, created_at) VALUES (?, ?, ?, '', 'agent', 1, '', ?)",
        [(number, f"agent{number}", f"Agent {number}", made) for number in range(2, 21)],
    )
    connection.executemany(
        "INSERT INTO team (id, name) VALUES (?, ?)", [(1, "Service desk"), (2, "Network"), (3, "HR")]
    )
    connection.executemany(
        "INSERT INTO person (id, name, phone, location, language, vip, blocked, notes, created_at) "
        "VALUES (?, ?, '', '', '', 0, 0, '', ?)",
        [(number, f"Person {number}", made) for number in range(1, PEOPLE + 1)],
    )


def _tickets(choice: random.Random, count: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, count + 1):
        created = NOW - timedelta(minutes=count - number, microseconds=choice.randrange(1_000_000))
        is_open = choice.random() < OPEN_SHARE or number > count - 200
        status = (
            choice.choice(("new", "open", "pending", "on_hold"))
            if is_open
            else choice.choice(("resolved", "closed", "closed"))
        )
        assignee = choice.randrange(1, 21) if choice.random() < 0.7 else None
        person = choice.randrange(1, PEOPLE + 1)
        updated = created + timedelta(minutes=choice.randrange(0, 3000))
        yield (
            number,
            f"{choice.choice(WORDS).title()} {choice.choice(WORDS)} {number}",
            status,
            choice.choices((0, 1, 2, 3), (2, 10, 3, 1))[0],
            assignee,
            choice.randrange(1, 4),
            person,
            f"Person {person}",
            created.strftime("%Y-%m-%d %H:%M:%S.%f"),
            updated.strftime("%Y-%m-%d %H:%M:%S.%f"),
            int(choice.random() < 0.5),
        )


if __name__ == "__main__":
    make_desk(Path(sys.argv[2]), int(sys.argv[1]))
