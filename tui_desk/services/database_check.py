"""Looking for damage in a desk: the database's own check, stored bytes against their digests, and the chain of events."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_name
from tui_desk.db.blobs import is_whole
from tui_desk.db.engine import Database
from tui_desk.models import Blob, Document
from tui_desk.services import audit
from tui_desk.services.document_subjects import names_of

_PROBLEMS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class DamageReport:
    """``problems`` is empty when all is well."""

    problems: tuple[str, ...]
    blobs: int
    events: int


def check_database(database: Database, *, blobs: bool = True) -> DamageReport:
    """Read the whole desk and say what is wrong with it. Changes nothing."""
    with database.reading() as session:
        return check_session(session, sqlite=database.is_sqlite, blobs=blobs)


def check_session(session: Session, *, sqlite: bool, blobs: bool = True) -> DamageReport:
    """The same for what a transaction sees."""
    problems = _sqlite_problems(session) if sqlite else []
    checked, damaged = _blobs(session) if blobs else (0, [])
    problems += damaged
    problems += _documents(session)
    history = audit.verify(session)
    problems += [_("history of {what}").format(what=one.sentence.rstrip(".")) for one in history.broken]
    return DamageReport(tuple(problems[:_PROBLEMS_SHOWN]), checked, history.events)


def _sqlite_problems(session: Session) -> list[str]:
    found = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check(20)"))]
    problems = [] if found == ["ok"] else found
    for table, row, parent, _key in session.execute(text("PRAGMA foreign_key_check")):
        problems.append(
            _("{table} row {row} refers to a row of {parent} that is not there.").format(
                table=table, row=row, parent=parent
            )
        )
    return problems


def _documents(session: Session) -> list[str]:
    """Documents whose bytes are not there; those that were taken away need theirs too, an undo brings them back."""
    statement = (
        select(Document)
        .outerjoin(Blob, col(Blob.sha256) == Document.sha256)
        .where(col(Blob.sha256).is_(None))
        .order_by(col(Document.id))
        .limit(_PROBLEMS_SHOWN)
    )
    lost = session.exec(statement).all()
    names = names_of(session, [(one.subject, one.subject_id) for one in lost])
    return [
        _("The bytes of the document {name} of {subject} are missing.").format(
            name=visible_name(one.filename), subject=names.get((one.subject, one.subject_id), one.subject)
        )
        for one in lost
    ]


def _blobs(session: Session) -> tuple[int, list[str]]:
    """How many stored contents were read, and which do not match their digest."""
    checked, damaged = 0, []
    query = select(Blob.sha256, Blob.encoding, Blob.data).order_by(col(Blob.sha256))
    for sha256, encoding, data in session.exec(query.execution_options(yield_per=20)):
        checked += 1
        if not is_whole(sha256, encoding, data):
            damaged.append(_("The stored bytes {sha256} are damaged.").format(sha256=sha256[:12]))
    return checked, damaged
