"""The proof that nothing is missing: every UID on the server has a ledger row, every row one verdict and its bytes whole."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func
from sqlmodel import Session, col, select

from tui_desk.contracts.mailboxes import ReconcileMailbox, Reconciliation
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.db.blobs import is_whole
from tui_desk.db.engine import Database
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.models import Blob, IntakeEntry, Mailbox
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.ledger import Place, known_uids, mailbox_source
from tui_desk.services.mailbox_servers import imap_of

NAMED = 100
"""UIDs that are named, of each kind."""
READ_AT_ONCE = 8 * 1024 * 1024
"""Stored bytes in memory, or one mail where that is larger."""
_ROWS_AT_ONCE = 500


def reconcile(database: Database, actor: Actor, request: ReconcileMailbox) -> Reconciliation:
    """Compare the folder on the server with the ledger. Raises NotFound, MailServerError."""
    require(actor, Permission.VIEW)
    with database.reading() as session:
        mailbox = session.get(Mailbox, request.id)
        if mailbox is None:
            raise NotFound(_("There is no mailbox {id}.").format(id=request.id))
    with open_mailbox(*imap_of(database, mailbox)) as imap:
        state = imap.select(mailbox.folder, read_only=True)
        on_server = set(imap.uids())
    place = Place(mailbox_source(request.id), mailbox.folder, state.uidvalidity, request.id)
    with database.reading() as session:
        in_ledger = known_uids(session, place)
        by_verdict = _verdicts(session, place)
    missing = tuple(sorted(on_server - in_ledger))
    unfinished = by_verdict.pop("", 0)
    bytes_read, damaged = _bytes(database, place)
    return Reconciliation(
        mailbox=visible_address(mailbox.address),
        on_server=len(on_server),
        in_ledger=len(in_ledger),
        missing=missing[:NAMED],
        unfinished=unfinished,
        by_verdict=tuple(sorted(by_verdict.items())),
        agrees=not missing and not unfinished and not damaged,
        bytes_read=bytes_read,
        damaged=tuple(damaged[:NAMED]),
    )


def _verdicts(session: Session, place: Place) -> dict[str, int]:
    rows = session.exec(
        select(IntakeEntry.verdict, func.count())
        .where(
            IntakeEntry.source == place.source,
            IntakeEntry.folder == place.folder,
            IntakeEntry.uidvalidity == place.uidvalidity,
        )
        .group_by(col(IntakeEntry.verdict))
    )
    return {str(verdict): int(count) for verdict, count in rows}


def _bytes(database: Database, place: Place) -> tuple[int, list[int]]:
    """How many stored mails were read, and the UIDs of those that are gone or do not match their digest.

    In short transactions: a long one would keep SQLite's log from being emptied.
    """
    checked, damaged = 0, []
    with database.reading() as session:
        rows = session.execute(
            select(IntakeEntry.uid, IntakeEntry.sha256, IntakeEntry.size)
            .where(
                IntakeEntry.source == place.source,
                IntakeEntry.folder == place.folder,
                IntakeEntry.uidvalidity == place.uidvalidity,
                IntakeEntry.sha256 != "",
            )
            .order_by(col(IntakeEntry.uid))
        ).all()
    for part in _parts([(int(uid), str(sha256), int(size)) for uid, sha256, size in rows]):
        with database.reading() as session:
            query = select(Blob.sha256, Blob.encoding, Blob.data).where(
                col(Blob.sha256).in_({sha256 for _uid, sha256 in part})
            )
            whole = {row[0] for row in session.execute(query) if is_whole(*row)}
        checked += len(part)
        damaged += [uid for uid, sha256 in part if sha256 not in whole]
    return checked, damaged


def _parts(rows: list[tuple[int, str, int]]) -> Iterator[list[tuple[int, str]]]:
    part: list[tuple[int, str]] = []
    held = 0
    for uid, sha256, size in rows:
        if part and (len(part) >= _ROWS_AT_ONCE or held + size > READ_AT_ONCE):
            yield part
            part, held = [], 0
        part.append((uid, sha256))
        held += size
    if part:
        yield part
