"""The queue in groups: by status, priority, assignee, team or what is due; one after the other, each read by the keyset of its order.

No index begins with every group there can be, and each one more would cost the intake of every mail. So a grouped list holds at most
:data:`GROUPED` tickets of a view, the first ones of its order, and the headings count those: a group is then a walk over so many entries
of the index at most, on a desk of any size. That a view holds more is said (``TicketPage.grouped``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from tui_desk.contracts.queue import DUE_GROUPS, GROUPS, CountGroups, GroupCount, ListTickets, PageKey
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader
from tui_desk.services.actor import Actor
from tui_desk.services.queue_due import days_with_tickets
from tui_desk.services.zone_reading import zone_read

GROUPED = 20_000
FEW = 2_000
"""So many tickets are looked for once and then asked for by number: what is rare would be looked for in all the desk for each group."""
_WEEK_DAYS = 7
_COLUMN = {
    "status": "t.status",
    "priority": "t.priority",
    "assignee": "t.assignee_id",
    "team": "t.team_id",
}
"""What a ticket's group is told by, where one column does."""
_NAMED = {"assignee": ("agent", "login"), "team": ("team", "name")}
"""Where a group's name stands that a column has by its number."""

Found = list[tuple[Any, ...]]
Window = Callable[[list[str], list[Any], ListTickets], Found]
"""Reads the rows of a window and one more, nearest first, given what they must be."""


class Group(NamedTuple):
    """One group; ``condition`` says of a ticket ``t`` that it belongs to it."""

    key: str
    condition: str
    values: tuple[Any, ...] = ()


class Grouped(NamedTuple):
    """The rows of a window and one more, nearest first, each with its group. ``bounded``: the view holds more than a grouped list."""

    rows: Found
    groups: list[str]
    bounded: bool


def grouped_window(
    reader: FastReader,
    actor: Actor,
    order: tuple[str, bool],
    conditions: list[str],
    values: list[Any],
    request: ListTickets,
    window: Window,
) -> Grouped:
    """A window of a grouped list. ``order`` is the column that orders it and whether it rises. Raises UsageError for a group that there is not."""
    _refuse_unknown(request.group)
    column, rising = order
    few, bound = _few(reader, column, conditions, values), None
    if few is not None:
        conditions, values = [f"t.id IN ({', '.join(map(str, few)) or 'NULL'})"], []
    else:
        bound = _bound(reader, column, rising, conditions, values)
    if bound is not None:
        sign = "<" if rising else ">"
        conditions, values = [*conditions, f"({column}, t.id) {sign} (?, ?)"], [*values, *bound]
    groups = _groups(reader, actor, request.group, conditions, values)
    backwards = request.before is not None or request.from_end
    if backwards:
        groups.reverse()
    place = request.before or request.after or request.around
    rows: Found = []
    names: list[str] = []
    for group in groups[_start(groups, place, request.around is not None) :]:
        asked = replace(request, limit=request.limit - len(rows))
        if place is None or group.key != place.group:
            asked = replace(asked, before=None, after=None, around=None, from_end=backwards)
        found = window([*conditions, group.condition], [*values, *group.values], asked)
        rows += found
        names += [group.key] * len(found)
        if len(rows) > request.limit:
            break
    return Grouped(rows, names, bound is not None)


def _refuse_unknown(group: str) -> None:
    if group not in GROUPS:
        raise UsageError(
            _("One cannot group by “{name}”.").format(name=safe_line(group, 40)),
            _("One can group by {names}.").format(names=", ".join(GROUPS)),
        )


def count_groups(reader: FastReader, actor: Actor, request: CountGroups) -> tuple[GroupCount, ...]:
    """How many tickets each group holds, in one walk over what a grouped list holds at most. Raises UsageError."""
    from tui_desk.services.queue import COUNT_LIMIT, column_of, conditions_of, of_numbers, read_query

    _refuse_unknown(request.group)
    with reader.snapshot():
        query = read_query(reader, request.query)
        asked = conditions_of(reader, actor, request.view, query)
        conditions, values = asked.sql, asked.values
        if request.numbers is not None:
            conditions.append(of_numbers(request.numbers))
        sort = (query.sort if query is not None else "") or request.sort
        column, rising = column_of(sort)
        turn = "ASC" if rising else "DESC"
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        listed = (
            f"(SELECT t.id, {_COLUMN.get(request.group, 't.id')} AS grouped FROM ticket t {where} "
            f"ORDER BY {column} {turn}, t.id {turn} LIMIT {GROUPED}) t"
        )
        if request.group in _COLUMN:
            counts = reader.rows(f"SELECT t.grouped, count(*) FROM {listed} GROUP BY t.grouped", values)
            keys = _keys(reader, request.group)
        else:
            due = _due_groups(reader)
            which = " ".join(f"WHEN {group.condition} THEN {index}" for index, group in enumerate(due))
            counts = reader.rows(
                f"SELECT w.which, count(*) FROM (SELECT CASE {which} END AS which FROM {listed}) w GROUP BY w.which",
                [*(value for group in due for value in group.values), *values],
            )
            keys = {index: group.key for index, group in enumerate(due)}
    return tuple(
        GroupCount(keys.get(value, ""), min(int(count), COUNT_LIMIT), int(count) > COUNT_LIMIT)
        for value, count in counts
    )


def _keys(reader: FastReader, group: str) -> Mapping[Any, str]:
    """The groups' keys by what a ticket's column holds."""
    if group == "status":
        return {one.value: one.value for one in TicketStatus}
    if group == "priority":
        return {one.rank: one.value for one in Priority}
    table, word = _NAMED[group]
    return {number: str(text) for number, text in reader.rows(f"SELECT id, {word} FROM {table}")}


def _few(reader: FastReader, column: str, conditions: list[str], values: list[Any]) -> list[int] | None:
    """The numbers of all tickets of the list; None where they are many."""
    most = min(FEW, GROUPED)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = reader.rows(
        f"SELECT t.id FROM ticket t {where} ORDER BY {column} DESC, t.id DESC LIMIT {most + 1}", values
    )
    return [int(row[0]) for row in rows] if len(rows) <= most else None


def _bound(
    reader: FastReader, column: str, rising: bool, conditions: list[str], values: list[Any]
) -> tuple[Any, int] | None:
    """The first place that a grouped list has no more; None where it has all of the view."""
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    order = "ASC" if rising else "DESC"
    rows = reader.rows(
        f"SELECT {column}, t.id FROM ticket t {where} ORDER BY {column} {order}, t.id {order} LIMIT 1 OFFSET {GROUPED}",
        values,
    )
    return (rows[0][0], int(rows[0][1])) if rows else None


def _start(groups: list[Group], place: PageKey | None, anew: bool) -> int:
    """Where the group of a place is. Where it is gone a list is shown anew from its beginning, but nothing is put behind or ahead of it."""
    if place is None:
        return 0
    gone = 0 if anew else len(groups)
    return next((index for index, group in enumerate(groups) if group.key == place.group), gone)


def _groups(
    reader: FastReader, actor: Actor, name: str, conditions: list[str], values: list[Any]
) -> list[Group]:
    """The groups in their order; of people and teams those that have tickets here."""
    # SQLite: a plus keeps an index of the group alone away, which would put a third of the desk in order. Assignees have none.
    alone = "+" if reader.is_sqlite and name != "assignee" else ""
    if name == "status":
        return [Group(one.value, f"{alone}t.status = ?", (one.value,)) for one in TicketStatus]
    if name == "priority":
        urgent = sorted(Priority, key=lambda one: one.rank, reverse=True)
        return [Group(one.value, f"{alone}t.priority = ?", (one.rank,)) for one in urgent]
    if name == "due":
        return _due_groups(reader)
    column = "assignee_id" if name == "assignee" else "team_id"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    here = {row[0] for row in reader.rows(f"SELECT DISTINCT {alone}t.{column} FROM ticket t {where}", values)}
    table, word = _NAMED[name]
    known = [(int(number), str(text)) for number, text in reader.rows(f"SELECT id, {word} FROM {table}")]
    known.sort(key=lambda pair: (pair[1].casefold(), pair[0]))
    found = [Group(text, f"{alone}t.{column} = ?", (number,)) for number, text in known if number in here]
    mine = [one for one in found if name == "assignee" and one.values == (actor.agent_id,)]
    nobody = [Group("", f"{alone}t.{column} IS NULL")] if None in here else []
    others = [one for one in found if one not in mine]
    return [*mine, *nobody, *others] if name == "assignee" else [*others, *nobody]


def _due_groups(reader: FastReader) -> list[Group]:
    """By the day on the desk's clocks."""
    today = utc_now().astimezone(zone_read(reader)).date()
    days = [today + timedelta(days=away) for away in (0, 1, 2, _WEEK_DAYS)]
    first, second, third, eighth = (day.isoformat() for day in days)
    table = days_with_tickets(reader)

    def between(low: str, high: str) -> tuple[str, tuple[str, ...]]:
        parts = [f"d.day {sign} ?" for sign, day in ((">=", low), ("<", high)) if day]
        return f"t.id IN (SELECT d.ticket_id FROM {table} d WHERE {' AND '.join(parts)})", tuple(
            day for day in (low, high) if day
        )

    spans = (("", first), (first, second), (second, third), (third, eighth), (eighth, ""))
    dated = [Group(key, *between(*span)) for key, span in zip(DUE_GROUPS, spans, strict=False)]
    return [*dated, Group(DUE_GROUPS[-1], f"t.id NOT IN (SELECT d.ticket_id FROM {table} d)")]
