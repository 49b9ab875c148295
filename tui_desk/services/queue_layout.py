"""How an agent has the queue: one value of the installation's settings for each agent, read by the plain driver at the start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tui_desk.contracts.queue import GROUPS
from tui_desk.contracts.queue_layout import (
    ALWAYS_SHOWN,
    COLUMNS,
    LEAST_WIDTH,
    MOST_WIDTH,
    SIGNS,
    USUAL_COLUMNS,
    ChosenColumn,
    QueueLayout,
    SaveQueueLayout,
    ShowQueueLayout,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader
from tui_desk.services.actor import Actor

if TYPE_CHECKING:
    from sqlmodel import Session


def show(reader: FastReader, actor: Actor, _request: ShowQueueLayout) -> QueueLayout:
    """What is not set, or was set by a newer version to what this one does not know, is as for everybody."""
    rows = reader.rows("SELECT value FROM setting WHERE key = ?", [_key(actor)])
    stored = rows[0][0] if rows else None
    if isinstance(stored, str):
        stored = json.loads(stored)
    return _read(stored)


def save(session: Session, actor: Actor, request: SaveQueueLayout) -> QueueLayout:
    """Raises UsageError; see the request."""
    from tui_desk.rules.permissions import Permission  # reading needs none of this
    from tui_desk.services.context import require
    from tui_desk.services.settings_store import read_setting, write_setting

    require(actor, Permission.VIEW)
    present = _read(read_setting(session, _key(actor)))
    columns = present.columns if request.columns is None else _checked(request.columns)
    group = present.group if request.group is None else request.group
    if group and group not in GROUPS:
        raise UsageError(
            _("One cannot group by “{name}”.").format(name=safe_line(group, 40)),
            _("One can group by {names}.").format(names=", ".join(GROUPS)),
        )
    kept = [[one.id, one.shown, one.width] for one in columns]
    write_setting(session, _key(actor), {"columns": kept, "group": group})
    return QueueLayout(columns, group)


def _checked(columns: tuple[ChosenColumn, ...]) -> tuple[ChosenColumn, ...]:
    """All columns: those named first, each once. Nothing where they are as usual."""
    for one in columns:
        if one.id not in COLUMNS:
            raise UsageError(
                _("There is no column “{name}”.").format(name=safe_line(one.id, 40)),
                _("Columns: {names}.").format(names=", ".join(COLUMNS)),
            )
        if one.width and not LEAST_WIDTH <= one.width <= MOST_WIDTH:
            raise UsageError(
                _("A column has {least} to {most} cells.").format(least=LEAST_WIDTH, most=MOST_WIDTH)
            )
    found = _whole(columns) if columns else USUAL_COLUMNS
    return () if found == USUAL_COLUMNS else found


def _whole(columns: tuple[ChosenColumn, ...]) -> tuple[ChosenColumn, ...]:
    """With what must be shown, and the others behind them, hidden; none twice."""
    named = {one.id: one for one in reversed(columns)}
    ahead = [ChosenColumn(name) for name in ALWAYS_SHOWN if name not in named]
    order = list(dict.fromkeys(one.id for one in columns))
    rest = [ChosenColumn(name, shown=False) for name in COLUMNS if name not in named]
    rest = [one for one in rest if one.id not in ALWAYS_SHOWN]
    return tuple(
        ChosenColumn(one.id, one.shown or one.id in ALWAYS_SHOWN, 0 if one.id in SIGNS else one.width)
        for one in (*ahead, *(named[name] for name in order), *rest)
    )


def _read(stored: Any) -> QueueLayout:
    value: dict[str, Any] = stored if isinstance(stored, dict) else {}
    columns, entries = [], value.get("columns")
    for entry in entries if isinstance(entries, list) else ():
        match entry:
            case [str(name), bool(shown), int(width)] if name in COLUMNS:
                fits = LEAST_WIDTH <= width <= MOST_WIDTH
                columns.append(ChosenColumn(name, shown, width if fits else 0))
    group = value.get("group")
    return QueueLayout(_whole(tuple(columns)) if columns else (), group if group in GROUPS else "")


def _key(actor: Actor) -> str:
    return f"queue:{actor.agent_id}"
