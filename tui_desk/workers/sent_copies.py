"""Putting copies of what was sent into the Sent folder, beside the sending and never in its way.

By one worker at a time for a mailbox, and each copy is looked for by its Message-ID first: a worker that died between making a
copy and noting it makes no second one, nor does a provider that keeps what passes its SMTP server.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.models import Mailbox
from tui_desk.services import sent_copies
from tui_desk.services.context import known
from tui_desk.services.mailbox_servers import imap_of
from tui_desk.services.sent_copies import Missing
from tui_desk.workers.context import LOG, WorkerContext

EVERY_SECONDS = 5.0
PAUSES = (60.0, 300.0, 900.0)
"""After a mailbox could not be reached."""


@dataclass
class SentCopies:
    """The copies of all mailboxes of a worker."""

    context: WorkerContext
    failures: dict[int, int] = field(default_factory=dict)
    not_before: dict[int, float] = field(default_factory=dict)

    def start(self) -> threading.Thread:
        """Begin beside the worker; ends with it."""
        self.begin()
        thread = threading.Thread(target=self._run, name="send-copies", daemon=True)
        thread.start()
        return thread

    def begin(self) -> None:
        """From now on what is sent gets its copy."""
        with self.context.database.reading() as session:
            ids = [known(each.id) for each in sent_copies.mailboxes(session)]
            fresh = [each for each in ids if not sent_copies.has_begun(session, each)]
        for mailbox_id in fresh:
            with self.context.database.writing() as session:
                sent_copies.begin(session, mailbox_id)

    def _run(self) -> None:
        while not self.context.stop.wait(EVERY_SECONDS):
            self.round()

    def round(self) -> None:
        """Make what is missing now; what hinders it is noted and never raised."""
        try:
            self.begin()
            with self.context.database.reading() as session:
                boxes = sent_copies.mailboxes(session)
            for mailbox in boxes:
                if not self.context.stop.is_set() or self.context.once:
                    self._of_mailbox(mailbox)
        except DeskError as error:
            LOG.warning("copies in Sent: %s", error.sentence)
        except Exception:  # noqa: BLE001 - a worker's border: sending goes on, copies are tried again
            LOG.exception("copies in Sent failed; they are tried again")

    def _of_mailbox(self, mailbox: Mailbox) -> None:
        mailbox_id, now = known(mailbox.id), self.context.clock()
        if self.context.timer.now() < self.not_before.get(mailbox_id, 0.0):
            return
        with self.context.database.reading() as session:
            todo = sent_copies.missing(session, mailbox_id, now)
        if not todo or not self.context.leases.take_quietly(f"sent-copies:{mailbox_id}"):
            return
        made: list[int] = []
        problem = ""
        try:
            server, credentials = imap_of(self.context.database, mailbox)
            with open_mailbox(server, credentials) as imap:
                folder = imap.sent_folder()
                if folder is None:
                    folder = "Sent"
                    imap.ensure_folder(folder)
                for one in todo:
                    self._copy(imap, folder, one)
                    made.append(one.outbox_id)
            self.failures.pop(mailbox_id, None)
        except DeskError as error:
            problem = error.sentence
        if problem:
            count = self.failures[mailbox_id] = self.failures.get(mailbox_id, 0) + 1
            self.not_before[mailbox_id] = self.context.timer.now() + PAUSES[min(count, len(PAUSES)) - 1]
            LOG.warning("mailbox:%s: %s", mailbox_id, _("no copy in Sent: {cause}").format(cause=problem))
        with self.context.database.writing() as session:
            sent_copies.note(session, mailbox_id, made, problem, self.context.clock())

    def _copy(self, imap: ImapSession, folder: str, one: Missing) -> None:
        if imap.find_message_id(folder, one.rfc_message_id):
            return
        with self.context.database.reading() as session:
            raw = sent_copies.bytes_of(session, one)
        imap.append_sent(raw, folder=folder, when=one.sent_at)
