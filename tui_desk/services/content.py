"""The bytes that a number names: of an attachment, a document, the text or the source of a message."""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.contracts.reading import Content
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_name
from tui_desk.db.blobs import load_blob
from tui_desk.models import Attachment, Message
from tui_desk.services.attachments import content_of
from tui_desk.services.documents import document_row


def bytes_of(session: Session, content: Content, number: int) -> tuple[bytes, str, str]:
    """(bytes, content type, name as the sender wrote it). Raises NotFound."""
    if content is Content.ATTACHMENT:
        attachment = session.get(Attachment, number)
        if attachment is not None:
            return content_of(session, attachment), attachment.content_type, attachment.filename
    elif content is Content.DOCUMENT:
        document = document_row(session, number)
        return load_blob(session, document.sha256), document.content_type, document.filename
    else:
        message = session.get(Message, number)
        if message is not None and content is Content.TEXT:
            return message.text.encode("utf-8", "replace"), "text/plain", ""
        if message is not None and message.raw_sha256:
            return load_blob(session, message.raw_sha256), "message/rfc822", ""
        if message is not None:
            raise NotFound(_("This message was not a mail: it has no source."))
    raise NotFound(
        _("{kind} {id} is not here (any more).").format(kind=visible_name(content.value), id=number)
    )
