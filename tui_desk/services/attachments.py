"""The bytes behind a conversation: attachments saved as files, and the source of a mail."""

from __future__ import annotations

import os
from pathlib import Path

from sqlmodel import Session

from tui_desk.contracts.conversation import RawMessage, SaveAttachment
from tui_desk.core.errors import NotFound, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_filename, safe_line, visible_name
from tui_desk.db.blobs import load_blob
from tui_desk.mail.message import UnreadableMail
from tui_desk.mail.parse import parse
from tui_desk.models import Attachment, Message
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.local_paths import local_path

MAX_COPIES = 1_000


def content_of(session: Session, row: Attachment) -> bytes:
    """The bytes of an attachment: a blob of their own, or a part of the raw mail. Raises NotFound."""
    if row.part is None:
        return load_blob(session, row.sha256)
    message = session.get(Message, row.message_id) if row.message_id is not None else None
    if message is None or not message.raw_sha256:
        raise NotFound(_("The mail that held {name} is missing.").format(name=visible_name(row.filename)))
    try:
        attachments = parse(load_blob(session, message.raw_sha256)).attachments
    except UnreadableMail:
        attachments = ()
    # The place among the attachments, checked by digest; a newer reader may count the parts differently.
    if 0 <= row.part < len(attachments) and attachments[row.part].sha256 == row.sha256:
        return attachments[row.part].content
    for attachment in attachments:
        if attachment.sha256 == row.sha256:
            return attachment.content
    raise NotFound(_("{name} is not in its mail any more.").format(name=visible_name(row.filename)))


def save(session: Session, actor: Actor, request: SaveAttachment) -> str:
    """Write an attachment into a folder, private to its owner and never over another file. Answers the path.

    Raises NotFound, Unavailable (the folder cannot be written).
    """
    require(actor, Permission.VIEW)
    row = session.get(Attachment, request.attachment_id)
    if row is None:
        raise NotFound(_("There is no attachment {id}.").format(id=request.attachment_id))
    content = content_of(session, row)
    folder = local_path(request.folder)
    try:
        return str(_write_new(folder, safe_filename(row.filename), content))
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unavailable(
            _("{name} could not be saved in {folder}: {cause}.").format(
                name=visible_name(row.filename), folder=visible_name(str(folder)), cause=safe_line(cause)
            ),
            _("Name another folder."),
        ) from error


def _write_new(folder: Path, name: str, content: bytes) -> Path:
    """Make a file that was not there before; a taken name gets a number before its extension."""
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    if not folder.exists() and folder.parent.is_dir():
        folder.mkdir(mode=0o700)  # "Downloads" is offered, and missing on a fresh account
    for copy in range(1, MAX_COPIES):
        path = folder / (name if copy == 1 else f"{stem} ({copy}){dot}{extension}")
        try:
            descriptor = os.open(
                path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
        except FileExistsError:
            continue
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise FileExistsError(17, os.strerror(17))


def raw_message(session: Session, actor: Actor, request: RawMessage) -> str:
    """The source of a message as text, safe to show. Raises NotFound where there is none."""
    require(actor, Permission.VIEW)
    message = session.get(Message, request.message_id)
    if message is None or not message.raw_sha256:
        raise NotFound(_("This message was not a mail: it has no source."))
    raw = load_blob(session, message.raw_sha256)
    return safe_block(raw[: request.limit * 4].decode("utf-8", "replace"), request.limit)
