"""Windows of long lists, at the same cost whatever their length: the keys and words that triggers keep beside assets and people.

Without words the list is walked by its index, and so it is for words that many rows have: a look at the first rows tells. Else the index of
words is asked for at most :data:`HITS` rows. Are there no more, they are put in order here; else the database puts all of them in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, column, select, table
from sqlalchemy import text as sql
from sqlmodel import Session

from tui_desk.contracts.lists import COUNT_LIMIT, ListPage, PageAssets, PagePeople, Place
from tui_desk.contracts.queue import PageKey
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.search_words import beginnings
from tui_desk.rules.own_query import may_name_fields, split_own
from tui_desk.rules.words import fold
from tui_desk.services.context import now
from tui_desk.services.own_search import known_fields, own_condition

R = TypeVar("R")

HITS = 1000
_STEP = 500
_WALKED = 12_000
"""Rows that may be looked at one after the other to fill a window."""
_COUNTED = 2000
"""Rows that are looked at in order to say how many hits there are at least."""
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


class Own(NamedTuple):
    """What a search asks of fields of your own, as SQL about the row ``l``, and what is left of it."""

    rest: str
    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()


def own_of_list(session: Session, kind: Kind, query: str) -> Own:
    """The terms about fields of your own in a search. Raises UsageError at the first word that makes no sense."""
    if not may_name_fields(query):
        return Own(query)
    fields = known_fields(
        lambda statement, values: _rows(session, statement, tuple(values)), kind.noun, query
    )
    found = split_own(query, fields, now(session))
    if found.wrong:
        wrong = found.wrong[0]
        raise UsageError(f"{safe_line(wrong.word, 60)}: {wrong.sentence}", wrong.hint)
    sqlite = _is_sqlite(session)
    parts = [own_condition(term, f"l.{kind.number}", sqlite=sqlite) for term in found.terms]
    return Own(
        found.rest.strip(),
        tuple(sql for sql, _values in parts),
        tuple(value for _sql, values in parts for value in values),
    )


def page_of(
    session: Session,
    kind: Kind,
    request: PageAssets | PagePeople,
    rows_of: Callable[[Session, tuple[int, ...]], Mapping[int, R]],
    *conditions: str,
) -> ListPage[R]:
    """One window of a list; ``rows_of`` reads the rows by their numbers, ``conditions`` hold besides what is asked for. Raises UsageError."""
    own = own_of_list(session, kind, request.query)
    asked = Asked(
        query=own.rest,
        sort=request.sort,
        descending=request.descending,
        place=request.place,
        limit=request.limit,
        with_count=request.with_count,
        condition=" AND ".join([*own.conditions, *conditions]),
        values=own.values,
    )
    found = window(session, kind, asked)
    rows = rows_of(session, found.numbers)
    keys = tuple(key for key in found.keys if key.number in rows)
    return ListPage(
        tuple(rows[key.number] for key in keys),
        keys,
        found.has_before,
        found.has_after,
        found.count,
        found.capped,
    )


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
    if words:
        common = _of_common_words(session, kind, asked, words)
        if common is not None:
            return common
        hits = _hits(session, kind, words)
        if len(hits) <= HITS:
            return _of_hits(asked, _keys_of(session, kind, asked, hits))
    found = _walk(session, kind, asked, words)
    if not asked.with_count:
        return found
    count = _count(session, kind, asked, words)
    return replace(found, count=min(count, COUNT_LIMIT), capped=count > COUNT_LIMIT)


def search_words(query: str) -> tuple[str, ...]:
    """The words that a row must have, each as the beginning of one of its own."""
    return tuple(dict.fromkeys(_WORD.findall(fold(query[:500]))))[:_MOST_WORDS]


def _hits(session: Session, kind: Kind, words: Sequence[str]) -> list[int]:
    """Rows that have the words, whatever else is asked: :data:`HITS` and one more at most, in no order."""
    rows = _rows(
        session, f"SELECT {_matching(session, kind)} LIMIT {HITS + 1}", (_expression(session, words),)
    )
    return [int(number) for (number,) in rows]


def having_words(session: Session, kind: Kind, words: Sequence[str]) -> Select[Any]:
    """The numbers of the rows that have the words, for a list in another order (a part of its statement)."""
    sqlite = _is_sqlite(session)
    source, number = (f"{kind.noun}_fts", "rowid") if sqlite else (kind.table, kind.number)
    condition = f"{source} MATCH :words" if sqlite else "document @@ to_tsquery('simple', :words)"
    found = sql(condition).bindparams(words=_expression(session, words))
    return select(column(number)).select_from(table(source)).where(found)


def _matching(session: Session, kind: Kind) -> str:
    if _is_sqlite(session):
        return f"rowid FROM {kind.noun}_fts WHERE {kind.noun}_fts MATCH ?"
    return f"{kind.number} FROM {kind.table} WHERE document @@ to_tsquery('simple', ?)"


def _expression(session: Session, words: Sequence[str]) -> str:
    """All of the words, each as a beginning. They hold letters and digits only, so quoting is enough."""
    if _is_sqlite(session):
        return beginnings(words) or '""'
    return " & ".join(f"'{word}':*" for word in words)


def _keys_of(session: Session, kind: Kind, asked: Asked, hits: Sequence[int]) -> list[Key]:
    """The places of those hits that are asked for."""
    if not hits:
        return []
    numbers = ",".join(map(str, hits))
    condition = f" AND {asked.condition}" if asked.condition else ""
    rows = _rows(
        session,
        f"SELECT l.{asked.sort}, l.{kind.number} FROM {kind.table} l WHERE l.{kind.number} IN ({numbers}){condition}",
        asked.values,
    )
    return [(str(key), int(number)) for key, number in rows]


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
    backwards = _is_backwards(asked.place)
    rows = _next(session, kind, asked, backwards, words)
    return _of_walked(asked, backwards, [(key, number) for key, number, _text in rows])


def _is_backwards(place: Place) -> bool:
    return place.before is not None or (place.from_end and not (place.after or place.around))


def _of_walked(asked: Asked, backwards: bool, found: list[Key]) -> Window:
    """The window of rows that were found from its place on: one more than it has, where there is one."""
    more = len(found) > asked.limit
    keys = found[: asked.limit]
    if backwards:
        keys.reverse()
    return Window(
        tuple(number for _key, number in keys),
        tuple(PageKey(*key) for key in keys),
        more if backwards else asked.place.after is not None or asked.place.around is not None,
        asked.place.before is not None if backwards else more,
    )


def _of_common_words(session: Session, kind: Kind, asked: Asked, words: Sequence[str]) -> Window | None:
    """A full window by looking at one row after the other; None where the first rows say that this takes too many, or the list ends.

    How many there are is then said as: at least so many.
    """
    begins = [re.compile(rf"(?<![^\W_]){word}") for word in words]
    backwards = _is_backwards(asked.place)
    found: list[Key] = []
    walked, at = 0, None
    while len(found) <= asked.limit or (asked.with_count and walked < _COUNTED and len(found) <= COUNT_LIMIT):
        rows = _next(session, kind, asked, backwards, (), at)
        found += [(key, number) for key, number, text in rows if _has_all(text, words, begins)]
        walked, at = walked + len(rows), rows[-1][:2] if rows else None
        expected = len(found) * _WALKED // max(walked, 1)
        if len(rows) < _STEP or expected <= asked.limit:
            return None
    count = min(len(found), COUNT_LIMIT) if asked.with_count else None
    return replace(_of_walked(asked, backwards, found), count=count, capped=asked.with_count)


def _next(
    session: Session,
    kind: Kind,
    asked: Asked,
    backwards: bool,
    words: Sequence[str],
    at: Key | None = None,
) -> list[tuple[str, int, str]]:
    """The rows from the place (or behind ``at``) on: those with ``words``; without words those of the list, where it is searched with
    the words they have."""
    falling = asked.descending != backwards
    order, sign = ("DESC", "<") if falling else ("ASC", ">")
    place = asked.place
    given = place.before or place.after or place.around
    conditions = [asked.condition] if asked.condition else []
    values: tuple[Any, ...] = asked.values
    searched = bool(asked.query.strip())
    source = f"{kind.table} l"
    if words:
        source, values = _with_words(session, kind, words), (_expression(session, words), *values)
    if at is not None or given is not None:
        inclusive = (
            "=" if at is None and place.around is not None and not (place.before or place.after) else ""
        )
        conditions.append(f"(l.{asked.sort}, l.{kind.number}) {sign}{inclusive} (?, ?)")
        values = (*values, *(at or (given.value, given.number)))  # type: ignore[union-attr]  # one of both is there
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    text, limit = ("l.words", _STEP) if searched and not words else ("''", asked.limit + 1)
    rows = _rows(
        session,
        f"SELECT l.{asked.sort}, l.{kind.number}, {text} FROM {source}{where} "
        f"ORDER BY l.{asked.sort} {order}, l.{kind.number} {order} LIMIT {limit}",
        values,
    )
    return [(str(key), int(number), str(found)) for key, number, found in rows]


def _with_words(session: Session, kind: Kind, words: Sequence[str]) -> str:
    """The rows that have the words as a table ``l``: all of them are looked up before anything else is asked."""
    if _is_sqlite(session):
        hits = f"SELECT rowid AS hit FROM {kind.noun}_fts WHERE {kind.noun}_fts MATCH ?"
        return f"({hits}) h CROSS JOIN {kind.table} l ON l.{kind.number} = h.hit"
    return f"(SELECT * FROM {kind.table} WHERE document @@ to_tsquery('simple', ?) OFFSET 0) l"


def _has_all(text: str, words: Sequence[str], begins: Sequence[re.Pattern[str]]) -> bool:
    """Whether each of ``words`` (``begins``: as the beginning of a word) is in ``text``."""
    folded = text.lower() if text.isascii() else fold(text)
    return all(word in folded for word in words) and all(one.search(folded) for one in begins)


def _count(session: Session, kind: Kind, asked: Asked, words: Sequence[str]) -> int:
    """How many there are; it stops counting one above the limit."""
    where = f" WHERE {asked.condition}" if asked.condition else ""
    source, values = f"{kind.table} l", asked.values
    if words:
        source, values = _with_words(session, kind, words), (_expression(session, words), *values)
    limited = f"SELECT 1 FROM {source}{where} LIMIT {COUNT_LIMIT + 1}"
    return int(_rows(session, f"SELECT count(*) FROM ({limited}) AS bounded", values)[0][0])


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _rows(session: Session, statement: str, values: tuple[Any, ...]) -> list[Any]:
    """All rows of a statement that is written with ``?`` for its values."""
    if not _is_sqlite(session):
        statement = statement.replace("%", "%%").replace("?", "%s")
    return list(session.connection().exec_driver_sql(statement, values).fetchall())
