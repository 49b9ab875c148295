"""Rows of the work around a ticket: what is added, changed and removed is told once and taken back exactly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.errors import Conflict, Refused
from tui_desk.models import Event, Licence, Task
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import add_row, change_row, remove_row, undo_row

DUE = datetime(2026, 5, 1, 15, 30, tzinfo=UTC)


@contextmanager
def step(desk: Desk) -> Iterator[Session]:
    desk.later()
    with desk.writing() as session:
        yield session


def new_task(desk: Desk, number: int) -> int:
    with step(desk) as session:
        task = Task(
            ticket_id=number,
            title="Order",
            due_on=date(2026, 4, 1),
            created_at=desk.now,
            updated_at=desk.now,
        )
        add_row(session, desk.ana, ticket_stream(number), task, desk.now, name=task.title)
        assert task.id is not None
        return task.id


def set_task(desk: Desk, task_id: int, **values: Any) -> None:
    with step(desk) as session:
        task = session.get_one(Task, task_id)
        change_row(session, desk.ana, ticket_stream(task.ticket_id), task, values, desk.now, name=task.title)


def undo_newest(desk: Desk) -> None:
    with step(desk) as session:
        newest = session.exec(
            select(Event).where(col(Event.undoes).is_(None)).order_by(col(Event.id).desc())
        ).first()
        assert newest is not None
        undo_row(session, desk.ana, newest, desk.now)


def task_now(desk: Desk, task_id: int) -> Task | None:
    with desk.database.reading() as session:
        return session.get(Task, task_id)


def test_a_change_is_taken_back_with_its_types(desk: Desk) -> None:
    number = ticket(desk)
    task_id = new_task(desk, number)
    version = desk.ask(ShowTicket(number)).version
    set_task(desk, task_id, due_on=None, due_at=DUE, blocking=False)
    task = task_now(desk, task_id)
    assert task is not None
    assert (task.due_on, task.due_at, task.blocking, task.version) == (None, DUE, False, 2)
    assert desk.ask(ShowTicket(number)).version == version + 1, "open terminals look again"
    undo_newest(desk)
    task = task_now(desk, task_id)
    assert task is not None
    assert (task.due_on, task.due_at, task.blocking) == (date(2026, 4, 1), None, True)


def test_what_is_so_already_is_not_told(desk: Desk) -> None:
    task_id = new_task(desk, ticket(desk))
    set_task(desk, task_id, title="Order")
    task = task_now(desk, task_id)
    assert task is not None
    assert task.version == 1


def test_an_added_row_goes_and_a_removed_one_comes_back_with_its_id(desk: Desk) -> None:
    number = ticket(desk)
    task_id = new_task(desk, number)
    undo_newest(desk)
    assert task_now(desk, task_id) is None
    other = new_task(desk, number)
    assert other > task_id, "an id is never given twice"
    with step(desk) as session:
        task = session.get_one(Task, other)
        remove_row(session, desk.ana, ticket_stream(number), task, desk.now, name="Order")
    undo_newest(desk)
    back = task_now(desk, other)
    assert back is not None
    assert (back.title, back.due_on) == ("Order", date(2026, 4, 1))


def test_a_colleagues_later_change_is_not_overwritten(desk: Desk) -> None:
    task_id = new_task(desk, ticket(desk))
    set_task(desk, task_id, title="Order two")
    with step(desk) as session:
        session.get_one(Task, task_id).title = "Order three"
    with pytest.raises(Conflict, match="Order has been changed since"):
        undo_newest(desk)


def test_a_secret_is_in_no_event_and_is_not_undone(desk: Desk) -> None:
    with step(desk) as session:
        licence = Licence(name="Office", cost=Decimal("99.90"), created_at=desk.now, updated_at=desk.now)
        add_row(session, desk.ana, "licence:1", licence, desk.now, name="Office")
    with step(desk) as session:
        licence = session.exec(select(Licence)).one()
        values = {"key_secret": "never-told", "cost": Decimal("89.5")}
        change_row(session, desk.ana, "licence:1", licence, values, desk.now, name="Office")
    with desk.database.reading() as session:
        told = session.exec(select(Event).where(Event.stream == "licence:1")).all()
    assert "never-told" not in str([(event.before, event.after) for event in told])
    assert told[-1].before["values"] == {"cost": "99.9000"} or told[-1].before["values"] == {"cost": "99.90"}
    with pytest.raises(Refused, match="no history keeps secrets"):
        undo_newest(desk)
