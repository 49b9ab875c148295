"""Fetching one mailbox: everything the ledger does not know is stored and committed, processed, and only then settled.

No high-water mark that outlives a connection and no trust in \\Seen: ``UID SEARCH ALL`` less the known UIDs, and in between
what came since the last look, as long as the server's counts agree. Telling the server (flag, move) comes last and may be
repeated, so a death at any point costs work, never mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from tui_desk.core.enums import SuspendCause, Verdict
from tui_desk.core.faults import reach
from tui_desk.core.i18n import _
from tui_desk.db.blobs import blob_row
from tui_desk.db.leases import HeldLease
from tui_desk.mail.failure import Cause, MailServerError, failure
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_values import FolderState, NotFetched, RawMessage, Reason
from tui_desk.models import Mailbox
from tui_desk.models.base import table_of
from tui_desk.services import ledger
from tui_desk.services.intake_values import IntakeCounts
from tui_desk.services.ledger import Arrival, Place
from tui_desk.workers.access import MailboxPlan
from tui_desk.workers.context import LOG, WorkerContext
from tui_desk.workers.process import collector_at_rest, process_all

STORE_MESSAGES = 200
STORE_BYTES = 8 * 1024 * 1024
PROGRESS_FROM = 1_000
"""Mails that wait: from so many on, how far it is with them is told."""
FULL_LOOK_SECONDS = 600.0
"""How long the server's own word what came (by UIDNEXT and EXISTS) is taken for it: servers have been wrong about them."""
LIES_BELIEVED_AFTER = 3
"""A mail that does not come whole is told of as suspended mail after so many equal answers."""


_MAILBOX = table_of(Mailbox)
_SUCCEEDED = (
    _MAILBOX.update().where(_MAILBOX.c.id == bindparam("mailbox")).values(last_success_at=bindparam("now"))
)


@dataclass
class FolderSync:
    """One connection's view of the folder. ``known`` are UIDs with a ledger row in this UIDVALIDITY."""

    context: WorkerContext
    plan: MailboxPlan
    lease: HeldLease
    session: ImapSession
    place: Place | None = None
    known: set[int] = field(default_factory=set)
    unsettled: set[int] = field(default_factory=set)
    lies: dict[int, tuple[int, int]] = field(default_factory=dict)
    """UID → (length that came, 0 for nothing; how often)."""
    complete: tuple[FolderState, float] | None = None
    """The folder as it was opened for the last look that left nothing behind, and when it was last listed whole (seconds of
    the timer)."""
    ahead: int = 0
    """Mails that were new at the beginning of the look that goes on, and how many of them are stored."""
    done: int = 0
    fresh: dict[str, bytes] = field(default_factory=dict)
    """The bytes of the batch at hand by their sha256: they are parsed without being read back."""

    def run(self) -> int:
        """Bring everything in that is new, and settle it. Answers how many mails were stored."""
        place, state = self._select()
        uids, found = self._look(state)
        fresh = sorted(set(uids) - self.known)
        first_contact = self.plan.start != "all" and self.plan.start_uidvalidity != place.uidvalidity
        stored = 0
        if fresh:
            fresh = self._without_old(place, fresh, first_contact)
            self.ahead = len(fresh)
            batches = self._arrivals(fresh, first_contact)
            while (arrivals := self._next(batches)) is not None:
                stored += self._store(place, arrivals)
                _forget(arrivals)
                process_all(self.context, self.fresh)
                self.fresh.clear()
                self._settle(place)
                if self.context.stop.is_set():
                    return stored
            self._end_progress()
        if first_contact:
            self._remember_start(place)
        process_all(self.context)
        self._settle(place)
        self.complete = None if self.lies else found
        return stored

    def _look(self, state: FolderState) -> tuple[list[int], tuple[FolderState, float] | None]:
        """UIDs among which everything new is, and what :attr:`complete` is once they are in."""
        now = self.context.timer.now()
        if self.complete is not None:
            then, listed = self.complete
            uids = self._came(then, state) if now - listed < FULL_LOOK_SECONDS else None
            if uids is not None:
                return uids, (state, listed)
        uids = self.session.uids()
        for gone in self.lies.keys() - set(uids):
            del self.lies[gone]
        return uids, (state, now) if len(uids) >= state.exists else None

    def _came(self, then: FolderState, now: FolderState) -> list[int] | None:
        """What came between two looks, without a listing of a large folder; None where only that tells.

        A UID is given once and they ascend (RFC 3501, 2.3.1.1): what came has one from the old UIDNEXT on, and is as much as
        EXISTS has grown by. Where the count is another one, somebody removed mail, or the server is wrong.
        """
        if then.uidnext is None or now.uidnext is None:
            return None
        if now == then:
            return []
        if then.uidvalidity != now.uidvalidity or now.uidnext <= then.uidnext:
            return None
        uids = self.session.uids(then.uidnext)
        came = sum(uid < now.uidnext for uid in uids)  # later ones are not in EXISTS yet
        return uids if then.exists + came == now.exists else None

    def _select(self) -> tuple[Place, FolderState]:
        """Open the folder; UIDs known so far are read again when it is another one than before."""
        state = self.session.select(self.plan.folder)
        place = Place(ledger.mailbox_source(self.plan.id), self.plan.folder, state.uidvalidity, self.plan.id)
        if place != self.place:
            with self.context.database.reading() as session:
                self.known = ledger.known_uids(session, place)
                self.unsettled = ledger.unsettled(session, place)
            self.place = place
        return place, state

    # What was there before us

    def _without_old(self, place: Place, fresh: list[int], first_contact: bool) -> list[int]:
        """Take out what is older than the mailbox's start: it gets the verdict *ignored* without being fetched."""
        if self.plan.start == "all":
            return fresh
        old: set[int] = set()
        if self.plan.start_uidvalidity == place.uidvalidity and self.plan.start_uid:
            old = {uid for uid in fresh if uid <= self.plan.start_uid}
        elif first_contact:
            # A day earlier: SINCE is about the server's own days. What is left is judged by its date when fetched.
            since = set(self.session.uids_since((self._cut() - timedelta(days=1)).date()))
            old = {uid for uid in fresh if uid not in since}
        if old:
            self._ignore(place, sorted(old))
        return [uid for uid in fresh if uid not in old]

    def _cut(self) -> datetime:
        """What arrived at the server before this instant is not for us."""
        if self.plan.start == "now":
            return self.plan.created_at.replace(microsecond=0)
        day = date.fromisoformat(self.plan.start)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)

    def _ignore(self, place: Place, uids: list[int]) -> None:
        now = self.context.clock()
        explanation = _("It was in the folder before this mailbox began.")
        arrivals = [Arrival(uid, None, now, verdict=Verdict.IGNORED, explanation=explanation) for uid in uids]
        with self.context.database.writing() as session:
            self.context.leases.guard(self.lease)(session)
            ledger.store(session, place, arrivals, settled=True)
        self.known.update(uids)
        self.context.totals.add(intake=IntakeCounts(ignored=len(uids)))

    def _remember_start(self, place: Place) -> None:
        """From now on nothing is judged by its date: a server's clock may be wrong."""
        with self.context.database.writing() as session:
            self.context.leases.guard(self.lease)(session)
            session.execute(
                update(Mailbox)
                .where(col(Mailbox.id) == self.plan.id, col(Mailbox.version) == self.plan.version)
                .values(start_uidvalidity=place.uidvalidity, start_uid=0)
            )
        self.plan = _with_start(self.plan, place.uidvalidity)

    # Fetching and storing

    def _arrivals(self, uids: list[int], first_contact: bool) -> Iterator[list[Arrival]]:
        """What the server gives for ``uids``, ready to be stored, in batches."""
        cut = self._cut() if first_contact else None
        batch: list[Arrival] = []
        old: list[int] = []
        held = whole = 0
        refused: list[NotFetched] = []
        for message in self.session.fetch_raw(
            uids, batch_bytes=STORE_BYTES, max_bytes=self.plan.largest_mail
        ):
            if isinstance(message, RawMessage):
                whole += 1
                self.lies.pop(message.uid, None)
                if cut is not None and message.internal_date is not None and message.internal_date < cut:
                    old.append(message.uid)
                    continue
                arrival: Arrival | None = self._arrival(message)
            elif message.reason is Reason.REFUSED:
                refused.append(message)
                continue
            else:
                arrival = self._incomplete(message)
            if arrival is not None:
                batch.append(arrival)
                held += arrival.size
            if len(batch) >= STORE_MESSAGES or held >= STORE_BYTES:
                yield batch
                batch, held = [], 0
        if old and self.place is not None:
            self._ignore(self.place, old)
        lone = whole > 0 or len(refused) == 1
        batch += [arrival for each in refused if lone and (arrival := self._incomplete(each)) is not None]
        if batch:
            yield batch
        if refused and not lone:
            # A server that gives nothing at all is in trouble itself: its mail is not to be written off.
            raise failure(Cause.ANSWER, self.session.address, _("No message can be fetched."))

    @staticmethod
    def _next(batches: Iterator[list[Arrival]]) -> list[Arrival] | None:
        with collector_at_rest():
            return next(batches, None)

    def _arrival(self, message: RawMessage) -> Arrival:
        now = self.context.clock()
        arrived = message.internal_date
        blob = blob_row(message.raw)
        self.fresh[str(blob["sha256"])] = message.raw
        return Arrival(
            uid=message.uid,
            blob=blob,
            received_at=arrived if arrived is not None and arrived < now else now,
            size=len(message.raw),
        )

    def _incomplete(self, message: NotFetched) -> Arrival | None:
        """A mail that did not come whole: asked for again next time, told of when the server insists."""
        now = self.context.clock()
        if message.reason is Reason.TOO_LARGE:
            reduced = self._reduced(message)
            if reduced is not None:
                return replace(self._arrival(reduced), untouched=True)
            explanation = _("It has {size} bytes and was left on the server.").format(size=message.size)
            return Arrival(
                message.uid,
                None,
                now,
                size=message.size or 0,
                verdict=Verdict.SUSPENDED,
                cause=SuspendCause.TOO_LARGE,
                explanation=explanation,
            )
        length, times = self.lies.get(message.uid, (-1, 0))
        times = times + 1 if length == len(message.raw) else 1
        if times < LIES_BELIEVED_AFTER:
            self.lies[message.uid] = (len(message.raw), times)
            return None
        self.lies.pop(message.uid, None)
        return Arrival(
            message.uid,
            blob_row(message.raw) if message.raw else None,
            now,
            size=len(message.raw),
            verdict=Verdict.SUSPENDED,
            cause=SuspendCause.UNREADABLE,
            explanation=_insisted(message),
            untouched=not message.raw,
        )

    def _note_progress(self, session: Session, stored: int) -> None:
        """How far it is with many mails, for the mailbox list; and that the mailbox is being read, for the banner."""
        self.done += stored
        ledger.note_progress(session, self.plan.id, self.done, self.ahead)
        session.execute(_SUCCEEDED, {"mailbox": self.plan.id, "now": self.context.clock()})
        LOG.info("%s: %d of %d", self.plan.address, self.done, self.ahead)

    def _end_progress(self) -> None:
        if self.ahead >= PROGRESS_FROM:
            with self.context.database.writing() as session:
                ledger.note_progress(session, self.plan.id, 0, 0)
        self.ahead = self.done = 0

    def _reduced(self, message: NotFetched) -> RawMessage | None:
        """Header and text of a mail over the limit; None where the server refuses even that."""
        try:
            return self.session.fetch_reduced(message.uid, message.size or 0)
        except MailServerError as error:
            if error.cause.is_network:
                raise
            return None

    def _store(self, place: Place, arrivals: list[Arrival]) -> int:
        reach("intake.before_store")
        with self.context.database.writing() as session:
            self.context.leases.guard(self.lease)(session)
            stored = ledger.store(session, place, arrivals)
            if self.ahead >= PROGRESS_FROM:
                self._note_progress(session, stored)
            reach("intake.in_store")
        reach("intake.stored")
        uids = {arrival.uid for arrival in arrivals}
        self.known |= uids
        self.unsettled |= {arrival.uid for arrival in arrivals if not arrival.untouched}
        self.context.totals.add(fetched=stored)
        return stored

    # Telling the server

    def _settle(self, place: Place) -> None:
        """Flag or move what has its verdict; then note that in the ledger."""
        if not self.unsettled:
            return
        with self.context.database.reading() as session:
            ready = ledger.with_verdict(session, place, self.unsettled)
        if not ready:
            return
        reach("intake.before_settle")
        wish, _colon, folder = self.plan.after_import.partition(":")
        if wish == "flag":
            self.session.add_flag(sorted(ready))
        elif wish == "move":
            self.session.move(sorted(ready), folder)
        reach("intake.settled_on_server")
        with self.context.database.writing() as session:
            self.context.leases.guard(self.lease)(session)
            ledger.settle(session, place, ready)
        reach("intake.settled")
        self.unsettled -= ready


def _forget(arrivals: list[Arrival]) -> None:
    """What is stored is not to lie in memory beside what is parsed from it: a large mail is large enough."""
    for arrival in arrivals:
        if arrival.blob is not None:
            arrival.blob.clear()


def _insisted(message: NotFetched) -> str:
    """What the server says again and again, for whoever looks at the suspended mail."""
    if message.reason is Reason.LENGTH and message.raw:
        return _("The server says that it has {size} bytes, but gives {given}.").format(
            size=message.size, given=len(message.raw)
        )
    if message.reason is Reason.REFUSED:
        return _(
            "The server lists it but refuses to give it. It was left there; look at it with a mail program."
        )
    return _(
        "The server lists it but gives nothing for it. It was left there; look at it with a mail program."
    )


def _with_start(plan: MailboxPlan, uidvalidity: int) -> MailboxPlan:
    return replace(plan, start_uidvalidity=uidvalidity, start_uid=0)
