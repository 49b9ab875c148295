"""What leaves the desk: one item per outgoing message, one delivery per recipient."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tui_desk.models.base import UtcDateTime

_WAITING = text("state IN ('held', 'queued', 'sending', 'unknown')")


class OutboxItem(SQLModel, table=True):
    """Bytes and Message-ID are fixed when the item is made and never change, whatever is tried again.

    ``sender``: mailbox, fallback, or none (waits until there is one). ``state`` is the item's own life: held → queued →
    sending → done (every delivery has ended) or unknown (an answer is missing) or cancelled.
    """

    __tablename__ = "outbox_item"
    __table_args__ = (
        Index(
            "ix_outbox_item_waiting",
            "next_attempt_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_outbox_item_waiting_of_ticket",
            "ticket_id",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    mailbox_id: int | None = Field(default=None, foreign_key="mailbox.id", index=True)
    sender: str = "mailbox"
    state: str = "held"
    automatic: bool = False
    envelope_from: str
    rfc_message_id: str = Field(index=True)
    mime_sha256: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    resends_after_unknown: int = 0
    answered: bool = False
    """A server took it for somebody once: a copy in the Sent folder may be that attempt's, and proves nothing about others."""
    cause: str = ""
    claimed_by: str = ""
    epoch: int = 0
    """Raised by every claim: a sender whose claim is older writes nothing any more."""
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class Delivery(SQLModel, table=True):
    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("outbox_id", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    outbox_id: int = Field(foreign_key="outbox_item.id")
    address: str = Field(index=True)
    state: str = "held"
    in_flight: bool = False
    """Named in the RCPT commands of the attempt that is *sending* or *unknown*."""
    code: int | None = None
    enhanced: str = ""
    cause: str = ""
    attempts: int = 0
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Acknowledged(SQLModel, table=True):
    """When an address last got an automatic answer: at most one an hour."""

    __tablename__ = "acknowledged"

    address: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
