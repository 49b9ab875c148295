"""Which facts hold now: what the needs of actions are compared with."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.conversation import MessageView
from tui_desk.core.enums import DeliveryState, Direction, LinkKind, Role
from tui_desk.linear.reading import has_more
from tui_desk.linear.session import Session
from tui_desk.linear.words import quoted

_TROUBLE = {DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.UNKNOWN}
_LEAVING = (DeliveryState.HELD, DeliveryState.QUEUED)


def facts(session: Session) -> frozenset[str]:
    """What holds in the list, or in the open ticket."""
    found: set[str] = {"more"} if has_more(session) else set()
    role = session.agent.role if session.agent is not None else Role.AGENT
    if role is not Role.READ_ONLY and not (session.status is not None and session.status.read_only):
        found.add("writer")
    if role in (Role.SUPERVISOR, Role.ADMIN):
        found.add("supervisor")
    if session.last_change is not None:
        found.add("repeatable")
    if session.saved:
        found.add("saved_view")
    ticket, message = session.ticket, session.message()
    if ticket is None:  # what is named by its number
        return frozenset(found | {"work_task", "work_time", "work_item", "work_approval", "decidable"})
    found.add("ticket")
    open_approvals = [one for one in ticket.approvals if one.state == "waiting"]
    holds = {
        "requester": bool(ticket.requester_address),
        "suggestion": any(one.kind is LinkKind.SUGGESTED and one.outgoing for one in ticket.links),
        "work_task": bool(ticket.tasks),
        "work_time": bool(ticket.time_entries),
        "work_item": bool(ticket.tasks or ticket.time_entries or ticket.approvals),
        "work_approval": bool(ticket.approvals),
        "decidable": any(one.for_me for one in open_approvals),
        "several_messages": ticket.earlier + len(ticket.messages) > 1,
        "check": any(one.for_me or one.by_me for one in ticket.reviews),
        "event": bool(ticket.events),
    }
    found |= {name for name, holding in holds.items() if holding}
    if message is not None:
        found |= _of_message(message, session.now())
        if len(ticket.messages) > 1 and message.direction is Direction.IN:
            found.add("from_outside")
    return frozenset(found)


def _of_message(message: MessageView, now: datetime) -> set[str]:
    outgoing = message.delivery
    holds = {
        "message": True,
        "attachment": bool(message.attachments),
        "raw": message.has_raw,
        "reduced": message.reduced,
        "folded": bool(quoted(message)),
        "outgoing": outgoing is not None,
    }
    if outgoing is not None:
        states = {outgoing.state, *(one.state for one in outgoing.recipients)}
        waits = (
            outgoing.next_attempt_at is not None and outgoing.next_attempt_at > now and bool(outgoing.cause)
        )
        holds["held"] = outgoing.state is DeliveryState.HELD
        holds["stoppable"] = outgoing.state in _LEAVING
        holds["retryable"] = outgoing.state is DeliveryState.HELD or bool(states & _TROUBLE) or waits
    return {name for name, holding in holds.items() if holding}
