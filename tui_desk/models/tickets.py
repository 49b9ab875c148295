"""The ticket and what hangs on it directly."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import UtcDateTime, index_where_set


class Category(SQLModel, table=True):
    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("path"),)

    id: int | None = Field(default=None, primary_key=True)
    parent_id: int | None = Field(default=None, foreign_key="category.id", index=True)
    name: str
    path: str
    """All names from the top, joined by ``/``."""


class Ticket(SQLModel, table=True):
    """The unit of work. ``id`` is the number people see (``#1042``); gaps are allowed."""

    __tablename__ = "ticket"
    # The indexes that hold the views of the queue are partial and descending: see migration 0001.
    __table_args__ = (index_where_set("ticket", "merged_into_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    thread_subject: str = Field(default="", index=True)
    """The subject without prefixes and tokens, for suggestions."""
    type: str = "request"
    status: str = "new"
    priority: int = 1
    channel: str = "email"
    category_id: int | None = Field(default=None, foreign_key="category.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    assignee_id: int | None = Field(default=None, foreign_key="agent.id")
    requester_id: int = Field(foreign_key="person.id", index=True)
    requester_name: str = ""
    """Name or address of the requester as the queue shows it: no join for a list."""
    mailbox_id: int | None = Field(default=None, foreign_key="mailbox.id", index=True)
    company_address: str = ""
    """The address the requester wrote to: the identity of our replies."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    first_response_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    requester_waiting: bool = False
    next_action: str = ""
    """What is to be done next, in a line."""
    next_action_on: date | None = None
    resolution_code: str = ""
    resolution: str = ""
    merged_into_id: int | None = None
    """The ticket that took over everything (no foreign key: SQLite cannot add one to a table that is there)."""
    spam: bool = False
    imported: bool = False
    version: int = 1


class TicketTag(SQLModel, table=True):
    __tablename__ = "ticket_tag"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    tag: str = Field(primary_key=True, index=True)


class TicketLink(SQLModel, table=True):
    """``from_id`` KIND ``to_id``: is related to, duplicates, is parent of, blocks, follows up, may belong to (suggested)."""

    __tablename__ = "ticket_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    from_id: int = Field(foreign_key="ticket.id")
    to_id: int = Field(foreign_key="ticket.id", index=True)
    kind: str
    note: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class Watcher(SQLModel, table=True):
    """Somebody who takes part: a person in Cc or an agent who watches. ``role``: cc, watcher."""

    __tablename__ = "watcher"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"), UniqueConstraint("ticket_id", "agent_id"))

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    address: str = ""
    role: str = "cc"


class TicketAsset(SQLModel, table=True):
    __tablename__ = "ticket_asset"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    asset_id: int = Field(foreign_key="asset.id", primary_key=True, index=True)


class TicketMailbox(SQLModel, table=True):
    """Every mailbox and company address through which the ticket's mail reached us (To + Cc to two of ours: two routes)."""

    __tablename__ = "ticket_mailbox"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    mailbox_id: int = Field(foreign_key="mailbox.id", primary_key=True)
    company_address: str = Field(default="", primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
