"""What holds for a message, as the needs of actions name it."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.conversation import MessageView
from tui_desk.core.enums import DeliveryState, Direction, MessageKind
from tui_desk.screens import ticket_parts

_WAITING = (DeliveryState.HELD, DeliveryState.QUEUED)


def came_in(message: MessageView) -> bool:
    """Whether it is a mail from outside."""
    return message.kind is MessageKind.EMAIL and message.direction is Direction.IN


def of_desk(message: MessageView) -> bool:
    """Whether the desk itself sent it, such as the question to an approver: what was done here, and no news."""
    return message.kind is MessageKind.SYSTEM and message.delivery is not None


def message_facts(message: MessageView, now: datetime) -> set[str]:
    """Facts about the message itself, its files and what became of it."""
    found = {"message"}
    if message.attachments:
        found.add("attachment")
    if message.has_raw:
        found.add("raw")
    if message.reduced:
        found.add("reduced")
    outgoing = message.delivery
    if outgoing is not None:
        found.add("outgoing")
        if outgoing.state in _WAITING:
            found.add("stoppable")
        if outgoing.state is DeliveryState.HELD:
            found.add("held")
        if ticket_parts.can_be_retried(outgoing, now):
            found.add("retryable")
    return found
