"""Looking through the Sent folder of a mailbox for answers that were written in a mail program, so that what comes back joins.

On the connection that fetches, between two looks at its folder. Nothing hangs on it: whatever goes wrong here is left alone for
hours and never keeps mail from being fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tui_desk.core.errors import DeskError
from tui_desk.db.leases import HeldLease
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_sent import answers_in
from tui_desk.services.sent_answers import Seen, remember_answers, seen_answers
from tui_desk.workers.access import MailboxPlan
from tui_desk.workers.context import LOG, WorkerContext

EVERY_SECONDS = 60.0
REST_SECONDS = 6 * 3600.0
"""After anything went wrong, and where there is no folder for sent mail."""
LOOKED_BACK = timedelta(days=14)
"""What was sent before is not looked at."""
AT_ONCE = 1_000
"""Mails of one look; the next one goes on."""


@dataclass
class SentAnswers:
    """The looks of one mailbox in one worker."""

    context: WorkerContext
    not_before: float = 0.0
    folder: str = ""
    """Of the connection's last look; found again after a pause."""

    def look(self, plan: MailboxPlan, lease: HeldLease, session: ImapSession) -> None:
        """Note what is new. The selected folder is another one afterwards. Raises MailServerError where the connection is gone."""
        now = self.context.timer.now()
        if now < self.not_before:
            return
        self.not_before = now + REST_SECONDS  # also when the worker is ended in the middle of it
        try:
            if self._looked(plan, lease, session):
                self.not_before = now + EVERY_SECONDS
        except MailServerError as error:
            LOG.info("mailbox %s: the Sent folder is not looked through: %s", plan.id, error.sentence)
            if error.cause not in (Cause.FOLDER, Cause.ANSWER):
                raise
        except DeskError as error:
            LOG.info("mailbox %s: the Sent folder is not looked through: %s", plan.id, error.sentence)

    def _looked(self, plan: MailboxPlan, lease: HeldLease, session: ImapSession) -> bool:
        """Whether there is such a folder."""
        self.folder = self.folder or session.sent_folder() or ""
        if not self.folder or self.folder == plan.folder:
            return False
        state = session.select(self.folder, read_only=True)
        with self.context.database.reading() as reading:
            seen = seen_answers(reading, plan.id)
        is_same = (seen.folder, seen.uidvalidity) == (self.folder, state.uidvalidity)
        known = seen.uid if is_same else 0
        if state.uidnext == known + 1:  # a UID is given once, in ascending order (RFC 3501, 2.3.1.1)
            return True
        since = (self.context.clock() - LOOKED_BACK).date()
        fresh = [uid for uid in session.uids_since(since) if uid > known]
        part = fresh[:AT_ONCE]
        last = part[-1] if len(part) < len(fresh) else max([known, *part, (state.uidnext or 1) - 1])
        if is_same and last == known:
            return True
        answers = [(each.message_id, each.answered) for each in answers_in(session, part)]
        with self.context.database.writing() as writing:
            self.context.leases.guard(lease)(writing)
            remember_answers(writing, plan.id, Seen(self.folder, state.uidvalidity, last), answers)
        return True
