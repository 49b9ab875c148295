"""Words in PostgreSQL's tsvector. Its index has no order: it gathers all messages with a word before it gives the first.

So what the newest messages are like is looked at first. What stands in many of them is looked up ticket by ticket; what is seldom, by the
index; and of words that are seldom together but each in very many messages, which the index would take long for, the newest are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_desk.db.search_hits import Hits, Rows, goes_on
from tui_desk.rules.query import TextTerm

SAMPLE = 10_000
"""The newest messages, to see how common words are: 5 ms."""
COMMON = 100
"""In so many of the sample, and there are many: a page and a count are soon filled."""
FEW = 5_000
"""Messages whose tickets are put in order; of more, the tickets are walked in order and looked up one by one."""
GATHERED = 1_500_000
"""Entries of the index that are gathered; 60 ms."""
NEWEST = 100_000
"""Messages that are read, from the newest, where more than that would be gathered."""
COUNTED = 2_000
"""Messages with the words that are read to count a thousand tickets."""
_ASKED = "document @@ to_tsquery('simple', ?)"


def look_up(rows: Rows, terms: Sequence[TextTerm], *, short: bool) -> Hits:
    """The messages with all the words. ``short``: the list they are for can be walked whole."""
    parts = [_words(term) for term in terms]
    asked = " & ".join(f"({' <-> '.join(words)})" for words in parts)
    words = list(dict.fromkeys(word for part in parts for word in part))
    counts = ", ".join(f"count(*) FILTER (WHERE {_ASKED})" for _one in (asked, *words))
    newest = "SELECT message_id, document FROM message_search ORDER BY message_id DESC LIMIT ?"
    sample = f"SELECT max(message_id), count(*), {counts} FROM ({newest}) s"
    last, read, fitting, *each = rows(sample, (asked, *words, SAMPLE))[0]
    if fitting >= COMMON:
        return _many(asked, int(last) - int(read / fitting * COUNTED))
    if read and last / read * sum(each) > GATHERED:
        if short:
            return _many(asked, int(last) - NEWEST)
        return _listed(rows(f"{_TICKETS} AND message_id > ?", (asked, last - NEWEST)), cut=last > NEWEST)
    # Bounded before the planner may think of walking the whole table for a rare word (45 s were measured).
    found = rows(f"{_TICKETS} LIMIT ?", (asked, FEW + 1))
    if len(found) <= FEW:
        return _listed(found)
    return replace(_many(asked, 0), tickets=_listed(found[:COUNTED]).tickets)


_TICKETS = f"SELECT ticket_id FROM message_search WHERE {_ASKED}"


def _words(term: TextTerm) -> list[str]:
    """In the language of ``to_tsquery``. Words hold letters, digits and ``_`` only, so quoting is enough."""
    words = [f"'{word}'" for word in term.words]
    return [*words[:-1], f"{words[-1]}:*"] if goes_on(term) else words


def _many(asked: str, counted_from: int) -> Hits:
    # The OFFSET keeps PostgreSQL from making a join of it, which gathers all hits.
    inner = f"SELECT 1 FROM message_search s WHERE s.ticket_id = t.id AND s.{_ASKED} OFFSET 0"
    tickets = f"({_TICKETS} AND message_id > ?) h"
    return Hits((f"EXISTS ({inner})", [asked]), (tickets, [asked, counted_from]), many=True, whole=False)


def _listed(found: Sequence[Sequence[int]], cut: bool = False) -> Hits:
    numbers = sorted({int(row[0]) for row in found})
    listed = "SELECT unnest(CAST(? AS integer[]))"
    return Hits((f"t.id IN ({listed})", [numbers]), (f"({listed} AS ticket_id) h", [numbers]), cut=cut)
