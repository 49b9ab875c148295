"""All of a message that was too large to be fetched: looked for on its mail server and put in place of header and text.

The ledger keeps what it had, so a later copy of the mail is still recognised as the same.
"""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import FetchOriginal
from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import NotFound, Refused, Unavailable, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.db.blobs import blob_row, insert_blob_rows, load_blob
from tui_desk.db.engine import Database
from tui_desk.db.search import index_again
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_large import stands_for
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.mail.imap_values import RawMessage, Reason
from tui_desk.mail.message import ParsedMail, UnreadableMail
from tui_desk.mail.parse import parse
from tui_desk.models import Attachment, IntakeEntry, Mailbox, Message
from tui_desk.models.messages import REDUCED
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require, touch
from tui_desk.services.desk_facts import desk_facts
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.intake_message import attachment_rows, indexed
from tui_desk.services.mailbox_servers import imap_of
from tui_desk.services.moving_out import locked_message

LARGEST = 400_000_000
"""Bytes. PostgreSQL keeps no value above a gigabyte, and takes it with two characters a byte."""
FOLDERS_SEARCHED = 50
"""Where somebody may have moved it to."""
COPIES_LOOKED_AT = 5
"""With the same Message-ID, in one folder."""
FETCHED = "original_fetched"


def fetch_original(database: Database, actor: Actor, request: FetchOriginal) -> str:
    """Get it and keep it. Raises NotFound (no such message, not found on the server), Refused, MailServerError."""
    require(actor, Permission.CHANGE_TICKETS)
    with database.reading() as session:
        message, entries, mailbox = _wanted(session, request.message_id)
        reduced = load_blob(session, message.raw_sha256)
        facts = desk_facts(session)
    with open_mailbox(*imap_of(database, mailbox)) as imap:
        raw = _found(imap, entries, message.rfc_message_id, reduced)
    if raw is None:
        raise NotFound(
            _("This message was not found in {mailbox}; it may have been deleted or changed there.").format(
                mailbox=visible_address(mailbox.address)
            ),
            _("Its header and text stay here."),
        )
    try:
        parsed = parse(raw, own_addresses=facts.own_addresses, desk_tokens=facts.desk_tokens)
    except UnreadableMail as error:
        raise Unavailable(_("It could not be read: {cause}").format(cause=error.cause)) from error
    row = blob_row(raw)  # packed before anybody is kept waiting
    with database.writing() as session:
        _keep(session, actor, request.message_id, message.raw_sha256, row, parsed)
    return _("All of the message is here now ({size} bytes).").format(size=len(raw))


def _wanted(session: Session, message_id: int) -> tuple[Message, list[IntakeEntry], Mailbox]:
    """The message, the places on the server where it was seen (the newest first), and their mailbox."""
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound(_("There is no such message any more."))
    if REDUCED not in message.marks:
        raise Refused(_("All of this message is here."))
    entries = session.exec(
        select(IntakeEntry)
        .where(IntakeEntry.message_id == message_id, col(IntakeEntry.mailbox_id).is_not(None))
        .order_by(col(IntakeEntry.id).desc())
    ).all()
    for entry in entries:
        mailbox = session.get(Mailbox, entry.mailbox_id)
        if mailbox is not None and mailbox.state != MailboxState.REMOVED and mailbox.imap_host:
            return message, [each for each in entries if each.mailbox_id == mailbox.id], mailbox
    raise NotFound(
        _("The mailbox it came to is not part of this desk any more."), _("Its header and text stay here.")
    )


def _found(
    imap: ImapSession, entries: list[IntakeEntry], rfc_message_id: str, reduced: bytes
) -> bytes | None:
    """The bytes of the original: at the place where it was, else by its Message-ID in other folders. None: not found."""
    for entry in entries:
        if _validity(imap, entry.folder) == entry.uidvalidity:
            raw = _whole(imap, entry.uid)
            # A copy by somebody else, or another server that counts alike: what is there need not be this mail.
            if raw is not None and stands_for(reduced, raw):
                return raw
    usual = dict.fromkeys(entry.folder for entry in entries)
    for folder in list(dict.fromkeys([*usual, *imap.folders()]))[:FOLDERS_SEARCHED]:
        for uid in _with_id(imap, folder, rfc_message_id)[:COPIES_LOOKED_AT]:
            raw = _whole(imap, uid)
            # Whoever likes may write a Message-ID a second time: the whole header has to be the same.
            if raw is not None and stands_for(reduced, raw):
                return raw
    return None


def _validity(imap: ImapSession, folder: str) -> int | None:
    """The UIDVALIDITY of a folder, which is then the selected one; None where there is none of that name."""
    try:
        return imap.select(folder, read_only=True).uidvalidity
    except MailServerError as error:
        if error.cause is not Cause.FOLDER:
            raise
        return None


def _with_id(imap: ImapSession, folder: str, rfc_message_id: str) -> list[int]:
    """The mails with that Message-ID in a folder, which is then the selected one; none where it cannot be looked for."""
    try:
        return imap.with_message_id(folder, rfc_message_id)
    except UsageError:
        return []
    except MailServerError as error:
        if error.cause not in (Cause.FOLDER, Cause.ANSWER):
            raise
        return []


def _whole(imap: ImapSession, uid: int) -> bytes | None:
    """One mail of the selected folder; None where it is not there (any more). Raises Refused, Unavailable."""
    for message in imap.fetch_raw([uid], max_bytes=LARGEST):
        if isinstance(message, RawMessage):
            return message.raw
        if message.reason is Reason.TOO_LARGE:
            raise Refused(
                _("It has {size} bytes; more than {most} are not kept here.").format(
                    size=message.size, most=LARGEST
                ),
                _("Save what you need of it with a mail program."),
            )
        if message.reason is not Reason.MISSING:
            raise Unavailable(
                _("The mail server has the message, but does not give all of it."), _("Try it again later.")
            )
    return None


def _keep(
    session: Session,
    actor: Actor,
    message_id: int,
    reduced: str,
    blob: dict[str, object],
    parsed: ParsedMail,
) -> None:
    """Put the whole mail in the place of what stood for it, unless somebody was quicker."""
    ticket, message = locked_message(session, message_id)
    if message.raw_sha256 != reduced or REDUCED not in message.marks:
        return
    insert_blob_rows(session, [blob])
    index_again(session, indexed(parsed, message_id, message.ticket_id), message.text)
    message.raw_sha256 = str(blob["sha256"])
    message.text = parsed.text
    message.segments = [[segment.kind, len(segment.text)] for segment in parsed.segments]
    message.marks = [mark for mark in message.marks if mark != REDUCED]
    session.add(message)
    session.execute(delete(Attachment).where(col(Attachment.message_id) == message_id))
    session.add_all(Attachment(**row) for row in attachment_rows(message_id, parsed))
    at = now(session)
    record(session, actor, ticket_stream(known(ticket.id)), FETCHED, at, after={"message_id": message_id})
    touch(session, ticket, at)
