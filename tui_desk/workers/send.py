"""Sending by one way out: one message after the other over a kept connection, every step on record before the next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from sqlmodel import Session

from tui_desk.core.errors import ConfigurationError, Conflict, DeskError, Unavailable
from tui_desk.core.faults import reach
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.smtp import DOT_TIMEOUT, MailSender, SendResult, open_smtp
from tui_desk.services import send_outcomes, send_queue, sending
from tui_desk.services.mailbox_servers import smtp_of
from tui_desk.services.send_outcomes import Recorded
from tui_desk.services.send_routes import Route
from tui_desk.services.sending import Claim, ClaimLost, Prepared
from tui_desk.workers.context import LOG, RouteHealth, WorkerContext
from tui_desk.workers.send_proof import prove_one

KEPT_SECONDS = 20.0
"""How long an unused connection is kept."""
CONNECT_PAUSES = (5.0, 15.0, 45.0)
LOGIN_PAUSES = (120.0, 480.0, 900.0)
RECORD_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Between tries to write down what a server said."""
CONNECTIONS = 3
"""At most, to one server from one worker; some providers refuse a fourth."""
BACKLOG_EACH = 25
"""So many messages must wait for each connection besides the first."""
ALONE_SECONDS = 600.0
PROOF_SECONDS = 1.0
"""How often a busy sender looks for messages whose answer never came."""
RENEWED_AFTER = timedelta(minutes=1)
ANSWER_TIME = timedelta(seconds=DOT_TIMEOUT)


class _NothingFollows(Exception):
    """No next message was claimed with an outcome."""


@dataclass
class SendLoop:
    """Everything that leaves by ``route``."""

    context: WorkerContext
    route: Route
    all_routes: Sequence[Route]
    wakeup: threading.Event = field(default_factory=threading.Event)
    helping: bool = False
    """A further connection for a backlog: ends with it, and blames nobody when the server does not want it."""
    per_connection: int = 0
    """Messages that one connection carries; 0: as many as there are."""
    _helpers: list[threading.Thread] = field(default_factory=list)
    _look_at: float = 0.0
    _proof_at: float = 0.0
    _more: bool = False
    """The last look found a message: the next one asks for it without looking first."""
    _stack: ExitStack | None = None
    _sender: MailSender | None = None
    _used_at: float = 0.0
    _carried: int = 0

    def run(self) -> None:
        """Until the worker stops or the way out is another one."""
        try:
            while not self.context.stop.is_set() and not self.wakeup.is_set():
                worked = self._work()
                if not worked:
                    if self._sender is not None and time.monotonic() - self._used_at > KEPT_SECONDS:
                        self._disconnect()
                    self.wakeup.wait(self.context.poll_outbox_seconds)
        finally:
            self._end()

    def drain(self) -> None:
        """Send what may leave now, then end."""
        try:
            while not self.context.stop.is_set() and not self.wakeup.is_set() and self._work():
                pass
        finally:
            self._end()

    def _end(self) -> None:
        self._disconnect()
        for helper in self._helpers:
            helper.join()
        self._helpers.clear()

    def _work(self) -> bool:
        """One message; False when there is nothing to do (now)."""
        if self.context.timer.now() < self._health.blocked_until:
            return False
        try:
            self._call_helpers()
            return (not self.helping and self._prove_one()) or self._send_one()
        except ClaimLost as lost:
            LOG.info("%s: %s", self.route.name, lost)
            return True

    @property
    def _health(self) -> RouteHealth:
        return self.context.routes.setdefault(self.route, RouteHealth())

    # Several connections

    def _call_helpers(self) -> None:
        """Further connections for a backlog: looked at once a second while there is something to send."""
        now = time.monotonic()
        if self.helping or now < self._look_at or self._sender is None:
            return
        self._look_at = now + 1.0
        self._helpers = [each for each in self._helpers if each.is_alive()]
        if self.context.timer.now() < self._health.alone_until:
            return
        with self.context.database.reading() as session:
            waiting = send_queue.backlog(
                session, self.route, self.all_routes, self.context.clock(), CONNECTIONS * BACKLOG_EACH
            )
        for _more in range(len(self._helpers) + 1, min(CONNECTIONS, waiting // BACKLOG_EACH + 1)):
            helper = SendLoop(self.context, self.route, self.all_routes, wakeup=self.wakeup, helping=True)
            thread = threading.Thread(target=helper.help, name=f"send-{self.route.name}+", daemon=True)
            thread.start()
            self._helpers.append(thread)

    def help(self) -> None:
        """Connect, send while there is a backlog, end. What a server does to a second connection stays here."""
        try:
            self._connected()
            self.drain()
        except DeskError as error:
            LOG.info("%s: no further connection: %s", self.route.name, error.sentence)
            self._health.alone_until = self.context.timer.now() + ALONE_SECONDS
        except Exception:  # noqa: BLE001 - a border: the first connection goes on, and a claim that is left is swept
            LOG.exception("%s: a further connection failed", self.route.name)
        finally:
            self._end()

    # Sending

    def _send_one(self) -> bool:
        """One message, and those behind it that are claimed as the one before them is written down."""
        if not self._more and not self._something_due():
            return False
        with self.context.database.writing() as session:
            claim = self._claimed(session)
        if claim is None:
            return False
        while claim is not None:
            reach("outbox.claimed")
            claim = self._deliver(claim) if claim.recipients else None
        return True

    def _claimed(self, session: Session) -> Claim | None:
        """The next message; in ``session``, which is committed before anything is done about it."""
        reach("outbox.before_claim")
        context = self.context
        claim = sending.claim(session, self.route, self.all_routes, context.leases.holder, context.clock())
        reach("outbox.in_claim")
        self._more = claim is not None
        return claim

    def _something_due(self) -> bool:
        """A look without writing."""
        with self.context.database.reading() as session:
            return send_queue.something_due(session, self.route, self.all_routes, self.context.clock())

    def _deliver(self, claim: Claim) -> Claim | None:
        """Send it and write down what came of it; answers the next message where one was claimed with that."""
        try:
            prepared = self._prepared(claim)
        except (Conflict, Unavailable):
            raise
        except DeskError as error:
            self._impossible(claim, error)
            return None
        try:
            sender = self._connected()
        except DeskError as error:
            self._unreachable(claim, error)
            return None
        try:
            result = self._sent(sender, claim, prepared)
        except Conflict:
            self._disconnect()
            raise
        except (Unavailable, ConfigurationError) as error:  # the latter from connecting anew
            self._unreachable(claim, error)
            return None
        except DeskError as error:
            self._impossible(claim, error)
            return None
        reach("outbox.answered")
        self._used_at = time.monotonic()
        self._carried += 1
        if not result.usable or self._carried == self.per_connection:
            self._disconnect()
        recorded, following = self._record(claim, result)
        reach("outbox.recorded")
        self.context.totals.add(sent=recorded.sent, failed=recorded.failed)
        return following

    def _prepared(self, claim: Claim) -> Prepared:
        with self.context.database.reading() as session:
            found = sending.prepared_already(session, claim, self.route)
        if found is not None:
            return found
        with self.context.database.writing() as session:
            return sending.prepare(session, claim, self.route)

    def _sent(self, sender: MailSender, claim: Claim, prepared: Prepared) -> SendResult:
        """Hand it to the server: on record before DATA, and the claim kept as long as body or answer are under way."""
        context = self.context
        until = renew_at = claim.until

        def before_data(accepted: Sequence[str]) -> None:
            nonlocal until, renew_at
            now = context.clock()
            with context.database.writing() as session:
                sending.begin_data(session, claim, accepted, now)
            until, renew_at = now + sending.IN_FLIGHT, now + RENEWED_AFTER
            reach("outbox.sending")

        def renew() -> None:
            nonlocal until, renew_at
            now = context.clock()
            if now < renew_at:
                return
            renew_at = now + RENEWED_AFTER
            with context.database.writing() as session:
                until = sending.keep(session, claim, now)

        def while_sending() -> None:
            try:
                renew()
            except Unavailable as error:
                if context.clock() + ANSWER_TIME > until:
                    raise  # before the dot: another may take it over before the server has answered
                LOG.warning("%s: %s", self.route.name, error.sentence)

        def while_waiting() -> None:
            try:
                renew()
            except DeskError as error:  # after the dot its answer is worth more than the claim
                LOG.warning("%s: %s", self.route.name, error.sentence)
            except Exception:  # noqa: BLE001 - a border: without the answer the mail would be sent twice, whatever is broken here
                LOG.exception("%s: the claim of a message could not be renewed", self.route.name)

        return sender.send(
            prepared.raw,
            prepared.envelope_from,
            claim.recipients,
            before_data,
            while_sending,
            while_waiting,
            envelope_id=claim.rfc_message_id,
        )

    def _record(self, claim: Claim, result: SendResult) -> tuple[Recorded, Claim | None]:
        """Write down what the server said, and claim the next message with it: a commit each would cost more than the sending.

        While the database cannot, the answer is kept: lost, it would be sent twice. Where another message follows at once, the
        record of that one makes this one last as well; a power cut in between leaves this one *unknown*, as one before it would.
        """
        context = self.context
        end = time.monotonic() + sending.IN_FLIGHT.total_seconds()
        last = False
        for number in count():
            try:
                return self._written_down(claim, result, not number and self._more and self._goes_on(result))
            except ClaimLost:
                raise
            except (Conflict, Unavailable) as error:
                if last or time.monotonic() >= end:
                    raise
                LOG.warning("%s: an answer waits to be written down: %s", self.route.name, error.sentence)
            last = context.stop.wait(RECORD_PAUSES[min(number, len(RECORD_PAUSES) - 1)])
        raise AssertionError("count() does not end")

    def _written_down(self, claim: Claim, result: SendResult, goes_on: bool) -> tuple[Recorded, Claim | None]:
        """One commit with the claim of the next message; where none is to be had, all of it anew in one that waits for the disk."""
        context = self.context

        def outcome(session: Session) -> Recorded:
            recorded = send_outcomes.record_outcome(
                session, claim, result.recipients, context.clock(), context.schedule
            )
            reach("outbox.in_outcome")
            return recorded

        if goes_on:
            with suppress(_NothingFollows), context.database.writing(lasting=False) as session:
                recorded = outcome(session)
                following = self._claimed(session)
                if following is None or not following.recipients:
                    raise _NothingFollows  # SQLite takes no other wish about the disk inside a transaction
                return recorded, following
        with context.database.writing() as session:
            return outcome(session), None

    def _goes_on(self, result: SendResult) -> bool:
        """Whether the next message follows at once: nothing else is to be looked at before."""
        context, now = self.context, time.monotonic()
        return (
            result.usable
            and not context.stop.is_set()
            and not self.wakeup.is_set()
            and (self.helping or now < min(self._look_at, self._proof_at))
            and context.timer.now() >= self._health.blocked_until
        )

    def _unreachable(self, claim: Claim, error: DeskError) -> None:
        """Nothing was said about this message: it waits, and so do the others of this way out."""
        self._disconnect()
        health = self._health
        health.failures += 1
        pauses = LOGIN_PAUSES if _is_login(error) else CONNECT_PAUSES
        health.blocked_until = self.context.timer.now() + pauses[min(health.failures, len(pauses)) - 1]
        LOG.warning("%s: %s", self.route.name, error.sentence)
        with self.context.database.writing() as session:
            failed = send_outcomes.put_off(
                session, claim, error.sentence, self.context.clock(), self.context.schedule
            )
        self.context.totals.add(failed=failed)

    def _impossible(self, claim: Claim, error: DeskError) -> None:
        """An address or the stored bytes make it impossible: told at once, tried again when a person asks for it."""
        LOG.warning("%s: %s", self.route.name, error.sentence)
        with self.context.database.writing() as session:
            failed = send_outcomes.refuse(
                session, claim, error.sentence, self.context.clock(), self.context.schedule
            )
        self.context.totals.add(failed=failed)

    def _connected(self) -> MailSender:
        if self._sender is None:
            with self.context.database.reading() as session:
                server, credentials = smtp_of(self.context.database, session, self.route)
            stack = ExitStack()
            self._sender = stack.enter_context(open_smtp(server, credentials))
            self._stack = stack
            self._carried = 0
            self._health.failures = 0
        return self._sender

    def _disconnect(self) -> None:
        stack, self._stack, self._sender = self._stack, None, None
        if stack is not None:
            with suppress(DeskError, OSError):
                stack.close()

    def _prove_one(self) -> bool:
        """Look for proof of a message whose answer never came: once a second while there is something to send."""
        now = time.monotonic()
        if self._more and now < self._proof_at:
            return False
        self._proof_at = now + PROOF_SECONDS
        return prove_one(self.context, self.route, self.all_routes)


def _is_login(error: DeskError) -> bool:
    return isinstance(error, MailServerError) and error.cause is Cause.LOGIN


def start_thread(loop: SendLoop, on_crash: Callable[[BaseException], None]) -> threading.Thread:
    """Run ``loop`` in a thread of its own; what it raises goes to ``on_crash``."""

    def run() -> None:
        try:
            loop.run()
        except Exception as error:  # noqa: BLE001 - the supervisor's border: the other ways out go on
            on_crash(error)

    thread = threading.Thread(target=run, name=f"send-{loop.route.name}", daemon=True)
    thread.start()
    return thread
