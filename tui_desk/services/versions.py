"""Two people change the same row: the second is told, and sees both values. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Agent, Event
from tui_desk.services.context import known
from tui_desk.services.rows import ROW_CHANGED


def check_version(
    session: Session,
    row: SQLModel,
    version: int,
    values: Mapping[str, Any],
    name: str,
    stream: str = "",
    called: Callable[[str, Any], Any] = lambda column, value: value,
) -> None:
    """Raises Conflict where the locked ``row`` is no longer the one that was read as ``version`` (0: not checked), and one of
    ``values`` would overwrite what is there now.

    ``stream``: where the row's events are; else that of its ticket. ``called`` answers what people call a value of a column.
    """
    present = int(getattr(row, "version"))  # noqa: B009 - every row that is saved with a version has one
    if version in (0, present):
        return
    where = stream or f"ticket:{getattr(row, 'ticket_id')}"  # noqa: B009 - as above
    overwritten = _changed_since(session, row, where, present - version)
    clashing = {
        column: value
        for column, value in values.items()
        if getattr(row, column) != value and (overwritten is None or column in overwritten)
    }
    if not clashing:
        return
    both = "; ".join(
        _("now “{now}”, yours “{yours}”").format(
            now=_shown(called(column, getattr(row, column))), yours=_shown(called(column, value))
        )
        for column, value in clashing.items()
    )
    raise Conflict(
        _("{name} was changed by {who} meanwhile: {both}.").format(
            name=safe_line(name, 80), who=_who(session, row, where), both=both
        ),
        _("Nothing was overwritten. Look at it again, then save."),
    )


def _events(session: Session, row: SQLModel, stream: str) -> list[Event]:
    rows = session.exec(
        select(Event)
        .where(Event.stream == stream, Event.action == ROW_CHANGED)
        .order_by(col(Event.position).desc())
        .limit(200)
    ).all()
    table, row_id = type(row).__tablename__, known(row.id)  # type: ignore[attr-defined]  # numbered rows only
    return [one for one in rows if one.after.get("table") == table and one.after.get("id") == row_id]


def _changed_since(session: Session, row: SQLModel, stream: str, changes: int) -> set[str] | None:
    """The columns that the last so many changes touched; None where they cannot be told."""
    found = _events(session, row, stream)[:changes]
    if len(found) < changes:
        return None
    return {column for event in found for column in event.after["values"]}


def _who(session: Session, row: SQLModel, stream: str) -> str:
    event = next(iter(_events(session, row, stream)), None)
    if event is None or event.actor_id is None:
        return _("somebody else")
    agent = session.get(Agent, event.actor_id)
    return safe_line((agent.name or agent.login) if agent else event.actor)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return safe_line(str(value), 80)
