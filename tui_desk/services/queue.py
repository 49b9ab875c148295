"""The queue by plain drivers: pages of a view, counts, the preview, and who is acting. See ``db.fast`` for why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tui_desk.contracts.queue import (
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
    from tui_desk.rules.query import FieldTerm, TicketQuery

COUNT_LIMIT = 1000
PRESENCE_SECONDS = 60

_UNRESOLVED = "t.status IN ('new', 'open', 'pending', 'on_hold')"
_VIEWS = {
    "mine": f"{_UNRESOLVED} AND t.assignee_id = :me",
    "unassigned": f"{_UNRESOLVED} AND t.assignee_id IS NULL",
    "open": _UNRESOLVED,
    "pending": "t.status IN ('pending', 'on_hold')",
    "resolved": "t.status = 'resolved'",
    "all": "",
    "snoozed": f"{_UNRESOLVED} AND t.id IN (SELECT z.ticket_id FROM snooze z WHERE z.until IS NULL OR z.until > :now)",
}
_OF_WORK = frozenset({"mine", "unassigned", "open", "pending"})
"""Views that leave out what is snoozed. The moment itself brings a ticket back: no worker is needed for that."""
_AWAKE = "t.id NOT IN (SELECT z.ticket_id FROM snooze z WHERE z.until IS NULL OR z.until > ?)"
_SORTS = {"updated": "t.updated_at", "created": "t.created_at", "priority": "t.priority"}

_COLUMNS = (
    "t.id, t.subject, t.requester_name, t.status, t.priority, a.login, g.name, c.path, t.channel, "
    "t.created_at, t.updated_at, t.requester_waiting"
)
_JOINS = (
    "LEFT JOIN agent a ON a.id = t.assignee_id LEFT JOIN team g ON g.id = t.team_id "
    "LEFT JOIN category c ON c.id = t.category_id"
)


def list_tickets(reader: FastReader, actor: Actor, request: ListTickets) -> TicketPage:
    """One window of a view, in the order of its sort, by keyset: the same cost at the first and the last row."""
    conditions, values = _conditions(reader, actor, request.view, request.query)
    if request.also.strip():
        more, further = _conditions(reader, actor, "all", request.also)
        conditions, values = conditions + more, values + further
    if request.numbers is not None:
        conditions.append(f"t.id IN ({', '.join(str(int(number)) for number in request.numbers) or 'NULL'})")
    sort = _SORTS.get(request.sort, _SORTS["updated"])
    backwards = request.before is not None or request.from_end
    key = request.before or request.after or request.around
    if key is not None:
        sign = ">" if backwards else "<=" if request.around else "<"
        conditions.append(f"({sort}, t.id) {sign} (?, ?)")
        values += [_key_value(reader, request.sort, key), key.number]
    order = "ASC" if backwards else "DESC"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    found = reader.rows(
        f"SELECT {_COLUMNS} FROM ticket t {_JOINS} {where} ORDER BY {sort} {order}, t.id {order} LIMIT ?",
        [*values, request.limit + 1],
    )
    more = len(found) > request.limit
    found = found[: request.limit]
    if backwards:
        found.reverse()
    return TicketPage(
        rows=_rows(reader, actor, found),
        keys=tuple(PageKey(_sort_text(reader, row, request.sort), int(row[0])) for row in found),
        has_before=more if backwards else key is not None,
        has_after=(request.before is not None) if backwards else more,
    )


def count_views(reader: FastReader, actor: Actor, _request: CountViews) -> tuple[ViewCount, ...]:
    """How many tickets each view holds; counting stops at a thousand."""
    counts = []
    for view in _VIEWS:
        conditions, values = _conditions(reader, actor, view, "")
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        limited = f"SELECT 1 FROM ticket t {where} LIMIT {COUNT_LIMIT + 1}"
        number = int(reader.rows(f"SELECT count(*) FROM ({limited}) AS bounded", values)[0][0])
        counts.append(ViewCount(view, min(number, COUNT_LIMIT), number > COUNT_LIMIT))
    return tuple(counts)


def _conditions(reader: FastReader, actor: Actor, view: str, query: str) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if view_sql := _VIEWS.get(view, _VIEWS["open"]):
        if ":me" in view_sql:
            view_sql = view_sql.replace(":me", "?")
            values.append(actor.agent_id)
        if ":now" in view_sql:
            view_sql = view_sql.replace(":now", "?")
            values.append(reader.time_value(utc_now()))
        conditions.append(view_sql)
    if view in _OF_WORK:
        conditions.append(_AWAKE)
        values.append(reader.time_value(utc_now()))
    if query.strip():
        from tui_desk.rules.own_query import may_name_fields
        from tui_desk.rules.query import parse_query  # the start filters nothing
        from tui_desk.services.own_search import known_fields

        own = known_fields(reader.rows, "ticket", query) if may_name_fields(query) else {}
        _add_query(reader, actor, parse_query(query, own, utc_now()), conditions, values)
    return conditions, values


def _add_query(
    reader: FastReader, actor: Actor, query: TicketQuery, conditions: list[str], values: list[Any]
) -> None:
    if query.unknown or query.wrong:
        conditions.append("1 = 0")
    if query.number is not None:
        conditions.append("t.id = ?")
        values.append(query.number)
    for term in query.fields:
        sql, more = _field_condition(actor, term)
        # What has no team or category at all is not of that team or category either (NULL).
        conditions.append(f"NOT COALESCE(({sql}), FALSE)" if term.negated else sql)
        values += more
    from tui_desk.db.search_terms import condition
    from tui_desk.services.own_search import own_condition

    for own in query.own:
        sql, more = own_condition(own, "t.id", sqlite=reader.is_sqlite)
        conditions.append(sql)
        values += more
    sql, more = condition(query.texts, sqlite=reader.is_sqlite, ticket="t.id")
    if sql:
        # A lone number is also the number of a ticket.
        first = query.texts[0].words
        if len(query.texts) == 1 and len(first) == 1 and first[0].isdecimal() and len(first[0]) < 10:
            sql, more = f"({sql} OR t.id = ?)", [*more, int(first[0])]
        conditions.append(sql)
        values += more


def _field_condition(actor: Actor, term: FieldTerm) -> tuple[str, list[Any]]:
    marks = ", ".join("?" for _ in term.values)
    names: list[Any] = list(term.values)
    if term.field in ("status", "type", "channel"):
        return f"t.{term.field} IN ({marks})", names
    if term.field == "priority":
        ranks = [Priority(value).rank for value in term.values if value in set(Priority)]
        return (f"t.priority IN ({', '.join('?' for _ in ranks)})", list(ranks)) if ranks else ("1 = 0", [])
    if term.field == "assignee":
        if "none" in term.values:
            return "t.assignee_id IS NULL", []
        logins = [actor.login if value == "me" else value for value in term.values]
        return f"t.assignee_id IN (SELECT id FROM agent WHERE lower(login) IN ({marks}))", [
            v.lower() for v in logins
        ]
    if term.field == "team":
        if "none" in term.values:
            return "t.team_id IS NULL", []
        # Its own team, or that of a further address of ours that its mail came by, too. Looked up ticket by ticket: at
        # 100,000 tickets a page costs what it did; with the further ones as a list, a hundred times as much.
        teams = f"(SELECT id FROM team WHERE lower(name) IN ({marks}))"
        further = (
            f"SELECT 1 FROM ticket_mailbox r WHERE r.ticket_id = t.id AND r.team_id IN {teams} "
            "AND (r.mailbox_id <> t.mailbox_id OR r.company_address <> t.company_address)"
        )
        return f"(t.team_id IN {teams} OR EXISTS ({further}))", [*names, *names]
    if term.field == "rated":
        ratings = {"good": "score >= 4", "fair": "score = 3", "bad": "score <= 2", "asked": "score IS NULL"}
        either = " OR ".join(ratings[value] for value in term.values if value in ratings) or "1 = 0"
        return f"t.id IN (SELECT ticket_id FROM satisfaction WHERE {either})", []
    if term.field == "tag":
        return f"t.id IN (SELECT ticket_id FROM ticket_tag WHERE lower(tag) IN ({marks}))", names
    if term.field == "category":
        either = " OR ".join("lower(path) = ? OR lower(path) LIKE ? ESCAPE '!'" for _ in term.values)
        paths = [part for value in term.values for part in (value, _like(value) + "/%")]
        return f"t.category_id IN (SELECT id FROM category WHERE {either})", paths
    either = " OR ".join("address LIKE ? ESCAPE '!'" for _ in term.values)
    return (
        f"t.requester_id IN (SELECT person_id FROM person_address WHERE {either})",
        [f"%{_like(value)}%" for value in term.values],
    )


def _like(value: str) -> str:
    return value.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _key_value(reader: FastReader, sort: str, key: PageKey) -> Any:
    if sort == "priority":
        return int(key.value)
    return reader.time_value(datetime.fromisoformat(key.value))


def _sort_text(reader: FastReader, row: tuple[Any, ...], sort: str) -> str:
    if sort == "priority":
        return str(row[4])
    return reader.instant(row[9 if sort == "created" else 10]).isoformat()


def _rows(reader: FastReader, actor: Actor, found: list[tuple[Any, ...]]) -> tuple[TicketRow, ...]:
    presence = present_agents(reader, actor)
    snoozed = _snoozed(reader, [int(row[0]) for row in found])
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
