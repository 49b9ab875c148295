"""Who works here: agents and the teams they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from tui_desk.models.base import UtcDateTime


class Agent(SQLModel, table=True):
    __tablename__ = "agent"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str = ""
    email: str = Field(default="", index=True)
    role: str = "agent"
    active: bool = True
    signature: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class Team(SQLModel, table=True):
    __tablename__ = "team"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class TeamMember(SQLModel, table=True):
    __tablename__ = "team_member"

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", primary_key=True)
