"""A mailbox as its worker knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tui_desk.mail.connection import Credentials, ServerAddress


@dataclass(frozen=True, slots=True)
class MailboxPlan:
    """A mailbox as the fetch worker needs it, read once; ``version`` tells when it is out of date."""

    id: int
    version: int
    address: str
    server: ServerAddress
    credentials: Credentials
    folder: str
    after_import: str
    start: str
    start_uidvalidity: int | None
    start_uid: int | None
    created_at: datetime
    poll_seconds: int
    largest_mail: int
    """Bytes; of a larger one only header and text are fetched."""
