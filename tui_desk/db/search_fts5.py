"""Words in FTS5. Its lists of the messages with a word are read from the newest on, as far as is needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from tui_desk.db.search_hits import Hits, Rows, goes_on
from tui_desk.db.search_words import parted
from tui_desk.rules.query_fields import NEWEST
from tui_desk.rules.query_terms import TextTerm

FEW = 10_000
"""Messages whose tickets are put in order; of more, the tickets are walked in order and looked up one by one."""
WALKED = 300_000
"""Of words that stand in many messages each, as many places are looked at for all of them together at most."""
BEGINNINGS = 64
"""Words with one beginning that are looked up one by one."""
PAGE, FAR = 300, 200_000
"""Where so many hits are not among the newest messages, so many, walking along the tickets takes long."""
_INDEXED_BEGINNING = 3

_FOUND = "SELECT rowid FROM message_fts WHERE message_fts MATCH ? AND rowid >= ?"
_NEWEST = (
    "SELECT count(*), min(rowid), json_extract(json_group_array(rowid), ?), json_group_array(rowid) "
    f"FROM ({_FOUND} ORDER BY rowid DESC LIMIT ?)"
)

Parts = list[list[str]]
"""Consecutive words in FTS5's language, each as what it may be."""


def _parts(rows: Rows, term: TextTerm) -> Parts:
    """Every word is quoted (sqlite.org/fts5.html, 3.1): nothing typed is an operator."""
    (words,) = parted([term.typed or " ".join(term.words)])
    parts = [[f'"{word}"'] for word in words]
    if words and goes_on(term):
        parts[-1] = _going_on(rows, words[-1])
    return parts


def _going_on(rows: Rows, word: str) -> list[str]:
    """The words that begin with ``word``.

    FTS5 has an index for beginnings of two and three letters. For longer ones it puts the lists of all words together before it
    gives the first hit (sqlite.org/fts5.html, 4.2): 0.1 s for those of 1,400,000 messages. So it is asked for the words themselves,
    whose lists it reads from the end as far as is needed. Where they are many each is seldom, and together they cost little.
    """
    if len(word) <= _INDEXED_BEGINNING or not word.isalnum():
        return [f'"{word}" *']
    # One step in the index for each; no word holds the letter U+0001, so it leads behind all entries of a word.
    statement = (
        "WITH RECURSIVE w (term) AS (SELECT (SELECT term FROM message_word WHERE term >= ? ORDER BY term LIMIT 1) UNION ALL "
        "SELECT (SELECT v.term FROM message_word v WHERE v.term >= w.term || char(1) ORDER BY v.term LIMIT 1) FROM w WHERE w.term < ?) "
        "SELECT term FROM w WHERE term < ? LIMIT ?"
    )
    end = f"{word}\U0010ffff"
    found = [str(row[0]) for row in rows(statement, (word, end, end, BEGINNINGS + 1))]
    if not 0 < len(found) <= BEGINNINGS:
        return [f'"{word}" *']
    return [f'"{one}"' for one in found]


def _phrase(parts: Parts, in_subject: bool = False) -> str:
    *before, last = parts
    head = "".join(f"{one} + " for [one] in before)
    whole = [f"{head}{one}" for one in last]
    asked = whole[0] if len(whole) == 1 else f"({' OR '.join(whole)})"
    return f"{{subject}} : {asked}" if in_subject else asked


def _all_of(parts: Iterable[str]) -> str:
    return " AND ".join(parts)


def look_up(rows: Rows, terms: Sequence[TextTerm], *, short: bool, turned: bool = False) -> Hits:
    """The messages with all the words, so far back that no words take long.

    Of the seldomest word so many messages are looked at that comparing its places with those of the others costs little. Of the
    messages that have all words the newest :data:`NEWEST` are looked at: only of those it is asked whether words follow each other, or
    stand in a subject.
    Where the hits are many, but so long ago that a walk along the tickets meets none for long, the newest :data:`FEW` are put in order,
    unless the list they are for is ``short``. So they are where a list begins with the oldest (``turned``) and they are all new.
    """
    parts = [_parts(rows, term) for term in terms]
    if not all(parts):  # nothing that SQLite takes for a letter
        return _listed("[]", False)
    words = list(dict.fromkeys(_phrase([one]) for part in parts for one in part))
    asked = _all_of(_phrase(part, term.in_subject) for part, term in zip(parts, terms, strict=True))
    together = _all_of(words)
    oldest = _seldomest(rows, words) if len(words) > 1 else 0
    count, first, page, numbers = rows(_NEWEST, (f"$[{PAGE}]", together, oldest, NEWEST + 1))[0]
    if count > NEWEST:
        oldest = int(first) + 1
    if any(len(part) > 1 or term.in_subject for part, term in zip(parts, terms, strict=True)):
        count, first, page, numbers = rows(_NEWEST, (f"$[{PAGE}]", asked, oldest, FEW + 1))[0]
    if count <= FEW:
        return _listed(numbers, oldest > 0)
    is_far = _is_new(numbers, oldest) if turned else page < _last(rows) - FAR
    if not short and is_far:
        return _listed(json.dumps(json.loads(numbers)[:FEW]), True)
    # The plus keeps SQLite from trying all hits on each ticket (sqlite.org/optoverview.html, 2.1).
    inner = f"SELECT 1 FROM message m WHERE m.ticket_id = t.id AND +m.id IN ({_FOUND})"
    tickets = (
        f"(SELECT m.ticket_id FROM ({_FOUND} ORDER BY rowid DESC) n CROSS JOIN message m ON m.id = n.rowid) h"
    )
    values = [asked, oldest]
    return Hits((f"EXISTS ({inner})", values), (tickets, values), many=True, cut=oldest > 0)


def _listed(numbers: str, cut: bool) -> Hits:
    """The messages of a JSON list."""
    listed = "SELECT value FROM json_each(?)"
    condition = f"t.id IN (SELECT ticket_id FROM message WHERE id IN ({listed}))"
    tickets = "(SELECT m.ticket_id FROM json_each(?) n CROSS JOIN message m ON m.id = n.value) h"
    return Hits((condition, [numbers]), (tickets, [numbers]), cut=cut)


def _is_new(numbers: str, oldest: int) -> bool:
    """Whether those of the hits that were looked at are far from the first message of all."""
    return oldest > FAR or int(json.loads(numbers)[-PAGE:][0]) > FAR


def _last(rows: Rows) -> int:
    return int(rows("SELECT COALESCE(max(id), 0) FROM message", ())[0][0])


def _seldomest(rows: Rows, words: Sequence[str]) -> int:
    """From which message on to look where each of some words stands in many; 0 where one of them does not."""
    many = max(NEWEST, WALKED // len(words))
    places: list[int] = []
    for word in words:
        found = rows(f"{_FOUND} ORDER BY rowid DESC LIMIT 1 OFFSET ?", (word, 0, many))
        if not found:
            return 0
        places.append(int(found[0][0]) + 1)
    return min(places)
