"""The queue by plain drivers: pages of a view, counts, the preview, and who is acting. See ``db.fast`` for why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from tui_desk.contracts.queue import (
    CountMatching,
    CountViews,
    ListTickets,
    PageKey,
    PresenceView,
    SnoozeView,
    TicketPage,
    TicketRow,
    ViewCount,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Channel, PresenceMode, Priority, TicketStatus
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader
from tui_desk.services.actor import Actor

if TYPE_CHECKING:
    from tui_desk.rules.query_terms import TicketQuery
    from tui_desk.services.query_words import Words

COUNT_LIMIT = 1000
PRESENCE_SECONDS = 60
_FEW = 2_000
_COUNTED = 3_000
"""Tickets that words are looked up in to say how many have them (PostgreSQL)."""

_UNRESOLVED = "t.status IN ('new', 'open', 'pending', 'on_hold')"
_VIEWS = {
    "mine": f"{_UNRESOLVED} AND t.assignee_id = :me",
    "unassigned": f"{_UNRESOLVED} AND t.assignee_id IS NULL",
    "open": _UNRESOLVED,
    "pending": "t.status IN ('pending', 'on_hold')",
    "resolved": "t.status = 'resolved'",
    "all": "",
    "snoozed": f"{_UNRESOLVED} AND t.id IN (SELECT z.ticket_id FROM snooze z WHERE z.until IS NULL OR z.until > :now)",
    "teams": f"{_UNRESOLVED} AND {{of_my_teams}}",
    "overdue": f"{_UNRESOLVED} AND t.id IN (SELECT x.id FROM ticket x WHERE x.next_action_on < :today UNION ALL "
    "SELECT k.ticket_id FROM task k WHERE k.state IN ('open', 'in_progress') AND (k.due_on < :today OR k.due_at < :midnight))",
}
_PLACEHOLDER = re.compile(r":(me|now|today|midnight)\b")
_OF_WORK = frozenset({"mine", "unassigned", "open", "pending", "teams", "overdue"})
"""Views that leave out what is snoozed. The moment itself brings a ticket back: no worker is needed for that."""
_AWAKE = "t.id NOT IN (SELECT z.ticket_id FROM snooze z WHERE z.until IS NULL OR z.until > ?)"
_SORTS = {"updated": "t.updated_at", "created": "t.created_at", "priority": "t.priority"}

_COLUMNS = (
    "t.id, t.subject, t.requester_name, t.status, t.priority, a.login, g.name, c.path, t.channel, "
    "t.created_at, t.updated_at, t.requester_waiting"
)
_PLACES = {"priority": 4, "created": 9, "updated": 10}
"""Where the key of a sort stands in a row."""
_JOINS = (
    "LEFT JOIN agent a ON a.id = t.assignee_id LEFT JOIN team g ON g.id = t.team_id "
    "LEFT JOIN category c ON c.id = t.category_id"
)


def list_tickets(reader: FastReader, actor: Actor, request: ListTickets) -> TicketPage:
    """One window of a view, in the order of its sort, by keyset: the same cost at the first and the last row."""
    # A window that goes through groups is read in several steps: no ticket stands in two of them, or in none.
    with reader.snapshot() if request.group else nullcontext():
        return _listed(reader, actor, request)


def _listed(reader: FastReader, actor: Actor, request: ListTickets) -> TicketPage:
    query = read_query(reader, request.query)
    asked = [conditions_of(reader, actor, request.view, query)]
    also = read_query(reader, request.also)
    if also is not None:
        asked.append(conditions_of(reader, actor, "all", also))
    conditions = [sql for one in asked for sql in one.sql]
    values = [value for one in asked for value in one.values]
    if request.numbers is not None:
        conditions.append(of_numbers(request.numbers))
    sort = (query.sort if query is not None else "") or request.sort
    grouped = 0
    if request.group:
        from tui_desk.services.queue_groups import GROUPED, grouped_window  # most start without groups

        order = column_of(sort)
        found, groups, bounded = grouped_window(
            reader, actor, order, conditions, values, request, partial(_read_window, reader, sort)
        )
        grouped = GROUPED if bounded else 0
    else:
        found = _read_window(reader, sort, conditions, values, request)
        groups = [""] * len(found)
    backwards = request.before is not None or request.from_end
    more_there = len(found) > request.limit
    found, groups = found[: request.limit], groups[: request.limit]
    if backwards:
        found.reverse()
        groups.reverse()
    asked_from = request.before or request.after or request.around
    return TicketPage(
        rows=_rows(reader, actor, found, request.with_due),
        keys=tuple(
            PageKey(_sort_text(reader, row, sort), int(row[0]), group)
            for row, group in zip(found, groups, strict=True)
        ),
        has_before=more_there if backwards else asked_from is not None,
        has_after=(request.before is not None) if backwards else more_there,
        cut=asked_from is None and any(one.words is not None and one.words.cut for one in asked),
        grouped=grouped,
    )


def of_numbers(numbers: Iterable[int]) -> str:
    """That a ticket ``t`` is one of these."""
    return f"t.id IN ({', '.join(str(int(number)) for number in numbers) or 'NULL'})"


def _read_window(
    reader: FastReader, sort: str, conditions: list[str], values: list[Any], request: ListTickets
) -> list[tuple[Any, ...]]:
    key, turned = _order(sort)
    if key == "due":
        from tui_desk.services.queue_due import due_window  # the start sorts by the last change

        return due_window(reader, _COLUMNS, _JOINS, conditions, values, request, turned=turned)
    if key == "waiting":
        from tui_desk.services.queue_waiting import waiting_window

        return waiting_window(reader, _COLUMNS, _JOINS, conditions, values, request, turned=turned)
    return _window(reader, sort, conditions, values, request)


def _order(sort: str) -> tuple[str, bool]:
    """What orders a list, and whether it is the other way round."""
    return sort.removeprefix("-"), sort.startswith("-")


def column_of(sort: str) -> tuple[str, bool]:
    """The column that a grouped list goes by, and whether it rises."""
    name, turned = _order(sort)
    return _SORTS.get(name, _SORTS["updated"]), turned and name in _SORTS


def _window(
    reader: FastReader, sort: str, conditions: list[str], values: list[Any], request: ListTickets
) -> list[tuple[Any, ...]]:
    """The rows of a window and one more, nearest first."""
    name, turned = _order(sort)
    column = _SORTS.get(name, _SORTS["updated"])
    rising = (request.before is not None or request.from_end) is not turned
    key = request.before or request.after or request.around
    if key is not None:
        sign = f"{'>' if rising else '<'}{'=' if request.around else ''}"
        conditions.append(f"({column}, t.id) {sign} (?, ?)")
        values += [_key_value(reader, sort, key), key.number]
    order = "ASC" if rising else "DESC"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    # The rows of the window alone are read whole: what is put in order first is a number and a key for each ticket.
    window = f"SELECT t.id FROM ticket t {where} ORDER BY {column} {order}, t.id {order} LIMIT ?"
    found = reader.rows(
        f"SELECT {_COLUMNS} FROM ({window}) w CROSS JOIN ticket t {_JOINS} WHERE t.id = w.id",
        [*values, request.limit + 1],
    )
    place = _PLACES.get(name, _PLACES["updated"])
    return sorted(found, key=lambda row: (row[place], row[0]), reverse=not rising)


def count_views(reader: FastReader, actor: Actor, _request: CountViews) -> tuple[ViewCount, ...]:
    """How many tickets each view holds; counting stops at a thousand."""
    return tuple(ViewCount(view, *count_matching(reader, actor, view, None)) for view in _VIEWS)


def count_hits(reader: FastReader, actor: Actor, request: CountMatching) -> ViewCount:
    """How many tickets of a view fit what was typed; counting stops at a thousand."""
    query = read_query(reader, request.query)
    return ViewCount(request.view, *count_matching(reader, actor, request.view, query))


def count_matching(
    reader: FastReader, actor: Actor, view: str, query: TicketQuery | None
) -> tuple[int, bool]:
    """How many tickets of a view fit a query, and whether there are more than that: counting stops at a thousand."""
    asked = conditions_of(reader, actor, view, query)
    if (counted := _count_by_hits(reader, view, asked)) is not None:
        return counted
    if (
        view in _OF_WORK
        and not reader.is_sqlite
        and asked.words
        and asked.words.hits
        and asked.words.hits.many
    ):
        return _count_among(reader, asked)
    where, values = _where(asked.sql), asked.values
    # A common word is looked for in the newest messages: the newest tickets have them.
    order = "ORDER BY t.updated_at DESC, t.id DESC" if query is not None and query.texts else ""
    limited = f"SELECT 1 FROM ticket t {where} {order} LIMIT {COUNT_LIMIT + 1}"
    number = int(reader.rows(f"SELECT count(*) FROM ({limited}) AS bounded", values)[0][0])
    return min(number, COUNT_LIMIT), number > COUNT_LIMIT


def _count_by_hits(reader: FastReader, view: str, asked: Conditions) -> tuple[int, bool] | None:
    """Count from the messages that have the words, not from the tickets; None where that does not settle it."""
    words = asked.words
    if words is None or words.hits is None or (words.hits.many and view in _OF_WORK):
        return None
    tickets, numbers = words.hits.tickets
    where = _where(["t.id = h.ticket_id", *asked.plain[0], *(sql for sql, _values in words.without)])
    values = [*numbers, *asked.plain[1], *(value for _sql, values in words.without for value in values)]
    joined = f"{tickets} CROSS JOIN ticket t {where}"
    limited = f"SELECT DISTINCT t.id FROM {joined} LIMIT {COUNT_LIMIT + 1}"
    number = int(reader.rows(f"SELECT count(*) FROM ({limited}) AS bounded", values)[0][0])
    if number <= COUNT_LIMIT and not (words.only_hits and words.hits.whole):
        return None
    return min(number, COUNT_LIMIT), number > COUNT_LIMIT


def _count_among(reader: FastReader, asked: Conditions) -> tuple[int, bool]:
    """Count where words are looked up ticket by ticket, which costs PostgreSQL 20 µs each: of more than :data:`_COUNTED` tickets those
    changed last, and there may be more then."""
    order = "ORDER BY t.updated_at DESC, t.id DESC"
    newest = f"SELECT t.id FROM ticket t {_where(asked.plain[0])} {order} LIMIT {_COUNTED + 1}"
    words = asked.words.conditions if asked.words else ()
    having = " AND ".join(sql for sql, _values in words)
    fitting = f"SELECT 1 FROM newest t WHERE {having} LIMIT {COUNT_LIMIT + 1}"
    looked_at, number = reader.rows(
        f"WITH newest AS MATERIALIZED ({newest}) SELECT (SELECT count(*) FROM newest), (SELECT count(*) FROM ({fitting}) AS bounded)",
        [*asked.plain[1], *(value for _sql, values in words for value in values)],
    )[0]
    return min(number, COUNT_LIMIT), number > COUNT_LIMIT or looked_at > _COUNTED


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def read_query(reader: FastReader, text: str) -> TicketQuery | None:
    """What was typed, with the fields of your own that this desk has; None for nothing."""
    if not text.strip():
        return None
    from tui_desk.rules.own_query import may_name_fields
    from tui_desk.rules.query import parse_query  # the start filters nothing
    from tui_desk.services.own_search import known_fields

    own = known_fields(reader.rows, "ticket", text) if may_name_fields(text) else {}
    return parse_query(text, own, utc_now())


class Conditions(NamedTuple):
    """What a ticket ``t`` must be, with ``?`` for values."""

    plain: tuple[list[str], list[Any]]
    """All but words."""
    words: Words | None

    @property
    def sql(self) -> list[str]:
        return [*self.plain[0], *(sql for sql, _values in (self.words.conditions if self.words else ()))]

    @property
    def values(self) -> list[Any]:
        more = self.words.conditions if self.words else ()
        return [*self.plain[1], *(value for _sql, values in more for value in values)]


def conditions_of(reader: FastReader, actor: Actor, view: str, query: TicketQuery | None) -> Conditions:
    """What a ticket ``t`` must be to stand in a view and fit a query, with ``?`` for values."""
    conditions: list[str] = []
    values: list[Any] = []
    if view_sql := _VIEWS.get(view, _VIEWS["open"]):
        if "{of_my_teams}" in view_sql:
            view_sql = view_sql.format(of_my_teams=_of_my_teams(reader, actor))
        conditions.append(_PLACEHOLDER.sub("?", view_sql))
        midnight = utc_now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        meant = {
            "me": actor.agent_id,
            "now": reader.time_value(utc_now()),
            "today": midnight.date().isoformat(),
            "midnight": reader.time_value(midnight.astimezone(UTC)),
        }
        values += [meant[name] for name in _PLACEHOLDER.findall(view_sql)]
    if view in _OF_WORK:
        conditions.append(_AWAKE)
        values.append(reader.time_value(utc_now()))
    if query is not None:
        from tui_desk.services.query_sql import query_conditions

        found, words = query_conditions(reader, actor, query, short=view in _OF_WORK)
        conditions += [sql for sql, _values in found]
        values += [value for _sql, further in found for value in further]
        return Conditions((conditions, values), words)
    return Conditions((conditions, values), None)


def _of_my_teams(reader: FastReader, actor: Actor) -> str:
    """That the ticket ``t`` belongs to a team of the acting agent; the few of small teams are asked for by number, since the order of the
    list would lead through everything that is open."""
    teams = reader.rows("SELECT m.team_id FROM team_member m WHERE m.agent_id = ?", [actor.agent_id])
    theirs = f"t.team_id IN ({', '.join(str(int(row[0])) for row in teams) or 'NULL'})"
    few = reader.rows(f"SELECT t.id FROM ticket t WHERE {_UNRESOLVED} AND {theirs} LIMIT {_FEW + 1}")
    if len(few) > _FEW:
        return theirs
    return f"t.id IN ({', '.join(str(int(row[0])) for row in few) or 'NULL'})"


def _key_value(reader: FastReader, sort: str, key: PageKey) -> Any:
    if _order(sort)[0] == "priority":
        return int(key.value)
    return reader.time_value(datetime.fromisoformat(key.value))


def _sort_text(reader: FastReader, row: tuple[Any, ...], sort: str) -> str:
    name, _turned = _order(sort)
    if name in ("due", "waiting"):
        return str(row[12])
    if name == "priority":
        return str(row[4])
    return reader.instant(row[9 if name == "created" else 10]).isoformat()


def _rows(
    reader: FastReader, actor: Actor, found: list[tuple[Any, ...]], with_due: bool
) -> tuple[TicketRow, ...]:
    presence = present_agents(reader, actor)
    numbers = [int(row[0]) for row in found]
    snoozed = _snoozed(reader, numbers)
    unread = _unread(reader, actor, numbers)
    due: dict[int, date] = {}
    if with_due:
        from tui_desk.services.queue_due import due_days

        due = due_days(reader, numbers)
    return tuple(
        TicketRow(
            number=row[0],
            subject=safe_line(row[1]),
            requester=safe_line(row[2]),
            status=TicketStatus(row[3]),
            priority=Priority.from_rank(row[4]),
            assignee=safe_line(row[5] or ""),
            team=safe_line(row[6] or ""),
            category=safe_line(row[7] or ""),
            channel=Channel(row[8]),
            created_at=reader.instant(row[9]),
            updated_at=reader.instant(row[10]),
            requester_waiting=bool(row[11]),
            presence=presence.get(row[0], ()),
            snooze=snoozed.get(row[0]),
            unread=row[0] in unread,
            due=due.get(row[0]),
        )
        for row in found
    )


def _snoozed(reader: FastReader, numbers: list[int]) -> dict[int, SnoozeView]:
    """How those of some tickets that are snoozed are."""
    if not numbers:
        return {}
    rows = reader.rows(
        "SELECT z.ticket_id, z.until, a.name, a.login FROM snooze z JOIN agent a ON a.id = z.by_agent_id "
        f"WHERE z.ticket_id IN ({', '.join('?' * len(numbers))}) AND (z.until IS NULL OR z.until > ?)",
        [*numbers, reader.time_value(utc_now())],
    )
    return {
        int(number): SnoozeView(None if until is None else reader.instant(until), safe_line(name or login))
        for number, until, name, login in rows
    }


def _unread(reader: FastReader, actor: Actor, numbers: list[int]) -> frozenset[int]:
    """Those of some tickets of which the acting agent has unread notifications."""
    if not numbers or actor.agent_id is None:
        return frozenset()
    rows = reader.rows(
        "SELECT DISTINCT n.ticket_id FROM notification n WHERE n.agent_id = ? AND n.read_at IS NULL "
        f"AND n.ticket_id IN ({', '.join('?' * len(numbers))})",
        [actor.agent_id, *numbers],
    )
    return frozenset(int(number) for (number,) in rows)


def present_agents(reader: FastReader, actor: Actor) -> dict[int, tuple[PresenceView, ...]]:
    """Who else is at which ticket now. The table holds one row per open terminal, so it is small."""
    since = reader.time_value(utc_now() - timedelta(seconds=PRESENCE_SECONDS))
    rows = reader.rows(
        "SELECT p.ticket_id, a.name, a.login, p.mode FROM presence p JOIN agent a ON a.id = p.agent_id "
        "WHERE p.at > ? AND p.session <> ? AND p.agent_id <> ? ORDER BY p.ticket_id, p.mode DESC",
        [since, actor.session, actor.agent_id or 0],
    )
    found: dict[int, tuple[PresenceView, ...]] = {}
    for ticket, name, login, mode in rows:
        found[ticket] = (*found.get(ticket, ()), PresenceView(safe_line(name or login), PresenceMode(mode)))
    return found
