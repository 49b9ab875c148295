"""The sender follows the way out, as long as nothing has been sent.

A message may be written while its mailbox has no SMTP server and leave by the fallback sender that an admin sets later, or the
other way round. A server takes only its own identities, so the From field and the envelope are those of the way it really
leaves by. From the first attempt on the bytes are fixed; the Message-ID is so from the beginning.
"""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.db.blobs import load_blob, store_blob
from tui_desk.mail.compose import with_sender
from tui_desk.mail.message import Address
from tui_desk.models import Mailbox, Message, OutboxItem, Ticket
from tui_desk.services.senders import fallback_identity, identity_of


def readdress(session: Session, item: OutboxItem, mailbox_id: int | None) -> None:
    """Let ``item``, which was never tried, leave under the name of its way: a mailbox, or (None) the fallback sender."""
    sender = _sender(session, item, mailbox_id)
    if sender is None or sender.address == item.envelope_from:
        return
    item.envelope_from = sender.address
    item.mime_sha256 = store_blob(session, with_sender(load_blob(session, item.mime_sha256), sender))
    if item.message_id is not None:
        message = session.get_one(Message, item.message_id)
        message.raw_sha256 = item.mime_sha256
        session.add(message)


def _sender(session: Session, item: OutboxItem, mailbox_id: int | None) -> Address | None:
    if mailbox_id is None:
        return fallback_identity(session)
    mailbox = session.get_one(Mailbox, mailbox_id)
    ticket = session.get(Ticket, item.ticket_id) if item.ticket_id is not None else None
    return identity_of(session, ticket, mailbox)
