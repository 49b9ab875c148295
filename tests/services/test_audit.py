"""Tampering with the history: whatever is changed, taken out, put in, moved or cut off is found, and where."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from tests.services.desk import Desk
from tui_desk.core.errors import UsageError
from tui_desk.services import audit
from tui_desk.services.audit import anchor_text, read_anchor
from tui_desk.services.events import chain_hash, record

TAMPERINGS = 100
STREAMS = ("ticket:1", "ticket:2", "ticket:10", "asset:1", "desk")
Row = dict[str, Any]


@pytest.fixture
def history(desk: Desk) -> Desk:
    """A desk with a history of some streams that grew at the same time."""
    choice = random.Random(5)
    values: list[Any] = [
        None,
        "new",
        "Größe \N{EM DASH} “x”\\",
        5,
        1.5,
        True,
        ["a", "b"],
        {"id": 3, "name": "Ana\n"},
    ]
    with desk.writing() as session:
        for _turn in range(60):
            record(
                session,
                desk.ana,
                choice.choice(STREAMS),
                choice.choice(("changed", "row_added", "replied")),
                desk.later(seconds=choice.randrange(3), microseconds=choice.randrange(5)),
                field=choice.choice(("", "status")),
                before=choice.choice(values),
                after=choice.choice(values),
                undoes=choice.choice((None, None, 7)),
            )
        for statement in (
            ["DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"]
            if desk.database.is_sqlite
            else ["DROP TRIGGER event_append_only ON event"]
        ):
            session.execute(text(statement))
    return desk


def rows(session: Session) -> list[Row]:
    found = session.execute(text("SELECT id, stream, position, hash FROM event ORDER BY stream, position"))
    return [dict(row._mapping) for row in found]


FORGED: tuple[tuple[str, Any], ...] = (
    ("actor", "eve"),
    ("action", "noted"),
    ("field", "team"),
    ("undoes", 99),
    ("deed", "x"),
    ("actor_id", None),
    ("hash", "0" * 64),
    ("at", "2020-01-01 00:00:00.000000+00:00"),
)


def change(session: Session, choice: random.Random, one: Row, _all: list[Row]) -> None:
    column, value = choice.choice(FORGED)
    told = {"value": value, "id": one["id"]}
    session.execute(text(f"UPDATE event SET {column} = :value WHERE id = :id"), told)


def change_value(session: Session, choice: random.Random, one: Row, _all: list[Row]) -> None:
    column = choice.choice(("before", "after"))
    session.execute(text(f'UPDATE event SET "{column}" = \'"forged"\' WHERE id = :id'), {"id": one["id"]})


def delete(session: Session, _choice: random.Random, one: Row, _all: list[Row]) -> None:
    session.execute(text("DELETE FROM event WHERE id = :id"), {"id": one["id"]})


def cut(session: Session, _choice: random.Random, one: Row, _all: list[Row]) -> None:
    session.execute(
        text("DELETE FROM event WHERE stream = :stream AND position >= :position"),
        {"stream": one["stream"], "position": one["position"]},
    )


def swap(session: Session, choice: random.Random, one: Row, all_rows: list[Row]) -> None:
    other = choice.choice([row for row in all_rows if row["id"] != one["id"]])
    for row, place in ((one, {"stream": "nowhere", "position": 1}), (other, one), (one, other)):
        session.execute(
            text("UPDATE event SET stream = :stream, position = :position WHERE id = :id"),
            {"stream": place["stream"], "position": place["position"], "id": row["id"]},
        )


def put_in(session: Session, _choice: random.Random, one: Row, all_rows: list[Row]) -> None:
    later = [r for r in all_rows if r["stream"] == one["stream"] and r["position"] >= one["position"]]
    for row in reversed(later):
        session.execute(text("UPDATE event SET position = position + 1 WHERE id = :id"), {"id": row["id"]})
    session.execute(
        text(
            'INSERT INTO event (stream, position, at, actor, action, field, "before", "after", hash) '
            "SELECT stream, :position, at, 'eve', 'noted', '', \"before\", \"after\", hash FROM event WHERE id = :id"
        ),
        {"position": one["position"], "id": one["id"]},
    )


WAYS: tuple[Callable[[Session, random.Random, Row, list[Row]], None], ...] = (
    change,
    change_value,
    delete,
    cut,
    swap,
    put_in,
)


def test_every_tampering_is_found_and_where(history: Desk) -> None:
    with history.database.reading() as session:
        whole = audit.verify(session)
    assert (whole.broken, whole.events, whole.streams) == ((), 60, len(STREAMS))
    anchor = read_anchor(anchor_text(whole, history.now))
    missed = []
    for seed in range(TAMPERINGS):
        choice = random.Random(seed)
        with history.writing() as session:
            present = rows(session)
            one, way = choice.choice(present), WAYS[seed % len(WAYS)]
            with session.begin_nested() as attempt:
                way(session, choice, one, present)
                session.flush()
                found = audit.verify(session, anchor).broken
                attempt.rollback()
        touched = {one["stream"]}
        if not found or (way is not swap and {each.stream for each in found} != touched):
            missed.append((seed, way.__name__, one, found))
        if way in (delete, cut, put_in):
            assert min(each.position for each in found) == one["position"], (seed, way.__name__, found)
    assert missed == []


def test_a_cut_end_and_a_history_written_anew_need_the_anchor(history: Desk) -> None:
    with history.writing() as session:
        before = audit.verify(session)
        anchor = before.ends
        last = max(row["position"] for row in rows(session) if row["stream"] == "desk")
        session.execute(text("DELETE FROM event WHERE stream = 'desk' AND position = :last"), {"last": last})
        assert audit.verify(session).broken == ()
        (found,) = audit.verify(session, anchor).broken
        assert (found.kind, found.stream, found.position) == ("cut", "desk", last)
        assert f"knows {last} events, there are {last - 1}" in found.sentence
    with history.writing() as session:
        session.execute(text("DELETE FROM event WHERE stream = 'asset:1'"))
        _rewrite(session, "ticket:1")
        assert audit.verify(session).broken == ()
        kinds = {(one.stream, one.kind) for one in audit.verify(session, anchor).broken}
        assert kinds == {("asset:1", "cut"), ("ticket:1", "rewritten"), ("desk", "cut")}


def _rewrite(session: Session, stream: str) -> None:
    """What somebody does who knows how the hashes are made."""
    from sqlmodel import col, select

    from tui_desk.models import Event

    previous = ""
    for event in session.exec(
        select(Event).where(Event.stream == stream).order_by(col(Event.position))
    ).all():
        told = {**event.model_dump(exclude={"id", "hash"}), "actor": "eve"}
        previous = chain_hash(previous, told)
        session.execute(
            text("UPDATE event SET actor = 'eve', hash = :hash WHERE id = :id"),
            {"hash": previous, "id": event.id},
        )


def test_later_events_do_not_disturb_an_anchor(history: Desk) -> None:
    with history.database.reading() as session:
        anchor = audit.verify(session).ends
    with history.writing() as session:
        for stream in (*STREAMS, "person:1"):
            record(session, history.ben, stream, "changed", history.later())
        report = audit.verify(session, anchor)
    assert (report.broken, report.events) == ((), 66)


def test_a_damaged_anchor_is_none(history: Desk) -> None:
    with history.database.reading() as session:
        whole = anchor_text(audit.verify(session), history.now)
    assert read_anchor(whole)
    for wrong in ("", "x\n", whole.replace("desk", "disk"), whole[:-30], whole + "1 x\n"):
        with pytest.raises(UsageError):
            read_anchor(wrong)
