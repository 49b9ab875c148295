"""Licences: written down, their seats given out and released, their keys kept from everybody who did not ask, and all of it told."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.services.desk import Desk
from tui_desk.contracts.desk import RetireAsset, SaveAsset, ShowPerson
from tui_desk.contracts.history import ListEvents, ShowEvent
from tui_desk.contracts.licences import (
    AssignSeat,
    LicenceView,
    ListHeld,
    ListLicences,
    ReleaseSeat,
    RetireLicence,
    SaveLicence,
    ShowLicence,
    ShowLicenceKey,
)
from tui_desk.contracts.people import MergePeople, SavePerson
from tui_desk.contracts.tickets import UndoDeed
from tui_desk.core.enums import ExpiryState
from tui_desk.core.errors import (
    Blocked,
    Conflict,
    DeskError,
    NotFound,
    Refused,
    Unavailable,
    UsageError,
)
from tui_desk.db.engine import open_database
from tui_desk.db.key_file import key_file
from tui_desk.models import Event, Licence
from tui_desk.services.dispatch import run
from tui_desk.services.licences import expiring_for

SECRET = "AAAA-BBBB-CCCC-1234"


def person(desk: Desk, name: str) -> int:
    return desk.ask(SavePerson(None, name, f"{name.lower()}@client.test")).id


def licence(desk: Desk, name: str = "Editor", **fields: object) -> LicenceView:
    return desk.ask(SaveLicence(None, name, **fields))


def newest(desk: Desk, stream: str) -> Event:
    with desk.database.reading() as session:
        found = session.exec(
            select(Event).where(Event.stream == stream).order_by(col(Event.id).desc())
        ).first()
    assert found is not None
    return found


def undo_newest(desk: Desk, stream: str) -> None:
    desk.ask(UndoDeed(newest(desk, stream).id or 0), desk.ben)


def everything_told(desk: Desk) -> str:
    with desk.database.reading() as session:
        return str([event.model_dump() for event in session.exec(select(Event)).all()])


def test_a_licence_is_written_down_changed_found_and_retired(desk: Desk) -> None:
    made = licence(
        desk,
        product="Editor Pro",
        supplier="Softland",
        seats=3,
        starts_on=date(2026, 1, 1),
        expires_on=date(2026, 12, 31),
        cost=Decimal("99.90"),
        currency="eur",
        notes="Renewed by Otto.",
    )
    assert (made.used, made.over, made.has_key, made.expiry) == (0, 0, False, ExpiryState.RUNNING)
    assert (made.cost, made.currency) == (Decimal("99.9000"), "EUR") or made.cost == Decimal("99.90")
    assert desk.ask(ShowLicence(name=" EDITOR ")).id == made.id
    assert [one.name for one in desk.ask(ListLicences("softland pro"))] == ["Editor"]
    changed = desk.ask(
        SaveLicence(made.id, "Editor", seats=None, expires_on=date(2026, 3, 20), version=made.version)
    )
    assert (changed.seats, changed.expiry, changed.supplier) == (None, ExpiryState.ENDING, "")
    assert [one.name for one in desk.ask(ListLicences(wanting=True))] == ["Editor"]
    with pytest.raises(Conflict, match="was changed by Ana Díaz meanwhile"):
        desk.ask(SaveLicence(made.id, "Editor", seats=5, version=made.version), desk.ben)
    undo_newest(desk, f"licence:{made.id}")
    assert desk.ask(ShowLicence(made.id)).supplier == "Softland"
    desk.ask(RetireLicence(made.id))
    assert desk.ask(ListLicences()) == ()
    assert [one.retired for one in desk.ask(ListLicences(include_retired=True))] == [True]
    undo_newest(desk, f"licence:{made.id}")
    assert [one.name for one in desk.ask(ListLicences())] == ["Editor"]


def test_what_makes_no_sense_is_a_sentence_and_nothing_is_written(desk: Desk) -> None:
    first = licence(desk)
    for wrong, error, words in (
        (SaveLicence(None, " "), UsageError, "needs a name"),
        (SaveLicence(None, "editor"), Refused, "There is a licence Editor already"),
        (SaveLicence(None, "X", seats=-1), UsageError, "no number of seats"),
        (SaveLicence(None, "X", cost=Decimal("-3")), UsageError, "not an amount"),
        (SaveLicence(None, "X", cost=Decimal("NaN")), UsageError, "not an amount"),
        (SaveLicence(None, "X", currency="€"), UsageError, "three letters"),
        (
            SaveLicence(None, "X", starts_on=date(2026, 2, 2), expires_on=date(2026, 2, 1)),
            UsageError,
            "before it begins",
        ),
        (SaveLicence(None, "X", key="k" * 20_000), UsageError, "at most"),
        (SaveLicence(4711, "X"), NotFound, "no licence 4711"),
    ):
        with pytest.raises(error, match=words):
            desk.ask(wrong)
    assert [one.id for one in desk.ask(ListLicences())] == [first.id]


def test_seats_are_given_to_people_and_assets_and_released(desk: Desk) -> None:
    made = licence(desk, seats=3)
    otto = person(desk, "Otto")
    asset = desk.ask(SaveAsset(None, "IT-1", "Laptop")).id
    desk.ask(AssignSeat(made.id, person="otto@client.test"))
    shown = desk.ask(AssignSeat(made.id, asset="it-1"))
    assert shown.used == 2
    assert [seat.holder for seat in shown.holders] == ["IT-1 Laptop", "Otto"]
    for again in (AssignSeat(made.id, person_id=otto), AssignSeat(made.id, asset_id=asset)):
        with pytest.raises(Refused, match="has a seat of Editor already"):
            desk.ask(again, desk.ben)
    for wrong, error in (
        (AssignSeat(made.id), UsageError),
        (AssignSeat(made.id, person="otto@client.test", asset="IT-1"), UsageError),
        (AssignSeat(made.id, person="nobody@client.test"), NotFound),
        (AssignSeat(made.id, person="Nobody"), NotFound),
        (AssignSeat(made.id, asset="IT-99"), NotFound),
        (AssignSeat(4711, person_id=otto), NotFound),
        (ReleaseSeat(4711), NotFound),
    ):
        with pytest.raises(error):
            desk.ask(wrong)
    seat = next(one for one in shown.holders if one.person_id == otto)
    after = desk.ask(ReleaseSeat(seat.id))
    assert (after.used, [one.holder for one in after.released]) == (1, ["Otto"])
    with pytest.raises(Refused, match="released already"):
        desk.ask(ReleaseSeat(seat.id), desk.ben)
    undo_newest(desk, f"licence:{made.id}")
    assert desk.ask(ShowLicence(made.id)).used == 2
    desk.ask(RetireAsset(desk.ask(SaveAsset(None, "IT-2", "Old")).id))
    with pytest.raises(Refused, match="IT-2 is retired"):
        desk.ask(AssignSeat(made.id, asset="IT-2"))
    desk.ask(RetireLicence(made.id))
    with pytest.raises(Refused, match="is retired"):
        desk.ask(AssignSeat(made.id, person_id=person(desk, "Pia")))


def test_no_more_seats_than_there_are_but_by_a_supervisors_word(desk: Desk) -> None:
    made = licence(desk, seats=1)
    for name in ("Otto", "Pia"):
        person(desk, name)
    desk.ask(AssignSeat(made.id, person="Otto"))
    with pytest.raises(Blocked, match="No seat of Editor is left: 1 of 1 are in use") as told:
        desk.ask(AssignSeat(made.id, person="Pia"))
    assert not told.value.passable
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(AssignSeat(made.id, person="Pia", accept_over=True))
    assert desk.ask(ShowLicence(made.id)).used == 1
    sue = desk.actors["sue"]
    with pytest.raises(Blocked) as told:
        desk.ask(AssignSeat(made.id, person="Pia"), sue)
    assert told.value.passable
    shown = desk.ask(AssignSeat(made.id, person="Pia", accept_over=True), sue)
    assert (shown.used, shown.over) == (2, 1)
    lowered = desk.ask(SaveLicence(made.id, "Editor", seats=0, version=shown.version))
    assert (lowered.used, lowered.over) == (2, 2)
    assert [one.over for one in desk.ask(ListLicences(wanting=True))] == [2]
    free = desk.ask(SaveLicence(made.id, "Editor", seats=None))
    assert (free.seats, free.over) == (None, 0)


def test_two_agents_take_the_last_seat_at_once_and_one_is_told(desk: Desk) -> None:
    made = licence(desk, seats=1)
    people = [person(desk, "Otto"), person(desk, "Pia")]
    start = threading.Barrier(2)
    told: list[str] = []

    def take(actor_name: str, person_id: int) -> None:
        database = open_database(desk.database.url)
        try:
            start.wait(60)
            run(database, desk.actors[actor_name], AssignSeat(made.id, person_id=person_id))
            told.append("given")
        except DeskError as error:
            told.append(error.sentence)
        finally:
            database.close()

    threads = [threading.Thread(target=take, args=pair) for pair in zip(("ana", "ben"), people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(told)[1] == "given", told
    assert "No seat of Editor is left: 1 of 1 are in use" in sorted(told)[0]
    assert desk.ask(ShowLicence(made.id)).used == 1


def test_a_key_is_in_nothing_but_the_answer_to_who_asks_for_it(desk: Desk) -> None:
    made = licence(desk, key=f"  {SECRET}\n")
    assert made.has_key
    assert SECRET not in repr(made)
    assert SECRET not in repr(SaveLicence(None, "x", key=SECRET))
    with desk.database.reading() as session:
        stored = session.exec(select(Licence.key_secret)).one()
    assert stored
    assert SECRET not in stored
    shown = desk.ask(ShowLicenceKey(made.id), desk.ben)
    assert (shown.licence, shown.key) == ("Editor", SECRET)
    assert SECRET not in repr(shown)
    event = desk.ask(ListEvents(stream=f"licence:{made.id}")).events[0]
    assert event.sentence == "Ben Otto looked at the licence key"
    assert not event.reversible
    with pytest.raises(Refused, match="may look, but change nothing"):
        desk.ask(ShowLicenceKey(made.id), desk.rita)
    unchanged = desk.ask(SaveLicence(made.id, "Editor", seats=2, version=made.version))
    assert unchanged.has_key
    assert SECRET not in everything_told(desk)
    assert stored not in everything_told(desk)
    with pytest.raises(NotFound, match="No key is kept for Other"):
        desk.ask(ShowLicenceKey(licence(desk, "Other").id))


def test_a_changed_key_is_told_as_changed_and_not_undone(desk: Desk) -> None:
    made = licence(desk)
    stream = f"licence:{made.id}"
    desk.ask(SaveLicence(made.id, "Editor", key=SECRET, version=made.version))
    event = desk.ask(ListEvents(stream=stream)).events[0]
    assert event.sentence == "Ana Díaz set the licence “Editor”: licence key changed"
    assert "no history keeps secrets" in event.obstacle
    details = desk.ask(ShowEvent(event.id))
    assert [(one.name, one.after) for one in details.changes] == [
        ("licence key", "changed; no history keeps it")
    ]
    with pytest.raises(Refused, match="no history keeps secrets"):
        desk.ask(UndoDeed(event.id))
    added = desk.ask(ListEvents(stream=stream)).events[-1]
    with pytest.raises(Conflict, match="has been used since"):
        desk.ask(UndoDeed(added.id))  # the key would be gone with the licence
    assert desk.ask(ShowLicenceKey(made.id)).key == SECRET
    now = desk.ask(ShowLicence(made.id))
    with pytest.raises(Conflict, match="its key was not replaced"):
        desk.ask(SaveLicence(made.id, "Editor", key="other", version=now.version - 1), desk.ben)
    desk.ask(SaveLicence(made.id, "Editor", key="", version=now.version))
    assert not desk.ask(ShowLicence(made.id)).has_key
    event = desk.ask(ListEvents(stream=stream)).events[0]
    assert "no history keeps secrets" in event.obstacle
    assert SECRET not in everything_told(desk)


def test_a_key_file_that_is_missing_or_another_one_is_a_sentence(desk: Desk) -> None:
    made = licence(desk, key=SECRET)
    path = key_file(desk.database.url)
    right = path.read_bytes()
    path.unlink()
    with pytest.raises(Unavailable, match="The key of Editor cannot be read") as told:
        desk.ask(ShowLicenceKey(made.id))
    assert "backup" in told.value.hint
    other = licence(desk, "Other", key="XYZ")  # a new key file is made
    with pytest.raises(Refused, match="another key file"):
        desk.ask(ShowLicenceKey(made.id))
    assert desk.ask(ShowLicenceKey(other.id)).key == "XYZ"
    path.write_bytes(right)
    assert desk.ask(ShowLicenceKey(made.id)).key == SECRET
    told_of = [
        event.sentence
        for event in desk.ask(ListEvents(stream=f"licence:{made.id}")).events
        if "looked at" in event.sentence
    ]
    assert len(told_of) == 1


def test_no_key_lies_readable_in_the_database_file(desk: Desk) -> None:
    licence(desk, key=SECRET)
    if desk.database.url.path is None:
        return
    with sqlite3.connect(f"file:{desk.database.url.path}?mode=ro", uri=True) as connection:
        dump = "\n".join(connection.iterdump())
    assert "Editor" in dump
    assert SECRET not in dump


def test_two_records_of_a_person_become_one_and_so_do_their_seats(desk: Desk) -> None:
    editor, drawing = licence(desk, seats=2), licence(desk, "Drawing", seats=5)
    keep, other = person(desk, "Otto"), person(desk, "Otto2")
    for holder in (keep, other):
        desk.ask(AssignSeat(editor.id, person_id=holder))
    desk.ask(AssignSeat(drawing.id, person_id=other))
    desk.ask(MergePeople(keep, other))
    assert [(s.person_id, s.holder) for s in desk.ask(ShowLicence(editor.id)).holders] == [(keep, "Otto")]
    assert [s.person_id for s in desk.ask(ShowLicence(drawing.id)).holders] == [keep]
    assert desk.ask(ShowLicence(editor.id)).used == 1
    undo_newest(desk, f"licence:{editor.id}")
    assert sorted(s.person_id or 0 for s in desk.ask(ShowLicence(editor.id)).holders) == [keep, other]
    assert [s.person_id for s in desk.ask(ShowLicence(drawing.id)).holders] == [other]
    assert desk.ask(AssignSeat(drawing.id, person_id=keep)).used == 2


def test_what_a_person_has_and_what_of_it_ends(desk: Desk) -> None:
    otto = person(desk, "Otto")
    laptop = desk.ask(SaveAsset(None, "IT-1", "Laptop", owner="otto@client.test")).id
    today = desk.now.date()
    over = licence(desk, "Over", expires_on=today - timedelta(days=3))
    soon = licence(desk, "Soon", expires_on=today + timedelta(days=20))
    late = licence(desk, "Late", expires_on=today + timedelta(days=400))
    none = licence(desk, "None")
    desk.ask(AssignSeat(over.id, asset_id=laptop))
    for one in (soon, late, none):
        desk.ask(AssignSeat(one.id, person_id=otto))
    held = desk.ask(ListHeld(person_id=otto))
    assert [(one.name, one.via, one.expiry) for one in held] == [
        ("Late", "", ExpiryState.RUNNING),
        ("None", "", ExpiryState.ENDLESS),
        ("Over", "IT-1", ExpiryState.OVER),
        ("Soon", "", ExpiryState.ENDING),
    ]
    assert [one.name for one in desk.ask(ListHeld(asset_id=laptop))] == ["Over"]
    assert [one[1] for one in desk.ask(ShowPerson(otto)).licences] == ["Late", "None", "Over", "Soon"]
    with pytest.raises(UsageError):
        desk.ask(ListHeld())
    with desk.database.reading() as session:
        assert [one.name for one in expiring_for(session, [laptop], otto, today)] == ["Over", "Soon"]
        assert [one.name for one in expiring_for(session, [], otto, today)] == ["Soon"]
        assert expiring_for(session, [], None, today) == ()
    desk.ask(RetireLicence(over.id))
    assert [one.name for one in desk.ask(ListHeld(asset_id=laptop))] == []


def test_an_undone_licence_is_gone_unless_somebody_has_a_seat(desk: Desk) -> None:
    made = licence(desk, seats=2)
    stream = f"licence:{made.id}"
    added = newest(desk, stream)
    desk.ask(AssignSeat(made.id, person_id=person(desk, "Otto")))
    with pytest.raises(Conflict, match="has been used since"):
        desk.ask(UndoDeed(added.id or 0))
    undo_newest(desk, stream)
    desk.ask(UndoDeed(added.id or 0))
    assert desk.ask(ListLicences()) == ()
    undo_newest(desk, stream)
    assert desk.ask(ShowLicence(made.id)) == replace(made, version=1)


def test_an_undo_gives_nobody_a_second_seat(desk: Desk) -> None:
    made = licence(desk, seats=3)
    otto = person(desk, "Otto")
    seat = desk.ask(AssignSeat(made.id, person_id=otto)).holders[0]
    desk.ask(ReleaseSeat(seat.id))
    released = newest(desk, f"licence:{made.id}")
    again = desk.ask(AssignSeat(made.id, person_id=otto)).holders[0]
    with pytest.raises(Conflict, match="Otto has another seat of it since"):
        desk.ask(UndoDeed(released.id or 0))
    desk.ask(ReleaseSeat(again.id))
    desk.ask(UndoDeed(released.id or 0))
    assert [one.id for one in desk.ask(ShowLicence(made.id)).holders] == [seat.id]


def test_an_undo_gives_no_seat_more_than_there_are_without_a_supervisor(desk: Desk) -> None:
    made = licence(desk, seats=1)
    otto, pia = person(desk, "Otto"), person(desk, "Pia")
    seat = desk.ask(AssignSeat(made.id, person_id=otto)).holders[0]
    desk.ask(ReleaseSeat(seat.id))
    released = newest(desk, f"licence:{made.id}")
    desk.ask(AssignSeat(made.id, person_id=pia))
    with pytest.raises(Blocked, match="No seat of Editor is left"):
        desk.ask(UndoDeed(released.id or 0))
    assert desk.ask(ShowLicence(made.id)).used == 1
    desk.ask(UndoDeed(released.id or 0), desk.actors["sue"])
    assert desk.ask(ShowLicence(made.id)).used == 2


def test_a_key_file_is_private(desk: Desk) -> None:
    licence(desk, key=SECRET)
    path: Path = key_file(desk.database.url)
    assert path.stat().st_mode & 0o777 == 0o600
