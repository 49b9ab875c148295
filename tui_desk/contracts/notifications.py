"""What an agent should see: mentions, hand-overs, drafts to check, decisions, dates that come near."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.gateway import Request
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class NotificationView:
    id: int
    kind: str
    sentence: str
    """What happened, in the reader's language."""
    ticket: int | None
    ticket_subject: str
    message_id: int | None
    subject: str
    """What else it is about, such as ``task:7``; empty where the ticket is all."""
    by: str
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class ListNotifications(Request[tuple[NotificationView, ...]]):
    """The acting agent's own, newest first; unread ones only unless ``everything``."""

    everything: bool = False
    limit: int = 200


@dataclass(frozen=True, slots=True)
class MarkRead(Request[int]):
    """Mark the acting agent's notifications as read: these, those of a ticket, or all. Answers how many were unread."""

    ids: tuple[int, ...] = ()
    ticket: int | None = None
    everything: bool = False
