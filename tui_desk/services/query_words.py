"""The words of a query: in which tickets they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui_desk.db import search_fts5, search_tsvector
from tui_desk.db.fast import FastReader
from tui_desk.db.search_hits import Hits
from tui_desk.db.search_words import beginnings
from tui_desk.rules.query_terms import TextTerm

Sql = tuple[str, list[Any]]
ASSET_TICKETS_LIMIT = 200
"""Tickets about assets with a word that are asked for by number; where there are more, it is looked up in each ticket."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was found for the words of a query."""

    conditions: tuple[Sql, ...]
    """What a ticket must be to have all that are wanted and none of the others."""
    without: tuple[Sql, ...]
    """Those of the conditions that exclude."""
    hits: Hits | None
    """The messages with all the wanted words."""
    only_hits: bool
    """Whether a ticket has the words by its messages only, not by its number or an asset."""
    cut: bool
    """Whether words stand in so many messages that only the newest of them are looked at."""


def find_words(reader: FastReader, texts: Sequence[TextTerm], *, short: bool, turned: bool = False) -> Words:
    """Tickets whose messages have the words (also in names of people and files), or that are about an asset that has them.

    ``short``: for a list that can be walked whole. ``turned``: for one that begins with the oldest.
    """
    wanted = [term for term in texts if not term.negated]
    unwanted = [
        _find(reader, [replace(term, negated=False)], short, turned) for term in texts if term.negated
    ]
    without = tuple((f"NOT {sql}", values) for (sql, values), _hits, _only in unwanted)
    cut = any(hits.cut for _sql, hits, _only in unwanted)
    if not wanted:
        return Words(without, without, None, False, cut)
    having, hits, only_hits = _find(reader, wanted, short, turned)
    first = wanted[0].words
    lone = len(wanted) == 1 and len(first) == 1 and not wanted[0].in_subject
    if lone and first[0].isdecimal() and len(first[0]) < 10:
        # A lone number is also the number of a ticket.
        having, only_hits = (f"({having[0]} OR t.id = ?)", [*having[1], int(first[0])]), False
    return Words((having, *without), without, hits, only_hits, cut or hits.cut)


def _find(reader: FastReader, terms: Sequence[TextTerm], short: bool, turned: bool) -> tuple[Sql, Hits, bool]:
    if reader.is_sqlite:
        hits = search_fts5.look_up(reader.rows, terms, short=short, turned=turned)
    else:
        hits = search_tsvector.look_up(reader.rows, terms, short=short)
    sql, values = hits.condition
    in_subject = any(term.in_subject for term in terms)
    about = None if in_subject else _of_assets(reader, [word for term in terms for word in term.words])
    if about is None:
        return (sql, values), hits, True
    return (f"({sql} OR {about[0]})", [*values, *about[1]]), hits, False


def _of_assets(reader: FastReader, words: Sequence[str]) -> Sql | None:
    """Tickets about assets that have all the words, as beginnings of theirs; None where there are none. Few are asked for by number."""
    parts = [part for word in words for part in word.split("_") if part]
    if not parts:
        return None
    if reader.is_sqlite:
        found = "SELECT rowid FROM asset_fts WHERE asset_fts MATCH ?"
        asked = beginnings(parts)
    else:
        found = "SELECT asset_id FROM asset_search WHERE document @@ to_tsquery('simple', ?)"
        asked = " & ".join(f"'{word}':*" for word in parts)
    if not asked:
        return None
    rows = reader.rows(
        f"SELECT DISTINCT ticket_id FROM ticket_asset WHERE asset_id IN ({found}) LIMIT ?",
        [asked, ASSET_TICKETS_LIMIT + 1],
    )
    if not rows:
        return None
    if len(rows) <= ASSET_TICKETS_LIMIT:
        return f"t.id IN ({', '.join('?' * len(rows))})", [int(row[0]) for row in rows]
    # The plus keeps SQLite from walking all assets that have the words for each ticket.
    asset = f"{'+' if reader.is_sqlite else ''}l.asset_id"
    return f"EXISTS (SELECT 1 FROM ticket_asset l WHERE l.ticket_id = t.id AND {asset} IN ({found}))", [asked]
