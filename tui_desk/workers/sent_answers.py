"""Looking through the Sent folder of a mailbox for answers that were written in a mail program, so that what comes back joins.

On the connection that fetches, between two looks at its folder. Nothing hangs on it: whatever goes wrong here is left alone for
hours and never keeps mail from being fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from tui_desk.core.errors import DeskError
from tui_desk.db.leases import HeldLease
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_sent import answers_in
from tui_desk.mail.imap_values import FolderState
from tui_desk.services.sent_answers import Seen, belonging, remember_answers, seen_answers
from tui_desk.workers.access import MailboxPlan
from tui_desk.workers.context import LOG, WorkerContext

EVERY_SECONDS = 60.0
REST_SECONDS = 6 * 3600.0
"""After anything went wrong, and where there is no folder for sent mail."""
LOOKED_BACK = timedelta(days=14)
"""What was sent before is not looked at."""
AT_ONCE = 1_000
"""Mails of one look; the next one goes on."""
WAITED_SECONDS = 3600
"""So long an answer to mail that no ticket has is asked about again: that mail may not be fetched yet."""
MAX_WAITING = 200
"""The newest of those."""


@dataclass
class Rest:
    """Until when the folder is left alone (seconds of the timer); outlives the connection."""

    not_before: float = 0.0


@dataclass
class SentAnswers:
    """The looks of one connection."""

    context: WorkerContext
    plan: MailboxPlan
    lease: HeldLease
    session: ImapSession
    rest: Rest = field(default_factory=Rest)
    folder: str = ""
    """Where it could be opened last."""

    @property
    def begun(self) -> bool:
        """Whether the folder was looked through before, so that only what is new since need be looked at."""
        with self.context.database.reading() as session:
            return bool(seen_answers(session, self.plan.id).folder)

    def look(self, *, again: bool = False) -> None:
        """Note what is new. The selected folder is another one afterwards. Raises MailServerError where the connection is gone.

        ``again``: the next look may follow at once.
        """
        now = self.context.timer.now()
        if now < self.rest.not_before:
            return
        self.rest.not_before = now + REST_SECONDS  # also when the worker is ended in the middle of it
        try:
            if self._looked():
                self.rest.not_before = now if again else now + EVERY_SECONDS
        except MailServerError as error:
            LOG.info("mailbox %s: the Sent folder is not looked through: %s", self.plan.id, error.sentence)
            if error.cause not in (Cause.FOLDER, Cause.ANSWER):
                raise
            if (
                error.cause is Cause.FOLDER and self.folder
            ):  # it was there: asked for once more, it may be renamed
                self.rest.not_before = now + EVERY_SECONDS
            self.folder = ""
        except DeskError as error:
            LOG.info("mailbox %s: the Sent folder is not looked through: %s", self.plan.id, error.sentence)

    def _looked(self) -> bool:
        """Whether there is such a folder."""
        folder = self.folder or self.session.sent_folder() or ""
        if not folder or folder == self.plan.folder:
            return False
        state = self.session.select(folder, read_only=True)
        self.folder = folder
        with self.context.database.reading() as reading:
            before = seen_answers(reading, self.plan.id)
        seen = before
        if (seen.folder, seen.uidvalidity) != (folder, state.uidvalidity):
            seen = Seen(folder, state.uidvalidity)
        part, last = self._fresh(seen.uid, state)
        since = dict(seen.waiting)
        answers = answers_in(self.session, [*since, *part]) if since or part else []
        with self.context.database.reading() as reading:
            found = belonging(reading, answers)
        after = replace(seen, uid=last, waiting=self._waiting(since, found.unknown))
        if after != before or found.tickets:
            with self.context.database.writing() as writing:
                self.context.leases.guard(self.lease)(writing)
                found = belonging(writing, answers)
                after = replace(seen, uid=last, waiting=self._waiting(since, found.unknown))
                remember_answers(writing, self.plan.id, after, found.tickets)
        return True

    def _fresh(self, known: int, state: FolderState) -> tuple[list[int], int]:
        """The next UIDs to look at, and the highest that is looked at then."""
        if state.uidnext == known + 1:  # a UID is given once, in ascending order (RFC 3501, 2.3.1.1)
            return [], known
        since = (self.context.clock() - LOOKED_BACK).date()
        fresh = [uid for uid in self.session.uids_since(since) if uid > known]
        part = fresh[:AT_ONCE]
        last = part[-1] if len(part) < len(fresh) else max([known, *part, (state.uidnext or 1) - 1])
        return part, last

    def _waiting(self, since: dict[int, int], unknown: frozenset[int]) -> tuple[tuple[int, int], ...]:
        """Those of ``unknown`` to ask about again; each was asked about at least once more when its hour was over."""
        now = int(self.context.clock().timestamp())
        kept = [(uid, since.get(uid, now)) for uid in sorted(unknown)]
        return tuple((uid, at) for uid, at in kept if abs(now - at) < WAITED_SECONDS)[-MAX_WAITING:]
