"""What lists are sorted and found by: entered for a filled desk, kept by the database whatever writes, the same on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from tui_desk.db.engine import Database, open_database
from tui_desk.db.schema import ensure_schema, found_revision, migrate
from tui_desk.models import Asset, Message, Organization, Person, PersonAddress, Ticket

NOW = datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=UTC)


def _fill(session: Session) -> None:
    session.add(Organization(id=1, name="Ärztehaus Süd", domain="aerzte.test"))
    session.flush()
    for number, name, organization in ((1, "Ömer Çelik", 1), (2, "", None), (3, "Straßer, Eva", 1)):
        session.add(Person(id=number, name=name, organization_id=organization, created_at=NOW))
    session.add(Person(id=4, name="Eva S.", merged_into_id=3, created_at=NOW))
    session.flush()
    for person, address in ((1, "omer@aerzte.test"), (2, "no-name@x.test"), (1, "o.celik@home.test")):
        session.add(PersonAddress(person_id=person, address=address))
        session.flush()
    assets = (
        ("LT-2", "Łaptop", "in_use", 1, date(2027, 1, 2)),
        ("lt-1", "Screen", "retired", 2, None),
        ("ŻB-9", "", "in_stock", None, None),
    )
    for number, (tag, name, state, owner, warranty) in enumerate(assets, start=1):
        session.add(
            Asset(
                id=number,
                tag=tag,
                name=name,
                state=state,
                owner_id=owner,
                warranty_until=warranty,
                created_at=NOW,
                updated_at=NOW,
            )
        )
    session.add(
        Ticket(id=1, subject="Printer", requester_id=1, requester_name="Ömer", created_at=NOW, updated_at=NOW)
    )
    session.flush()
    _say(session, 1, NOW)
    _say(session, 1, NOW + timedelta(minutes=2))
    _say(session, 2, NOW, "out")


def _say(session: Session, person: int, at: datetime, direction: str = "in") -> None:
    session.add(Message(ticket_id=1, kind="email", direction=direction, author_person_id=person, at=at))
    session.flush()


def _kept(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """What the tables of the lists hold, and what is found by a word that each of some rows has."""
    assets = "asset_id, retired, tag, name, type, state, owner, warranty, location"
    with database.reading() as session:
        found = {
            "assets": session.execute(text(f"SELECT {assets} FROM asset_search ORDER BY asset_id")).all(),
            "people": session.execute(
                text(
                    "SELECT person_id, name, address, organization, last_contact FROM person_search ORDER BY person_id"
                )
            ).all(),
        }
        for table, words in (
            ("asset", "omer"),
            ("asset", "zb"),
            ("person", "sud"),
            ("person", "strasser"),
            ("person", "home"),
        ):
            if database.is_sqlite:
                sql = f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH :words ORDER BY rowid"
            else:
                sql = f"SELECT {table}_id FROM {table}_search WHERE document @@ to_tsquery('simple', :words) ORDER BY 1"
            found[words] = session.execute(text(sql), {"words": words}).all()
    return {key: [tuple(row) for row in rows] for key, rows in found.items()}


EXPECTED: dict[str, list[tuple[object, ...]]] = {
    "assets": [
        (1, 0, "0lt-2", "0laptop", "1", "0in_use", "0omer celik", "02027-01-02", "1"),
        (2, 1, "0lt-1", "0screen", "1", "0retired", "0no-name@x.test", "1", "1"),
        (3, 0, "0zb-9", "1", "1", "0in_stock", "1", "1", "1"),
    ],
    "people": [
        (1, "0omer celik", "0omer@aerzte.test", "0arztehaus sud", "2026-03-02 09:32:00.250000"),
        (2, "1", "0no-name@x.test", "1", ""),
        (3, "0strasser, eva", "1", "0arztehaus sud", ""),
    ],
    "omer": [(1,)],
    "zb": [(3,)],
    "sud": [(1,), (3,)],
    "strasser": [(3,)],
    "home": [(1,)],
}


def test_a_filled_desk_is_upgraded(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    with database.engine.begin() as connection:
        migrate(connection, "0004")
    with database.writing() as session:
        _fill(session)
    assert found_revision(database) == "0004"
    assert ensure_schema(database) is True
    assert _kept(database) == EXPECTED
    database.close()


def test_what_is_written_later_is_entered(database: Database) -> None:
    with database.writing() as session:
        _fill(session)
    assert _kept(database) == EXPECTED


def _change_all(database: Database) -> None:
    with database.writing() as session:
        session.get_one(Organization, 1).name = "Zahnhaus"
        session.get_one(Person, 2).name = "Nora"
        session.get_one(Person, 1).merged_into_id = 3
        session.get_one(Person, 4).merged_into_id = None
        asset = session.get_one(Asset, 3)
        asset.owner_id, asset.location, asset.state = 3, "Room 1", "retired"
        session.flush()
        for address in session.exec(select(PersonAddress).where(PersonAddress.person_id == 1)).all():
            address.person_id = 3
        for message in session.exec(
            select(Message).where(Message.author_person_id == 1).order_by(col(Message.id))
        ).all():
            message.author_person_id = 3
        session.delete(session.get_one(Asset, 2))


def _anew(database: Database) -> None:
    """Enter everything again, as nothing had kept it."""
    with database.writing() as session:
        for statement in (
            "DELETE FROM asset_search",
            "DELETE FROM person_search",
            "UPDATE asset SET tag = tag",
            "UPDATE person SET merged_into_id = merged_into_id",
        ):
            session.execute(text(statement))


@pytest.mark.parametrize("changed", [False, True])
def test_what_triggers_keep_is_what_would_be_entered_anew(database: Database, changed: bool) -> None:
    with database.writing() as session:
        _fill(session)
    if changed:
        _change_all(database)
    kept = _kept(database)
    if changed:
        assert kept["people"] == [
            (2, "0nora", "0no-name@x.test", "1", ""),
            (3, "0strasser, eva", "0omer@aerzte.test", "0zahnhaus", "2026-03-02 09:32:00.250000"),
            (4, "0eva s.", "1", "1", ""),
        ]
        assert kept["home"] == [(3,)]
    _anew(database)
    assert _kept(database) == kept


def test_the_last_contact_goes_back_when_its_message_goes_elsewhere(database: Database) -> None:
    with database.writing() as session:
        _fill(session)
        last = session.exec(
            select(Message).order_by(col(Message.id).desc()).where(Message.direction == "in")
        ).first()
        assert last is not None
        last.author_person_id = 3
    people = {row[0]: row[4] for row in _kept(database)["people"]}
    assert people == {1: "2026-03-02 09:30:00.250000", 2: "", 3: "2026-03-02 09:32:00.250000"}


def test_the_word_index_is_sound_after_many_changes(database: Database) -> None:
    """SQLite's external index is told which words go: told wrongly, it would be damaged."""
    with database.writing() as session:
        _fill(session)
    _change_all(database)
    if database.is_sqlite:
        with database.writing() as session:
            for noun in ("asset", "person"):
                session.execute(
                    text(f"INSERT INTO {noun}_fts ({noun}_fts, rank) VALUES ('integrity-check', 1)")
                )


def test_an_asset_that_gets_another_number_is_entered_under_that_one(database: Database) -> None:
    with database.writing() as session:
        _fill(session)
        session.execute(text("UPDATE asset SET id = 77 WHERE id = 1"))
    assert [row[0] for row in _kept(database)["assets"]] == [2, 3, 77]
