"""From stored bytes to tickets: read the unfinished rows of the ledger, parse, decide, write, verdict. One commit per batch.

Parsing happens before the transaction. In it the whole batch stands in one savepoint; a mail that raises while it is planned
becomes suspended mail and the others are planned again; when writing the rows of a batch fails, each mail gets a savepoint
of its own. So no mail stops the next, and no mail is left without a verdict.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, col

from tui_desk.core.enums import SuspendCause, Verdict
from tui_desk.core.faults import reach
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.mail.message import ParsedMail
from tui_desk.mail.parse import content_digest
from tui_desk.models import Lease
from tui_desk.rules.addresses import address_key
from tui_desk.services import intake_questions as questions
from tui_desk.services import ledger
from tui_desk.services.acknowledge import acknowledge
from tui_desk.services.actor import IMPORT, MAIL, Actor
from tui_desk.services.approval_answers import settle
from tui_desk.services.desk_facts import DeskFacts, desk_facts
from tui_desk.services.intake_apply import held, plan_mail
from tui_desk.services.intake_batch import Batch, Earlier, TicketState
from tui_desk.services.intake_message import identity_key
from tui_desk.services.intake_reading import prepare, still_unfinished, unfinished
from tui_desk.services.intake_values import IntakeCounts, Outcome, PreparedMail, author_address, counted
from tui_desk.services.participants import others_of
from tui_desk.services.sender_trust import trust_of
from tui_desk.services.survey_answers import settle_ratings
from tui_desk.services.threading import look_up

BATCH = 200
"""Mails of one commit."""
_LOG = logging.getLogger("tui_desk.worker.intake")


class PoisonMail(Exception):
    """Planning this mail raised; ``__cause__`` says what."""

    def __init__(self, mail: PreparedMail) -> None:
        super().__init__(mail.entry_id)
        self.mail = mail


def process_unfinished(
    database: Database,
    now: Callable[[], datetime],
    limit: int = BATCH,
    fresh: Mapping[str, bytes] | None = None,
) -> IntakeCounts:
    """Process up to ``limit`` mails, oldest first, in one commit. All zeros: nothing was left to do.

    ``fresh`` holds the bytes of mails that were stored a moment ago, by their sha256, so that they need not be read again.

    Raises Unavailable when the database cannot be written; then nothing was changed.
    """
    with database.reading() as session:
        rows = unfinished(session, limit, fresh or {})
        if not rows:
            return IntakeCounts()
        facts = desk_facts(session)
    mails = [prepare(row, facts, fresh) for row in rows]
    del rows
    reach("intake.parsed")
    with database.writing() as session:
        alone(session, now())
        at = now()
        mails = still_unfinished(session, mails)
        done = process_mails(session, mails, at, facts=facts)
        ledger.finish(session, done, at)
        reach("intake.before_commit")
    reach("intake.processed")
    return counted([outcome for _mail, outcome in done])


def alone(session: Session, now: datetime) -> None:
    """Until the end of this transaction no other one turns mail into tickets. SQLite's write lock says so already."""
    if session.get_bind().dialect.name == "sqlite":
        return
    row = {"name": "process", "holder": "", "epoch": 1, "expires_at": now}
    session.execute(postgresql.insert(Lease).values(row).on_conflict_do_nothing(index_elements=["name"]))
    session.execute(select(col(Lease.name)).where(col(Lease.name) == "process").with_for_update())


def process_mails(
    session: Session,
    mails: Sequence[PreparedMail],
    now: datetime,
    *,
    trusted: bool = False,
    into: int | None = None,
    actor: Actor | None = None,
    facts: DeskFacts | None = None,
) -> list[tuple[PreparedMail, Outcome]]:
    """Turn mails into rows, in the caller's transaction. Every mail gets an outcome; verdicts are written by the caller."""
    facts = facts or desk_facts(session)
    groups = ([mail for mail in mails if not mail.imported], [mail for mail in mails if mail.imported])
    done: list[tuple[PreparedMail, Outcome]] = []
    for group, default in zip(groups, (MAIL, IMPORT), strict=True):
        if not group:
            continue
        run = _Run(session, facts, now, actor or default, trusted, into)
        try:
            done += run.together(group)
        except OperationalError:
            raise  # disk full, connection lost, locked: not the mail's fault
        except Exception:  # noqa: BLE001 - whatever one mail sets off must not keep the others out: they are tried one by one
            done += run.one_by_one(group)
    return done


class _Run:
    """One way through planning and writing, tried with all mails together and, if the database objects, one by one."""

    def __init__(
        self,
        session: Session,
        facts: DeskFacts,
        now: datetime,
        actor: Actor,
        trusted: bool,
        into: int | None,
    ) -> None:
        self.session = session
        self.facts = facts
        self.now = now
        self.actor = actor
        self.trusted = trusted
        self.into = into

    def together(
        self, mails: Sequence[PreparedMail], poisoned: dict[int, Outcome] | None = None
    ) -> list[tuple[PreparedMail, Outcome]]:
        """All in one savepoint. Mails that raise are suspended and the rest is planned anew."""
        poisoned = dict(poisoned or {})
        while True:
            try:
                with self.session.begin_nested():
                    return self._write(mails, poisoned)
            except PoisonMail as poison:
                poisoned[poison.mail.entry_id] = _failed(poison.__cause__)

    def one_by_one(self, mails: Sequence[PreparedMail]) -> list[tuple[PreparedMail, Outcome]]:
        """Each mail in a savepoint of its own."""
        done: list[tuple[PreparedMail, Outcome]] = []
        for mail in mails:
            try:
                done += self.together([mail])
            except OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - the border of one mail: it is held back with the cause, the next one is not
                done += self.together([mail], {mail.entry_id: _failed(error)})
        return done

    def _write(
        self, mails: Sequence[PreparedMail], poisoned: dict[int, Outcome]
    ) -> list[tuple[PreparedMail, Outcome]]:
        batch = Batch(self.session, self.facts, self.now, self.actor)
        good = [mail for mail in mails if mail.entry_id not in poisoned]
        look_up_all(batch, good)
        done: list[tuple[PreparedMail, Outcome]] = []
        for mail in mails:
            outcome = poisoned.get(mail.entry_id) or self._plan(batch, mail)
            done.append((mail, outcome))
        reach("intake.in_process")
        batch.flush()
        settle(batch)
        settle_ratings(batch)
        for mail, ticket, address in batch.acknowledge:
            mailbox = self.facts.mailboxes.get(mail.mailbox_id) if mail.mailbox_id is not None else None
            if (
                mailbox is not None and mailbox.acknowledge
            ):  # else not even a savepoint: one is 5 % of a mail's time
                self._acknowledge(batch, mail, ticket, address)
        return done

    def _acknowledge(self, batch: Batch, mail: PreparedMail, ticket: TicketState, address: str) -> None:
        """In a savepoint of its own: an acknowledgement that cannot be written is dropped, the mail is not."""
        try:
            with self.session.begin_nested():
                acknowledge(batch, mail, ticket, address)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - a courtesy to a stranger must not cost that stranger's mail
            _LOG.info("the acknowledgement of #%d could not be written", ticket.id, exc_info=True)

    def _plan(self, batch: Batch, mail: PreparedMail) -> Outcome:
        try:
            outcome = plan_mail(batch, mail, trusted=self.trusted, into=self.into)
        except (DBAPIError, OperationalError):
            raise
        except Exception as error:
            raise PoisonMail(mail) from error
        remember(batch, mail, outcome)
        return outcome


def _failed(error: BaseException | None) -> Outcome:
    text = _("It could not be processed: {cause}").format(
        cause=safe_line(f"{type(error).__name__}: {error}", 200)
    )
    return held(SuspendCause.FAILED, text)


def remember(batch: Batch, mail: PreparedMail, outcome: Outcome) -> None:
    """Later copies in the same batch find this one."""
    if mail.parsed is not None and outcome.verdict is not Verdict.DUPLICATE:
        batch.earlier[identity_key(mail)].append(
            Earlier(mail.digest, mail.sha256, outcome.verdict.value, outcome.ticket_id, outcome.message_id)
        )


def look_up_all(batch: Batch, mails: Sequence[PreparedMail]) -> None:
    """Everything that planning these mails asks for, in a handful of queries."""
    addresses = {mail.sender for mail in mails}
    for mail in mails:
        if mail.parsed is not None:
            named = others_of(batch, (*mail.parsed.to, *mail.parsed.cc), mail.sender)
            addresses.update(address_key(person.address) for person in named)
    batch.look_up_people(addresses)
    look_up(batch, mails)
    _look_up_earlier(batch, mails)


def _look_up_earlier(batch: Batch, mails: Sequence[PreparedMail]) -> None:
    """Mails that were processed before and have the Message-ID (or, without one, the bytes) of one of these."""
    own = {mail.entry_id for mail in mails}
    with_id = sorted({mail.message_id for mail in mails if mail.message_id})
    without = sorted({mail.sha256 for mail in mails if mail.parsed is not None and not mail.message_id})
    for column, values, prefix in (("rfc_message_id", with_id, "id:"), ("sha256", without, "sha:")):
        for start in range(0, len(values), 900):
            question = questions.earlier(column, batch.sqlite)
            rows = batch.ask(question, values=values[start : start + 900])
            for value, entry_id, *rest in rows:
                if entry_id not in own and rest[0]:
                    batch.earlier[prefix + value].append(Earlier(*rest))


def explain_decision(database: Database, parsed: ParsedMail, raw: bytes) -> dict[str, Any]:
    """What the desk would do with this mail now: ``action`` (a verdict), ``ticket`` and ``evidence``. Never writes."""
    from tui_desk.core.clock import utc_now

    with database.reading() as session:
        facts = desk_facts(session)
        mail = PreparedMail(
            entry_id=0,
            source="explain",
            mailbox_id=None,
            received_at=utc_now(),
            sha256=hashlib.sha256(raw).hexdigest(),
            size=len(raw),
            attempts=0,
            parsed=parsed,
            digest=content_digest(parsed),
            sender=author_address(parsed),
            trust=trust_of(parsed, raw),
        )
        batch = Batch(session, facts, mail.received_at, MAIL, writes=False)
        look_up_all(batch, [mail])
        outcome = plan_mail(batch, mail)
    evidence = list(outcome.evidence)
    if outcome.explanation:
        cause = outcome.cause.value if outcome.cause is not None else outcome.verdict.value
        evidence.append({"kind": cause, "value": "", "weight": 0, "sentence": outcome.explanation})
    ticket = outcome.ticket_id if outcome.ticket_id is not None and outcome.ticket_id > 0 else None
    return {"action": outcome.verdict.value, "ticket": ticket, "evidence": evidence}
