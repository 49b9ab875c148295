"""A query of the filter line as SQL about the row ``t`` of the tickets, for plain drivers, with ``?`` for its values.

Nothing here is slow at a million tickets: names are looked up first (there are few), full text and people by their indexes. What has
few hits is asked for by number; what has many is looked up ticket by ticket, in the order of the list, which fills a page soon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Priority
from tui_desk.db.fast import FastReader
from tui_desk.rules.query import FieldTerm, TicketQuery, TimeTerm, fold, words_of
from tui_desk.rules.query_fields import Between
from tui_desk.services.actor import Actor
from tui_desk.services.own_search import own_condition
from tui_desk.services.query_words import Sql, Words, find_words

NOTHING: Sql = ("1 = 0", [])
UNRESOLVED = "t.status IN ('new', 'open', 'pending', 'on_hold')"
PEOPLE_LIMIT = 500
"""People that are asked for by number; where more fit, it is looked up who asked in each ticket."""
TAGS_LIMIT = 5_000

_RATINGS = {"good": "score >= 4", "fair": "score = 3", "bad": "score <= 2", "asked": "score IS NULL"}
HAVING_LIMIT = 2_000
"""Notes, tasks and so on whose tickets are asked for by number; where there are more, it is looked up in each ticket."""

_HAS = {
    "attachment": (
        "SELECT m.ticket_id FROM attachment f JOIN message m ON m.id = f.message_id",
        "SELECT 1 FROM message m JOIN attachment f ON f.message_id = m.id WHERE m.ticket_id = t.id",
    ),
    "note": (
        "SELECT ticket_id FROM message{by_notes} WHERE kind = 'note'",
        "SELECT 1 FROM message m{by_notes} WHERE m.ticket_id = t.id AND m.kind = 'note'",
    ),
    "task": ("SELECT ticket_id FROM task", "SELECT 1 FROM task k WHERE k.ticket_id = t.id"),
    "approval": ("SELECT ticket_id FROM approval", "SELECT 1 FROM approval v WHERE v.ticket_id = t.id"),
}
"""All tickets with one, and whether the ticket ``t`` has one."""
_IS = {
    "unread": "EXISTS (SELECT 1 FROM notification n WHERE n.ticket_id = t.id AND n.read_at IS NULL AND n.agent_id = ?)",
    "unassigned": "t.assignee_id IS NULL",
    "mine": "t.assignee_id = ?",
    "open": UNRESOLVED,
    "new": "t.status = 'new'",
    "waiting": f"(t.requester_waiting AND {UNRESOLVED})",
    "spam": "t.spam",
}
_SNOOZED = "t.id IN (SELECT z.ticket_id FROM snooze z WHERE z.until IS NULL OR z.until > ?)"
_OPEN = frozenset({"new", "open", "pending", "on_hold"})
_ANSWER = "(n.direction = 'out' AND n.author_agent_id IS NOT NULL)"
_ASKED = "m.direction = 'in' AND m.mail_kind NOT IN ('auto_reply', 'bounce', 'report', 'loop')"
_WAITING_SINCE = (
    f"(SELECT min(m.at) FROM message m WHERE m.ticket_id = t.id AND {_ASKED} AND m.id > "
    f"COALESCE((SELECT max(n.id) FROM message n WHERE n.ticket_id = t.id AND {_ANSWER}), 0))"
)
"""The first word of the requester that nobody has answered."""


def query_conditions(
    reader: FastReader, actor: Actor, query: TicketQuery, *, short: bool
) -> tuple[list[Sql], Words | None]:
    """What a ticket must be to fit, words apart; a query that makes no sense fits none. ``short``: see ``find_words``."""
    if query.problems:
        return [NOTHING], None
    found: list[Sql] = []
    if query.numbers:
        found.append((f"t.id IN ({_marks(query.numbers)})", [*query.numbers]))
    for term in query.fields:
        sql, values = _FIELDS[term.field](reader, actor, term)
        # What has no team or category at all is not of that team or category either (NULL).
        found.append((f"NOT COALESCE(({sql}), FALSE)" if term.negated else sql, values))
    for time in query.times:
        sql, values = _time(reader, time)
        found.append((f"NOT COALESCE(({sql}), FALSE)" if time.negated else sql, values))
    found += [own_condition(own, "t.id", sqlite=reader.is_sqlite) for own in query.own]
    return found, find_words(reader, query.texts, short=short) if query.texts else None


# -- fields ----------------------------------------------------------------------------------------------------------
def _status(_reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    # Word for word as the indexes of the views say it.
    also = f" AND {UNRESOLVED}" if set(term.values) <= _OPEN else ""
    return f"t.status IN ({_marks(term.values)}){also}", list(term.values)


def _type(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    return _seldom(reader, "type", "request", term.values)


def _channel(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    return _seldom(reader, "channel", "email", term.values)


def _seldom(reader: FastReader, column: str, usual: str, values: Sequence[str]) -> Sql:
    """That ``column`` has one of ``values``; there is an index of the tickets where it is not as usual."""
    asked = f"t.{column} IN ({_marks(values)})"
    if usual not in values:
        others = f"SELECT t.id FROM ticket t WHERE t.{column} <> '{usual}' AND {asked}"
        if few := _few(reader, others, list(values)):
            return few, []
    return asked, list(values)


def _priority(_reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    ranks = [Priority(value).rank for value in term.values if value in set(Priority)]
    return (f"t.priority IN ({_marks(ranks)})", list(ranks)) if ranks else NOTHING


def _assignee(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    logins = [fold(actor.login) if value == "me" else value for value in term.values]
    ids = _ids(reader, "SELECT id, login FROM agent", logins)
    return _either_id("t.assignee_id", ids, "none" in term.values)


def _team(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    ids = _ids(reader, "SELECT id, name FROM team", term.values)
    if "mine" in term.values:
        ids += my_teams(reader, actor)
    sql, values = _either_id("t.team_id", ids, "none" in term.values)
    if not ids:
        return sql, values
    # Its own team, or that of a further address of ours that its mail came by, too. Looked up ticket by ticket: at
    # 100,000 tickets a page costs what it did; with the further ones as a list, a hundred times as much.
    further = (
        f"SELECT 1 FROM ticket_mailbox r WHERE r.ticket_id = t.id AND r.team_id IN ({_marks(ids)}) "
        "AND (r.mailbox_id <> t.mailbox_id OR r.company_address <> t.company_address)"
    )
    return f"({sql} OR EXISTS ({further}))", [*values, *ids]


def my_teams(reader: FastReader, actor: Actor) -> list[int]:
    """The teams that the acting agent belongs to."""
    rows = reader.rows("SELECT team_id FROM team_member WHERE agent_id = ?", [actor.agent_id])
    return [int(row[0]) for row in rows]


def _organization(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    """By the organization of whoever asks; the value is its name, or the beginning of it."""
    rows = reader.rows("SELECT id, name FROM organization")
    ids = [int(row[0]) for row in rows if fold(row[1]).startswith(term.values)]
    if not ids:
        return NOTHING
    people = reader.rows(
        f"SELECT id FROM person WHERE organization_id IN ({_marks(ids)}) LIMIT ?", [*ids, PEOPLE_LIMIT + 1]
    )
    if len(people) <= PEOPLE_LIMIT:
        found = [int(row[0]) for row in people]
        return (f"t.requester_id IN ({_marks(found)})", [*found]) if found else NOTHING
    theirs = f"SELECT 1 FROM person p WHERE p.id = t.requester_id AND p.organization_id IN ({_marks(ids)})"
    return f"EXISTS ({theirs})", [*ids]


def _mailbox(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    """By the address or the name of the mailbox that its mail came by, or the beginning of one."""
    rows = reader.rows("SELECT id, address, name FROM mailbox")
    ids = [int(row[0]) for row in rows if any(fold(name).startswith(term.values) for name in row[1:])]
    if not ids:
        return NOTHING
    asked = f"t.mailbox_id IN ({_marks(ids)})"
    few = _few(reader, f"SELECT t.id FROM ticket t WHERE {asked}", [*ids])
    # The plus keeps the planner on the order of the list: most tickets of a desk come by one mailbox.
    return (few, []) if few else (f"{'+' if reader.is_sqlite else ''}{asked}", [*ids])


def _watcher(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    """An agent who watches it, by login."""
    logins = [fold(actor.login) if value == "me" else value for value in term.values]
    ids = _ids(reader, "SELECT id, login FROM agent", logins)
    if not ids:
        return NOTHING
    watched = f"FROM watcher w WHERE w.agent_id IN ({_marks(ids)})"
    few = _few(reader, f"SELECT w.ticket_id {watched}", [*ids])
    return (few, []) if few else (f"EXISTS (SELECT 1 {watched} AND w.ticket_id = t.id)", [*ids])


def _category(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    paths = [(int(row[0]), fold(row[1])) for row in reader.rows("SELECT id, path FROM category")]
    ids = [
        number
        for number, path in paths
        if any(path == value or path.startswith(f"{value}/") for value in term.values)
    ]
    return _either_id("t.category_id", ids, "none" in term.values)


def _tag(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    tags = [tag for tag in used_tags(reader) if fold(tag) in term.values]
    if "none" in term.values:
        bare = "NOT EXISTS (SELECT 1 FROM ticket_tag y WHERE y.ticket_id = t.id)"
        if not tags:
            return bare, []
        return (
            f"({bare} OR EXISTS (SELECT 1 FROM ticket_tag x WHERE x.tag IN ({_marks(tags)}) AND x.ticket_id = t.id))",
            [*tags],
        )
    if not tags:
        return NOTHING
    having = f"FROM ticket_tag x WHERE x.tag IN ({_marks(tags)})"
    if few := _few(reader, f"SELECT x.ticket_id {having}", [*tags]):
        return few, []
    return f"EXISTS (SELECT 1 {having} AND x.ticket_id = t.id)", [*tags]


def used_tags(reader: FastReader, limit: int = TAGS_LIMIT) -> list[str]:
    """The tags there are, each found by one step in their index, however many tickets have it."""
    return [
        str(row[0])
        for row in reader.rows(
            "WITH RECURSIVE used(tag) AS (SELECT min(tag) FROM ticket_tag UNION ALL "
            "SELECT (SELECT min(x.tag) FROM ticket_tag x WHERE x.tag > used.tag) FROM used WHERE used.tag IS NOT NULL) "
            "SELECT tag FROM used WHERE tag IS NOT NULL LIMIT ?",
            [limit],
        )
    ]


def _asset(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    either, values = [], []
    for value in term.values:
        if value.endswith("*"):
            either.append("lower(a.tag) LIKE ? ESCAPE '!'")
            values.append(_like(value[:-1]) + "%")
        else:
            either.append("lower(a.tag) = ?")
            values.append(value)
    about = f"FROM ticket_asset l JOIN asset a ON a.id = l.asset_id WHERE ({' OR '.join(either)})"
    if few := _few(reader, f"SELECT l.ticket_id {about}", values):
        return few, []
    return f"EXISTS (SELECT 1 {about} AND l.ticket_id = t.id)", values


def _rated(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    either = " OR ".join(_RATINGS[value] for value in term.values if value in _RATINGS) or "1 = 0"
    rated = f"FROM satisfaction s WHERE ({either})"
    few = _few(reader, f"SELECT s.ticket_id {rated}", [])
    return few or f"EXISTS (SELECT 1 {rated} AND s.ticket_id = t.id)", []


def _has(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    parts = [_one_having(reader, *_HAS[value]) for value in term.values]
    return f"({' OR '.join(parts)})", []


def _one_having(reader: FastReader, tickets: str, one: str) -> str:
    by_notes = " INDEXED BY ix_message_note" if reader.is_sqlite else ""
    few = _few(reader, tickets.format(by_notes=by_notes), [])
    return few or f"EXISTS ({one.format(by_notes=by_notes)})"


def _few(reader: FastReader, tickets: str, values: list[Any]) -> str:
    """That the ticket ``t`` is one of those that a statement gives; empty where they are many.

    No list has an index of what its tickets have, so the seldom would be looked for in all tickets of the desk.
    """
    found = reader.rows(f"{tickets} LIMIT {HAVING_LIMIT + 1}", values)
    if len(found) > HAVING_LIMIT:
        return ""
    return (
        f"t.id IN ({', '.join(str(number) for number in sorted({int(row[0]) for row in found})) or 'NULL'})"
    )


def _is(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    parts: list[Sql] = []
    for value in term.values:
        if value == "snoozed":
            parts.append((_SNOOZED, [reader.time_value(utc_now())]))
        elif value == "overdue":
            parts.append(overdue(reader))
        elif term.values == ("spam",):
            parts.append((_few(reader, "SELECT t.id FROM ticket t WHERE t.spam", []) or _IS["spam"], []))
        else:
            parts.append((_IS[value], [actor.agent_id] * _IS[value].count("?")))
    return f"({' OR '.join(sql for sql, _v in parts)})", [one for _sql, values in parts for one in values]


def overdue(reader: FastReader) -> Sql:
    """Unresolved, and the day of its next action or of an open task has passed."""
    midnight = utc_now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    sql, values = _due(reader, TimeTerm("due", Between(None, midnight.astimezone(UTC))))
    return f"({UNRESOLVED} AND {sql})", values


def _requester(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    """By words of the name or beginnings of words of an address; ``@acme.com`` by the end of an address."""
    parts = [_one_requester(reader, value) for value in term.values]
    return f"({' OR '.join(sql for sql, _v in parts)})", [one for _sql, values in parts for one in values]


def _one_requester(reader: FastReader, value: str) -> Sql:
    words = words_of(value.replace("_", " "))
    if not words:
        return NOTHING
    if reader.is_sqlite:
        inner = "SELECT rowid FROM person_fts WHERE person_fts MATCH ?"
        asked = " AND ".join(f'"{word}" *' for word in words)
    else:
        inner = "SELECT person_id FROM person_search WHERE document @@ to_tsquery('simple', ?)"
        asked = " & ".join(f"'{word}':*" for word in words)
    found = reader.rows(f"{inner} LIMIT ?", [asked, PEOPLE_LIMIT + 1])
    # An address is more than its words: a@b.c is neither c@a.b nor, where the domain is meant, somebody's name.
    pattern = f"%{_like(value)}%" if "@" in value else ""
    address = "SELECT 1 FROM person_address d WHERE d.person_id = {} AND d.address LIKE ? ESCAPE '!'"
    more = [pattern] if pattern else []
    if len(found) <= PEOPLE_LIMIT:
        ids = [int(row[0]) for row in found]
        if not ids:
            return NOTHING
        check = f" AND EXISTS ({address.format('t.requester_id')})" if pattern else ""
        return f"(t.requester_id IN ({_marks(ids)}){check})", [*ids, *more]
    if pattern:
        return f"EXISTS ({address.format('t.requester_id')})", more
    # The plus keeps SQLite from putting the tickets of thousands of people in order (sqlite.org/optoverview.html, 2.1).
    return f"{'+' if reader.is_sqlite else ''}t.requester_id IN ({inner})", [asked]


_FIELDS: dict[str, Callable[[FastReader, Actor, FieldTerm], Sql]] = {
    "status": _status,
    "type": _type,
    "channel": _channel,
    "priority": _priority,
    "assignee": _assignee,
    "team": _team,
    "requester": _requester,
    "organization": _organization,
    "mailbox": _mailbox,
    "watcher": _watcher,
    "category": _category,
    "tag": _tag,
    "asset": _asset,
    "rated": _rated,
    "has": _has,
    "is": _is,
}


# -- times -----------------------------------------------------------------------------------------------------------
def _time(reader: FastReader, term: TimeTerm) -> Sql:
    if term.field == "waiting":
        sql, values = _between(reader, _WAITING_SINCE, term)
        return f"(t.requester_waiting AND {UNRESOLVED} AND {sql})", values
    if term.field == "resolved":
        sql, values = _between(reader, "t.resolved_at", term)
        # Whatever was resolved since then has changed since then, and that has an index.
        since, further = _between(reader, "t.updated_at", TimeTerm("updated", Between(term.between.low)))
        return f"({sql} AND {since})", [*values, *further]
    if term.field != "due":
        return _between(reader, f"t.{term.field}_at", term)
    return _due(reader, term)


def _due(reader: FastReader, term: TimeTerm) -> Sql:
    """The next action or an open task of the ticket is due then."""
    action, first = _days("t.next_action_on", term)
    day, second = _days("k.due_on", term)
    moment, third = _between(reader, "k.due_at", term)
    task = f"k.state IN ('open', 'in_progress') AND ({day} OR {moment})"
    acted = _few(reader, f"SELECT t.id FROM ticket t WHERE t.next_action_on IS NOT NULL AND {action}", first)
    tasks = _few(reader, f"SELECT k.ticket_id FROM task k WHERE {task}", [*second, *third])
    if acted and tasks:
        return f"({acted} OR {tasks})", []
    return (
        f"({action} OR EXISTS (SELECT 1 FROM task k WHERE k.ticket_id = t.id AND {task}))",
        [*first, *second, *third],
    )


def _between(reader: FastReader, instant: str, term: TimeTerm) -> Sql:
    parts, values = [], []
    for sign, edge in ((">=", term.between.low), ("<", term.between.high)):
        if edge is not None:
            parts.append(f"{instant} {sign} ?")
            values.append(reader.time_value(edge))
    return f"({' AND '.join(parts)})" if parts else NOTHING[0], values


def _days(day: str, term: TimeTerm) -> Sql:
    """A day ends at midnight: it is due before an instant of the next one."""
    parts, values = [], []
    for sign, edge in ((">=", term.between.low), ("<", term.between.high)):
        if edge is not None:
            parts.append(f"{day} {sign} ?")
            values.append(edge.astimezone().date().isoformat())
    return f"({' AND '.join(parts)})" if parts else NOTHING[0], values


# -- helpers ---------------------------------------------------------------------------------------------------------
def _ids(reader: FastReader, statement: str, names: Sequence[str]) -> list[int]:
    """The rows whose name, folded, is one of ``names``: the database folds ASCII only."""
    return [int(number) for number, name in reader.rows(statement) if fold(name) in names]


def _either_id(column: str, ids: Sequence[int], none: bool) -> Sql:
    parts = [f"{column} IN ({_marks(ids)})"] if ids else []
    if none:
        parts.append(f"{column} IS NULL")
    return (f"({' OR '.join(parts)})", [*ids]) if parts else NOTHING


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" for _value in values)


def _like(value: str) -> str:
    return value.replace("!", "!!").replace("%", "!%").replace("_", "!_")
