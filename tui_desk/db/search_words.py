"""Words as SQLite's full text parts them, which is not always as they were typed.

Its tokenizer knows an older Unicode than Python: some letters part words there, others are none. An index without places (``detail=none``,
as those of people and assets) refuses a word that comes out as two, so words are parted before they are asked for: by SQLite itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

_TOKENIZER = "unicode61 remove_diacritics 2"


def parted(words: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Each of some words as FTS5 has it: in one part, in several that follow each other, or in none."""
    asked = list(words)
    if all(word.isascii() and word.isalnum() for word in asked):
        return tuple((word.lower(),) for word in asked)
    with closing(sqlite3.connect(":memory:")) as own:
        own.execute(f"CREATE VIRTUAL TABLE t USING fts5(word, content='', tokenize='{_TOKENIZER}')")
        own.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        own.executemany("INSERT INTO t (rowid, word) VALUES (?, ?)", enumerate(asked))
        parts: list[list[str]] = [[] for _word in asked]
        for term, number in own.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
            parts[number].append(str(term))
    return tuple(map(tuple, parts))


def beginnings(words: Sequence[str]) -> str:
    """What an index without places is asked for rows that have all ``words``, each as the beginning of one; empty where one of them is
    nothing that SQLite could find. Every part is quoted: nothing typed is an operator."""
    asked: list[str] = []
    for parts in parted(words):
        if not parts:
            return ""
        asked += [f'"{part}"' for part in parts[:-1]]
        asked.append(f'"{parts[-1]}" *')
    return " AND ".join(asked)
