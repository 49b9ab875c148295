"""Who asks, who works and whose it is, as SQL about the row ``t`` of the tickets."""

from __future__ import annotations

from tui_desk.db.fast import FastReader
from tui_desk.db.search_words import beginnings
from tui_desk.rules.query_terms import FieldTerm
from tui_desk.rules.words import fold, words_of
from tui_desk.services.actor import Actor
from tui_desk.services.query_parts import NOTHING, by_number, either_id, ids_named, like, marks
from tui_desk.services.query_words import Sql

PEOPLE_LIMIT = 500
"""People that are asked for by number; where more fit, it is looked up who asked in each ticket."""


def of_assignee(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    logins = [fold(actor.login) if value == "me" else value for value in term.values]
    ids = ids_named(reader, "SELECT id, login FROM agent", logins)
    return either_id("t.assignee_id", ids, "none" in term.values)


def of_team(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    ids = ids_named(reader, "SELECT id, name FROM team", term.values)
    if "mine" in term.values:
        ids += my_teams(reader, actor)
    sql, values = either_id("t.team_id", ids, "none" in term.values)
    if not ids:
        return sql, values
    # Its own team, or that of a further address of ours that its mail came by, too. Looked up ticket by ticket: at
    # 100,000 tickets a page costs what it did; with the further ones as a list, a hundred times as much.
    further = (
        f"SELECT 1 FROM ticket_mailbox r WHERE r.ticket_id = t.id AND r.team_id IN ({marks(ids)}) "
        "AND (r.mailbox_id <> t.mailbox_id OR r.company_address <> t.company_address)"
    )
    return f"({sql} OR EXISTS ({further}))", [*values, *ids]


def my_teams(reader: FastReader, actor: Actor) -> list[int]:
    """The teams that the acting agent belongs to."""
    rows = reader.rows("SELECT team_id FROM team_member WHERE agent_id = ?", [actor.agent_id])
    return [int(row[0]) for row in rows]


def of_organization(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    """By the organization of whoever asks; the value is its name, or the beginning of it."""
    rows = reader.rows("SELECT id, name FROM organization")
    ids = [int(row[0]) for row in rows if fold(row[1]).startswith(term.values)]
    if not ids:
        return NOTHING
    people = reader.rows(
        f"SELECT id FROM person WHERE organization_id IN ({marks(ids)}) LIMIT ?", [*ids, PEOPLE_LIMIT + 1]
    )
    if len(people) <= PEOPLE_LIMIT:
        found = [int(row[0]) for row in people]
        return (f"t.requester_id IN ({marks(found)})", [*found]) if found else NOTHING
    theirs = f"SELECT 1 FROM person p WHERE p.id = t.requester_id AND p.organization_id IN ({marks(ids)})"
    return f"EXISTS ({theirs})", [*ids]


def of_mailbox(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    """By the address or the name of the mailbox that its mail came by, or the beginning of one."""
    rows = reader.rows("SELECT id, address, name FROM mailbox")
    ids = [int(row[0]) for row in rows if any(fold(name).startswith(term.values) for name in row[1:])]
    if not ids:
        return NOTHING
    asked = f"t.mailbox_id IN ({marks(ids)})"
    few = by_number(reader, f"SELECT t.id FROM ticket t WHERE {asked}", [*ids])
    # The plus keeps the planner on the order of the list: most tickets of a desk come by one mailbox.
    return (few, []) if few else (f"{'+' if reader.is_sqlite else ''}{asked}", [*ids])


def of_watcher(reader: FastReader, actor: Actor, term: FieldTerm) -> Sql:
    """An agent who watches it, by login."""
    logins = [fold(actor.login) if value == "me" else value for value in term.values]
    ids = ids_named(reader, "SELECT id, login FROM agent", logins)
    if not ids:
        return NOTHING
    watched = f"FROM watcher w WHERE w.agent_id IN ({marks(ids)})"
    few = by_number(reader, f"SELECT w.ticket_id {watched}", [*ids])
    return (few, []) if few else (f"EXISTS (SELECT 1 {watched} AND w.ticket_id = t.id)", [*ids])


def of_requester(reader: FastReader, _actor: Actor, term: FieldTerm) -> Sql:
    """By words of the name or beginnings of words of an address; ``@acme.com`` by the end of an address."""
    parts = [_one_requester(reader, value) for value in term.values]
    return f"({' OR '.join(sql for sql, _v in parts)})", [one for _sql, values in parts for one in values]


def _one_requester(reader: FastReader, value: str) -> Sql:
    words = words_of(value.replace("_", " "))
    if not words:
        return NOTHING
    if reader.is_sqlite:
        inner = "SELECT rowid FROM person_fts WHERE person_fts MATCH ?"
        asked = beginnings(words)
    else:
        inner = "SELECT person_id FROM person_search WHERE document @@ to_tsquery('simple', ?)"
        asked = " & ".join(f"'{word}':*" for word in words)
    if not asked:
        return NOTHING
    found = reader.rows(f"{inner} LIMIT ?", [asked, PEOPLE_LIMIT + 1])
    # An address is more than its words: a@b.c is neither c@a.b nor, where the domain is meant, somebody's name.
    pattern = f"%{like(value)}%" if "@" in value else ""
    address = "SELECT 1 FROM person_address d WHERE d.person_id = {} AND d.address LIKE ? ESCAPE '!'"
    more = [pattern] if pattern else []
    if len(found) <= PEOPLE_LIMIT:
        ids = [int(row[0]) for row in found]
        if not ids:
            return NOTHING
        check = f" AND EXISTS ({address.format('t.requester_id')})" if pattern else ""
        return f"(t.requester_id IN ({marks(ids)}){check})", [*ids, *more]
    if pattern:
        return f"EXISTS ({address.format('t.requester_id')})", more
    # The plus keeps SQLite from putting the tickets of thousands of people in order (sqlite.org/optoverview.html, 2.1).
    return f"{'+' if reader.is_sqlite else ''}t.requester_id IN ({inner})", [asked]
