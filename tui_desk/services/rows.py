"""Adding, changing and removing a row of the work around a ticket, so that history and undo come with it.

Tasks, approvals, purchases, licences and the like are plain rows. Each of these three functions writes one, and records one event that
keeps the columns as they were and as they are: history reads it, ``undo`` takes it back, and a colleague's later change is
noticed because the columns are not what the event says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel, select

from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Event, Ticket
from tui_desk.models.base import ExactDecimal, UtcDateTime, table_of
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, touch
from tui_desk.services.events import record

ROW_ADDED = "row_added"
ROW_CHANGED = "row_changed"
ROW_REMOVED = "row_removed"
ROW_ACTIONS = frozenset({ROW_ADDED, ROW_CHANGED, ROW_REMOVED})

_KEPT_BY_ITSELF = frozenset({"id", "version", "updated_at"})
_SECRET = frozenset({"key_secret"})
"""Columns whose value no event keeps; a change of one cannot be undone."""


def add_row(
    session: Session,
    actor: Actor,
    stream: str,
    row: SQLModel,
    at: datetime,
    *,
    name: str,
    refers: str = "",
    undoes: int | None = None,
) -> int:
    """Write a new row and tell it in ``stream``; answers the event's id. ``name`` is what people call the row.

    ``refers``: of a value of a custom field, the table (person, asset) whose row its text names by id.
    """
    session.add(row)
    session.flush()
    value = told_row(row, name, {column: getattr(row, column) for column in row_columns(row)}, refers)
    return _record(session, actor, stream, ROW_ADDED, at, None, value, undoes)


def change_row(
    session: Session,
    actor: Actor,
    stream: str,
    row: SQLModel,
    values: Mapping[str, Any],
    at: datetime,
    *,
    name: str,
    refers: str = "",
    scope: str = "",
    undoes: int | None = None,
) -> tuple[int, ...]:
    """Give columns of a row that the caller has locked new values; answers the event's id, nothing where they are so already.

    ``scope``: what the event keeps beside them, of what else the change is. Version and time of change are kept by themselves.
    """
    changed = {column: value for column, value in values.items() if getattr(row, column) != value}
    if not changed:
        return ()
    before = {column: getattr(row, column) for column in changed}
    for column, value in changed.items():
        setattr(row, column, value)
    if "version" in type(row).model_fields:
        row.version += 1  # type: ignore[attr-defined]  # looked up in the line above
    if "updated_at" in type(row).model_fields:
        row.updated_at = at
    session.add(row)
    session.flush()
    old, new = told_row(row, name, before, refers), told_row(row, name, changed, refers)
    if scope:
        new["scope"] = scope
    return (_record(session, actor, stream, ROW_CHANGED, at, old, new, undoes),)


def remove_row(
    session: Session,
    actor: Actor,
    stream: str,
    row: SQLModel,
    at: datetime,
    *,
    name: str,
    refers: str = "",
    undoes: int | None = None,
) -> int:
    """Delete a row that the caller has locked; answers the event's id. Undone, it has its id again."""
    value = told_row(row, name, {column: getattr(row, column) for column in row_columns(row)}, refers)
    session.delete(row)
    session.flush()
    return _record(session, actor, stream, ROW_REMOVED, at, value, None, undoes)


def undo_row(session: Session, actor: Actor, event: Event, at: datetime) -> tuple[int, ...]:
    """Take back what one event of this module tells; the ticket of its stream is locked by the caller.

    Raises Conflict where the row is not as the event left it, Refused for a secret that was changed.
    """
    told = event.after if event.after is not None else event.before
    model = model_named(str(told["table"]))
    row_id, name, refers = int(told["id"]), str(told["name"]), str(told.get("refers", ""))
    columns = table_of(model).columns
    row = session.exec(select(model).where(columns.id == row_id).with_for_update()).first()
    if event.action == ROW_REMOVED:
        if row is not None:
            raise _changed_since(name)
        values = typed_values(model, event.before["values"])
        # version and time of change begin anew where the table has them
        fresh = {"updated_at": at} if "updated_at" in columns else {}
        return (
            add_row(
                session,
                actor,
                event.stream,
                model(id=row_id, **values, **fresh),
                at,
                name=name,
                refers=refers,
                undoes=event.id,
            ),
        )
    expected = typed_values(model, event.after["values"])
    if row is None or any(getattr(row, column) != value for column, value in expected.items()):
        raise _changed_since(name)
    if event.action == ROW_ADDED and any(getattr(row, column, "") for column in _SECRET):
        raise _changed_since(name)  # the secret would be gone with the row
    if event.action == ROW_ADDED:
        return (remove_row(session, actor, event.stream, row, at, name=name, refers=refers, undoes=event.id),)
    if event.after.get("secret") or event.before.get("secret"):
        raise Refused(
            _("Not undone: a secret of {name} was changed, and no history keeps secrets.").format(name=name)
        )
    back = typed_values(model, event.before["values"])
    return change_row(session, actor, event.stream, row, back, at, name=name, refers=refers, undoes=event.id)


def _changed_since(name: str) -> Conflict:
    return Conflict(_("Not undone: {name} has been changed since.").format(name=safe_line(name)))


def row_columns(row: SQLModel) -> list[str]:
    return [column.name for column in table_of(type(row)).columns if column.name not in _KEPT_BY_ITSELF]


def told_row(row: SQLModel, name: str, values: Mapping[str, Any], refers: str = "") -> dict[str, Any]:
    """What an event keeps of a row: which one, what people call it, and the columns as JSON."""
    told: dict[str, Any] = {
        "table": type(row).__tablename__,
        "id": known(row.id),  # type: ignore[attr-defined]  # every table of the work has a numbered id
        "name": name,
        "values": {column: _plain(value) for column, value in values.items() if column not in _SECRET},
    }
    if any(column in _SECRET and value for column, value in values.items()):
        told["secret"] = True
    if refers:
        told["refers"] = refers
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def typed_values(model: type[SQLModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as an event keeps them, with the types the table has."""
    columns = table_of(model).columns
    return {column: _value(columns[column].type, value) for column, value in values.items()}


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, ExactDecimal) else value


def model_named(table: str) -> type[SQLModel]:
    """The class of a table, by the name an event keeps."""
    return next(
        mapper.class_
        for mapper in SQLModel._sa_registry.mappers
        if mapper.local_table.name == table  # type: ignore[attr-defined]  # a mapped table has a name
    )


def _record(
    session: Session,
    actor: Actor,
    stream: str,
    action: str,
    at: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    undoes: int | None,
) -> int:
    kind, _colon, number = stream.partition(":")
    if kind == "ticket":
        touch(session, session.get_one(Ticket, int(number)), at)
    return record(session, actor, stream, action, at, before=before, after=after, undoes=undoes)
