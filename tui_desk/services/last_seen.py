"""Up to which message an agent has looked at a ticket.

Kept as settings of their own (as what an agent has set for oneself): one value holds 64 tickets that stand together, so a look writes
some hundred bytes, and neither agents nor tickets multiply rows.
"""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.services.actor import Actor
from tui_desk.services.settings_store import locked_setting, read_setting

_TOGETHER = 64


def last_seen(session: Session, actor: Actor, number: int) -> int | None:
    """The newest message of the ticket that the agent has looked at; None: never looked."""
    if actor.agent_id is None:
        return None
    value = read_setting(session, _key(actor, number))
    found = value.get(str(number)) if isinstance(value, dict) else None
    return found if isinstance(found, int) else None


def mark_seen(session: Session, actor: Actor, number: int, message_id: int) -> None:
    """Note that the agent has looked at the ticket up to this message; what was seen later stays seen."""
    if actor.agent_id is None or (last_seen(session, actor, number) or 0) >= message_id:
        return
    row = locked_setting(session, _key(actor, number))
    known = row.value if isinstance(row.value, dict) else {}
    before = known.get(str(number))
    if not isinstance(before, int) or message_id > before:
        row.value = {**known, str(number): message_id}
        session.add(row)


def _key(actor: Actor, number: int) -> str:
    return f"seen:{actor.agent_id}:{number // _TOGETHER}"
