"""The intake ledger: every message a server ever showed us, stored before the server is told anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Dialect, Select, Update, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col
from sqlmodel import select as sql_select

from tui_desk.core.enums import SuspendCause, Verdict
from tui_desk.core.safe_text import safe_line
from tui_desk.db import bulk
from tui_desk.db.asking import among, listed
from tui_desk.db.blobs import insert_blob_rows
from tui_desk.models import IntakeEntry, Setting
from tui_desk.models.base import table_of
from tui_desk.services.intake_values import Outcome, PreparedMail

PROGRESS = "progress:"
_TABLE = table_of(IntakeEntry)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a server, or an import: where UIDs mean something. ``source``: ``mailbox:ID`` or ``import:NAME``."""

    source: str
    folder: str
    uidvalidity: int
    mailbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message to be stored. ``blob`` is a row of ``db.blobs.blob_row``; None where the bytes were never had.

    ``untouched``: the server is not told anything about it.
    """

    uid: int
    blob: dict[str, object] | None
    received_at: datetime
    size: int = 0
    verdict: Verdict | None = None
    cause: SuspendCause | None = None
    explanation: str = ""
    untouched: bool = False


def mailbox_source(mailbox_id: int) -> str:
    return f"mailbox:{mailbox_id}"


def known_uids(session: Session, place: Place) -> set[int]:
    """The UIDs of a place that have a ledger row."""
    return set(
        session.execute(
            select(_TABLE.c.uid).where(
                _TABLE.c.source == place.source,
                _TABLE.c.folder == place.folder,
                _TABLE.c.uidvalidity == place.uidvalidity,
            )
        ).scalars()
    )


def store(session: Session, place: Place, arrivals: Sequence[Arrival], *, settled: bool = False) -> int:
    """Write bytes and ledger rows; what has a row already is left alone. Answers how many rows are new."""
    insert_blob_rows(session, [arrival.blob for arrival in arrivals if arrival.blob is not None])
    if not arrivals:
        return 0
    rows = [_row(place, arrival, settled) for arrival in arrivals]
    dialect = session.get_bind().dialect
    if dialect.name == "sqlite":
        return bulk.run(session, _prepared_insert(dialect, tuple(rows[0])), rows)
    statement = postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)
    return len(session.connection().execute(statement, rows).all())


@lru_cache(maxsize=16)
def _prepared_insert(dialect: Dialect, names: tuple[str, ...]) -> bulk.Prepared:
    return bulk.prepared(sqlite.insert(_TABLE).on_conflict_do_nothing(), dialect, names)


def _row(place: Place, arrival: Arrival, settled: bool) -> dict[str, Any]:
    blob = arrival.blob or {}
    return {
        "source": place.source,
        "mailbox_id": place.mailbox_id,
        "folder": place.folder,
        "uidvalidity": place.uidvalidity,
        "uid": arrival.uid,
        "sha256": blob.get("sha256", ""),
        "size": blob.get("size", arrival.size),
        "rfc_message_id": "",
        "content_digest": "",
        "received_at": arrival.received_at,
        "processed_at": arrival.received_at if arrival.verdict is not None else None,
        "verdict": arrival.verdict.value if arrival.verdict is not None else "",
        "cause": arrival.cause.value if arrival.cause is not None else "",
        "explanation": arrival.explanation,
        "attempts": 0,
        "ticket_id": None,
        "message_id": None,
        "sender": "",
        "subject": "",
        "settled_on_server": settled or arrival.untouched,
    }


def finish(session: Session, done: Sequence[tuple[PreparedMail, Outcome]], now: datetime) -> None:
    """Write the verdicts."""
    if not done:
        return
    rows = [_ended(mail, outcome, now) for mail, outcome in done]
    dialect = session.get_bind().dialect
    if dialect.name == "sqlite":
        bulk.run(session, _prepared_end(dialect), rows)
    else:
        session.connection().execute(_END, rows)


_END: Final = (
    _TABLE.update()
    .where(_TABLE.c.id == bindparam("row_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "rfc_message_id", "content_digest", "processed_at", "verdict", "cause", "explanation", "attempts",
                "ticket_id", "message_id", "sender", "subject",
            )
        }
    )
)  # fmt: skip


@lru_cache(maxsize=16)
def _prepared_end(dialect: Dialect) -> bulk.Prepared:
    return bulk.prepared(_END, dialect)


def _ended(mail: PreparedMail, outcome: Outcome, now: datetime) -> dict[str, Any]:
    parsed = mail.parsed
    return {
        "row_id": mail.entry_id,
        "new_rfc_message_id": mail.message_id,
        "new_content_digest": mail.digest,
        "new_processed_at": now,
        "new_verdict": outcome.verdict.value,
        "new_cause": outcome.cause.value if outcome.cause is not None else "",
        "new_explanation": safe_line(outcome.explanation, 500),
        "new_attempts": mail.attempts + 1,
        "new_ticket_id": outcome.ticket_id,
        "new_message_id": outcome.message_id,
        "new_sender": safe_line(mail.sender, 320),
        "new_subject": safe_line(parsed.subject, 300) if parsed is not None else "",
    }


def note_progress(session: Session, mailbox_id: int, done: int, total: int) -> None:
    """How far the worker is with the mail that waits in a mailbox; ``total`` 0: it is done with it."""
    key = f"{PROGRESS}{mailbox_id}"
    if not total:
        session.execute(delete(Setting).where(col(Setting.key) == key))
        return
    connection = session.connection()
    connection.execute(_noted(connection.dialect.name == "sqlite"), {"key": key, "value": [done, total]})


@lru_cache(maxsize=2)
def _noted(on_sqlite: bool) -> Any:
    insert: Any = sqlite.insert if on_sqlite else postgresql.insert
    statement = insert(table_of(Setting))
    return statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})


def progress(session: Session, mailbox_id: int) -> tuple[int, int] | None:
    """(mails stored, mails that waited) while the worker is at many, else None."""
    row = session.exec(sql_select(Setting).where(Setting.key == f"{PROGRESS}{mailbox_id}")).first()
    return None if row is None else (int(row.value[0]), int(row.value[1]))


def unsettled(session: Session, place: Place) -> set[int]:
    """UIDs that the server has not been told about yet, processed or not. Reads the whole place: once per connection."""
    return set(
        session.execute(
            select(_TABLE.c.uid).where(
                _TABLE.c.source == place.source,
                _TABLE.c.folder == place.folder,
                _TABLE.c.uidvalidity == place.uidvalidity,
                _TABLE.c.settled_on_server.is_(False),
            )
        ).scalars()
    )


def with_verdict(session: Session, place: Place, uids: Iterable[int]) -> set[int]:
    """Those of ``uids`` that are processed."""
    wanted = sorted(uids)
    found: set[int] = set()
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    for start in range(0, len(wanted), 900):
        part = listed(wanted[start : start + 900], sqlite=sqlite)
        found |= set(connection.execute(_finished(sqlite), {**_named(place), "uids": part}).scalars())
    return found


def settle(session: Session, place: Place, uids: Iterable[int]) -> None:
    """Note that the server has been told (or need not be)."""
    wanted = sorted(uids)
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    for start in range(0, len(wanted), 900):
        part = listed(wanted[start : start + 900], sqlite=sqlite)
        connection.execute(_settled(sqlite), {**_named(place), "uids": part})


def _named(place: Place) -> dict[str, Any]:
    return {"of_source": place.source, "of_folder": place.folder, "of_uidvalidity": place.uidvalidity}


def _in_place() -> tuple[ColumnElement[bool], ...]:
    return (
        _TABLE.c.source == bindparam("of_source"),
        _TABLE.c.folder == bindparam("of_folder"),
        _TABLE.c.uidvalidity == bindparam("of_uidvalidity"),
    )


@lru_cache(maxsize=2)
def _finished(sqlite: bool) -> Select[Any]:
    return select(_TABLE.c.uid).where(
        *_in_place(), among(_TABLE.c.uid, "uids", sqlite=sqlite), _TABLE.c.verdict != ""
    )


@lru_cache(maxsize=2)
def _settled(sqlite: bool) -> Update:
    return (
        _TABLE.update()
        .where(*_in_place(), among(_TABLE.c.uid, "uids", sqlite=sqlite))
        .values(settled_on_server=True)
    )
