"""What keeps messages from leaving by a way out: told where its mailbox is shown, so that "working" speaks of both directions.

Read from the outbox, where every attempt is on record: the last one failed before the server had said anything about a message,
and none has left since. What a server says about one message (4xx, 5xx) is that message's matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Integer, String, column, text
from sqlmodel import Session

from tui_desk.core.i18n import ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.models.base import UtcDateTime
from tui_desk.services.senders import FALLBACK
from tui_desk.services.settings_store import locked_setting, read_setting
from tui_desk.services.trouble_question import trouble_question

FORGOTTEN = "send_trouble_before"
"""Setting: the name of a way out → when its settings were saved last; trouble from before is that of other settings."""


@dataclass(frozen=True, slots=True)
class SendTrouble:
    """``cause`` is a sentence; ``at`` the last attempt; ``waiting`` how many messages have been tried and wait."""

    cause: str
    at: datetime
    waiting: int


def send_trouble(session: Session, mailbox_id: int | None) -> SendTrouble | None:
    """The trouble of a mailbox's own SMTP server, or of the fallback sender's (None). A read; None where there is none."""
    question = text(trouble_question(mailbox_id)).columns(
        column("cause", String()),
        column("at", UtcDateTime()),
        column("waiting", Integer()),
        column("left", Boolean()),
    )
    row = session.connection().execute(question).first()
    if row is None or row[3]:
        return None
    cause, at, waiting, _left = row
    forgotten = _forgotten(session, way_of(mailbox_id))
    if forgotten is not None and at <= forgotten:
        return None
    return SendTrouble(cause, at, waiting)


def sentence_of(trouble: SendTrouble | None, when: str) -> str:
    """The trouble as people read it; ``when`` is the instant of the last attempt in their words. Empty for none."""
    if trouble is None:
        return ""
    return ngettext(
        "Sending fails: {cause} (last tried {when}; {count} message waits)",
        "Sending fails: {cause} (last tried {when}; {count} messages wait)",
        trouble.waiting,
    ).format(cause=safe_line(trouble.cause, 300).rstrip("."), when=when, count=trouble.waiting)


def forget_trouble(session: Session, mailbox_id: int | None, now: datetime) -> None:
    """The settings are others now: what failed with those before says nothing about them."""
    row = locked_setting(session, FORGOTTEN)
    row.value = {**(row.value or {}), way_of(mailbox_id): now.isoformat()}
    session.add(row)
    session.flush()


def way_of(mailbox_id: int | None) -> str:
    """The name of a way out, as ``send_routes.Route.name`` has it."""
    return FALLBACK if mailbox_id is None else f"mailbox:{mailbox_id}"


def _forgotten(session: Session, way: str) -> datetime | None:
    value = read_setting(session, FORGOTTEN)
    text = value.get(way) if isinstance(value, dict) else None
    return datetime.fromisoformat(text) if isinstance(text, str) else None
