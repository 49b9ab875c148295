"""Proof of a message whose answer never came: in the account's Sent folder, or by whoever a test or a provider names."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import select

from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import DeskError
from tui_desk.core.faults import reach
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.models import Mailbox
from tui_desk.services import unanswered
from tui_desk.services.mailbox_servers import imap_of
from tui_desk.services.send_routes import Route
from tui_desk.services.unanswered import Unproved
from tui_desk.workers.context import LOG, WorkerContext


def prove_one(context: WorkerContext, route: Route, all_routes: Sequence[Route]) -> bool:
    """Look for the proof of one message that went by ``route`` and settle it; False when none is due. Raises ClaimLost."""
    with context.database.reading() as session:
        if not unanswered.unknown_due(session, context.clock()):
            return False
    with context.database.writing() as session:
        unproved = unanswered.claim_unknown(
            session, route, all_routes, context.leases.holder, context.clock()
        )
    if unproved is None:
        return False
    reach("outbox.before_proof")
    proved = _proved(context, route, unproved)
    reach("outbox.proved")
    with context.database.writing() as session:
        unanswered.settle_unknown(session, unproved, proved, context.clock())
    if proved:
        context.totals.add(sent=len(unproved.recipients))
    return True


def _proved(context: WorkerContext, route: Route, unproved: Unproved) -> bool:
    """Whether somebody can prove that the recipients in flight have it: the hook, or the account's Sent folder."""
    if context.proof is not None:
        return context.proof(unproved.rfc_message_id, unproved.recipients)
    if route.mailbox_id is None or not unproved.copy_proves:
        return False
    with context.database.reading() as session:
        mailbox = session.exec(select(Mailbox).where(Mailbox.id == route.mailbox_id)).first()
    if mailbox is None or not mailbox.imap_host or mailbox.state == MailboxState.REMOVED:
        return False
    try:
        server, credentials = imap_of(context.database, mailbox)
        with open_mailbox(server, credentials) as imap:
            folder = imap.sent_folder()
            return folder is not None and imap.find_message_id(folder, unproved.rfc_message_id)
    except DeskError as error:
        LOG.info("%s: no proof to be had: %s", route.name, error.sentence)
        return False
