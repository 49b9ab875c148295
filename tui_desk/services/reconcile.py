"""The proof that nothing is missing: every UID on the server has a ledger row, and every row one verdict."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from tui_desk.contracts.mailboxes import ReconcileMailbox, Reconciliation
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.db.engine import Database
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.models import IntakeEntry, Mailbox
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.ledger import Place, known_uids, mailbox_source
from tui_desk.services.mailbox_servers import imap_of

MISSING_NAMED = 100


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
    return Reconciliation(
        mailbox=visible_address(mailbox.address),
        on_server=len(on_server),
        in_ledger=len(in_ledger),
        missing=missing[:MISSING_NAMED],
        unfinished=unfinished,
        by_verdict=tuple(sorted(by_verdict.items())),
        agrees=not missing and not unfinished,
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
