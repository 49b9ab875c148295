"""Long lists: what assets and people are sorted and found by, in tables of their own that triggers keep; indexes that were missing.

``asset_search`` and ``person_search`` have a row for each asset, and for each person that is no part of another record. Their keys are text
that both databases compare byte by byte: lower case without diacritics, ``0`` in front of it, ``1`` where there is nothing (at the end).
``person_search.last_contact`` is an instant as SQLite writes it; empty where nobody wrote. Whatever writes an asset, a person, an address, an
organisation or a message keeps them, since the database itself does it.
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ASSET_KEYS = ("tag", "name", "type", "state", "owner", "warranty", "location")
PERSON_KEYS = ("name", "address", "organization")
KEY_LENGTH = 100
_WORDS_LENGTH = 2000
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_LONG = {
    "ß": "ss",
    "æ": "ae",
    "Æ": "ae",
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "Đ": "d",
    "œ": "oe",
    "Œ": "oe",
}


def _plain_letters(last: int) -> dict[str, str]:
    """Letters that are an ASCII letter with a mark on it, and that letter in lower case."""
    found = {}
    for code in range(0xC0, last):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            found[chr(code)] = base.lower()
    return found


def upgrade() -> None:
    """Only adds; what is there is entered at once."""
    where = sa.text("undoes IS NOT NULL")
    op.create_index("ix_event_undoes", "event", ["undoes"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_person_name", "person", ["name"])
    op.execute("CREATE INDEX ix_asset_lower_tag ON asset (lower(tag))")
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _indexes() -> None:
    """By each key, and the same for what is not retired. The number behind the key makes every place one of its own."""
    for key in ASSET_KEYS:
        op.execute(f"CREATE INDEX ix_asset_search_all_{key} ON asset_search ({key}, asset_id)")
        op.execute(f"CREATE INDEX ix_asset_search_{key} ON asset_search ({key}, asset_id) WHERE retired = 0")
    for key in (*PERSON_KEYS, "last_contact"):
        op.execute(f"CREATE INDEX ix_person_search_{key} ON person_search ({key}, person_id)")


# -- SQLite ----------------------------------------------------------------------------------------------------------


def _sqlite_letters() -> None:
    """The letters as a table, whose numbers are also the places of a key: a chain of ``replace`` would be read at every opening."""
    op.execute(
        "CREATE TABLE search_letter (number INTEGER PRIMARY KEY, letter TEXT NOT NULL UNIQUE, base TEXT NOT NULL)"
    )
    letters = {**_plain_letters(0x250), **_LONG}
    op.bulk_insert(
        sa.table("search_letter", sa.column("letter", sa.Text()), sa.column("base", sa.Text())),
        [{"letter": letter, "base": base} for letter, base in letters.items()],
    )


def _sqlite_key(value: str) -> str:
    """``value`` as a key. Only what is not plain ASCII pays for its letters."""
    short = f"lower(trim(substr({value}, 1, {KEY_LENGTH})))"
    folded = (
        "SELECT group_concat(c, '') FROM (SELECT coalesce(l.base, substr(x, n.number, 1)) AS c "
        f"FROM (SELECT {short} AS x) JOIN search_letter n ON n.number <= length(x) "
        "LEFT JOIN search_letter l ON l.letter = substr(x, n.number, 1) ORDER BY n.number)"
    )
    return (
        f"CASE WHEN coalesce(trim({value}), '') = '' THEN '1' "
        f"WHEN {value} GLOB '*[^ -~]*' THEN '0' || ({folded}) ELSE '0' || {short} END"
    )


def _sqlite_words(*values: str) -> str:
    joined = " || ' ' || ".join(f"coalesce({value}, '')" for value in values)
    return f"replace(substr({joined}, 1, {_WORDS_LENGTH}), 'ß', 'ss')"


_FIRST_ADDRESS = "(SELECT a.address FROM person_address a WHERE a.person_id = p.id ORDER BY a.id LIMIT 1)"
_OWNER = f"CASE WHEN p.name <> '' THEN p.name ELSE {_FIRST_ADDRESS} END"
_WARRANTY = "CASE WHEN s.warranty_until IS NULL THEN '1' ELSE '0' || s.warranty_until END"
_ASSET_WORDS = ("s.tag", "s.name", "s.serial", "s.hostname", "s.type", "s.location", _OWNER)
_OLD_NUMBER = "DELETE FROM asset_search WHERE asset_id = OLD.id AND OLD.id <> NEW.id"
"""An asset that was just made gets another number where the history of its first one is not empty."""
_CONTACT = "SELECT max(m.at) FROM message m WHERE m.author_person_id = p.id AND m.direction = 'in'"


def _sqlite_asset(where: str, conflict: bool = True) -> str:
    columns = ("retired", *ASSET_KEYS, "words")
    values = ", ".join(
        (
            "s.id",
            "s.state = 'retired'",
            _sqlite_key("s.tag"),
            _sqlite_key("s.name"),
            _sqlite_key("s.type"),
            "'0' || s.state",
            _sqlite_key(f"({_OWNER})"),
            _WARRANTY,
            _sqlite_key("s.location"),
            _sqlite_words(*_ASSET_WORDS),
        )
    )
    return _upsert(
        "asset_search",
        "asset_id",
        columns,
        values,
        f"asset s LEFT JOIN person p ON p.id = s.owner_id WHERE {where}",
        conflict,
    )


def _sqlite_person(where: str, conflict: bool = True) -> str:
    columns = (*PERSON_KEYS, "words")
    addresses = "(SELECT group_concat(a.address, ' ') FROM person_address a WHERE a.person_id = p.id)"
    values = ", ".join(
        (
            "p.id",
            _sqlite_key("p.name"),
            _sqlite_key(_FIRST_ADDRESS),
            _sqlite_key("o.name"),
            _sqlite_words("p.name", "o.name", addresses),
        )
    )
    source = f"person p LEFT JOIN organization o ON o.id = p.organization_id WHERE p.merged_into_id IS NULL AND {where}"
    return _upsert("person_search", "person_id", columns, values, source, conflict)


def _upsert(
    table: str, number: str, columns: tuple[str, ...], values: str, source: str, conflict: bool
) -> str:
    found = f"INSERT INTO {table} ({number}, {', '.join(columns)}) SELECT {values} FROM {source}"
    if conflict:
        found += f" ON CONFLICT ({number}) DO UPDATE SET " + ", ".join(
            f"{name} = excluded.{name}" for name in columns
        )
    return found


def _sqlite() -> None:
    keys = ", ".join(f"{key} TEXT NOT NULL" for key in ASSET_KEYS)
    op.execute(
        f"CREATE TABLE asset_search (asset_id INTEGER PRIMARY KEY, retired INTEGER NOT NULL, {keys}, words TEXT NOT NULL)"
    )
    keys = ", ".join(f"{key} TEXT NOT NULL" for key in PERSON_KEYS)
    op.execute(
        f"CREATE TABLE person_search (person_id INTEGER PRIMARY KEY, {keys}, last_contact TEXT NOT NULL DEFAULT '', words TEXT NOT NULL)"
    )
    _sqlite_letters()
    op.execute(_sqlite_asset("true", conflict=False))
    op.execute(_sqlite_person("true", conflict=False))
    op.execute(
        "UPDATE person_search SET last_contact = c.at FROM (SELECT author_person_id, max(at) AS at FROM message "
        "WHERE direction = 'in' GROUP BY author_person_id) c WHERE c.author_person_id = person_id"
    )
    for noun in ("asset", "person"):
        _sqlite_words_index(noun)
    _indexes()
    _sqlite_triggers()


def _sqlite_words_index(noun: str) -> None:
    """FTS5 over the words (sqlite.org/fts5.html, 4.4.3): only which row has which word, since nothing is ranked or quoted."""
    table, fts, number = f"{noun}_search", f"{noun}_fts", f"{noun}_id"
    op.execute(
        f"CREATE VIRTUAL TABLE {fts} USING fts5(words, content='{table}', content_rowid='{number}', "
        "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3', detail=none, columnsize=0)"
    )
    op.execute(f"INSERT INTO {fts} ({fts}) VALUES ('rebuild')")
    gone = f"INSERT INTO {fts} ({fts}, rowid, words) VALUES ('delete', OLD.{number}, OLD.words);"
    come = f"INSERT INTO {fts} (rowid, words) VALUES (NEW.{number}, NEW.words);"
    op.execute(f"CREATE TRIGGER {table}_come AFTER INSERT ON {table} BEGIN {come} END")
    op.execute(f"CREATE TRIGGER {table}_gone AFTER DELETE ON {table} BEGIN {gone} END")
    op.execute(
        f"CREATE TRIGGER {table}_changed AFTER UPDATE OF words ON {table} WHEN OLD.words <> NEW.words BEGIN {gone} {come} END"
    )


def _sqlite_triggers() -> None:
    """Whatever has to enter a row writes its number into a view: the long statement is there once, since every opening reads the schema."""

    def trigger(name: str, when: str, *steps: str) -> None:
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN {' '.join(f'{step};' for step in steps)} END")

    for noun, statement in (
        ("asset", _sqlite_asset("s.id = NEW.id")),
        ("person", _sqlite_person("p.id = NEW.id")),
    ):
        op.execute(f"CREATE VIEW {noun}_entry AS SELECT {noun}_id AS id FROM {noun}_search")
        trigger(f"search_{noun}_entry", f"INSTEAD OF INSERT ON {noun}_entry", statement)
    for noun in ("asset", "person"):
        enter = f"INSERT INTO {noun}_entry VALUES (NEW.id)"
        trigger(f"search_{noun}_come", f"AFTER INSERT ON {noun}", enter)
        trigger(
            f"search_{noun}_gone",
            f"AFTER DELETE ON {noun}",
            f"DELETE FROM {noun}_search WHERE {noun}_id = OLD.id",
        )
    trigger(
        "search_asset_changed",
        "AFTER UPDATE OF id, tag, name, serial, hostname, type, state, owner_id, warranty_until, location ON asset",
        _OLD_NUMBER,
        "INSERT INTO asset_entry VALUES (NEW.id)",
    )
    trigger(
        "search_person_changed",
        "AFTER UPDATE OF name, organization_id ON person "
        "WHEN OLD.name <> NEW.name OR OLD.organization_id IS NOT NEW.organization_id",
        "INSERT INTO person_entry VALUES (NEW.id)",
        "INSERT INTO asset_entry SELECT id FROM asset WHERE owner_id = NEW.id",
    )
    trigger(
        "search_person_merged",
        "AFTER UPDATE OF merged_into_id ON person",
        "DELETE FROM person_search WHERE person_id = NEW.id AND NEW.merged_into_id IS NOT NULL",
        "INSERT INTO person_entry VALUES (NEW.id)",
        f"UPDATE person_search SET last_contact = coalesce(({_CONTACT.replace('p.id', 'NEW.id')}), '') WHERE person_id = NEW.id",
    )
    for verb, rows in (("INSERT", ("NEW",)), ("DELETE", ("OLD",)), ("UPDATE", ("OLD", "NEW"))):
        steps = [
            step
            for row in rows
            for step in (
                f"INSERT INTO person_entry VALUES ({row}.person_id)",
                f"INSERT INTO asset_entry SELECT id FROM asset WHERE owner_id = {row}.person_id",
            )
        ]
        trigger(f"search_address_{verb.lower()}", f"AFTER {verb} ON person_address", *steps)
    trigger(
        "search_organization_named",
        "AFTER UPDATE OF name ON organization WHEN OLD.name <> NEW.name",
        "INSERT INTO person_entry SELECT id FROM person WHERE organization_id = NEW.id",
    )
    newer = "UPDATE person_search SET last_contact = NEW.at WHERE person_id = NEW.author_person_id AND last_contact < NEW.at"
    trigger(
        "search_contact",
        "AFTER INSERT ON message WHEN NEW.direction = 'in' AND NEW.author_person_id IS NOT NULL",
        newer,
    )
    trigger(
        "search_contact_moved",
        "AFTER UPDATE OF author_person_id ON message "
        "WHEN NEW.direction = 'in' AND OLD.author_person_id IS NOT NEW.author_person_id",
        newer,
        f"UPDATE person_search SET last_contact = coalesce(({_CONTACT.replace('p.id', 'OLD.author_person_id')}), '') "
        "WHERE person_id = OLD.author_person_id AND last_contact = OLD.at",
    )


# -- PostgreSQL ------------------------------------------------------------------------------------------------------


def _postgresql() -> None:
    _postgresql_functions()
    keys = ", ".join(f'{key} text COLLATE "C" NOT NULL' for key in ASSET_KEYS)
    op.execute(
        f"CREATE TABLE asset_search (asset_id integer PRIMARY KEY, retired smallint NOT NULL, {keys}, words text NOT NULL, "
        "document tsvector NOT NULL)"
    )
    keys = ", ".join(f'{key} text COLLATE "C" NOT NULL' for key in PERSON_KEYS)
    op.execute(
        f"CREATE TABLE person_search (person_id integer PRIMARY KEY, {keys}, last_contact text COLLATE \"C\" NOT NULL DEFAULT '', "
        "words text NOT NULL, document tsvector NOT NULL)"
    )
    op.execute(_postgresql_asset("true", conflict=False))
    op.execute(_postgresql_person("true", conflict=False))
    op.execute(
        "UPDATE person_search SET last_contact = search_time(c.at) FROM (SELECT author_person_id, max(at) AS at FROM message "
        "WHERE direction = 'in' GROUP BY author_person_id) c WHERE c.author_person_id = person_id"
    )
    for noun in ("asset", "person"):
        op.execute(f"CREATE INDEX ix_{noun}_search_document ON {noun}_search USING gin (document)")
    _indexes()
    _postgresql_triggers()
    op.execute("ANALYZE asset_search")
    op.execute("ANALYZE person_search")


def _postgresql_functions() -> None:
    letters = _plain_letters(0x250)
    given, base = "".join(letters), "".join(letters.values())
    marks = _PUNCTUATION.replace("'", "''")
    replaced = "lower(value)"
    for letter, plain in _LONG.items():
        replaced = f"replace({replaced}, '{letter}', '{plain}')"

    def function(name: str, value: str, returns: str, body: str) -> None:
        op.execute(
            sa.text(
                f"CREATE OR REPLACE FUNCTION {name}(value {value}) RETURNS {returns} LANGUAGE sql IMMUTABLE AS $${body}$$".replace(
                    ":", "\\:"
                )
            )
        )

    function(
        "search_folded",
        "text",
        "text",
        f"SELECT CASE WHEN octet_length(value) = length(value) THEN lower(value) ELSE translate({replaced}, '{given}', '{base}') END",
    )
    function(
        "search_key",
        "text",
        "text",
        f"SELECT CASE WHEN coalesce(btrim(value), '') = '' THEN '1' ELSE '0' || btrim(search_folded(left(value, {KEY_LENGTH}))) END",
    )
    function(
        "search_words",
        "text",
        "text",
        f"SELECT translate(search_folded(left(value, {_WORDS_LENGTH})), E'{marks.replace(chr(92), chr(92) * 2)}', '{' ' * len(_PUNCTUATION)}')",
    )
    function(
        "search_time",
        "timestamptz",
        "text",
        "SELECT to_char(value AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    )


def _postgresql_asset(where: str, conflict: bool = True) -> str:
    columns = ("retired", *ASSET_KEYS, "words", "document")
    words = ", ".join(_ASSET_WORDS)
    source = (
        f"SELECT s.*, search_key({_OWNER}) AS owner_key, search_words(concat_ws(' ', {words})) AS words FROM asset s "
        f"LEFT JOIN person p ON p.id = s.owner_id WHERE {where}"
    )
    values = (
        "s.id, (s.state = 'retired')::int, search_key(s.tag), search_key(s.name), search_key(s.type), search_key(s.state), "
        f"s.owner_key, {_WARRANTY}, search_key(s.location), s.words, to_tsvector('simple', s.words)"
    )
    return _upsert("asset_search", "asset_id", columns, values, f"({source}) s WHERE true", conflict)


def _postgresql_person(where: str, conflict: bool = True) -> str:
    columns = (*PERSON_KEYS, "words", "document")
    addresses = "(SELECT string_agg(a.address, ' ') FROM person_address a WHERE a.person_id = p.id)"
    source = (
        f"SELECT p.id, p.name, {_FIRST_ADDRESS} AS address, o.name AS organization, "
        f"search_words(concat_ws(' ', p.name, o.name, {addresses})) AS words "
        f"FROM person p LEFT JOIN organization o ON o.id = p.organization_id WHERE p.merged_into_id IS NULL AND {where}"
    )
    values = "s.id, search_key(s.name), search_key(s.address), search_key(s.organization), s.words, to_tsvector('simple', s.words)"
    return _upsert("person_search", "person_id", columns, values, f"({source}) s WHERE true", conflict)


def _postgresql_triggers() -> None:
    def trigger(name: str, when: str, *steps: str, condition: str = "") -> None:
        body = " ".join(f"{step};" for step in steps)
        op.execute(
            sa.text(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$".replace(
                    ":", "\\:"
                )
            )
        )
        when_true = f" WHEN ({condition})" if condition else ""
        op.execute(f"CREATE TRIGGER {name} AFTER {when} FOR EACH ROW{when_true} EXECUTE FUNCTION {name}()")

    asset, person = _postgresql_asset, _postgresql_person
    trigger("search_asset_come", "INSERT ON asset", asset("s.id = NEW.id"))
    trigger(
        "search_asset_changed",
        "UPDATE OF id, tag, name, serial, hostname, type, state, owner_id, warranty_until, location ON asset",
        _OLD_NUMBER,
        asset("s.id = NEW.id"),
    )
    trigger("search_asset_gone", "DELETE ON asset", "DELETE FROM asset_search WHERE asset_id = OLD.id")
    trigger("search_person_come", "INSERT ON person", person("p.id = NEW.id"))
    trigger(
        "search_person_changed",
        "UPDATE OF name, organization_id ON person",
        person("p.id = NEW.id"),
        asset("s.owner_id = NEW.id"),
        condition="OLD.name <> NEW.name OR OLD.organization_id IS DISTINCT FROM NEW.organization_id",
    )
    trigger(
        "search_person_merged",
        "UPDATE OF merged_into_id ON person",
        "DELETE FROM person_search WHERE person_id = NEW.id AND NEW.merged_into_id IS NOT NULL",
        person("p.id = NEW.id"),
        f"UPDATE person_search SET last_contact = coalesce(search_time(({_CONTACT.replace('p.id', 'NEW.id')})), '') "
        "WHERE person_id = NEW.id",
    )
    trigger("search_person_gone", "DELETE ON person", "DELETE FROM person_search WHERE person_id = OLD.id")
    for verb, rows in (("INSERT", ("NEW",)), ("DELETE", ("OLD",)), ("UPDATE", ("OLD", "NEW"))):
        steps = [
            step
            for row in rows
            for step in (
                person(f"p.id = {row}.person_id"),
                asset(f"s.owner_id = {row}.person_id AND p.name = ''"),
            )
        ]
        trigger(f"search_address_{verb.lower()}", f"{verb} ON person_address", *steps)
    trigger(
        "search_organization_named",
        "UPDATE OF name ON organization",
        person("p.organization_id = NEW.id"),
        condition="OLD.name <> NEW.name",
    )
    # A row that somebody else is changing is not waited for: two batches of mail never wait for each other in a circle.
    newer = (
        "UPDATE person_search SET last_contact = search_time(NEW.at) WHERE person_id = (SELECT f.person_id FROM person_search f "
        "WHERE f.person_id = NEW.author_person_id AND f.last_contact < search_time(NEW.at) FOR UPDATE SKIP LOCKED)"
    )
    inbound = "NEW.direction = 'in' AND NEW.author_person_id IS NOT NULL"
    trigger("search_contact", "INSERT ON message", newer, condition=inbound)
    trigger(
        "search_contact_moved",
        "UPDATE OF author_person_id ON message",
        newer,
        f"UPDATE person_search SET last_contact = coalesce(search_time(({_CONTACT.replace('p.id', 'OLD.author_person_id')})), '') "
        "WHERE person_id = OLD.author_person_id AND last_contact = search_time(OLD.at)",
        condition="NEW.direction = 'in' AND OLD.author_person_id IS DISTINCT FROM NEW.author_person_id",
    )
