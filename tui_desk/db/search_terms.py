"""What to look up, in the words of FTS5 and of tsvector. Needs no driver.

Hits come newest first and bounded: ranking a common word over everything takes seconds on either database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui_desk.rules.query import TextTerm


def fts5_expression(terms: Sequence[TextTerm]) -> str:
    """The terms in FTS5's language, every word quoted (sqlite.org/fts5.html, 3.1): nothing typed is an operator."""
    wanted = [_fts5_term(term) for term in terms if not term.negated]
    unwanted = [_fts5_term(term) for term in terms if term.negated]
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted and wanted else expression


def _fts5_term(term: TextTerm) -> str:
    phrase = " + ".join(f'"{word}"' for word in term.words)
    return f"{phrase} *" if term.prefix else phrase


def tsquery_expression(terms: Sequence[TextTerm]) -> str:
    """The terms in the language of ``to_tsquery``. Words hold letters, digits and ``_`` only, so quoting is enough."""
    parts: list[str] = []
    for term in terms:
        words = [f"'{word}'" for word in term.words]
        if term.prefix:
            words[-1] += ":*"
        phrase = f"({' <-> '.join(words)})"
        parts.append(f"!{phrase}" if term.negated else phrase)
    return " & ".join(parts)


def condition(
    terms: Sequence[TextTerm], *, sqlite: bool, ticket: str, limit: int = 2000
) -> tuple[str, list[Any]]:
    """An SQL condition "``ticket`` has one of the newest ``limit`` messages that match", with ``?`` for its values."""
    wanted = [term for term in terms if not term.negated]
    if not wanted:
        return "", []
    if sqlite:
        inner = "SELECT rowid FROM message_fts WHERE message_fts MATCH ? ORDER BY rowid DESC LIMIT ?"
        return f"{ticket} IN (SELECT ticket_id FROM message WHERE id IN ({inner}))", [
            fts5_expression(terms),
            limit,
        ]
    inner = "SELECT ticket_id FROM message_search WHERE document @@ to_tsquery('simple', ?) ORDER BY message_id DESC LIMIT ?"
    # A materialised subquery keeps the planner from walking the primary key for a rare word (45 s were measured).
    return f"{ticket} IN (WITH hits AS MATERIALIZED ({inner}) SELECT ticket_id FROM hits)", [
        tsquery_expression(terms),
        limit,
    ]
