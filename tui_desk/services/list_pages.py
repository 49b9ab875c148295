"""Windows of long lists, at the same cost whatever their length: the keys and words that triggers keep beside assets and people.

A search asks the index of words for at most :data:`HITS` rows. Are there no more, they are put in order here; else the list is dense with
hits, and it is walked in its order until the window is full. Without words it is walked by its index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from tui_desk.contracts.lists import COUNT_LIMIT, Place
from tui_desk.contracts.queue import PageKey
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.query import fold

HITS = 2000
_STEP = 500
_MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: its table of keys and words (migration 0005), and the column of its numbers."""

    noun: str
    sorts: tuple[str, ...]

    @property
    def table(self) -> str:
        return f"{self.noun}_search"

    @property
    def number(self) -> str:
        return f"{self.noun}_id"


@dataclass(frozen=True, slots=True)
class Window:
    """Numbers in the order asked for, their places, and what is on either side."""

    numbers: tuple[int, ...]
    keys: tuple[PageKey, ...]
    has_before: bool
    has_after: bool
    count: int | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a window is asked by. ``condition`` is SQL about the row ``l`` of the list's table, with ``?`` for ``values``."""

    query: str
    sort: str
    descending: bool
    place: Place
    limit: int
    with_count: bool = False
    condition: str = ""
    values: tuple[Any, ...] = ()


def window(session: Session, kind: Kind, asked: Asked) -> Window:
    """The numbers of one window. Raises UsageError for an order that the list does not have."""
    if asked.sort not in kind.sorts:
        raise UsageError(
            _("One cannot sort by “{name}”.").format(name=safe_line(asked.sort, 40)),
            _("One can sort by {names}.").format(names=", ".join(kind.sorts)),
        )
    words = search_words(asked.query)
    if asked.query.strip() and not words:
        return Window((), (), False, False, 0 if asked.with_count else None)
    hits = _hits(session, kind, asked, words) if words else None
    if hits is not None and len(hits) <= HITS:
        return _of_hits(asked, hits)
    found = _walk(session, kind, asked, words)
    if not asked.with_count:
        return found
    count = len(hits) if hits is not None else _count(session, kind, asked)
    return Window(
        found.numbers,
        found.keys,
        found.has_before,
        found.has_after,
        min(count, COUNT_LIMIT),
        count > COUNT_LIMIT,
    )


def search_words(query: str) -> tuple[str, ...]:
    """The words that a row must have, each as the beginning of one of its own."""
    return tuple(dict.fromkeys(_WORD.findall(fold(query[:500]))))[:_MOST_WORDS]


def _hits(session: Session, kind: Kind, asked: Asked, words: Sequence[str]) -> list[Key]:
    """Rows that have the words, :data:`HITS` and one more at most, in no order."""
    condition = f" AND {asked.condition}" if asked.condition else ""
    if _is_sqlite(session):
        statement = (
            f"SELECT l.{asked.sort}, l.{kind.number} FROM {kind.noun}_fts f JOIN {kind.table} l ON l.{kind.number} = f.rowid "
            f"WHERE {kind.noun}_fts MATCH ?{condition} LIMIT {HITS + 1}"
        )
        expression = " AND ".join(f'"{word}" *' for word in words)
    else:
        statement = (
            f"SELECT l.{asked.sort}, l.{kind.number} FROM {kind.table} l "
            f"WHERE l.document @@ to_tsquery('simple', ?){condition} LIMIT {HITS + 1}"
        )
        expression = " & ".join(f"'{word}':*" for word in words)
    return [(str(key), int(number)) for key, number in _rows(session, statement, (expression, *asked.values))]


def _of_hits(asked: Asked, hits: list[Key]) -> Window:
    ordered = sorted(hits, reverse=asked.descending)
    place = asked.place
    given = place.after or place.before or place.around
    start, end = 0, len(ordered)
    if given is not None:
        wanted = (given.value, given.number)
        ahead = _ahead(wanted, asked.descending)
        start = next((index for index, key in enumerate(ordered) if not ahead(key)), end)
        if place.after is not None and start < end and ordered[start] == wanted:
            start += 1
    if place.before is not None:
        start, end = max(0, start - asked.limit), start
    elif place.from_end and given is None:
        start = max(0, end - asked.limit)
    else:
        end = min(end, start + asked.limit)
    keys = ordered[start:end]
    return Window(
        tuple(number for _key, number in keys),
        tuple(PageKey(*key) for key in keys),
        start > 0,
        end < len(ordered),
        min(len(ordered), COUNT_LIMIT) if asked.with_count else None,
        len(ordered) > COUNT_LIMIT,
    )


def _ahead(wanted: Key, descending: bool) -> Callable[[Key], bool]:
    return (lambda key: key > wanted) if descending else (lambda key: key < wanted)


def _walk(session: Session, kind: Kind, asked: Asked, words: Sequence[str]) -> Window:
    place = asked.place
    backwards = place.before is not None or (place.from_end and not (place.after or place.around))
    given = place.before or place.after or place.around
    found: list[Key] = []
    for key, text in _in_order(session, kind, asked, backwards, with_words=bool(words)):
        if words and not _has_all(text, words):
            continue
        found.append(key)
        if len(found) > asked.limit:
            break
    more = len(found) > asked.limit
    keys = found[: asked.limit]
    if backwards:
        keys.reverse()
    return Window(
        tuple(number for _key, number in keys),
        tuple(PageKey(*key) for key in keys),
        more if backwards else given is not None,
        (place.before is not None) if backwards else more,
    )


def _in_order(
    session: Session, kind: Kind, asked: Asked, backwards: bool, *, with_words: bool
) -> Iterator[tuple[Key, str]]:
    """The rows from the place on, some at a time, each with its words."""
    falling = asked.descending != backwards
    order, sign = ("DESC", "<") if falling else ("ASC", ">")
    place = asked.place
    given = place.before or place.after or place.around
    inclusive = "=" if place.around is not None and not (place.before or place.after) else ""
    at: tuple[Any, ...] = (given.value, given.number) if given is not None else ()
    step = _STEP if with_words else asked.limit + 1
    text = "l.words" if with_words else "''"
    while True:
        conditions = [asked.condition] if asked.condition else []
        if at:
            conditions.append(f"(l.{asked.sort}, l.{kind.number}) {sign}{inclusive} (?, ?)")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = _rows(
            session,
            f"SELECT l.{asked.sort}, l.{kind.number}, {text} FROM {kind.table} l{where} "
            f"ORDER BY l.{asked.sort} {order}, l.{kind.number} {order} LIMIT {step}",
            (*asked.values, *at),
        )
        for key, number, found in rows:
            yield (str(key), int(number)), str(found)
        if len(rows) < step:
            return
        at, inclusive = (rows[-1][0], rows[-1][1]), ""
        step = min(step * 2, 8000)


def _has_all(text: str, words: Sequence[str]) -> bool:
    present = _WORD.findall(fold(text))
    return all(any(one.startswith(word) for one in present) for word in words)


def _count(session: Session, kind: Kind, asked: Asked) -> int:
    where = f" WHERE {asked.condition}" if asked.condition else ""
    limited = f"SELECT 1 FROM {kind.table} l{where} LIMIT {COUNT_LIMIT + 1}"
    return int(_rows(session, f"SELECT count(*) FROM ({limited}) AS bounded", asked.values)[0][0])


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _rows(session: Session, statement: str, values: tuple[Any, ...]) -> list[Any]:
    """All rows of a statement that is written with ``?`` for its values."""
    if not _is_sqlite(session):
        statement = statement.replace("%", "%%").replace("?", "%s")
    return list(session.connection().exec_driver_sql(statement, values).fetchall())
