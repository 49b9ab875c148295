"""A document as far as a terminal can show it: text, tables, PDF, mails, calendars; of images their size (``services.pictures`` draws them)."""

from __future__ import annotations

import csv
import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO

from tui_desk.contracts.documents import DocumentPreview, PreviewDocument
from tui_desk.contracts.reading import Content, FilePreview, PreviewAttachment
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line, visible_address, visible_name
from tui_desk.db.blobs import load_blob
from tui_desk.db.engine import Database
from tui_desk.mail.charsets import decoded
from tui_desk.mail.html_text import html_to_text
from tui_desk.mail.invitation import invitation_text
from tui_desk.mail.message import Address, UnreadableMail
from tui_desk.mail.parse import parse
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.content import bytes_of
from tui_desk.services.context import require
from tui_desk.services.documents import document_row, document_view
from tui_desk.services.pdf_text import PdfText, pdf_text

TEXT_LIMIT = 400_000
_BYTES_READ = 2_000_000
"""Of what is text in its nature, so much is looked at."""
_ROWS, _COLUMNS, _CELL = 2_000, 60, 500
_DELIMITERS = ",;\t|"
_TEXT_TYPES = frozenset(
    (
        "application/json",
        "application/xml",
        "application/x-yaml",
        "application/yaml",
        "application/toml",
        "application/x-sh",
        "application/javascript",
        "application/sql",
        "application/x-ndjson",
    )
)


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    picture: bool = False


def preview(database: Database, actor: Actor, request: PreviewDocument) -> DocumentPreview:
    """Read a document for the eye. Opens no transaction while it reads. Raises NotFound."""
    require(actor, Permission.VIEW)
    with database.reading() as session:
        row = document_row(session, request.id)
        view = document_view(session, row)
        content = load_blob(session, row.sha256)
    shown = _safe(shown_as(view.content_type, view.filename, content))
    return DocumentPreview(view, shown.text, shown.table, shown.note, shown.picture)


def preview_attachment(database: Database, actor: Actor, request: PreviewAttachment) -> FilePreview:
    """Read an attachment for the eye. Opens no transaction while it reads. Raises NotFound."""
    require(actor, Permission.VIEW)
    with database.reading() as session:
        content, content_type, filename = bytes_of(session, Content.ATTACHMENT, request.attachment_id)
    shown = _safe(shown_as(content_type, filename, content))
    return FilePreview(shown.text, shown.table, shown.note, shown.picture)


def _safe(shown: _Shown) -> _Shown:
    table = tuple(tuple(safe_line(cell, _CELL) for cell in cells) for cells in shown.table)
    return _Shown(safe_block(shown.text, TEXT_LIMIT), table, shown.note, shown.picture)


def shown_as(content_type: str, filename: str, content: bytes) -> _Shown:
    """What can be shown of a file. Goes by its bytes where they say what it is, else by what its name promises."""
    if not content:
        return _Shown(note=_("The file is empty."))
    if b"%PDF-" in content[:1024]:
        return _pdf(pdf_text(content))
    image = image_size(content)
    if image is not None:
        kind, width, height = image
        told = _("{kind} image, {width} × {height} pixels.")
        return _Shown(note=told.format(kind=kind, width=width, height=height), picture=True)
    reader = _reader(content_type, filename.lower())
    if reader is None and not _looks_like_text(content):
        told = _("{type} cannot be read here, and no program is started for it. Save it where you trust it.")
        return _Shown(note=told.format(type=safe_line(content_type, 100)))
    return (reader or _plain)(content)


def _reader(content_type: str, filename: str) -> Callable[[bytes], _Shown] | None:
    readers: dict[str, Callable[[bytes], _Shown]] = {
        "text/csv": _table,
        "text/tab-separated-values": _table,
        "text/calendar": _calendar,
        "text/html": _html,
        "message/rfc822": _mail,
    }
    endings = {
        ".csv": _table,
        ".tsv": _table,
        ".ics": _calendar,
        ".eml": _mail,
        ".htm": _html,
        ".html": _html,
    }
    by_ending = next((reader for ending, reader in endings.items() if filename.endswith(ending)), None)
    if content_type in _TEXT_TYPES or content_type.startswith("text/"):
        return readers.get(content_type) or by_ending or _plain
    return readers.get(content_type) or by_ending


def _looks_like_text(content: bytes) -> bool:
    """Whether nearly nothing of its beginning is a control character."""
    sample = content[:4_096]
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in sample)
    return b"\0" not in sample and controls * 50 <= len(sample)


def _text(content: bytes) -> str:
    return decoded(content[:_BYTES_READ], None)[0]


def _longer(content: bytes) -> str:
    return _("Only the beginning is shown.") if len(content) > _BYTES_READ else ""


def _plain(content: bytes) -> _Shown:
    text = _text(content)
    return _Shown(
        text, note=_("Only the beginning is shown.") if len(text) > TEXT_LIMIT else _longer(content)
    )


def _html(content: bytes) -> _Shown:
    return _Shown(html_to_text(_text(content)).text, note=_longer(content))


def _calendar(content: bytes) -> _Shown:
    text = invitation_text(_text(content), whole=True)
    return _Shown(text, note=_longer(content)) if text else _plain(content)


def _mail(content: bytes) -> _Shown:
    try:
        mail = parse(content)
    except UnreadableMail:
        return _plain(content)
    facts = (
        (_("From"), _people(mail.from_)),
        (_("To"), _people(mail.to)),
        (_("Cc"), _people(mail.cc)),
        (_("Date"), mail.date.astimezone().strftime("%Y-%m-%d %H:%M") if mail.date else ""),
        (_("Subject"), safe_line(mail.subject)),
        (_("Attachments"), ", ".join(visible_name(one.filename) for one in mail.attachments[:20])),
    )
    head = "\n".join(f"{label}: {value}" for label, value in facts if value)
    return _Shown(f"{head}\n\n{mail.text}")


def _people(addresses: tuple[Address, ...]) -> str:
    shown = [f"{safe_line(one.name)} <{visible_address(one.address)}>".strip() for one in addresses[:20]]
    return ", ".join(shown)


def _table(content: bytes) -> _Shown:
    """Comma, semicolon, tab or bar between the fields: the one that the first lines have most of."""
    text = _text(content).lstrip("\ufeff")
    head = text[:4_000].split("\n")[:10]
    delimiter = max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in head))
    rows: list[tuple[str, ...]] = []
    cut = bool(_longer(content))
    try:
        for cells in csv.reader(StringIO(text), delimiter=delimiter):
            if len(rows) == _ROWS:
                cut = True
                break
            if cells:
                cut = cut or len(cells) > _COLUMNS
                rows.append(tuple(cells[:_COLUMNS]))
    except csv.Error:  # a field of more than 128 kB, or a NUL: no table
        return _plain(content)
    return _Shown(table=tuple(rows), note=_("Only the beginning is shown.") if cut else "")


def _pdf(found: PdfText) -> _Shown:
    blocks = [
        f"{_('Page {number}').format(number=number)}\n\n{text.strip()}"
        for number, text in enumerate(found.pages, start=1)
        if text.strip()
    ]
    count = ngettext("PDF, {count} page", "PDF, {count} pages", found.count).format(count=found.count)
    notes = {
        "password": _("The PDF is protected by a password."),
        "broken": _("The PDF is damaged and cannot be read further."),
        "time": _("Reading the PDF took too long and was stopped."),
        "long": _("Only the beginning is shown."),
    }
    parts = [count] if found.count else []
    if found.end in notes:
        parts.append(notes[found.end])
    elif not blocks:
        parts.append(_("There is no text in it: its pages are pictures."))
    return _Shown("\n\n".join(blocks), note=" · ".join(parts))


def image_size(content: bytes) -> tuple[str, int, int] | None:
    """(format, width, height) of a PNG, GIF, JPEG or WebP from its header; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return "PNG", *struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return "GIF", *struct.unpack("<HH", content[6:10])
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return _webp(content)
    return _jpeg(content) if content.startswith(b"\xff\xd8\xff") else None


def _webp(content: bytes) -> tuple[str, int, int] | None:
    """The size in the first chunk: extended, lossless or lossy (RFC 9649, 2.7, 3.4; RFC 6386, 9.1)."""
    if content[12:16] == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        return "WebP", width, height
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return "WebP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if content[12:16] == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return "WebP", width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(content: bytes) -> tuple[str, int, int] | None:
    """The size in the frame header (ITU-T T.81, B.2.2)."""
    at = 2
    for _segment in range(1_000):
        if at + 9 > len(content) or content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "JPEG", width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
