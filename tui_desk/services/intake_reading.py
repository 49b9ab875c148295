"""What waits in the ledger, read and parsed: rows with their bytes, and the mails they are, before any transaction."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session

from tui_desk.db.asking import listed
from tui_desk.mail.imap_large import is_reduced
from tui_desk.mail.message import ParsedMail, UnreadableMail
from tui_desk.mail.parse import content_digest, parse
from tui_desk.models import Blob, IntakeEntry
from tui_desk.models.base import table_of
from tui_desk.services import intake_questions as questions
from tui_desk.services.desk_facts import DeskFacts
from tui_desk.services.intake_values import PreparedMail, author_address
from tui_desk.services.sender_trust import NOTHING_KNOWN, Trust, trust_of

BATCH_BYTES = 32 * 1024 * 1024
"""Raw bytes held at once, unless a single mail is larger."""
_ENTRY = table_of(IntakeEntry)
_BLOB = table_of(Blob)
Row = tuple[int, str, int | None, datetime, str, int, int, str | None, bytes | None]
_COLUMNS = (
    _ENTRY.c.id,
    _ENTRY.c.source,
    _ENTRY.c.mailbox_id,
    _ENTRY.c.received_at,
    _ENTRY.c.sha256,
    _ENTRY.c.size,
    _ENTRY.c.attempts,
    _BLOB.c.encoding,
    _BLOB.c.data,
)
_SHA256, _SIZE = 4, 5
_HEADS = select(*_COLUMNS[:-2]).where(_ENTRY.c.verdict == "").order_by(_ENTRY.c.id).limit(bindparam("most"))


def unfinished(session: Session, limit: int, fresh: Mapping[str, bytes]) -> list[Row]:
    """The oldest rows without verdict, with their bytes, at most about BATCH_BYTES of them."""
    heads = [tuple(row) for row in session.connection().execute(_HEADS, {"most": limit})]
    total = count = 0
    for head in heads:
        total += head[_SIZE]
        if count and total > BATCH_BYTES:
            break
        count += 1
    del heads[count:]
    if all(head[_SHA256] in fresh for head in heads):
        return [(*head, None, None) for head in heads]
    return rows_of(session, [head[0] for head in heads])


def rows_of(session: Session, ids: Iterable[int]) -> list[Row]:
    """Ledger rows with their bytes (None where they are missing), in order."""
    statement = (
        select(*_COLUMNS)
        .select_from(_ENTRY.outerjoin(_BLOB, _BLOB.c.sha256 == _ENTRY.c.sha256))
        .where(_ENTRY.c.id.in_(list(ids)))
        .order_by(_ENTRY.c.id)
    )
    return [tuple(row) for row in session.execute(statement)]


def still_unfinished(session: Session, mails: Sequence[PreparedMail]) -> list[PreparedMail]:
    """Those that nobody finished since they were read; locked."""
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    wanted = {"entries": listed([mail.entry_id for mail in mails], sqlite=sqlite)}
    ids = set(connection.execute(questions.still_unfinished(sqlite), wanted).scalars())
    return [mail for mail in mails if mail.entry_id in ids]


def prepare(row: Row, facts: DeskFacts, fresh: Mapping[str, bytes] | None = None) -> PreparedMail:
    """Parse the bytes of one ledger row; whatever is wrong with them is told in ``problem``, never raised."""
    entry_id, source, mailbox_id, received_at, sha256, size, attempts, encoding, data = row
    parsed: ParsedMail | None = None
    trust = NOTHING_KNOWN
    digest = problem = ""
    reduced = False
    try:
        raw = (fresh or {}).get(sha256) or unpacked(encoding, data, sha256)
        parsed = parse(raw, own_addresses=facts.own_addresses, desk_tokens=facts.desk_tokens)
        digest = content_digest(parsed)
        trust = _trust(facts, mailbox_id, parsed, raw)
        reduced = is_reduced(raw)
    except UnreadableMail as error:
        problem = error.cause
    except Exception as error:  # noqa: BLE001 - the parser's last surprise must not stop the next mail
        problem = f"{type(error).__name__}: {error}"
        parsed = None
    return PreparedMail(
        entry_id,
        source,
        mailbox_id,
        received_at,
        sha256,
        size,
        attempts,
        parsed,
        digest,
        problem,
        author_address(parsed) if parsed is not None else "",
        trust,
        reduced,
    )


def _trust(facts: DeskFacts, mailbox_id: int | None, parsed: ParsedMail, raw: bytes) -> Trust:
    """What the server of that mailbox found out about the sender."""
    mailbox = facts.mailboxes.get(mailbox_id) if mailbox_id is not None else None
    if mailbox is None:
        return trust_of(parsed, raw)
    return trust_of(parsed, raw, authserv_ids=mailbox.authserv_ids, imap_host=mailbox.imap_host)


def unpacked(encoding: str | None, data: bytes | None, sha256: str) -> bytes:
    """The content of a blob; UnreadableMail where it is missing or damaged."""
    if data is None:
        raise UnreadableMail("the stored bytes are missing")
    content = zlib.decompress(data) if encoding == "zlib" else bytes(data)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UnreadableMail("the stored bytes are damaged")
    return content
