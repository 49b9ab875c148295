"""The Message-IDs under which our mail is known outside, beside the ones we gave it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from tui_desk.mail.returned_ids import returned_ids
from tui_desk.mail.smtp_values import Outcome, RecipientResult
from tui_desk.models import Mailbox, MailIdentifier, OutboxItem
from tui_desk.services.senders import MAILBOX


def remember_ids(session: Session, item: OutboxItem, results: Sequence[RecipientResult]) -> None:
    """A service that gives mail an id of its own tells it in its answer: answers to the mail will name that one."""
    if item.ticket_id is None or item.mailbox_id is None or item.sender != MAILBOX:
        return
    host = session.exec(select(Mailbox.smtp_host).where(Mailbox.id == item.mailbox_id)).first() or ""
    answers = {result.text for result in results if result.outcome is Outcome.ACCEPTED}
    ids = {one for answer in answers for one in returned_ids(answer, host)} - {item.rfc_message_id}
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for identifier in sorted(ids):
        session.execute(
            insert(MailIdentifier)
            .values(
                rfc_message_id=identifier,
                ticket_id=item.ticket_id,
                message_id=item.message_id,
                origin="sent",
            )
            .on_conflict_do_nothing()
        )
