"""Bytes that are kept once, under the sha256 of their content."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.db.bulk import Prepared, prepared, run
from tui_desk.models import Blob
from tui_desk.models.base import table_of

_LARGE = 32 * 1024
_PIECE = 1024 * 1024
"""Bytes written at once of what is longer."""
_COMPRESSION_LEVEL = 1
"""zlib's fastest: two thirds of the gain for a fifth of the time on mail."""


def _fast_packer() -> Any:
    """ISA-L, which writes the same format four times as fast and a little smaller; None where it is not installed."""
    try:
        return import_module("isal.isal_zlib")
    except ImportError:
        return None


_FAST = _fast_packer()


def blob_row(content: bytes) -> dict[str, object]:
    """The row for ``content``, compressed where that helps. Computed outside the transaction."""
    packed = _packed(content)
    small = len(packed) < len(content)
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "encoding": "zlib" if small else "plain",
        "data": packed if small else content,
    }


def _packed(content: bytes) -> bytes:
    """In zlib's format. Without ISA-L: large content is mostly base64, which only its alphabet shortens, four times faster
    without looking for repeats."""
    if _FAST is not None:
        return bytes(_FAST.compress(content, _COMPRESSION_LEVEL))
    if len(content) <= _LARGE:
        return zlib.compress(content, _COMPRESSION_LEVEL)
    packer = zlib.compressobj(_COMPRESSION_LEVEL, strategy=zlib.Z_HUFFMAN_ONLY)
    return packer.compress(content) + packer.flush()


def insert_blob_rows(session: Session, rows: list[dict[str, object]]) -> None:
    """Store rows of :func:`blob_row`; those already there are left as they are."""
    if not rows:
        return
    dialect = session.get_bind().dialect
    if dialect.name == "sqlite":
        small = [row for row in rows if _length(row) <= _PIECE]
        run(session, _insert(dialect, tuple(rows[0])), small)
        for row in rows:
            if _length(row) > _PIECE:
                _insert_in_pieces(session, row)
    else:
        session.execute(postgresql.insert(Blob).on_conflict_do_nothing(index_elements=["sha256"]), rows)


def _length(row: dict[str, object]) -> int:
    data = row["data"]
    return len(data) if isinstance(data, bytes) else 0


def _insert_in_pieces(session: Session, row: dict[str, object]) -> None:
    """Store large bytes without the copies that SQLite makes of a value: one as it is bound, kept with the statement for the
    next time, and one in the row it puts together (sqlite.org/c3ref/blob_open.html)."""
    connection = session.connection()
    data = row["data"]
    assert isinstance(data, bytes)
    made = connection.exec_driver_sql(
        "INSERT INTO blob (sha256, size, encoding, data) VALUES (?, ?, ?, zeroblob(?)) ON CONFLICT (sha256) DO NOTHING",
        (row["sha256"], row["size"], row["encoding"], len(data)),
    )
    if made.rowcount != 1:
        return
    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.blobopen("blob", "data", made.lastrowid) as stored, memoryview(data) as view:
            for start in range(0, len(data), _PIECE):
                stored.write(view[start : start + _PIECE])
    except sqlite3.OperationalError as error:  # told like any other failure of a statement
        raise OperationalError("blob", None, error) from error


@lru_cache(maxsize=16)
def _insert(dialect: Dialect, names: tuple[str, ...]) -> Prepared:
    return prepared(
        sqlite.insert(table_of(Blob)).on_conflict_do_nothing(index_elements=["sha256"]), dialect, names
    )


def store_blob(session: Session, content: bytes) -> str:
    """Keep ``content``; answers its sha256."""
    row = blob_row(content)
    insert_blob_rows(session, [row])
    return str(row["sha256"])


def load_blob(session: Session, sha256: str) -> bytes:
    """The content again, checked against its digest. Raises NotFound when there is none or it is damaged."""
    blob = session.exec(select(Blob).where(Blob.sha256 == sha256)).first()
    if blob is None:
        raise NotFound(_("The stored bytes {sha256} are missing.").format(sha256=sha256[:12]))
    content = _content(blob.encoding, blob.data)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotFound(
            _("The stored bytes {sha256} are damaged.").format(sha256=sha256[:12]),
            _("tui-desk db check tells what else is; a backup may have them whole."),
        )
    return content


def is_whole(sha256: str, encoding: str, data: bytes) -> bool:
    """Whether a stored row still is what its digest says."""
    return hashlib.sha256(_content(encoding, data)).hexdigest() == sha256


def _content(encoding: str, data: bytes) -> bytes:
    """The bytes of a row; empty where they cannot be unpacked."""
    try:
        return zlib.decompress(data) if encoding == "zlib" else bytes(data)
    except zlib.error:
        return b""
