"""Many rows at once through ``services.rows``: the same events, with one question for the ends of their histories and one statement for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, func, select

from tui_desk.models import Event
from tui_desk.models.base import table_of
from tui_desk.services.actor import DEED, Actor
from tui_desk.services.events import event_row
from tui_desk.services.rows import ROW_ADDED, ROW_CHANGED, row_columns, told_row


class RowChanged(NamedTuple):
    """A locked row, the history it is told in, its new values, and what people call it."""

    stream: str
    row: SQLModel
    values: Mapping[str, Any]
    name: str


def add_rows(session: Session, actor: Actor, rows: Sequence[tuple[str, SQLModel, str]], at: datetime) -> None:
    """Write new rows, each with its number, in a history of its own that is empty, and what people call it."""
    session.add_all([row for _stream, row, _name in rows])
    session.flush()
    events = []
    for stream, row, name in rows:
        after = told_row(row, name, {column: getattr(row, column) for column in row_columns(row)}, "")
        events.append(_event(session, actor, stream, 1, "", ROW_ADDED, at, None, after))
    _write(session, events)


def change_rows(session: Session, actor: Actor, changes: Sequence[RowChanged], at: datetime) -> None:
    """Give rows new values; each differs from what is there in all that is named, and no two are in one history."""
    ends = _ends(session, [change.stream for change in changes])
    events = []
    for stream, row, values, name in changes:
        before = told_row(row, name, {column: getattr(row, column) for column in values}, "")
        for column, value in values.items():
            setattr(row, column, value)
        row.version += 1  # type: ignore[attr-defined]  # rows that are changed have a version and the time of their change
        row.updated_at = at
        position, previous = ends.get(stream, (0, ""))
        after = told_row(row, name, values, "")
        events.append(_event(session, actor, stream, position + 1, previous, ROW_CHANGED, at, before, after))
    session.flush()
    _write(session, events)


def _ends(session: Session, streams: Sequence[str]) -> dict[str, tuple[int, str]]:
    """The last position and hash of histories."""
    last = (
        select(Event.stream, func.max(Event.position).label("position"))
        .where(col(Event.stream).in_(streams))
        .group_by(col(Event.stream))
        .subquery()
    )
    statement = select(Event.stream, Event.position, Event.hash).join(
        last, (last.c.stream == Event.stream) & (last.c.position == Event.position)
    )
    return {stream: (position, previous) for stream, position, previous in session.exec(statement).all()}


def _event(
    session: Session,
    actor: Actor,
    stream: str,
    position: int,
    previous: str,
    action: str,
    at: datetime,
    before: Any,
    after: Any,
) -> dict[str, Any]:
    deed = session.info.get(DEED)
    return event_row(actor, stream, position, previous, action, at, before=before, after=after, deed=deed)


def _write(session: Session, events: list[dict[str, Any]]) -> None:
    if events:
        session.execute(insert(table_of(Event)), events)
