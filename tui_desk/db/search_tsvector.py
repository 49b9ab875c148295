"""Words in PostgreSQL's tsvector. Its index has no order: it gathers all messages with a word before it gives the first.

So what the newest messages are like is looked at first. What stands in many of them is looked up ticket by ticket; what is seldom, by the
index; and of words that are seldom together but each in very many messages, which the index would take long for, the newest are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from tui_desk.db.search_hits import Hits, Rows, goes_on
from tui_desk.rules.query_terms import TextTerm
from tui_desk.rules.words import words_of

SAMPLE = 10_000
"""The newest messages, to see how common words are: 5 ms."""
COMMON = 100
"""In so many of the sample, and there are many: a page and a count are soon filled."""
FEW = 5_000
"""Messages whose tickets are put in order; of more, the tickets are walked in order and looked up one by one."""
SUBJECTS = 3_000
"""Messages whose subjects are read: 30 ms."""
TAKEN = 20_000
"""Messages with the words of a subject that the index is asked for, to choose the newest of them."""
GATHERED = 1_500_000
"""Entries of the index that are gathered; 60 ms."""
NEWEST = 100_000
"""Messages that are read, from the newest, where more than that would be gathered."""
COUNTED = 2_000
"""Messages with the words that are read to count a thousand tickets."""
_ASKED = "document @@ to_tsquery('simple', ?)"


def look_up(rows: Rows, terms: Sequence[TextTerm], *, short: bool) -> Hits:
    """The messages with all the words. ``short``: the list they are for can be walked whole."""
    if not all(map(_letters, terms)):  # PostgreSQL would leave such a term out
        return _listed([], cut=False)
    parts = [_words(term) for term in terms]
    asked = " & ".join(f"({' <-> '.join(words)})" for words in parts)
    sample = _sample(rows, asked, list(dict.fromkeys(word for part in parts for word in part)))
    if any(term.in_subject for term in terms):
        return _in_subjects(rows, terms, asked, sample)
    if sample.fitting >= COMMON:
        return _many(asked, sample.last - int(sample.read / sample.fitting * COUNTED))
    if sample.gathered > GATHERED:
        if short:
            return _many(asked, sample.last - NEWEST)
        found = rows(f"{_TICKETS} AND message_id > ?", (asked, sample.last - NEWEST))
        return _listed(found, cut=sample.last > NEWEST)
    # Bounded before the planner may think of walking the whole table for a rare word (45 s were measured).
    found = rows(f"{_TICKETS} LIMIT ?", (asked, FEW + 1))
    if len(found) <= FEW:
        return _listed(found)
    return replace(_many(asked, 0), tickets=_listed(found[:COUNTED]).tickets)


class _Sample(NamedTuple):
    """What the newest messages are like: the number of the last one, how many were read and fit, and how many entries of the index all
    messages with the words are."""

    last: int
    read: int
    fitting: int
    gathered: float


def _sample(rows: Rows, asked: str, words: list[str]) -> _Sample:
    counts = ", ".join(f"count(*) FILTER (WHERE {_ASKED})" for _one in (asked, *words))
    newest = "SELECT message_id, document FROM message_search ORDER BY message_id DESC LIMIT ?"
    statement = f"SELECT max(message_id), count(*), {counts} FROM ({newest}) s"
    last, read, fitting, *each = rows(statement, (asked, *words, SAMPLE))[0]
    return _Sample(last or 0, read, fitting, last / read * sum(each) if read else 0)


def _in_subjects(rows: Rows, terms: Sequence[TextTerm], asked: str, sample: _Sample) -> Hits:
    """The index does not know where a subject ends, so subjects are read: of all messages with the words where they are few, else of the
    newest."""
    if sample.fitting < COMMON and sample.gathered <= GATHERED:
        found = rows(f"SELECT message_id FROM message_search WHERE {_ASKED} LIMIT ?", (asked, TAKEN))
        numbers = sorted((int(row[0]) for row in found), reverse=True)
        by_number = "s.message_id = ANY(CAST(? AS integer[]))"
        fitting = _fitting(rows, terms, by_number, (numbers[:SUBJECTS],))
        return _listed(fitting, cut=len(numbers) > SUBJECTS)
    reach = min(NEWEST, sample.read * SUBJECTS // max(sample.fitting, 1))
    newest = _fitting(rows, terms, f"s.{_ASKED} AND s.message_id > ?", (asked, sample.last - reach))
    return _listed(newest, cut=sample.last > reach)


def _fitting(
    rows: Rows, terms: Sequence[TextTerm], condition: str, values: Sequence[Any]
) -> list[tuple[int]]:
    """The tickets of those messages whose subject (the ticket's where they have none) has the words that are to stand in it."""
    found = rows(
        "SELECT s.ticket_id, COALESCE(NULLIF(m.subject, ''), t.subject) FROM message_search s JOIN message m ON m.id = s.message_id "
        f"JOIN ticket t ON t.id = s.ticket_id WHERE {condition}",
        values,
    )
    fits = {subject: _fit(subject, terms) for _ticket, subject in found}
    return [(int(ticket),) for ticket, subject in found if fits[subject]]


def _fit(subject: str, terms: Sequence[TextTerm]) -> bool:
    there = words_of(subject.replace("_", " "))
    return all(_stand_in(there, term) for term in terms if term.in_subject)


def _stand_in(there: tuple[str, ...], term: TextTerm) -> bool:
    """Whether words stand one behind the other, the last one perhaps as a beginning."""
    *before, last = _letters(term)
    for at in range(len(there) - len(before)):
        word = there[at + len(before)]
        if (word.startswith(last) if goes_on(term) else word == last) and [
            *there[at : at + len(before)]
        ] == before:
            return True
    return False


_TICKETS = f"SELECT ticket_id FROM message_search WHERE {_ASKED}"


def _letters(term: TextTerm) -> tuple[str, ...]:
    """The words as the index parts them; none where there is nothing but ``_``."""
    return words_of(" ".join(term.words).replace("_", " "))


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
