"""A word in more messages than a search looks at, in no time: only the index of words has them."""

from __future__ import annotations

from sqlalchemy import text

from tui_desk.db.engine import Database
from tui_desk.rules.query_fields import NEWEST


def flood(database: Database, word: str) -> None:
    """Put ``word`` into one message more than are looked at (SQLite)."""
    with database.writing() as session:
        session.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1000000 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000 + :newest) "
                "INSERT INTO message_fts (rowid, subject, body, people) SELECT i, '', :word, '' FROM n"
            ),
            {"newest": NEWEST, "word": word},
        )
