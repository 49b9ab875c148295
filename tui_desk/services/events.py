"""Recording what happens: one event per change, in the transaction of the change, chained by hash within its stream.

The hash is sha256 over the previous hash of the stream and the canonical JSON of the row (RFC 8785 in spirit: sorted keys,
no white space), so a changed, removed or reordered row is found by recomputing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert
from sqlmodel import Session, col, select

from tui_desk.core.json_text import json_writer
from tui_desk.models import Event
from tui_desk.services.actor import DEED, Actor

_LAST = (
    select(Event.position, Event.hash)
    .where(Event.stream == bindparam("stream"))
    .order_by(col(Event.position).desc())
    .limit(1)
)
_APPEND = insert(Event).returning(col(Event.id))


_CANONICAL = json_writer(canonical=True)


def ticket_stream(number: int) -> str:
    return f"ticket:{number}"


def record(
    session: Session,
    actor: Actor,
    stream: str,
    action: str,
    now: datetime,
    *,
    field: str = "",
    before: Any = None,
    after: Any = None,
    undoes: int | None = None,
) -> int:
    """Append one event to ``stream``; answers its id. ``before`` and ``after`` are plain JSON values, never secrets.

    The caller holds the row the stream belongs to (SQLite: the write lock; PostgreSQL: ``FOR UPDATE``), so positions do not collide.
    """
    last = session.exec(_LAST, params={"stream": stream}).first()
    position, previous = (last[0] + 1, last[1]) if last else (1, "")
    row = event_row(
        actor,
        stream,
        position,
        previous,
        action,
        now,
        field=field,
        before=before,
        after=after,
        undoes=undoes,
        deed=session.info.get(DEED),
    )
    result = session.execute(_APPEND, row)
    return int(result.scalar_one())


def event_row(
    actor: Actor,
    stream: str,
    position: int,
    previous_hash: str,
    action: str,
    now: datetime,
    *,
    field: str = "",
    before: Any = None,
    after: Any = None,
    undoes: int | None = None,
    deed: str | None = None,
) -> dict[str, Any]:
    """The complete row of an event, hash included, for bulk inserts where the position is known."""
    row: dict[str, Any] = {
        "stream": stream,
        "position": position,
        "at": now,
        "actor_id": actor.agent_id,
        "actor": actor.login,
        "action": action,
        "field": field,
        "before": before,
        "after": after,
        "undoes": undoes,
    }
    if deed is not None:
        row["deed"] = deed
    row["hash"] = chain_hash(previous_hash, row)
    return row


def chain_hash(previous: str, row: dict[str, Any]) -> str:
    """The hash of a row that follows ``previous``."""
    content = dict(row)
    content.pop("hash", None)
    content.pop("id", None)
    if content.get("deed") is None:  # events from before there were deeds keep their hashes
        content.pop("deed", None)
    content["at"] = content["at"].isoformat()
    canonical = _CANONICAL(content)
    return hashlib.sha256((previous + canonical).encode("utf-8", "surrogatepass")).hexdigest()


def follows(event: Event, position: int, previous: str) -> bool:
    """Whether ``event`` is the one at ``position`` (from 1) of its stream and follows the hash ``previous``."""
    row = event.model_dump(exclude={"id", "hash"})
    return event.position == position and event.hash == chain_hash(previous, row)
