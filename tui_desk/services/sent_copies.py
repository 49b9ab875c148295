"""Copies of what was sent, for the Sent folder of a mailbox whose provider makes none: which are missing, which were made.

What is known stands in one setting per mailbox: everything up to ``after`` is settled, and beyond it the ids in ``made``. A copy
that cannot be made is told and tried again; it never sends anything again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.core.enums import MailboxState
from tui_desk.core.safe_text import safe_line
from tui_desk.db.blobs import load_blob
from tui_desk.mail.providers import keeps_sent
from tui_desk.models import Mailbox, OutboxItem
from tui_desk.services.context import known
from tui_desk.services.senders import MAILBOX
from tui_desk.services.settings_store import locked_setting, read_setting

WISHES = "sent_copies"
"""Setting: id of a mailbox → yes or no; where it is not named, what is known of the provider decides."""
GIVEN_UP = timedelta(days=3)
AT_ONCE = 25
_ENDED = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class Missing:
    """A sent message without a copy."""

    outbox_id: int
    rfc_message_id: str
    mime_sha256: str
    sent_at: datetime


def wanted(session: Session, mailbox: Mailbox) -> bool:
    """Whether we make the copies of this mailbox."""
    if not mailbox.imap_host or not mailbox.smtp_host or mailbox.state != MailboxState.ACTIVE:
        return False
    wish = wish_of(session, known(mailbox.id))
    return wish == "yes" or (wish != "no" and not keeps_sent(mailbox.smtp_host))


def wish_of(session: Session, mailbox_id: int) -> str:
    """``auto`` (what is known of the provider decides), ``yes`` or ``no``."""
    wishes = read_setting(session, WISHES)
    return str(wishes.get(str(mailbox_id), "auto")) if isinstance(wishes, dict) else "auto"


def set_wish(session: Session, mailbox_id: int, wish: str) -> None:
    """``auto``, ``yes`` or ``no``."""
    row = locked_setting(session, WISHES)
    others = {name: value for name, value in (row.value or {}).items() if name != str(mailbox_id)}
    row.value = others if wish == "auto" else others | {str(mailbox_id): wish}
    session.add(row)
    session.flush()


def mailboxes(session: Session) -> list[Mailbox]:
    """Those whose copies we make."""
    return [each for each in session.exec(select(Mailbox).order_by(col(Mailbox.id))) if wanted(session, each)]


def has_begun(session: Session, mailbox_id: int) -> bool:
    """Whether :func:`begin` was here."""
    return _state(session, mailbox_id) is not None


def begin(session: Session, mailbox_id: int) -> None:
    """What was sent before copies were first thought of gets none."""
    if _state(session, mailbox_id) is not None:
        return
    last = session.exec(select(func.max(OutboxItem.id)).where(OutboxItem.mailbox_id == mailbox_id)).one() or 0
    open_ones = session.exec(_of(mailbox_id).where(col(OutboxItem.state).not_in(_ENDED))).all()
    after = min([known(item.id) for item in open_ones], default=last + 1) - 1
    made = session.exec(_of(mailbox_id).where(col(OutboxItem.id) > after, col(OutboxItem.state).in_(_ENDED)))
    _write(session, mailbox_id, after, [known(item.id) for item in made])


def missing(session: Session, mailbox_id: int, now: datetime) -> list[Missing]:
    """Sent messages whose copy is not made yet, oldest first (a read)."""
    state = _state(session, mailbox_id) or {}
    made = set(state.get("made", ()))
    items = session.exec(
        _of(mailbox_id)
        .where(
            col(OutboxItem.id) > int(state.get("after", 0)),
            OutboxItem.answered,
            OutboxItem.sender == MAILBOX,
            OutboxItem.created_at > now - GIVEN_UP,
        )
        .order_by(col(OutboxItem.id))
    )
    found = [item for item in items if item.id not in made]
    return [
        Missing(known(item.id), item.rfc_message_id, item.mime_sha256, item.finished_at or item.created_at)
        for item in found[:AT_ONCE]
    ]


def bytes_of(session: Session, one: Missing) -> bytes:
    """The message as it was sent. Raises NotFound."""
    return load_blob(session, one.mime_sha256)


def note(session: Session, mailbox_id: int, made: list[int], problem: str, now: datetime) -> None:
    """Copies that were made, and what hindered the others (empty: nothing)."""
    row = locked_setting(session, _key(mailbox_id))
    state: dict[str, Any] = row.value or {}
    settled = set(state.get("made", ())) | set(made)
    after = int(state.get("after", 0))
    for item in session.exec(_of(mailbox_id).where(col(OutboxItem.id) > after).order_by(col(OutboxItem.id))):
        sent_and_copied = item.state in _ENDED and item.id in settled
        needs_none = item.state in _ENDED and (not item.answered or item.sender != MAILBOX)
        if not (sent_and_copied or needs_none or item.created_at <= now - GIVEN_UP):
            break
        after = known(item.id)
    _write(session, mailbox_id, after, sorted(each for each in settled if each > after), problem)


def problem_of(session: Session, mailbox_id: int) -> str:
    """Why copies are missing; empty where none is."""
    return str((_state(session, mailbox_id) or {}).get("problem", ""))


def _of(mailbox_id: int) -> Any:
    return select(OutboxItem).where(OutboxItem.mailbox_id == mailbox_id)


def _key(mailbox_id: int) -> str:
    return f"sent_copies:{mailbox_id}"


def _state(session: Session, mailbox_id: int) -> dict[str, Any] | None:
    value = read_setting(session, _key(mailbox_id))
    return value if isinstance(value, dict) else None


def _write(session: Session, mailbox_id: int, after: int, made: list[int], problem: str = "") -> None:
    row = locked_setting(session, _key(mailbox_id))
    row.value = {"after": after, "made": made, "problem": safe_line(problem, 300)}
    session.add(row)
    session.flush()
