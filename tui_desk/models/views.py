"""Saved views, and the queries an agent has asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, UtcDateTime


class SavedView(SQLModel, table=True):
    """A query with a name. ``sharing``: private (its owner), team (``team_id``), desk (everybody)."""

    __tablename__ = "saved_view"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str
    query: str = ""
    base: str = "open"
    """The built-in view that the query narrows."""
    sort: str = "updated"
    owner_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    sharing: str = "private"
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class AskedQuery(SQLModel, table=True):
    """A query that an agent has asked, to be asked again."""

    __tablename__ = "asked_query"
    __table_args__ = (UniqueConstraint("agent_id", "query"),)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id")
    query: str
    at: datetime = Field(sa_type=UtcDateTime)
