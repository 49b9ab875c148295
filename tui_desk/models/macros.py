"""What is written down once and used often: canned replies, macros, ticket templates, and templates that come round by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, JsonColumn, UtcDateTime


class CannedReply(SQLModel, table=True):
    """A text with variables (see ``rules.text_variables``)."""

    __tablename__ = "canned_reply"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str
    shortcut: str = ""
    body: str
    language: str = ""
    """Two letters; empty: for everybody."""
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    """Offered in the work of this team only."""
    agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    """Whose own it is; None: it is shared."""
    active: bool = True
    used: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class Macro(SQLModel, table=True):
    """Several deeds at once, in this order: fields, checklists and tasks, a note, a reply."""

    __tablename__ = "macro"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    """Values by name, as ``ticket set`` takes them; tags with ``+`` and ``-`` are added and taken away."""
    tasks: str = ""
    """A line each, as in a checklist; ``checklist=NAME`` puts a whole one on the ticket."""
    note: str = ""
    reply: str = ""
    language: str = ""
    """Two letters; empty: for everybody."""
    send: bool = False
    """The reply leaves at once (with the undo window); else it is a draft to be looked at."""
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    active: bool = True
    used: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class TicketTemplate(SQLModel, table=True):
    """A ticket to be: what is known before anybody asks."""

    __tablename__ = "ticket_template"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str
    subject: str = ""
    body: str = ""
    requester: str = ""
    """An address or a name; needed where the ticket is made by the clock."""
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    tasks: str = ""
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    active: bool = True
    used: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class RecurringTicket(SQLModel, table=True):
    """A template that becomes a ticket again and again."""

    __tablename__ = "recurring_ticket"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    template_id: int = Field(foreign_key="ticket_template.id", index=True)
    rule: str
    """``daily 8:00``, ``weekly mon,thu 8:00``, ``monthly 1 8:00`` (see ``rules.recurrence``), by the clocks of the desk's zone."""
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When the next one is made; None while it is paused."""
    last_ticket_id: int | None = None
    """The ticket made last (no foreign key: tickets may be erased)."""
    active: bool = True
    version: int = 1
