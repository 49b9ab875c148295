"""Up to where an agent has looked at a ticket: its newest message, and how much of its history there was by then.

Kept as settings of their own (as what an agent has set for oneself): one value holds 64 tickets that stand together, so a look writes
some hundred bytes, and neither agents nor tickets multiply rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.models import Event
from tui_desk.services.actor import Actor
from tui_desk.services.events import ticket_stream
from tui_desk.services.joining import MOVED
from tui_desk.services.settings_store import locked_setting, read_setting

_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Look:
    """The newest ``message`` that was looked at, and how many ``events`` the ticket had then (0: that was not noted)."""

    message: int
    events: int


def last_look(session: Session, actor: Actor, number: int) -> Look | None:
    """Up to where the agent has looked at the ticket; None: never."""
    if actor.agent_id is None:
        return None
    return _look(read_setting(session, _key(actor, number)), number)


def mark_seen(session: Session, actor: Actor, number: int, message: int, events: int) -> None:
    """Note that the agent has looked at the ticket up to this message, when it had so many events; what was seen later stays seen."""
    if actor.agent_id is None:
        return
    look = last_look(session, actor, number)
    if look is not None and look.message >= message:
        moved = _moved(session, number, look.events)
        if not any(event.position <= events for event in moved):
            return
    row = locked_setting(session, _key(actor, number))
    known = row.value if isinstance(row.value, dict) else {}
    before = _look(known, number) or Look(0, 0)
    after = [max(before.message, message), max(before.events, events)]
    if known.get(str(number)) != after:
        row.value = {**known, str(number): after}
        session.add(row)


def joined_since(session: Session, actor: Actor, number: int, look: Look | None) -> tuple[int, ...]:
    """Messages that came with another ticket since the agent looked, older than what was looked at here; not those looked at there."""
    if look is None:
        return ()
    found: list[int] = []
    for event in _moved(session, number, look.events):
        there = last_look(session, actor, int(event.after["from"]))
        read = there.message if there is not None else 0
        found += [message for message in map(int, event.after["messages"]) if read < message <= look.message]
    return tuple(found)


def _moved(session: Session, number: int, after: int) -> Iterator[Event]:
    """What was moved into the ticket after so many of its events."""
    statement = select(Event).where(
        Event.stream == ticket_stream(number), col(Event.position) > after, Event.action == MOVED
    )
    return (event for event in session.exec(statement) if int(event.after["to"]) == number)


def _look(value: Any, number: int) -> Look | None:
    found = value.get(str(number)) if isinstance(value, dict) else None
    if isinstance(found, int):  # from before merges were noted
        return Look(found, 0)
    return Look(*found) if isinstance(found, list) else None


def _key(actor: Actor, number: int) -> str:
    return f"seen:{actor.agent_id}:{number // _TOGETHER}"
