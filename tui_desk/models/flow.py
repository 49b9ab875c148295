"""What brings a ticket back later: snoozes, which everybody sees, and reminders, which are one agent's own."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, UtcDateTime


class Snooze(SQLModel, table=True):
    """A ticket is out of the views of work until a moment, or until its requester writes, whichever comes first."""

    __tablename__ = "snooze"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """None: until the requester writes."""
    after_message_id: int = 0
    """The ticket's newest message when it was snoozed: what came later from outside is an answer."""
    by_agent_id: int = Field(foreign_key="agent.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Reminder(SQLModel, table=True):
    """An agent wants to be told of a ticket at a moment. The row goes when that is done: whoever deletes it tells."""

    __tablename__ = "reminder"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", index=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    text: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
