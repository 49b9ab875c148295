"""Mail accounts, the company addresses they receive for, and settings of the installation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from tui_desk.models.base import JsonColumn, UtcDateTime


class Mailbox(SQLModel, table=True):
    __tablename__ = "mailbox"
    __table_args__ = (
        Index(
            "uq_mailbox_address_in_use",
            "address",
            unique=True,
            sqlite_where=text("state <> 'removed'"),
            postgresql_where=text("state <> 'removed'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(index=True)
    name: str = ""
    state: str = "active"
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = "tls"
    imap_user: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: str = "tls"
    smtp_user: str = ""
    password_secret: str = ""
    """Encrypted by ``db.secrets``; never shown, logged or copied into an event."""
    password_command: str = ""
    folder: str = "INBOX"
    after_import: str = "flag"
    start: str = "now"
    team_id: int | None = Field(default=None, foreign_key="team.id")
    poll_seconds: int = 60
    insecure_ok: bool = False
    acknowledge: bool = False
    acknowledgement: str = ""
    signature: str = ""
    plus_addressing: bool = False
    """Its server delivers ``name+tag`` to ``name``: replies are asked for at an address that carries a signed token."""
    authserv_id: str = ""
    """The names (RFC 8601, 2.5) under which its server writes ``Authentication-Results``, parted by commas; empty: found out."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
    """Raised by every change of the settings: a running worker reconnects when it differs."""
    last_success_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_problem: str = ""
    last_problem_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failures: int = 0
    start_uidvalidity: int | None = None
    start_uid: int | None = None
    """With ``start`` other than all: UIDs up to here (in that UIDVALIDITY) were there before us."""


class MailboxAddress(SQLModel, table=True):
    __tablename__ = "mailbox_address"

    id: int | None = Field(default=None, primary_key=True)
    mailbox_id: int = Field(foreign_key="mailbox.id", index=True)
    address: str = Field(index=True)
    name: str = ""
    team_id: int | None = Field(default=None, foreign_key="team.id")


class Setting(SQLModel, table=True):
    """One setting of the installation: desk name, undo window, fallback sender, secret for message ids…"""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: Any = Field(sa_type=JsonColumn)
