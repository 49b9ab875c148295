"""One mailbox, kept in sync as long as the worker runs: lease, connection, IDLE or polling, back-off, and telling what is wrong."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import Conflict, DeskError
from tui_desk.core.safe_text import safe_line
from tui_desk.db.leases import HeldLease
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_idle import PROOF_SECONDS, Wakeup, prove_alive, wait_for_mail
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.models import Mailbox
from tui_desk.services.mailbox_servers import imap_of
from tui_desk.services.settings_store import LARGEST_MAIL, read_setting
from tui_desk.workers.access import MailboxPlan
from tui_desk.workers.context import LOG, WorkerContext
from tui_desk.workers.fetch import FolderSync
from tui_desk.workers.sent_answers import Rest, SentAnswers

NETWORK_PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 45.0)
LOGIN_PAUSES = (120.0, 480.0, 900.0)
"""After a refused login: slow enough that no server locks the account."""
LOGINS_AN_HOUR = 6
ANSWER_SECONDS = 50.0
"""For each answer: a connection that leads nowhere is noticed within a minute in the middle of fetching, too."""
LEASE_PAUSE = 3.0
SECOND_LOOK = 1.0
UNFINISHED_LOOK = 2.0
SUCCESS_NOTED_EVERY = timedelta(minutes=1)
"""Each note of success wakes every open terminal once."""


class _NotLookedThrough(Exception):
    """The connection broke at the look into Sent: mail is fetched over another one."""


@dataclass
class MailboxLoop:
    """The life of one mailbox in one worker. ``changed`` ends whatever it waits for; then it reads its settings again."""

    context: WorkerContext
    mailbox_id: int
    wakeup: Wakeup = field(default_factory=Wakeup)
    failures: int = 0
    began: float = 0.0
    """When the last connection was opened (seconds of the timer)."""
    idles: bool = True
    """Off once the server refused an IDLE that it offers."""
    lies: dict[int, tuple[int, int]] = field(default_factory=dict)
    sent_rest: Rest = field(default_factory=Rest)
    noted_at: datetime | None = None
    _waking: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def run(self) -> None:
        """Until the worker stops or the mailbox is no longer active. Raises only what nobody foresaw."""
        lease: HeldLease | None = None
        try:
            while not self._ended():
                lease = lease if lease is not None and self.context.leases.holds(lease) else self._take()
                if lease is None:
                    if self.context.once:
                        return
                    self._pause(LEASE_PAUSE)
                    continue
                if not self._attempt(lease) or self.context.once:
                    return
        finally:
            try:
                if lease is not None:
                    self._let_go(lease)
            finally:
                with self._waking:
                    self._closed = True
                    self.wakeup.close()

    def wake(self) -> None:
        """End whatever it waits for, from any thread; nothing happens when it has ended."""
        with self._waking:
            if not self._closed:
                self.wakeup.set()

    def _take(self) -> HeldLease | None:
        """The lease; None when somebody else has it, or (not ``once``) the database cannot say."""
        try:
            return self.context.leases.take(f"mailbox:{self.mailbox_id}")
        except DeskError as error:
            if self.context.once:
                raise
            LOG.warning("mailbox %s: %s", self.mailbox_id, error)
            return None

    def _let_go(self, lease: HeldLease) -> None:
        try:
            self.context.leases.give_back(lease)
        except DeskError:
            LOG.info("mailbox %s: the lease runs out by itself", self.mailbox_id)

    def _ended(self) -> bool:
        return self.context.stop.is_set()

    def _attempt(self, lease: HeldLease) -> bool:
        """One connection from its opening to its end. False: the mailbox is not active any more."""
        try:
            self._wait_for_login_budget()
            if self._ended():
                return True
            self.began = self.context.timer.now()
            plan = self._plan()  # after the wait: what cut it short may be another password
            if plan is None:
                return False
            try:
                self._connected(plan, lease, answers_first=self.context.once)
            except _NotLookedThrough:
                self._connected(plan, lease, answers_first=False)
        except Conflict as conflict:
            LOG.info("mailbox %s: %s", self.mailbox_id, conflict)
            self.context.leases.forget(lease)
            if not self.context.once:
                self._pause(LEASE_PAUSE)
        except MailServerError as error:
            self._failed(error, error.cause)
        except DeskError as error:
            self._failed(error, None)
        return True

    def _plan(self) -> MailboxPlan | None:
        self.wakeup.clear()
        with self.context.database.reading() as session:
            mailbox = session.exec(select(Mailbox).where(Mailbox.id == self.mailbox_id)).first()
            largest = int(read_setting(session, LARGEST_MAIL)) * 1_000_000
        if mailbox is None or mailbox.state != MailboxState.ACTIVE or not mailbox.imap_host:
            return None
        server, credentials = imap_of(self.context.database, mailbox)
        self.noted_at = mailbox.last_success_at if not mailbox.last_problem else None
        return MailboxPlan(
            id=self.mailbox_id,
            version=mailbox.version,
            address=mailbox.address,
            server=server,
            credentials=credentials,
            folder=mailbox.folder,
            after_import=mailbox.after_import,
            start=mailbox.start,
            start_uidvalidity=mailbox.start_uidvalidity,
            start_uid=mailbox.start_uid,
            created_at=mailbox.created_at,
            poll_seconds=mailbox.poll_seconds,
            largest_mail=largest,
        )

    def _connected(self, plan: MailboxPlan, lease: HeldLease, *, answers_first: bool) -> None:
        """Work on one connection. ``answers_first``: the only look at the mail there will be, so what was answered elsewhere since
        the last one is noted before: what comes back to that is among this mail."""
        with open_mailbox(plan.server, plan.credentials, timeout=ANSWER_SECONDS) as session:
            sync = FolderSync(self.context, plan, lease, session, lies=self.lies)
            answers = SentAnswers(self.context, plan, lease, session, self.sent_rest)
            looks = 0
            if answers_first and answers.begun:
                try:
                    answers.look(again=True)
                except MailServerError as error:
                    raise _NotLookedThrough from error
            while not self._ended():
                if looks:  # after a whole look at the mail, and before the one that may bring answers to these answers
                    answers.look()
                stored = sync.run()
                looks += 1
                self._succeeded(lasting=looks > 1)
                if self.context.once:
                    answers.look()
                    return
                new = self._wait(session, self._next_look(sync, stored))
                if not new and (self.wakeup.is_set() or not self.context.leases.holds(lease)):
                    return

    def _wait(self, session: ImapSession, seconds: float) -> bool:
        """Wait for mail; by polling where the server offers IDLE and then refuses it."""
        if not self.idles:
            while seconds > 0 and not self._ended() and not self.wakeup.is_set():
                self._pause(min(seconds, PROOF_SECONDS))
                seconds = 0.0 if prove_alive(session) else seconds - PROOF_SECONDS
            return False
        try:
            return wait_for_mail(session, seconds, self.wakeup)
        except MailServerError as error:
            self.idles = error.cause is not Cause.ANSWER
            raise

    def _next_look(self, sync: FolderSync, stored: int) -> float:
        """Seconds until the folder is looked at again even if the server says nothing.

        Soon while something is unfinished, and right after mail came: a mail that arrives while a server begins to IDLE may be
        announced late (Dovecot on Maildir: half a minute).
        """
        if stored:
            return SECOND_LOOK
        return UNFINISHED_LOOK if sync.unsettled or sync.lies else float(sync.plan.poll_seconds)

    # What is wrong, and how long to wait

    def _failed(self, error: DeskError, cause: Cause | None) -> None:
        if self._ended():
            return  # what was cut off by our own end is nobody's problem
        self.failures += 1
        LOG.warning("mailbox %s: %s", self.mailbox_id, error.sentence)
        self._note_problem(error)
        if self.context.once:
            return
        if cause is Cause.LOGIN:
            self._refused_logins().append(self.context.timer.now())
            self._pause(LOGIN_PAUSES[min(self.failures, len(LOGIN_PAUSES)) - 1])
        else:
            pause = NETWORK_PAUSES[min(self.failures, len(NETWORK_PAUSES)) - 1]
            # From one attempt to the next: one that took long to fail makes the pause shorter, so that an outage of any kind
            # is over for us 45 seconds after its end.
            spent = self.context.timer.now() - self.began if self.failures > 1 else 0.0
            self._pause(max(NETWORK_PAUSES[0], self.context.timer.scatter(pause) - spent))

    def _refused_logins(self) -> deque[float]:
        return self.context.logins.setdefault(self.mailbox_id, deque(maxlen=LOGINS_AN_HOUR))

    def _wait_for_login_budget(self) -> None:
        refused = self._refused_logins()
        if not self.context.once and len(refused) == LOGINS_AN_HOUR:
            self._pause(refused[0] + 3600 - self.context.timer.now())

    def _pause(self, seconds: float) -> None:
        """Wait; a change of the settings or the worker's end cuts it short."""
        if seconds > 0 and not self._ended():
            self.context.timer.wait(self.wakeup.fileno(), seconds)

    def _note_problem(self, error: DeskError) -> None:
        """The sentence that banner and mailbox list show."""
        try:
            with self.context.database.writing() as session:
                session.execute(
                    update(Mailbox)
                    .where(col(Mailbox.id) == self.mailbox_id)
                    .values(
                        last_problem=safe_line(error.sentence, 500),
                        last_problem_at=self.context.clock(),
                        failures=Mailbox.failures + 1,
                    )
                )
        except DeskError as unwritten:
            LOG.warning("mailbox %s: the problem could not be noted: %s", self.mailbox_id, unwritten.sentence)
        self.noted_at = None

    def _succeeded(self, *, lasting: bool) -> None:
        """``lasting``: not for the first time on this connection. A server that goes away after each look is not hammered."""
        now = self.context.clock()
        if lasting:
            self.failures = 0
        if self.noted_at is not None and now - self.noted_at < SUCCESS_NOTED_EVERY:
            return
        with self.context.database.writing() as session:
            session.execute(
                update(Mailbox)
                .where(col(Mailbox.id) == self.mailbox_id)
                .values(last_success_at=now, last_problem="", last_problem_at=None, failures=0)
            )
        self.noted_at = now


def start_thread(loop: MailboxLoop, on_crash: Callable[[BaseException], None]) -> threading.Thread:
    """Run ``loop`` in a thread of its own; what it raises goes to ``on_crash``."""

    def run() -> None:
        try:
            loop.run()
        except Exception as error:  # noqa: BLE001 - the supervisor's border: the other mailboxes go on
            on_crash(error)

    thread = threading.Thread(target=run, name=f"mailbox-{loop.mailbox_id}", daemon=True)
    thread.start()
    return thread
