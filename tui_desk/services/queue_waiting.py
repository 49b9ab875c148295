"""The queue in the order of who has waited longest: since the first word of the requester that nobody has answered. Tickets that wait
for nobody here come behind, newest first.

No index holds that instant. It lies between the making of a ticket and its last change, so of very many that wait those made first
(the other way round: those changed last) are the ones to look at: :data:`LOOKED_AT` of them.
"""

from __future__ import annotations

from typing import Any

from tui_desk.contracts.queue import ListTickets, PageKey
from tui_desk.db.fast import FastReader
from tui_desk.services.query_parts import UNRESOLVED
from tui_desk.services.query_times import WAITING_SINCE

LOOKED_AT = 2_000
"""Waiting tickets whose instant is looked up: 30 ms. Those beyond stand behind them, newest first."""


def waiting_window(
    reader: FastReader,
    columns: str,
    joins: str,
    conditions: list[str],
    values: list[Any],
    request: ListTickets,
    *,
    turned: bool,
) -> list[tuple[Any, ...]]:
    """The rows of a window and one more, nearest first; behind ``columns`` the instant, empty where nobody waits. ``turned``: whoever
    has waited shortest first."""
    backwards = request.before is not None or request.from_end
    key = request.before or request.after or request.around
    waits = _waits(reader, conditions, values, turned=turned)
    found: list[tuple[str, int]] = []
    for waiting in (False, True) if backwards else (True, False):
        first = waiting is not backwards
        if first and key is not None and waiting is not bool(key.value):
            continue  # the place is in the other part
        place = key if key is not None and waiting is bool(key.value) else None
        limit = request.limit + 1 - len(found)
        if waiting:
            found += _beyond(waits, place, backwards, turned, request.around is not None)[:limit]
        else:
            found += _others(
                reader, conditions, values, waits, place, backwards, request.around is not None, limit
            )
        if len(found) > request.limit:
            break
    return _rows(reader, columns, joins, found)


def _waits(
    reader: FastReader, conditions: list[str], values: list[Any], *, turned: bool
) -> list[tuple[str, int]]:
    """The tickets of the list that wait, each with its instant, in order."""
    where = " AND ".join([UNRESOLVED, "t.requester_waiting", *conditions])
    near = "t.updated_at DESC, t.id DESC" if turned else "t.created_at, t.id"
    chosen = f"SELECT t.id, t.created_at FROM ticket t WHERE {where} ORDER BY {near} LIMIT {LOOKED_AT}"
    rows = reader.rows(f"SELECT t.id, COALESCE({WAITING_SINCE}, t.created_at) FROM ({chosen}) t", values)
    return sorted(
        ((reader.instant(since).isoformat(), int(number)) for number, since in rows), reverse=turned
    )


def _beyond(
    waits: list[tuple[str, int]], place: PageKey | None, backwards: bool, turned: bool, inclusive: bool
) -> list[tuple[str, int]]:
    """Those behind a place (ahead of it, nearest first, where the list is read ``backwards``)."""
    ordered = waits[::-1] if backwards else waits
    if place is None:
        return ordered
    here = (place.value, place.number)
    if inclusive:
        return [one for one in ordered if one == here or (one > here) is not turned]
    return [one for one in ordered if one != here and (one > here) is not (turned is not backwards)]


def _others(
    reader: FastReader,
    conditions: list[str],
    values: list[Any],
    waits: list[tuple[str, int]],
    place: PageKey | None,
    backwards: bool,
    inclusive: bool,
    limit: int,
) -> list[tuple[str, int]]:
    where, more = list(conditions), list(values)
    if len(waits) < LOOKED_AT:
        where.append(f"NOT (t.requester_waiting AND {UNRESOLVED})")
    else:
        where.append(f"t.id NOT IN ({', '.join(str(number) for _since, number in waits)})")
    if place is not None:
        where.append(f"t.id {'>' if backwards else '<=' if inclusive else '<'} ?")
        more.append(place.number)
    rows = reader.rows(
        f"SELECT t.id FROM ticket t WHERE {' AND '.join(where)} ORDER BY t.id {'ASC' if backwards else 'DESC'} LIMIT ?",
        [*more, limit],
    )
    return [("", int(row[0])) for row in rows]


def _rows(
    reader: FastReader, columns: str, joins: str, found: list[tuple[str, int]]
) -> list[tuple[Any, ...]]:
    """The rows of some tickets, in their order."""
    if not found:
        return []
    marks = ", ".join(str(number) for _since, number in found)
    rows = reader.rows(f"SELECT {columns} FROM ticket t {joins} WHERE t.id IN ({marks})")
    by_number = {int(row[0]): row for row in rows}
    return [(*by_number[number], since) for since, number in found if number in by_number]
