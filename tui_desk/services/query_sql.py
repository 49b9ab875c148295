"""A query of the filter line as SQL about the row ``t`` of the tickets, for plain drivers, with ``?`` for its values.

Nothing here is slow at a million tickets: names are looked up first (there are few), full text and people by their indexes. What has
few hits is asked for by number; what has many is looked up ticket by ticket, in the order of the list, which fills a page soon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Priority
from tui_desk.db.fast import FastReader
from tui_desk.rules.query_terms import FieldTerm, TicketQuery
from tui_desk.rules.words import fold
from tui_desk.services import query_people
from tui_desk.services.actor import Actor
from tui_desk.services.own_search import own_condition
from tui_desk.services.query_parts import NOTHING, UNRESOLVED, by_number, either_id, like, marks
from tui_desk.services.query_times import overdue, time_condition
from tui_desk.services.query_words import Sql, Words, find_words

TAGS_LIMIT = 5_000

_RATINGS = {"good": "score >= 4", "fair": "score = 3", "bad": "score <= 2", "asked": "score IS NULL"}
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


def query_conditions(
    reader: FastReader, actor: Actor, query: TicketQuery, *, short: bool
) -> tuple[list[Sql], Words | None]:
    """What a ticket must be to fit, words apart; a query that makes no sense fits none. ``short``: see ``find_words``."""
    if query.problems:
        return [NOTHING], None
    found: list[Sql] = []
    if query.numbers:
        found.append((f"t.id IN ({marks(query.numbers)})", [*query.numbers]))
    for term in query.fields:
        sql, values = _FIELDS[term.field](reader, actor, term)
        # What has no team or category at all is not of that team or category either (NULL).
        found.append((f"NOT COALESCE(({sql}), FALSE)" if term.negated else sql, values))
    for time in query.times:
        sql, values = time_condition(reader, time)
        found.append((f"NOT COALESCE(({sql}), FALSE)" if time.negated else sql, values))
    found += [own_condition(own, "t.id", sqlite=reader.is_sqlite) for own in query.own]
    return found, _words(reader, query, short) if query.texts else None


def _words(reader: FastReader, query: TicketQuery, short: bool) -> Words:
    return find_words(reader, query.texts, short=short, turned=query.sort.startswith("-"))


# -- fields ----------------------------------------------------------------------------------------------------------
def _status(_reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    # Word for word as the indexes of the views say it.
    also = f" AND {UNRESOLVED}" if set(term.values) <= _OPEN else ""
    return f"t.status IN ({marks(term.values)}){also}", list(term.values)


def _type(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    return _seldom(reader, "type", "request", term.values)


def _channel(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    return _seldom(reader, "channel", "email", term.values)


def _seldom(reader: FastReader, column: str, usual: str, values: Sequence[str]) -> Sql:
    """That ``column`` has one of ``values``; there is an index of the tickets where it is not as usual."""
    asked = f"t.{column} IN ({marks(values)})"
    if usual not in values:
        others = f"SELECT t.id FROM ticket t WHERE t.{column} <> '{usual}' AND {asked}"
        if few := by_number(reader, others, list(values)):
            return few, []
    return asked, list(values)


def _priority(_reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    ranks = [Priority(value).rank for value in term.values if value in set(Priority)]
    return (f"t.priority IN ({marks(ranks)})", list(ranks)) if ranks else NOTHING


def _category(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    paths = [(int(row[0]), fold(row[1])) for row in reader.rows("SELECT id, path FROM category")]
    ids = [
        number
        for number, path in paths
        if any(path == value or path.startswith(f"{value}/") for value in term.values)
    ]
    return either_id("t.category_id", ids, "none" in term.values)


def _tag(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    tags = [tag for tag in used_tags(reader) if fold(tag) in term.values]
    if "none" in term.values:
        bare = "NOT EXISTS (SELECT 1 FROM ticket_tag y WHERE y.ticket_id = t.id)"
        if not tags:
            return bare, []
        return (
            f"({bare} OR EXISTS (SELECT 1 FROM ticket_tag x WHERE x.tag IN ({marks(tags)}) AND x.ticket_id = t.id))",
            [*tags],
        )
    if not tags:
        return NOTHING
    having = f"FROM ticket_tag x WHERE x.tag IN ({marks(tags)})"
    if few := by_number(reader, f"SELECT x.ticket_id {having}", [*tags]):
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
            values.append(like(value[:-1]) + "%")
        else:
            either.append("lower(a.tag) = ?")
            values.append(value)
    about = f"FROM ticket_asset l JOIN asset a ON a.id = l.asset_id WHERE ({' OR '.join(either)})"
    if few := by_number(reader, f"SELECT l.ticket_id {about}", values):
        return few, []
    return f"EXISTS (SELECT 1 {about} AND l.ticket_id = t.id)", values


def _rated(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    either = " OR ".join(_RATINGS[value] for value in term.values if value in _RATINGS) or "1 = 0"
    rated = f"FROM satisfaction s WHERE ({either})"
    few = by_number(reader, f"SELECT s.ticket_id {rated}", [])
    return few or f"EXISTS (SELECT 1 {rated} AND s.ticket_id = t.id)", []


def _has(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    parts = [_one_having(reader, *_HAS[value]) for value in term.values]
    return f"({' OR '.join(parts)})", []


def _one_having(reader: FastReader, tickets: str, one: str) -> str:
    by_notes = " INDEXED BY ix_message_note" if reader.is_sqlite else ""
    few = by_number(reader, tickets.format(by_notes=by_notes), [])
    return few or f"EXISTS ({one.format(by_notes=by_notes)})"


def _is(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    parts: list[Sql] = []
    for value in term.values:
        if value == "snoozed":
            parts.append((_SNOOZED, [reader.time_value(utc_now())]))
        elif value == "overdue":
            parts.append(overdue(reader))
        elif term.values == ("spam",):
            parts.append((by_number(reader, "SELECT t.id FROM ticket t WHERE t.spam", []) or _IS["spam"], []))
        else:
            parts.append((_IS[value], [actor.agent_id] * _IS[value].count("?")))
    return f"({' OR '.join(sql for sql, _v in parts)})", [one for _sql, values in parts for one in values]


_FIELDS: dict[str, Callable[[FastReader, Actor, FieldTerm], Sql]] = {
    "status": _status,
    "type": _type,
    "channel": _channel,
    "priority": _priority,
    "assignee": query_people.of_assignee,
    "team": query_people.of_team,
    "requester": query_people.of_requester,
    "organization": query_people.of_organization,
    "mailbox": query_people.of_mailbox,
    "watcher": query_people.of_watcher,
    "category": _category,
    "tag": _tag,
    "asset": _asset,
    "rated": _rated,
    "has": _has,
    "is": _is,
}
