"""The queue in the order of what is due: the earliest of a ticket's next action and its open tasks; tickets without, and those that are
resolved or closed, come behind, newest first.

What is due is a small part of a large desk, so it is put in order at once; the rest is walked by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tui_desk.contracts.queue import ListTickets
from tui_desk.core.clock import utc_now
from tui_desk.db.fast import SQLITE_TIME, FastReader
from tui_desk.rules.zone_offsets import offsets_around
from tui_desk.services.query_parts import UNRESOLVED
from tui_desk.services.zone_reading import zone_read

_TASK = (
    "SELECT k.ticket_id, {day} FROM task k JOIN ticket t ON t.id = k.ticket_id "
    f"WHERE k.state IN ('open', 'in_progress') AND {UNRESOLVED} AND (k.due_on IS NOT NULL OR k.due_at IS NOT NULL)"
)
_DAYS = (
    "(SELECT x.ticket_id, min(x.day) AS day FROM (SELECT t.id AS ticket_id, CAST(t.next_action_on AS TEXT) AS day FROM ticket t "
    f"WHERE t.next_action_on IS NOT NULL AND {UNRESOLVED} UNION ALL {{task}}) x GROUP BY x.ticket_id)"
)


def due_window(
    reader: FastReader,
    columns: str,
    joins: str,
    conditions: list[str],
    values: list[Any],
    request: ListTickets,
    *,
    turned: bool = False,
) -> list[tuple[Any, ...]]:
    """The rows of a window and one more, nearest first; behind ``columns`` the day, empty where nothing is due.

    A place is that day and the number of the ticket. ``turned``: the latest day first; what has none comes behind all the same.
    """
    backwards = request.before is not None or request.from_end
    key = request.before or request.after or request.around
    falling = backwards is not turned
    days = days_with_tickets(reader)
    found: list[tuple[Any, ...]] = []
    for dated in (False, True) if backwards else (True, False):
        first = dated is not backwards
        if first and key is not None and dated is not bool(key.value):
            continue  # the place is in the other part
        here = list(conditions)
        more = list(values)
        if not dated:
            here.append(f"t.id NOT IN (SELECT ticket_id FROM {days} d)")
        if key is not None and dated is bool(key.value):
            here.append(_beyond(falling if dated else not backwards, dated, request.around is not None))
            more += [key.value, key.number] if dated else [key.number]
        source = f"JOIN {days} due ON due.ticket_id = t.id" if dated else ""
        day = "due.day" if dated else "''"
        direction = "DESC" if falling else "ASC"
        order = (
            f"due.day {direction}, t.id {direction}" if dated else f"t.id {'ASC' if backwards else 'DESC'}"
        )
        where = f"WHERE {' AND '.join(here)}" if here else ""
        window = f"SELECT t.id, {day} AS day FROM ticket t {source} {where} ORDER BY {order} LIMIT ?"
        rows = reader.rows(
            f"SELECT {columns}, due.day FROM ({window}) due CROSS JOIN ticket t {joins} WHERE t.id = due.id",
            [*more, request.limit + 1 - len(found)],
        )
        found += sorted(rows, key=lambda row: (row[-1], row[0]), reverse=falling if dated else not backwards)
        if len(found) > request.limit:
            break
    return found


def due_days(reader: FastReader, numbers: Sequence[int]) -> dict[int, date]:
    """The day on which each of some tickets is due, for those that have one."""
    if not numbers:
        return {}
    rows = reader.rows(
        f"SELECT d.ticket_id, d.day FROM {days_with_tickets(reader)} d WHERE d.ticket_id IN ({', '.join('?' * len(numbers))})",
        list(numbers),
    )
    return {int(number): date.fromisoformat(str(day)[:10]) for number, day in rows}


def days_with_tickets(reader: FastReader) -> str:
    """Tickets with something due, each with its earliest day at the desk as text: a table of ``ticket_id`` and ``day`` for a statement."""
    offsets = offsets_around(utc_now(), zone_read(reader))
    *earlier, latest = (_day_at(reader, one.minutes) for one in offsets)
    ends = [_instant(reader, one.until) for one in offsets if one.until is not None]
    cases = " ".join(f"WHEN k.due_at < {end} THEN {day}" for end, day in zip(ends, earlier, strict=True))
    on = f"CASE {cases} ELSE {latest} END" if cases else latest
    day = f"COALESCE(k.due_on, {on})"
    return _DAYS.format(task=_TASK.format(day=day if reader.is_sqlite else f"CAST({day} AS TEXT)"))


def _day_at(reader: FastReader, minutes: int) -> str:
    """The day of a task's time where clocks are so far ahead of UTC."""
    if reader.is_sqlite:
        return f"date(k.due_at, '{minutes} minutes')"
    return f"CAST((k.due_at AT TIME ZONE 'UTC') + interval '{minutes} minutes' AS date)"


def _instant(reader: FastReader, at: datetime) -> str:
    told = at.strftime(SQLITE_TIME)
    return f"'{told}'" if reader.is_sqlite else f"TIMESTAMPTZ '{told}+00'"


def _beyond(falling: bool, dated: bool, inclusive: bool) -> str:
    sign = f"{'<' if falling else '>'}{'=' if inclusive else ''}"
    return f"(due.day, t.id) {sign} (?, ?)" if dated else f"t.id {sign} ?"
