"""Documents: files that belong to assets, licences, contracts, purchases and invoices. Their bytes are blobs, as those of attachments.

A document that is taken away keeps its row and its bytes: an undo, also years later, brings it back.
"""

from __future__ import annotations

import mimetypes
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

from sqlmodel import Session, col, select

from tui_desk.contracts.documents import (
    AddDocument,
    DocumentChanged,
    DocumentList,
    DocumentView,
    ListDocuments,
    RemoveDocument,
    SaveDocument,
)
from tui_desk.core.enums import DocumentKind, DocumentSubject
from tui_desk.core.errors import Conflict, NotFound, Refused, Unavailable, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_filename, safe_line, visible_name
from tui_desk.db.blobs import load_blob, store_blob
from tui_desk.db.files import is_own_file
from tui_desk.models import Agent, Document
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import database, known, now, require
from tui_desk.services.document_subjects import (
    Subject,
    find_subject,
    lock_subject,
    names_of,
    permission_of,
)
from tui_desk.services.drafts import ATTACHMENT_LIMIT, read_file
from tui_desk.services.local_paths import local_path
from tui_desk.services.names import agent_names
from tui_desk.services.people import like_words
from tui_desk.services.rows import add_row, change_row


def list_documents(session: Session, actor: Actor, request: ListDocuments) -> DocumentList:
    """The files of a thing, or of all, newest first. Raises NotFound."""
    require(actor, Permission.VIEW)
    subject = None
    statement = select(Document).where(
        col(Document.removed_at).is_(None), *like_words(request.query, Document.filename)
    )
    if request.subject is not None:
        subject = find_subject(session, request.subject, request.subject_id, request.name)
        statement = statement.where(Document.subject == subject.kind.value, Document.subject_id == subject.id)
    rows = session.exec(statement.order_by(col(Document.id).desc()).limit(request.limit)).all()
    documents = _views(session, rows)
    if subject is None:
        return DocumentList(None, None, "", documents)
    return DocumentList(subject.kind, subject.id, subject.name, documents)


def _views(session: Session, rows: Sequence[Document]) -> tuple[DocumentView, ...]:
    names = names_of(session, [(row.subject, row.subject_id) for row in rows])
    agents = agent_names(session, {row.agent_id for row in rows})
    return tuple(
        _view(row, names.get((row.subject, row.subject_id), ""), agents.get(row.agent_id or 0, ""))
        for row in rows
    )


def _view(row: Document, subject_name: str, by: str) -> DocumentView:
    return DocumentView(
        id=known(row.id),
        subject=DocumentSubject(row.subject),
        subject_id=row.subject_id,
        subject_name=subject_name,
        kind=DocumentKind(row.kind) if row.kind in set(DocumentKind) else DocumentKind.OTHER,
        filename=visible_name(row.filename) or _("unnamed"),
        content_type=safe_line(row.content_type, 100),
        size=row.size,
        sha256=row.sha256,
        by=safe_line(by),
        created_at=row.created_at,
    )


def add_document(session: Session, actor: Actor, request: AddDocument) -> DocumentChanged:
    """Keep a copy of a file. Raises NotFound, UsageError (no such file), Refused (too large, there already)."""
    require(actor, permission_of(request.subject))
    subject = find_subject(session, request.subject, request.subject_id, request.name)
    name, content = read_file(request.path, database(session).url, check_size)
    lock_subject(session, subject)
    at = now(session)
    filename = safe_filename(request.filename.strip() or name, "document")
    row = Document(
        subject=subject.kind.value,
        subject_id=subject.id,
        kind=request.kind.value,
        filename=filename,
        content_type=content_type_of(filename),
        size=len(content),
        sha256=store_blob(session, content),
        agent_id=actor.agent_id,
        created_at=at,
    )
    _refuse_double(session, subject, row)
    event = add_row(session, actor, subject.stream, row, at, name=filename)
    view = _view(row, subject.name, actor.name or actor.login)
    told = _("{name} is kept with {subject}.").format(name=view.filename, subject=subject.name)
    return DocumentChanged(view, (event,), told)


def content_type_of(filename: str) -> str:
    """The media type that a name promises."""
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def check_size(size: int) -> None:
    """Raises Refused for a file that is larger than any attachment may be."""
    if size > ATTACHMENT_LIMIT:
        raise Refused(
            _("The file is larger than {limit} MB; it is not kept here.").format(
                limit=ATTACHMENT_LIMIT // (1024 * 1024)
            ),
            _("Nothing was added. Keep it where large files are kept, and write down where in the notes."),
        )


def _refuse_double(session: Session, subject: Subject, row: Document) -> None:
    """Raises Refused where the thing has a file of the same content."""
    same = session.exec(
        select(Document.filename).where(
            Document.subject == row.subject,
            Document.subject_id == row.subject_id,
            Document.sha256 == row.sha256,
            col(Document.removed_at).is_(None),
        )
    ).first()
    if same is not None:
        raise Refused(
            _("{subject} has this file already: {name}.").format(
                subject=subject.name, name=visible_name(same)
            ),
            _("Nothing was added."),
        )


def remove_document(session: Session, actor: Actor, request: RemoveDocument) -> DocumentChanged:
    """Take a file away. Raises NotFound."""
    require(actor, Permission.CHANGE_ASSETS)
    row = document_row(session, request.id)
    kind = DocumentSubject(row.subject)
    require(actor, permission_of(kind))
    subject = find_subject(session, kind, row.subject_id)
    lock_subject(session, subject)
    session.refresh(row, with_for_update=True)
    if row.removed_at is not None:
        raise _no_document(request.id)
    at = now(session)
    events = change_row(session, actor, subject.stream, row, {"removed_at": at}, at, name=row.filename)
    view = _view(row, subject.name, _added_by(session, row))
    return DocumentChanged(view, events, _("{name} is removed.").format(name=view.filename))


def document_row(session: Session, document_id: int) -> Document:
    """A document that was not taken away. Raises NotFound."""
    row = session.get(Document, document_id)
    if row is None or row.removed_at is not None:
        raise _no_document(document_id)
    return row


def document_view(session: Session, row: Document) -> DocumentView:
    """A document as screens show it."""
    return _views(session, [row])[0]


def _no_document(document_id: int) -> NotFound:
    return NotFound(
        _("There is no document {id}.").format(id=document_id),
        _("tui-desk document list shows those there are."),
    )


def _added_by(session: Session, row: Document) -> str:
    agent = session.get(Agent, row.agent_id) if row.agent_id is not None else None
    return (agent.name or agent.login) if agent is not None else ""


# -- to a file ----------------------------------------------------------------------------------------------------------


def save_document(session: Session, actor: Actor, request: SaveDocument) -> str:
    """Write a file, private to its owner; over another one only if told so. Answers the path.

    Raises NotFound, UsageError, Conflict (something is there), Unavailable (it cannot be written).
    """
    require(actor, Permission.VIEW)
    row = document_row(session, request.id)
    content = load_blob(session, row.sha256)
    shown = visible_name(request.path)
    try:
        place = _place(request.path, safe_filename(row.filename, "document"))
        if is_own_file(place, database(session).url):
            raise UsageError(_("{path} is this desk's own database.").format(path=shown))
        _write(place, content, overwrite=request.overwrite)
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unavailable(
            _("{name} could not be saved as {path}: {cause}.").format(
                name=visible_name(row.filename), path=shown, cause=safe_line(cause)
            ),
            _("Name another folder."),
        ) from error
    return str(place)


def _place(path: str, name: str) -> Path:
    """The file to write: in a folder under its own name, else as told. A folder to be made is one level deep at most."""
    text = path.strip()
    if not text:
        raise UsageError(_("Name a folder, or a file."))
    place = local_path(text)
    if place.is_dir() or text.endswith("/"):
        if not place.exists() and place.parent.is_dir():
            place.mkdir(mode=0o700)  # "Downloads" is offered, and missing on a fresh account
        return place / name
    if not place.exists() and place.parent.parent.is_dir() and not place.parent.exists():
        place.parent.mkdir(mode=0o700)
    return place


def _write(place: Path, content: bytes, *, overwrite: bool) -> None:
    """Make the file whole or not at all: under another name beside it first where it replaces one."""
    if not overwrite:
        try:
            _create(place, content)
        except FileExistsError as error:
            raise Conflict(
                _("{path} is there already; nothing was overwritten.").format(path=visible_name(str(place))),
                _("Name another file, or say that it may be replaced."),
            ) from error
        return
    _refuse_special(place)
    fresh = place.with_name(f".{token_hex(8)}.part")
    _create(fresh, content)
    try:
        fresh.replace(place)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _create(place: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(place, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        place.unlink(missing_ok=True)
        raise


def _refuse_special(place: Path) -> None:
    """Raises OSError for what is there and no plain file: a device or a pipe is not replaced, a link is not followed."""
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise OSError(0, _("it is no plain file"))
