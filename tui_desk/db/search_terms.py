"""What to look up, in the words of FTS5 and of tsvector. Needs no driver.

Hits come newest first and bounded: ranking a common word over everything takes seconds on either database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui_desk.rules.query import TextTerm
from tui_desk.rules.query_fields import NEWEST

FEW = 10_000
"""Messages whose tickets are put in order; of more, the tickets are walked in order and looked up one by one."""
_INDEXED_BEGINNING = 3
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


@dataclass(frozen=True, slots=True)
class Hits:
    """Messages with all of some words, after one look at the index."""

    expression: str
    count: int
    """How many there are, as far as that was counted."""
    numbers: str = ""
    """On SQLite: those messages, the newest :data:`NEWEST` at most, as a JSON list."""

    @property
    def cut(self) -> bool:
        """Whether there are more messages than are looked at."""
        return bool(self.numbers) and self.count > NEWEST

    @property
    def many(self) -> bool:
        """Whether the tickets in order are looked up one by one."""
        return self.count > FEW

    def condition(self) -> tuple[str, list[Any]]:
        """An SQL condition "the ticket ``t`` has one of them", with ``?`` for its values.

        Where there are many, it is looked up ticket by ticket in the order of the list, which fills a page soon.
        """
        if self.numbers:
            found = "SELECT value FROM json_each(?)"
            if self.many:
                # The plus keeps SQLite from trying all hits on each ticket (sqlite.org/optoverview.html, 2.1).
                inner = f"SELECT 1 FROM message m WHERE m.ticket_id = t.id AND +m.id IN ({found})"
                return f"EXISTS ({inner})", [self.numbers]
            return f"t.id IN (SELECT ticket_id FROM message WHERE id IN ({found}))", [self.numbers]
        asked = "document @@ to_tsquery('simple', ?)"
        if self.many:
            inner = f"SELECT 1 FROM message m JOIN message_search s ON s.message_id = m.id WHERE m.ticket_id = t.id AND s.{asked}"
            return f"EXISTS ({inner})", [self.expression]
        inner = f"SELECT ticket_id FROM message_search WHERE {asked}"
        return f"t.id IN (WITH hits AS MATERIALIZED ({inner}) SELECT ticket_id FROM hits)", [self.expression]

    def tickets(self) -> tuple[str, list[Any]] | None:
        """What gives the tickets ``h.ticket_id`` of the messages, from the newest, some of them several times: to count with.

        None where that reads more than a walk along the tickets does: PostgreSQL gathers all hits before it gives one.
        """
        if not self.numbers:
            return None
        found = "SELECT m.ticket_id FROM json_each(?) n CROSS JOIN message m ON m.id = n.value"
        return f"({found}) h", [self.numbers]


def look_up(rows: Rows, terms: Sequence[TextTerm], *, sqlite: bool) -> Hits:
    """Look in the index for messages with all the words."""
    if not sqlite:
        asked = tsquery_expression(terms)
        # Bounded before the planner may think of walking the whole table for a rare word (45 s were measured).
        bounded = "SELECT 1 FROM message_search WHERE document @@ to_tsquery('simple', ?) LIMIT ?"
        return Hits(asked, int(rows(f"SELECT count(*) FROM ({bounded}) s", (asked, FEW + 1))[0][0]))
    asked = fts5_expression(_settled(rows, terms))
    newest = "SELECT rowid FROM message_fts WHERE message_fts MATCH ? ORDER BY rowid DESC LIMIT ?"
    count, numbers = rows(f"SELECT count(*), json_group_array(rowid) FROM ({newest})", (asked, NEWEST + 1))[0]
    if count > NEWEST:
        numbers = numbers.rpartition(",")[0] + "]"
    return Hits(asked, count, numbers)


def _settled(rows: Rows, terms: Sequence[TextTerm]) -> Sequence[TextTerm]:
    """A lone word that by itself is in more messages than are looked at is no beginning of another word.

    FTS5 puts the lists of all words with a beginning together before it gives the first hit, unless it has an index for
    beginnings of that length (sqlite.org/fts5.html, 4.2; ours has for two and three letters): 0.1 s for a word of 1,400,000 messages.
    """
    if len(terms) != 1 or not _goes_on(terms[0]) or len(terms[0].words[-1]) <= _INDEXED_BEGINNING:
        return terms
    whole = [replace(terms[0], prefix=False)]
    statement = "SELECT 1 FROM message_fts WHERE message_fts MATCH ? LIMIT 1 OFFSET ?"
    return whole if rows(statement, (fts5_expression(whole), NEWEST)) else terms
