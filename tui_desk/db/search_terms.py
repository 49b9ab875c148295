"""What to look up, in the words of FTS5 and of tsvector. Needs no driver.

Hits come newest first and bounded: ranking a common word over everything takes seconds on either database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tui_desk.rules.query import TextTerm
from tui_desk.rules.query_fields import NEWEST

FEW = 2_000
"""Messages that are asked for by number."""
Rows = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
"""Runs a statement with ``?`` for its values."""


def fts5_expression(terms: Sequence[TextTerm]) -> str:
    """The terms in FTS5's language, every word quoted (sqlite.org/fts5.html, 3.1): nothing typed is an operator."""
    wanted = [_fts5_term(term) for term in terms if not term.negated]
    unwanted = [_fts5_term(term) for term in terms if term.negated]
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted and wanted else expression


def _fts5_term(term: TextTerm) -> str:
    phrase = " + ".join(f'"{word}"' for word in term.words)
    return f"{phrase} *" if _goes_on(term) else phrase


def _goes_on(term: TextTerm) -> bool:
    """Whether the last word is looked up as a beginning: one letter begins a tenth of all words, and no index helps."""
    return term.prefix and (len(term.words[-1]) > 1 or not term.words[-1].isascii())


def tsquery_expression(terms: Sequence[TextTerm]) -> str:
    """The terms in the language of ``to_tsquery``. Words hold letters, digits and ``_`` only, so quoting is enough."""
    parts: list[str] = []
    for term in terms:
        words = [f"'{word}'" for word in term.words]
        if _goes_on(term):
            words[-1] += ":*"
        phrase = f"({' <-> '.join(words)})"
        parts.append(f"!{phrase}" if term.negated else phrase)
    return " & ".join(parts)


def count_hits(rows: Rows, terms: Sequence[TextTerm], *, sqlite: bool) -> bool:
    """Whether more messages match than are asked for by number."""
    if sqlite:
        statement = "SELECT count(*) FROM (SELECT rowid FROM message_fts WHERE message_fts MATCH ? LIMIT ?)"
        return int(rows(statement, (fts5_expression(terms), FEW + 1))[0][0]) > FEW
    # Bounded before the planner may think of walking the whole table for a rare word (45 s were measured).
    statement = "SELECT count(*) FROM (SELECT 1 FROM message_search WHERE document @@ to_tsquery('simple', ?) LIMIT ?) s"
    return int(rows(statement, (tsquery_expression(terms), FEW + 1))[0][0]) > FEW


def is_cut(rows: Rows, terms: Sequence[TextTerm], *, sqlite: bool) -> bool:
    """Whether more messages match than :func:`ticket_condition` looks at."""
    statement = "SELECT 1 FROM message_fts WHERE message_fts MATCH ? LIMIT 1 OFFSET ?"
    return sqlite and bool(rows(statement, (fts5_expression(terms), NEWEST)))


def ticket_condition(terms: Sequence[TextTerm], *, sqlite: bool, many: bool) -> tuple[str, list[Any]]:
    """An SQL condition "the ticket ``t`` has a message that matches", with ``?`` for its values.

    Where ``many`` match, the newest :data:`NEWEST` of them count, and it is looked up ticket by ticket in the order of the list.
    """
    if not sqlite:
        asked = "document @@ to_tsquery('simple', ?)"
        if many:
            inner = f"SELECT 1 FROM message m JOIN message_search s ON s.message_id = m.id WHERE m.ticket_id = t.id AND s.{asked}"
            return f"EXISTS ({inner})", [tsquery_expression(terms)]
        inner = f"SELECT ticket_id FROM message_search WHERE {asked}"
        return f"t.id IN (WITH hits AS MATERIALIZED ({inner}) SELECT ticket_id FROM hits)", [
            tsquery_expression(terms)
        ]
    inner = "SELECT rowid FROM message_fts WHERE message_fts MATCH ? ORDER BY rowid DESC LIMIT ?"
    values = [fts5_expression(terms), NEWEST]
    if many:
        # The plus keeps SQLite from trying all hits on each ticket (sqlite.org/optoverview.html, 2.1).
        return f"EXISTS (SELECT 1 FROM message m WHERE m.ticket_id = t.id AND +m.id IN ({inner}))", values
    return f"t.id IN (SELECT ticket_id FROM message WHERE id IN ({inner}))", values
