"""Outgoing mail as bytes, built once when it is queued: the same bytes and the same Message-ID at every attempt.

Everything that comes from outside (subject, names, ids, file names) is cleaned here, so that no value can add a header or end
one, and answering is possible whatever a stranger wrote.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.mail.encode import (
    address_field,
    encoded_body,
    field,
    id_field,
    parameter,
    parameter_name,
    without_controls,
)
from tui_desk.mail.headers import is_message_id
from tui_desk.mail.markdown import markdown_to_html
from tui_desk.mail.message import Address
from tui_desk.mail.smtp_values import envelope_address

__all__ = [
    "LOOP_HEADER",
    "ComposedMail",
    "OutgoingAttachment",
    "OutgoingMail",
    "Quoted",
    "compose",
    "reply_subject",
    "with_token",
]

LOOP_HEADER = "X-Tui-Desk"
"""Carries the desk's own id, so that the desk knows its mail again when it comes back (RFC 3834, section 2)."""

MAX_REFERENCES = 30
MAX_SUBJECT = 250
QUOTE_LIMIT = 20_000
_SHOWN_INSIDE = ("image/png", "image/jpeg", "image/gif", "image/webp")
_ID = re.compile(r"[!-;=?-~]{1,500}")
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,80}")
_REPLY_MARK = re.compile(
    r"\A(?:\s*(?:re|aw|sv|vs|antw|odp|ynt|res|rif|bls|ref)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：])+\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OutgoingAttachment:
    """A file that goes along. With ``content_id`` it is an image shown inside the text (``![](cid:…)``)."""

    filename: str
    content_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """The earlier message shown at the end. ``sent_at`` is aware, in the zone in which it is shown; ``language``: two letters of the
    one it is written in, empty where that is not known."""

    sent_at: datetime
    name: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail to be sent. ``body`` and ``signature`` are Markdown; ids are without brackets; ``date`` is aware.

    ``ticket`` puts its token into the subject once. ``bcc`` is in the envelope only. ``automatic`` marks an answer that no
    person wrote (RFC 3834, 5). ``desk_id`` is the desk's own random name for itself.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    body: str
    message_id: str
    date: datetime
    desk_id: str
    ticket: int | None = None
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: bool = False
    signature: str = ""
    quoted: Quoted | None = None
    attachments: tuple[OutgoingAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ComposedMail:
    """The bytes (CRLF), their Message-ID without brackets, and every recipient of the envelope once."""

    raw: bytes
    message_id: str
    recipients: tuple[str, ...]


_FROM_FIELD = re.compile(rb"\AFrom:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")
"""The sender, which stands first, with its folded lines."""


_DATE_FIELD = re.compile(rb"^Date: [^\r\n]*\r\n", re.MULTILINE)
"""The first of them: what else a line could begin with that stands before it is a field of ours."""


def texts_of(mail: OutgoingMail) -> tuple[str, str]:
    """The plain text and the HTML document that the mail will hold."""
    mail = _with_images_inside(mail)
    return _plain_text(mail), _html_text(mail)


def compose(mail: OutgoingMail) -> ComposedMail:
    """Build the bytes. UsageError for a malformed address, a missing recipient or a Message-ID that cannot be one."""
    mail = _with_images_inside(mail)
    recipients = tuple(dict.fromkeys(each.address for each in (*mail.to, *mail.cc, *mail.bcc)))
    if not recipients:
        raise UsageError(_("The message has no recipient."))
    for each in recipients:
        envelope_address(each)
    if not _is_clean_id(mail.message_id):
        raise UsageError(_("The message has no usable Message-ID."))
    raw = b"".join(_headers(mail)) + _content(mail)
    return ComposedMail(raw, mail.message_id, recipients)


def with_sender(raw: bytes, sender: Address) -> bytes:
    """A mail of :func:`compose` with another sender. All else stays as it was, to the byte. UsageError for a bad address."""
    kept = _FROM_FIELD.sub(b"", raw, count=1)
    return address_field("From", [sender]) + kept


def with_date(raw: bytes, at: datetime) -> bytes:
    """A mail of :func:`compose` with another Date. All else stays as it was, to the byte."""
    return _DATE_FIELD.sub(_date_field(at), raw, count=1)


def _date_field(at: datetime) -> bytes:
    return b"Date: " + format_datetime(at).encode() + b"\r\n"


def reply_subject(subject: str, ticket: int | None = None) -> str:
    """``Re: `` once, whatever marks of whatever language were there, and the token once at the end."""
    bare = _REPLY_MARK.sub("", without_controls(subject, 2_000))
    return with_token(f"Re: {without_controls(bare, MAX_SUBJECT)}", ticket)


def with_token(subject: str, ticket: int | None) -> str:
    """``subject`` with ``[#ticket]`` at its end and nowhere else; at most 250 characters and the token."""
    if ticket is None:
        return without_controls(subject, MAX_SUBJECT)
    token = f"[#{ticket}]"
    bare = without_controls(without_controls(subject, 2_000).replace(token, " "), MAX_SUBJECT)
    return f"{bare} {token}".strip()


def _headers(mail: OutgoingMail) -> list[bytes]:
    fields = [address_field("From", [mail.sender])]
    if mail.to:
        fields.append(address_field("To", mail.to))
    elif not mail.cc:
        fields.append(b"To: undisclosed-recipients:;\r\n")
    if mail.cc:
        fields.append(address_field("Cc", mail.cc))
    if mail.reply_to is not None:
        fields.append(address_field("Reply-To", [mail.reply_to]))
    fields.append(field("Subject", with_token(mail.subject, mail.ticket)))
    fields.append(_date_field(mail.date))
    fields.append(id_field("Message-ID", [mail.message_id]))
    fields += _thread_fields(mail)
    fields.append(field(LOOP_HEADER, without_controls(mail.desk_id, 200)))
    if mail.automatic:
        fields.append(
            b"Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nPrecedence: bulk\r\n"
        )
    fields.append(b"MIME-Version: 1.0\r\n")
    return fields


def _thread_fields(mail: OutgoingMail) -> list[bytes]:
    """In-Reply-To and References: ids that could break a header or a line are left out, a long chain loses its middle.

    The mail's own id closes References: a relay that replaces the Message-ID leaves it there, and answers repeat it.
    Threading programs skip a message that names itself (RFC 5256, 4: a link that makes a loop is not made).
    """
    parent = mail.in_reply_to if mail.in_reply_to and _is_clean_id(mail.in_reply_to) else None
    last = [parent, mail.message_id] if parent is not None else [mail.message_id]
    chain = [each for each in dict.fromkeys(mail.references) if each not in last and _is_clean_id(each)]
    chain += dict.fromkeys(last)
    if len(chain) > MAX_REFERENCES:
        chain = [chain[0], *chain[-(MAX_REFERENCES - 1) :]]
    fields = [id_field("In-Reply-To", [parent])] if parent is not None else []
    fields.append(id_field("References", chain))
    return fields


def _is_clean_id(text: str) -> bool:
    return is_message_id(text) and bool(_ID.fullmatch(text))


def _content(mail: OutgoingMail) -> bytes:
    """The MIME tree: mixed(related(alternative(text, html), images), files), without the levels nobody needs."""
    part = _multipart(
        "alternative", [_text_part("plain", _plain_text(mail)), _text_part("html", _html_text(mail))]
    )
    images = [each for each in mail.attachments if each.content_id]
    files = [each for each in mail.attachments if not each.content_id]
    if images:
        part = _multipart("related", [part, *map(_file_part, images)])
    if files:
        part = _multipart("mixed", [part, *map(_file_part, files)])
    return part


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    boundary = f"=_{secrets.token_hex(14)}".encode()
    head = b'Content-Type: multipart/%s;\r\n boundary="%s"\r\n\r\n' % (kind.encode(), boundary)
    return head + b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary


def _text_part(kind: str, text: str) -> bytes:
    encoding, data = encoded_body(text)
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + data


def _file_part(file: OutgoingAttachment) -> bytes:
    name = parameter_name(file.filename)
    kind = file.content_type.lower() if _TYPE.fullmatch(file.content_type) else "application/octet-stream"
    encoding = "base64"
    if kind.startswith(("multipart/", "message/")):
        # Such types may not be encoded (RFC 2046, 5.2.1): a mail goes as one only where it passes as it is.
        if kind == "message/rfc822" and _passes_as_it_is(file.content):
            encoding = "7bit"
        else:
            kind = "application/octet-stream"
    data = file.content if encoding == "7bit" else base64.encodebytes(file.content).replace(b"\n", b"\r\n")
    where = "inline" if file.content_id else "attachment"
    head = f"Content-Type: {kind}{parameter('name', name)}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    head += f"Content-Disposition: {where}{parameter('filename', name)}\r\n"
    if file.content_id and _is_clean_id(file.content_id):
        head += f"Content-ID: <{file.content_id}>\r\n"
    return head.encode("ascii") + b"\r\n" + data


def _passes_as_it_is(raw: bytes) -> bool:
    whole_lines = raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    return raw.isascii() and b"\0" not in raw and whole_lines and max(map(len, raw.split(b"\r\n"))) <= 990


def _plain_text(mail: OutgoingMail) -> str:
    parts = [mail.body.rstrip()]
    if mail.signature.strip():
        parts.append(f"-- \n{mail.signature.strip()}")
    if mail.quoted is not None:
        lines = _quote_text(mail.quoted).split("\n")
        parts.append(
            "\n".join([_attribution(mail.quoted), *(f"> {line}" if line else ">" for line in lines)])
        )
    return "\n\n".join(parts) + "\n"


def _with_images_inside(mail: OutgoingMail) -> OutgoingMail:
    """Attached pictures that the text shows (``![what it is](file.png)``) go inside the HTML part (RFC 2392)."""
    domain = mail.message_id.rpartition("@")[2]

    def inside(file: OutgoingAttachment) -> OutgoingAttachment:
        shown = f"]({file.filename})" in mail.body and file.content_type.lower() in _SHOWN_INSIDE
        if file.content_id or not shown:
            return file
        return replace(file, content_id=f"{hashlib.sha256(file.content).hexdigest()[:20]}@{domain}")

    return replace(mail, attachments=tuple(map(inside, mail.attachments)))


def _body_with_images(mail: OutgoingMail) -> str:
    body = mail.body
    for file in mail.attachments:
        if file.content_id:
            body = body.replace(f"]({file.filename})", f"](cid:{file.content_id})")
    return body


def _html_text(mail: OutgoingMail) -> str:
    parts = [
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n',
        markdown_to_html(_body_with_images(mail)),
    ]
    if mail.signature.strip():
        parts.append(f'<div class="signature">-- <br>\n{markdown_to_html(mail.signature.strip())}</div>\n')
    if mail.quoted is not None:
        shown = html.escape(_quote_text(mail.quoted)).replace("\n", "<br>\n")
        parts.append(f"<p>{html.escape(_attribution(mail.quoted))}</p>\n")
        parts.append(f'<blockquote type="cite">{shown}</blockquote>\n')
    parts.append("</body></html>\n")
    return "".join(parts)


_ATTRIBUTIONS = {
    "de": "Am {date} schrieb {name}:",
    "en": "On {date}, {name} wrote:",
    "es": "El {date}, {name} escribió:",
    "fr": "Le {date}, {name} a écrit :",
    "it": "Il {date}, {name} ha scritto:",
    "nl": "Op {date} schreef {name}:",
    "pt": "Em {date}, {name} escreveu:",
}
"""How the quoted text is introduced to those who write in that language: lines that ``mail.attribution`` finds again in an answer."""


def _attribution(quoted: Quoted) -> str:
    when = quoted.sent_at.strftime("%Y-%m-%d %H:%M %Z").strip()
    known = _ATTRIBUTIONS.get(quoted.language) or _("On {date}, {name} wrote:")
    return known.format(date=when, name=without_controls(quoted.name, 100))


def _quote_text(quoted: Quoted) -> str:
    text = quoted.text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return text if len(text) <= QUOTE_LIMIT else f"{text[:QUOTE_LIMIT]}\n[…]"
