"""Taking existing mail in as history: tickets are closed, nothing is sent, and what was taken in already is not taken in again."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, select, update

from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.blobs import blob_row
from tui_desk.db.engine import Database
from tui_desk.db.files import is_live_file
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.mail.imap_values import NotFetched, RawMessage
from tui_desk.models import IntakeEntry, Mailbox, Team, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services import ledger
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.import_sources import Found, read_path
from tui_desk.services.intake import process_unfinished
from tui_desk.services.intake_values import IntakeCounts
from tui_desk.services.ledger import Arrival, Place
from tui_desk.services.mailbox_servers import imap_of

STORE_AT_ONCE = 100
STORE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is. ``read`` counts messages seen, ``known`` those that were taken in before,
    ``not_fetched`` those that an IMAP server lists but does not give whole."""

    read: int = 0
    known: int = 0
    stored: int = 0
    counts: IntakeCounts = field(default_factory=IntakeCounts)
    not_fetched: int = 0


Progress = Callable[[ImportProgress], None]


def import_mail(
    database: Database,
    actor: Actor,
    source: str,
    *,
    mailbox: str = "",
    team: str = "",
    progress: Progress | None = None,
    clock: Clock = utc_now,
) -> ImportProgress:
    """Take in everything at ``source``: a path (mbox, Maildir, .eml, a folder) or ``imap:MAILBOX/FOLDER``.

    ``mailbox`` and ``team`` name what the tickets belong to. May be stopped at any point and run again: bytes that were stored
    are known by their digest. Raises NotFound, Refused (rights), UsageError, Unavailable.
    """
    require(actor, Permission.IMPORT_MAIL)
    tell = progress or (lambda _progress: None)
    with database.reading() as session:
        mailbox_id = _mailbox(session, mailbox).id if mailbox else None
        team_id = _team(session, team) if team else None
    name = Path(source).name if not source.startswith("imap:") else source
    place = Place(f"import:{safe_line(name, 200)}", "", 0, mailbox_id)
    state = ImportProgress()
    missed: list[NotFetched] = []
    for batch in _batches(_read(database, source, missed)):
        stored = _store(database, place, batch, clock())
        counts = state.counts + _process(database, clock)
        state = ImportProgress(
            state.read + len(batch),
            state.known + len(batch) - stored,
            state.stored + stored,
            counts,
            len(missed),
        )
        tell(state)
    state = replace(state, counts=state.counts + _process(database, clock), not_fetched=len(missed))
    if team_id is not None:
        _give_to_team(database, place, team_id)
    tell(state)
    return state


def _mailbox(session: Session, name: str) -> Mailbox:
    statement = select(Mailbox).where(Mailbox.state != MailboxState.REMOVED.value)
    wanted = Mailbox.id == int(name) if name.isdigit() else Mailbox.address == name
    found = session.exec(statement.where(wanted)).first()
    if found is None:
        raise NotFound(_("There is no mailbox {name}.").format(name=safe_line(name)))
    return found


def _team(session: Session, name: str) -> int:
    found = session.exec(select(Team.id).where(Team.name == name)).first()
    if found is None:
        raise NotFound(_("There is no team {name}.").format(name=safe_line(name)))
    return found


def _read(database: Database, source: str, missed: list[NotFetched]) -> Iterator[Found]:
    """Every message at ``source``; what a server does not give goes to ``missed``."""
    if not source.startswith("imap:"):
        yield from read_path(Path(source).expanduser(), lambda path: is_live_file(path, database.url))
        return
    name, slash, folder = source.removeprefix("imap:").partition("/")
    if not name or not slash or not folder:
        raise UsageError(_("Write imap:MAILBOX/FOLDER, such as imap:support@example.com/Archive."))
    with database.reading() as session:
        mailbox = _mailbox(session, name)
    with open_mailbox(*imap_of(database, mailbox)) as imap:
        imap.select(folder, read_only=True)
        for message in imap.fetch_raw(imap.uids()):
            if isinstance(message, RawMessage):
                yield Found(f"{folder}:{message.uid}", message.raw, message.internal_date)
            else:
                missed.append(replace(message, raw=b""))


def _batches(messages: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    held = 0
    for message in messages:
        batch.append(message)
        held += len(message.raw)
        if len(batch) >= STORE_AT_ONCE or held >= STORE_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _store(database: Database, place: Place, batch: list[Found], now: datetime) -> int:
    """Store what is not known by its bytes yet; answers how many."""
    rows = [blob_row(message.raw) for message in batch]
    with database.writing() as session:
        digests = sorted({str(row["sha256"]) for row in rows})
        known = set(session.exec(select(IntakeEntry.sha256).where(col(IntakeEntry.sha256).in_(digests))))
        arrivals: list[Arrival] = []
        numbers = itertools.count(_last_number(session, place) + 1)
        for row, message in zip(rows, batch, strict=True):
            if row["sha256"] in known:
                continue
            known.add(str(row["sha256"]))
            written = message.written_at if message.written_at and message.written_at < now else None
            arrivals.append(Arrival(next(numbers), row, written or now.astimezone(UTC), len(message.raw)))
        return ledger.store(session, place, arrivals, settled=True)


def _last_number(session: Session, place: Place) -> int:
    found = session.exec(
        select(IntakeEntry.uid)
        .where(
            IntakeEntry.source == place.source,
            IntakeEntry.folder == place.folder,
            IntakeEntry.uidvalidity == place.uidvalidity,
        )
        .order_by(col(IntakeEntry.uid).desc())
        .limit(1)
    ).first()
    return found or 0


def _process(database: Database, clock: Clock) -> IntakeCounts:
    total = IntakeCounts()
    while True:
        done = process_unfinished(database, clock)
        if not done.total:
            return total
        total = total + done


def _give_to_team(database: Database, place: Place, team_id: int) -> None:
    with database.writing() as session:
        tickets = select(IntakeEntry.ticket_id).where(
            IntakeEntry.source == place.source, col(IntakeEntry.ticket_id).is_not(None)
        )
        session.execute(
            update(Ticket)
            .where(col(Ticket.id).in_(tickets), col(Ticket.imported), col(Ticket.team_id).is_(None))
            .values(team_id=team_id)
            .execution_options(synchronize_session=False)
        )
