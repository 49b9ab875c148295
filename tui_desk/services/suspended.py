"""Suspended mail: mail that was held back with a named cause, and what an agent may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from tui_desk.contracts.desk import (
    AcceptSuspended,
    DropSuspended,
    JoinSuspended,
    ListSuspended,
    RetrySuspended,
    ShowSuspended,
    SuspendedRow,
    SuspendedView,
)
from tui_desk.core.enums import SuspendCause, Verdict
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.db.blobs import load_blob
from tui_desk.models import IntakeEntry, Mailbox
from tui_desk.rules.permissions import Permission
from tui_desk.services import context, ledger
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, require, ticket_to_change
from tui_desk.services.desk_facts import desk_facts
from tui_desk.services.events import record
from tui_desk.services.intake import alone, process_mails
from tui_desk.services.intake_reading import prepare, rows_of
from tui_desk.services.intake_values import Outcome, PreparedMail

RAW_SHOWN = 200_000


def list_suspended(session: Session, actor: Actor, request: ListSuspended) -> tuple[SuspendedRow, ...]:
    """What is held back, newest first."""
    require(actor, Permission.VIEW)
    entries = session.exec(
        select(IntakeEntry)
        .where(IntakeEntry.verdict == Verdict.SUSPENDED.value)
        .order_by(col(IntakeEntry.id).desc())
        .limit(request.limit)
    ).all()
    return _rows(session, entries)


def _rows(session: Session, entries: Sequence[IntakeEntry]) -> tuple[SuspendedRow, ...]:
    mailboxes = dict(session.exec(select(Mailbox.id, Mailbox.address)).all())
    return tuple(
        SuspendedRow(
            id=known(entry.id),
            mailbox=visible_address(mailboxes.get(entry.mailbox_id, "")) or safe_line(entry.source),
            sender=visible_address(entry.sender),
            subject=safe_line(entry.subject),
            received_at=entry.received_at,
            size=entry.size,
            cause=SuspendCause(entry.cause or SuspendCause.FAILED),
            explanation=safe_line(entry.explanation),
        )
        for entry in entries
    )


def show_suspended(session: Session, actor: Actor, request: ShowSuspended) -> SuspendedView:
    """One mail that is held back, with its source. Raises NotFound."""
    require(actor, Permission.VIEW)
    entry = session.get(IntakeEntry, request.id)
    if entry is None or entry.verdict != Verdict.SUSPENDED:
        raise _unknown(request.id)
    raw = ""
    if entry.sha256:
        content = load_blob(session, entry.sha256)[: RAW_SHOWN * 4]
        raw = safe_block(content.decode("utf-8", "replace"), RAW_SHOWN)
    return SuspendedView(_rows(session, [entry])[0], raw)


def _unknown(entry_id: int) -> NotFound:
    return NotFound(_("There is no suspended mail {id}.").format(id=entry_id))


def _locked(session: Session, actor: Actor, entry_id: int) -> IntakeEntry:
    require(actor, Permission.HANDLE_SUSPENDED)
    entry = session.exec(select(IntakeEntry).where(IntakeEntry.id == entry_id).with_for_update()).first()
    if entry is None or entry.verdict != Verdict.SUSPENDED:
        raise _unknown(entry_id)
    return entry


def accept(session: Session, actor: Actor, request: AcceptSuspended) -> int:
    """Make a ticket of it, as well as it can be read; answers its number. Raises NotFound, and Refused where nothing is there."""
    entry = _locked(session, actor, request.id)
    outcome = _again(session, actor, entry, trusted=True)
    if outcome.ticket_id is None:
        raise Refused(_("No ticket could be made of it: {why}").format(why=outcome.explanation))
    _note(session, actor, entry, "suspended_accepted", outcome.ticket_id)
    return outcome.ticket_id


def join(session: Session, actor: Actor, request: JoinSuspended) -> int:
    """Put it into the conversation of a ticket; answers the ticket's number. Raises NotFound for either."""
    entry = _locked(session, actor, request.id)
    ticket_to_change(session, request.number)
    outcome = _again(session, actor, entry, trusted=True, into=request.number)
    if outcome.ticket_id is None:
        raise Refused(_("It could not be put into the ticket: {why}").format(why=outcome.explanation))
    _note(session, actor, entry, "suspended_joined", outcome.ticket_id)
    return outcome.ticket_id


def retry(session: Session, actor: Actor, request: RetrySuspended) -> str:
    """Process it again as if it had just arrived. Answers a sentence."""
    entry = _locked(session, actor, request.id)
    outcome = _again(session, actor, entry, trusted=False)
    if outcome.ticket_id is not None:
        return _("It is in ticket #{number} now.").format(number=outcome.ticket_id)
    return _("It is still held back: {why}").format(why=safe_line(outcome.explanation))


def drop(session: Session, actor: Actor, request: DropSuspended) -> None:
    """Set it aside for good; the raw mail stays in the ledger."""
    entry = _locked(session, actor, request.id)
    entry.verdict = Verdict.IGNORED.value
    entry.explanation = safe_line(request.reason, 500) or _("Dropped by {name}.").format(
        name=actor.name or actor.login
    )
    entry.processed_at = context.now(session)
    session.add(entry)
    _note(session, actor, entry, "suspended_dropped", None)


def _again(
    session: Session, actor: Actor, entry: IntakeEntry, *, trusted: bool, into: int | None = None
) -> Outcome:
    """Process one ledger row once more. ``trusted``: whatever spoke against it was seen by the agent."""
    mail = _prepared(session, entry)
    if mail.parsed is None and trusted:
        mail = _as_text(session, entry, mail)
    now = context.now(session)
    alone(session, now)
    done = process_mails(session, [mail], now, trusted=trusted, into=into, actor=actor if trusted else None)
    ledger.finish(session, done, now)
    session.expire(entry)
    return done[0][1]


def _prepared(session: Session, entry: IntakeEntry) -> PreparedMail:
    session.flush()
    return prepare(rows_of(session, [known(entry.id)])[0], desk_facts(session))


def _as_text(session: Session, entry: IntakeEntry, mail: PreparedMail) -> PreparedMail:
    """A mail that cannot be read, as the text of a mail that can: its bytes stay where they are."""
    from tui_desk.mail.parse import content_digest, parse

    if not entry.sha256:
        raise Refused(_("Its bytes were never fetched: it is still on the server."))
    content = load_blob(session, entry.sha256)[: RAW_SHOWN * 4]
    shown = safe_block(content.decode("utf-8", "replace"), RAW_SHOWN) or _("(empty message)")
    parsed = parse(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + shown.encode("utf-8", "replace"))
    return replace(mail, parsed=parsed, digest=content_digest(parsed), problem="", sender="")


def _note(session: Session, actor: Actor, entry: IntakeEntry, action: str, ticket: int | None) -> None:
    """Who let it in or dropped it stays on record."""
    record(
        session,
        actor,
        f"intake:{known(entry.id)}",
        action,
        context.now(session),
        after={"ticket": ticket, "sha256": entry.sha256},
    )
