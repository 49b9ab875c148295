"""Messages of a conversation, their attachments, and the identifiers they are known by in mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import JsonColumn, UtcDateTime

REDUCED = "reduced"
"""The mark of a message whose original was too large to be fetched."""


class Message(SQLModel, table=True):
    __tablename__ = "message"
    __table_args__ = (Index("ix_message_ticket_id_id", "ticket_id", "id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    kind: str
    direction: str
    mail_kind: str = ""
    author_agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    author_person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    author_name: str = ""
    author_address: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
    """When it reached us or was written here."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """What its Date header claims."""
    subject: str = ""
    recipients_to: Any = Field(default_factory=list, sa_type=JsonColumn)
    """[[name, address], …]"""
    recipients_cc: Any = Field(default_factory=list, sa_type=JsonColumn)
    text: str = ""
    """The whole readable body; for our own messages the Markdown as typed."""
    segments: Any = Field(default_factory=list, sa_type=JsonColumn)
    """[[kind, length], …] over ``text``: body, quote, signature. Empty: all body."""
    language: str = ""
    rfc_message_id: str = ""
    in_reply_to: str = ""
    references: Any = Field(default_factory=list, sa_type=JsonColumn)
    raw_sha256: str = ""
    """The raw mail in ``blob``; empty for what never was mail."""
    content_digest: str = ""
    evidence: Any = Field(default_factory=list, sa_type=JsonColumn)
    """Why it is in this ticket: [{"kind", "value", "weight", "sentence"}, …]"""
    marks: Any = Field(default_factory=list, sa_type=JsonColumn)
    """Warnings: ["unverified", "same_message_id", …]"""


class Attachment(SQLModel, table=True):
    """A file of a message or of a draft. Its bytes are a blob, or a part of the raw mail (``part``), never both."""

    __tablename__ = "attachment"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    draft_id: int | None = Field(default=None, foreign_key="draft.id", index=True)
    position: int = 0
    filename: str
    content_type: str
    size: int
    sha256: str
    content_id: str = ""
    inline: bool = False
    part: int | None = None
    """Index into the attachments that parsing the raw mail gives; None: the bytes are in ``blob``."""


class MailIdentifier(SQLModel, table=True):
    """A Message-ID that belongs to a ticket's conversation: of a mail received, sent, or seen in its References."""

    __tablename__ = "mail_identifier"
    __table_args__ = (UniqueConstraint("rfc_message_id", "ticket_id"),)

    id: int | None = Field(default=None, primary_key=True)
    rfc_message_id: str = Field(index=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    origin: str = "received"
    """received, sent, answered (seen in Sent), referenced, or alert."""


class Draft(SQLModel, table=True):
    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("ticket_id", "agent_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    agent_id: int = Field(foreign_key="agent.id", index=True)
    kind: str
    body: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    base_message_id: int = 0
    token: str = ""
    """Under which it is sent; empty: whoever sends it chooses one."""
    updated_at: datetime = Field(sa_type=UtcDateTime)
