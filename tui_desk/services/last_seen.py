"""Up to which message an agent has looked at a ticket.

Kept as settings of their own (as what an agent has set for oneself): one value holds 64 tickets that stand together, so a look writes
some hundred bytes, and neither agents nor tickets multiply rows.
"""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.contracts.reading import MarkSeen
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import require, ticket_to_read
from tui_desk.services.settings_store import locked_setting, read_setting

_TOGETHER = 64


def last_seen(session: Session, actor: Actor, number: int) -> int | None:
    """The newest message of the ticket that the agent has looked at; None: never looked."""
    if actor.agent_id is None:
        return None
    value = read_setting(session, _key(actor, number))
    found = value.get(str(number)) if isinstance(value, dict) else None
    return found if isinstance(found, int) else None


def mark(session: Session, actor: Actor, request: MarkSeen) -> None:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    if actor.agent_id is None:
        return
    ticket_to_read(session, request.number)
    row = locked_setting(session, _key(actor, request.number))
    known = row.value if isinstance(row.value, dict) else {}
    before = known.get(str(request.number), 0)
    if not isinstance(before, int) or request.message_id > before:
        row.value = {**known, str(request.number): request.message_id}
        session.add(row)


def _key(actor: Actor, number: int) -> str:
    return f"seen:{actor.agent_id}:{number // _TOGETHER}"
