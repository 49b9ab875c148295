"""The header fields of a mail as a person reads them: unfolded, decoded, harmless."""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.contracts.reading import Content, MessageHeaders
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.headers import mail_start, split_header
from tui_desk.mail.words import header_line
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.content import bytes_of
from tui_desk.services.context import require

_BLOCK = 1_000_000
_FIELDS, _VALUE = 500, 2_000


def headers(session: Session, actor: Actor, request: MessageHeaders) -> tuple[tuple[str, str], ...]:
    """In the order of the mail. Raises NotFound where there is no source."""
    require(actor, Permission.VIEW)
    raw = bytes_of(session, Content.SOURCE, request.message_id)[0][:_BLOCK]
    fields, _body, _defects = split_header(raw, mail_start(raw), len(raw))
    return tuple(
        (safe_line(_name(name), 80), safe_line(header_line(value, _VALUE), _VALUE))
        for name, value in fields[:_FIELDS]
    )


def _name(name: str) -> str:
    """``message-id`` as mails write it: ``Message-ID``."""
    capitals = {"id": "ID", "mime": "MIME", "dkim": "DKIM", "spf": "SPF", "arc": "ARC"}
    return "-".join(capitals.get(part, part.capitalize()) for part in name.split("-"))
