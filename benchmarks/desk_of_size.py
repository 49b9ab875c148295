"""Makes a desk with any number of tickets, fast, for measuring.

    python -m benchmarks.desk_of_size 1000000 /path/desk.db [--messages 3] [--words 30]

With ``--words`` each further message has so many words, drawn as a language has them: few that stand nearly everywhere, many that
are rare (Zipf's law).
"""

from __future__ import annotations

import argparse
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, product
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
VOCABULARY = 30_000


def make_desk(path: Path, tickets: int, *, seed: int = 1, messages: int = 1, words: int = 0) -> None:
    """A desk with ``tickets`` tickets (2 % open) of so many messages each, at ``path``, which must not exist yet."""
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
    if messages > 1:
        _talk(connection, choice, tickets, messages, words)
    connection.execute(
        "INSERT INTO message_fts (rowid, subject, body, people) SELECT id, subject, text, author_name FROM message"
    )
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def vocabulary() -> list[str]:
    """The made-up words of further messages, the most frequent one first."""
    choice = random.Random(7)
    sounds = ["".join(pair) for pair in product("bdfgklmnprstvwz", "aeiou")]
    return ["".join(choice.choices(sounds, k=choice.randrange(2, 5))) for _word in range(VOCABULARY)]


def _talk(
    connection: sqlite3.Connection, choice: random.Random, tickets: int, messages: int, words: int
) -> None:
    """Answers and questions by turns behind the first message of each ticket."""
    known = vocabulary()
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def rows() -> Iterator[tuple[object, ...]]:
        number = tickets
        for turn in range(1, messages):
            direction, kind = ("out", "personal") if turn % 2 else ("in", "personal")
            for ticket in range(1, tickets + 1):
                number += 1
                at = NOW - timedelta(minutes=tickets - ticket) + timedelta(hours=20 * turn)
                agent = ticket % 20 + 1 if direction == "out" else None
                person = ticket % PEOPLE + 1 if direction == "in" else None
                written = " ".join(choice.choices(known, cum_weights=weights, k=words))
                shown = at.strftime("%Y-%m-%d %H:%M:%S.%f")
                yield (number, ticket, direction, kind, agent, person, f"Person {person}", shown, written)

    connection.executemany(
        "INSERT INTO message (id, ticket_id, kind, direction, mail_kind, author_agent_id, author_person_id, author_name, "
        "author_address, at, subject, recipients_to, recipients_cc, text, segments, language, rfc_message_id, in_reply_to, "
        '"references", raw_sha256, content_digest, evidence, marks) '
        "VALUES (?, ?, 'email', ?, ?, ?, ?, ?, '', ?, '', '[]', '[]', ?, '[]', 'en', '', '', '[]', '', '', '[]', '[]')",
        rows(),
    )


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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tickets", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--messages", type=int, default=1)
    parser.add_argument("--words", type=int, default=30)
    asked = parser.parse_args()
    make_desk(asked.path, asked.tickets, messages=asked.messages, words=asked.words)
