"""What happened: the one source of history, undo, live updates and figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import JsonColumn, UtcDateTime, index_where_set


class Event(SQLModel, table=True):
    """Append-only (triggers refuse UPDATE and DELETE); each row carries the hash of the one before it in its stream.

    ``stream`` is ``ticket:12``, ``asset:3``, ``mailbox:1``, ``agent:2``, ``desk``…
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("stream", "position"),
        Index("ix_event_actor_id_id", "actor_id", "id"),
        index_where_set("event", "deed"),
        index_where_set("event", "undoes"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    stream: str
    position: int
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: int | None = Field(default=None, foreign_key="agent.id")
    actor: str = ""
    """The agent's login, or who else acted: ``mail``, ``clock``, ``import``."""
    action: str
    field: str = ""
    before: Any = Field(default=None, sa_type=JsonColumn)
    after: Any = Field(default=None, sa_type=JsonColumn)
    undoes: int | None = None
    """The id of the event that this one takes back."""
    deed: str | None = None
    """What one request did has one value here, whatever it touched: it is taken back as a whole. None for what nobody asked for."""
    hash: str
    """sha256 over the previous hash and this row's content (``services.events``)."""


class Presence(SQLModel, table=True):
    """A terminal that is at a ticket; ignored when ``at`` is older than a minute."""

    __tablename__ = "presence"

    session: str = Field(primary_key=True)
    agent_id: int = Field(foreign_key="agent.id")
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    mode: str
    at: datetime = Field(sa_type=UtcDateTime)


class Lease(SQLModel, table=True):
    """The right to do a piece of work alone. ``epoch`` only grows: a late holder's writes are recognised and refused."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    epoch: int = 1
    expires_at: datetime = Field(sa_type=UtcDateTime)
