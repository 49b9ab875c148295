"""The intake ledger: every message that was ever fetched, its bytes, and how it ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tui_desk.models.base import UtcDateTime


class Blob(SQLModel, table=True):
    """Bytes kept once, by the sha256 of their content: raw mail, outgoing MIME, files that were attached."""

    __tablename__ = "blob"

    sha256: str = Field(primary_key=True)
    size: int
    """Length of the content before compression."""
    encoding: str = "zlib"
    """zlib or plain."""
    data: bytes = Field(sa_type=LargeBinary)


class IntakeEntry(SQLModel, table=True):
    """One message on one server. ``verdict`` empty: stored, still to be processed.

    ``source`` is ``mailbox:ID`` for fetched mail and ``import:NAME`` for imported history.
    """

    __tablename__ = "intake_entry"
    __table_args__ = (
        UniqueConstraint("source", "folder", "uidvalidity", "uid", name="uq_intake_entry_identity"),
        Index(
            "ix_intake_entry_unfinished",
            "id",
            sqlite_where=text("verdict = ''"),
            postgresql_where=text("verdict = ''"),
        ),
        Index(
            "ix_intake_entry_suspended",
            "id",
            sqlite_where=text("verdict = 'suspended'"),
            postgresql_where=text("verdict = 'suspended'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    mailbox_id: int | None = Field(default=None, foreign_key="mailbox.id", index=True)
    folder: str
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    sha256: str = Field(default="", index=True)
    """Of the raw bytes; empty where a message was ignored unread (older than the mailbox's start)."""
    size: int = 0
    rfc_message_id: str = Field(default="", index=True)
    content_digest: str = ""
    received_at: datetime = Field(sa_type=UtcDateTime)
    processed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    verdict: str = ""
    cause: str = ""
    explanation: str = ""
    attempts: int = 0
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    sender: str = ""
    subject: str = ""
    settled_on_server: bool = False
    """The server has been told (flagged, moved) or need not be."""
