"""A mail over the limit, without its weight: header and text as the server has them, and a sentence about what stayed there.

BODYSTRUCTURE (RFC 3501, 7.4.2) says which parts are text; only those are fetched, and not more than :data:`TEXT_LIMIT` of each.
What is made of them is a mail of its own, the same each time it is made, so that it is recognised as the same mail later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imapclient.response_parser import parse_fetch_response

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.words import header_text

__all__ = [
    "HEADER_LIMIT",
    "TEXT_LIMIT",
    "Kept",
    "assembled",
    "is_reduced",
    "kept_of",
    "literal_of",
    "stands_for",
    "texts_of",
]

HEADER_LIMIT = 256 * 1024
TEXT_LIMIT = 1024 * 1024
"""Bytes of one text part as it is encoded."""
MAX_PARTS = 20
"""Text parts that are fetched, and parts left behind that are named."""
MAX_DEPTH = 30

_CONTENT_FIELD = re.compile(
    rb"^(?:content-[\w-]+|mime-version)[ \t]*:.*(?:\r?\n[ \t].*)*(?:\r?\n|\Z)", re.IGNORECASE | re.MULTILINE
)
_TOKEN = re.compile(rb"[A-Za-z0-9!#$&^_.+-]{1,80}")
_OWN_END = re.compile(
    rb'\r\nMIME-Version: 1\.0\r\nContent-Type: multipart/mixed; boundary="tui-desk-[0-9a-f]{24}-0"\Z'
)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Kept:
    """A part of the structure. ``number`` is its section (``1.2``); ``fields`` are its MIME fields, made from the structure."""

    number: str
    kind: str
    fields: bytes = b""
    name: str = ""
    size: int = 0
    is_text: bool = False
    parts: tuple[Kept, ...] = ()


def kept_of(records: Sequence[Any], uid: int) -> Kept | None:
    """The structure of one mail from the answer to ``FETCH (UID BODYSTRUCTURE)``; None where there is none that makes sense."""
    for found, data in parse_fetch_response(list(records), normalise_times=False).items():
        body = data.get(b"BODYSTRUCTURE")
        if found == uid and isinstance(body, tuple):
            return _part(body, "", 0)
    return None


def texts_of(part: Kept) -> list[Kept]:
    """The text parts that are worth fetching, in their order."""
    if part.is_text:
        return [part]
    return [text for each in part.parts for text in texts_of(each)][:MAX_PARTS]


def literal_of(records: Sequence[Any]) -> bytes:
    """The bytes of the one section that was asked for; empty where the server gave none."""
    for record in records:
        if isinstance(record, tuple):
            return bytes(record[1])
        quoted = re.search(rb'\] (?:<0> )?"((?:[^"\\]|\\.)*)"', record or b"")
        if quoted:
            return re.sub(rb"\\(.)", rb"\1", quoted[1])
    return b""


def assembled(header: bytes, structure: Kept | None, texts: dict[str, bytes], size: int) -> bytes:
    """The mail that stands for the whole one of ``size`` bytes. ``texts`` are the fetched parts by their section."""
    seed = hashlib.sha256(header).hexdigest()[:24]
    left: list[Kept] = []
    body = _written(structure, texts, left, seed) if structure is not None else b""
    notice = _wrapped(b"Content-Type: text/plain; charset=utf-8", _notice(size, left).encode())
    parts = [notice, *([body] if body else [])]
    return _own_fields(header) + b"\r\nMIME-Version: 1.0\r\n" + _multipart(b"mixed", parts, f"{seed}-0")


def _own_fields(header: bytes) -> bytes:
    """The fields without those that tell how the body is made, in lines that end with CR LF; the last one does not end."""
    plain = header.replace(b"\r\n", b"\n").strip(b"\n") + b"\n"
    return _CONTENT_FIELD.sub(b"", plain).rstrip(b"\n").replace(b"\n", b"\r\n")


def is_reduced(raw: bytes) -> bool:
    """Whether :func:`assembled` made this mail. Who forges its marks only has a whole mail looked for again."""
    end = raw.find(b"\r\n\r\n", 0, HEADER_LIMIT + 1_000)
    return end > 0 and _OWN_END.search(raw, max(0, end - 200), end) is not None


def stands_for(reduced: bytes, whole: bytes) -> bool:
    """Whether ``reduced`` (see :func:`is_reduced`) was made of ``whole``: the fields of their headers are the same."""
    found = _OWN_END.search(reduced, 0, reduced.find(b"\r\n\r\n", 0, HEADER_LIMIT + 1_000))
    end = _HEADER_END.search(whole)
    header = whole[: end.end() if end else None][:HEADER_LIMIT]
    return found is not None and reduced[: found.start()] == _own_fields(header)


def _notice(size: int, left: Sequence[Kept]) -> str:
    first = _("[This message has {size} and was left on the mail server. Only its header and text are here.")
    named = [
        _("Left there: {name} ({size})").format(name=part.name or part.kind, size=_size(part.size))
        for part in left[:MAX_PARTS]
    ]
    return "\r\n".join((first.format(size=_size(size)), *named)) + "]\r\n"


def _size(size: int) -> str:
    if size >= 1_000_000:
        return _("{number} MB").format(number=round(size / 1_000_000, 1))
    return _("{number} kB").format(number=max(1, round(size / 1_000)))


def _written(part: Kept, texts: dict[str, bytes], left: list[Kept], seed: str) -> bytes:
    """A part with its MIME fields; empty where nothing of it is kept."""
    if part.is_text:
        content = texts.get(part.number)
        if content:
            if part.size > TEXT_LIMIT:
                left.append(part)
            return _wrapped(part.fields, content)
    elif part.parts:
        parts = [found for each in part.parts if (found := _written(each, texts, left, seed))]
        if not parts:
            return b""
        subtype = part.kind.partition("/")[2].encode()
        return _multipart(subtype, parts, f"{seed}-{part.number or 'r'}")
    left.append(part)
    return b""


def _wrapped(fields: bytes, content: bytes) -> bytes:
    return fields + b"\r\n\r\n" + content


def _multipart(subtype: bytes, parts: Sequence[bytes], boundary: str) -> bytes:
    line = b"tui-desk-" + boundary.encode()
    pieces = [b"--" + line + b"\r\n" + each.rstrip(b"\r\n") + b"\r\n" for each in parts]
    head = b"Content-Type: multipart/" + subtype + b'; boundary="' + line + b'"\r\n\r\n'
    return head + b"".join(pieces) + b"--" + line + b"--\r\n"


# The structure: nested tuples as IMAPClient reads them


def _part(body: tuple[Any, ...], number: str, depth: int) -> Kept | None:
    if depth > MAX_DEPTH or not body:
        return None
    if isinstance(body[0], list):  # IMAPClient gathers the children of a multipart
        children, subtype = body[0], _token(body[1] if len(body) > 1 else None, b"mixed")
        parts = [
            _part(child, f"{number}.{position}" if number else str(position), depth + 1)
            for position, child in enumerate(children, 1)
            if isinstance(child, tuple)
        ]
        return Kept(number, f"multipart/{subtype.decode()}", parts=tuple(each for each in parts if each))
    return _leaf(body, number or "1")


def _leaf(body: tuple[Any, ...], number: str) -> Kept:
    values = [*body, *[None] * 12]
    kind, subtype = _token(values[0], b"application").lower(), _token(values[1], b"octet-stream").lower()
    params = _pairs(values[2])
    size = values[6] if isinstance(values[6], int) else 0
    # Behind the seven fields of every part: lines (text), envelope, structure and lines (message), then md5 and disposition.
    place = {b"text": 9, b"message": 11 if subtype == b"rfc822" else 8}.get(kind, 8)
    disposition = values[place] if len(values) > place else None
    named = _pairs(disposition[1]) if isinstance(disposition, tuple) and len(disposition) > 1 else {}
    attached = isinstance(disposition, tuple) and _token(disposition[0], b"").lower() == b"attachment"
    raw_name = named.get(b"filename") or params.get(b"name") or b""
    fields = b"Content-Type: " + kind + b"/" + subtype
    charset = _TOKEN.fullmatch(params.get(b"charset", b""))
    if charset:
        fields += b'; charset="' + charset[0] + b'"'
    fields += b"\r\nContent-Transfer-Encoding: " + _token(values[5], b"7bit")
    return Kept(
        number,
        f"{kind.decode()}/{subtype.decode()}",
        fields,
        safe_line(header_text(raw_name[:2000], None), 200),
        size,
        kind == b"text" and subtype in (b"plain", b"html") and not attached,
    )


def _pairs(values: Any) -> dict[bytes, bytes]:
    if not isinstance(values, tuple):
        return {}
    return {
        name.lower(): value
        for name, value in zip(values[::2], values[1::2], strict=False)
        if isinstance(name, bytes) and isinstance(value, bytes)
    }


def _token(value: Any, default: bytes) -> bytes:
    found = _TOKEN.fullmatch(value) if isinstance(value, bytes) else None
    return found[0] if found else default
