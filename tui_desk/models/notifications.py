"""What an agent should see: mentions, drafts to check, approvals to decide, dates that come near."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, UtcDateTime


class Notification(SQLModel, table=True):
    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_agent_id_read_at", "agent_id", "read_at"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id")
    kind: str
    """mention, review, reviewed, review_lost, rated, approval, decided, task, handover, send_stopped, expiry."""
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    subject: str = ""
    """What else it is about: ``asset:3``, ``task:7``."""
    by_agent_id: int | None = Field(default=None, foreign_key="agent.id")
    text: str = ""
    """Foreign words only (a title, a name); the sentence is made by who shows it."""
    at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Review(SQLModel, table=True):
    """A colleague is asked to look at a draft before it leaves."""

    __tablename__ = "review"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(index=True)
    """The draft ends when it is sent; the decision stays (so no foreign key)."""
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    asked_by_id: int = Field(foreign_key="agent.id")
    reviewer_id: int = Field(foreign_key="agent.id", index=True)
    state: str = "waiting"
    """waiting, waiting_to_leave (it leaves when approved), approved, changed, refused, withdrawn; see ``rules.reviews``."""
    question: str = ""
    comment: str = ""
    body: str = ""
    """The text that was decided on: a draft changed since then is to be checked anew."""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
