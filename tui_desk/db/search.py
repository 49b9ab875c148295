"""Full text over messages, behind one set of functions for FTS5 and tsvector.

Text is folded (lower case, no diacritics) before it is indexed and before it is looked up (``rules.words.words_of``), so both
databases find the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from tui_desk.rules.words import words_of

MAX_INDEXED_CHARACTERS = 200_000
"""Of one message; PostgreSQL refuses a tsvector above a megabyte."""


@dataclass(frozen=True, slots=True)
class IndexedMessage:
    message_id: int
    ticket_id: int
    subject: str
    body: str
    people: str


def index_message(
    session: Session, message_id: int, ticket_id: int, subject: str, body: str, people: str
) -> None:
    """Make one message findable (see :func:`index_messages`)."""
    index_messages(session, [IndexedMessage(message_id, ticket_id, subject, body, people)])


def index_messages(session: Session, messages: Sequence[IndexedMessage]) -> None:
    """Make messages findable by the words of subject, body, people and attachment names."""
    if not messages:
        return
    if session.get_bind().dialect.name == "sqlite":
        rows = [
            (
                message.message_id,
                message.subject[:1000],
                message.body[:MAX_INDEXED_CHARACTERS],
                message.people[:4000],
            )
            for message in messages
        ]
        session.connection().exec_driver_sql(
            "INSERT INTO message_fts (rowid, subject, body, people) VALUES (?, ?, ?, ?)", rows
        )
        return
    session.execute(
        text(
            "INSERT INTO message_search (message_id, ticket_id, document) "
            "VALUES (:id, :ticket, to_tsvector('simple', :document)) "
            "ON CONFLICT (message_id) DO UPDATE SET ticket_id = excluded.ticket_id, document = excluded.document"
        ),
        [
            {"id": message.message_id, "ticket": message.ticket_id, "document": folded_document(message)}
            for message in messages
        ],
    )


def index_again(session: Session, message: IndexedMessage, old_body: str) -> None:
    """Make a message findable by what it is now; ``old_body`` is the body it was indexed with.

    SQLite's index keeps no text, so it has to be told the words that go (sqlite.org/fts5.html, 6.3). Only those of the body:
    subject and people stay, and naming words that were never there would damage the index.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql(
            "INSERT INTO message_fts (message_fts, rowid, subject, body, people) VALUES ('delete', ?, '', ?, '')",
            (message.message_id, old_body[:MAX_INDEXED_CHARACTERS]),
        )
    index_messages(session, [message])


def move_messages(session: Session, message_ids: Sequence[int], ticket_id: int) -> None:
    """The messages now belong to ``ticket_id``. (SQLite looks the ticket up through the message.)"""
    if session.get_bind().dialect.name == "sqlite" or not message_ids:
        return
    session.execute(
        text("UPDATE message_search SET ticket_id = :ticket WHERE message_id = ANY(:ids)"),
        {"ticket": ticket_id, "ids": list(message_ids)},
    )


def folded_document(message: IndexedMessage) -> str:
    """The words of a message as PostgreSQL is given them."""
    parts = (message.subject[:1000], message.people[:4000], message.body[:MAX_INDEXED_CHARACTERS])
    return " ".join(word[:200] for part in parts for word in words_of(part))
