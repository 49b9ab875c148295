"""Reader of TNEF (``winmail.dat``), the container Exchange and Outlook put a message in ([MS-OXTNEF], [MS-OXPROPS]).

Written here because the readers there are raise, loop or crash on damaged files. Every length is checked against what is
there, counts and depth are bounded, and what was read before a damage is given.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from tui_desk.mail.charsets import decoded
from tui_desk.mail.rtf import MAX_RTF, decompressed_rtf, rtf_content

MAX_ATTACHMENTS: Final = 200
_MAX_ATTRIBUTES: Final = 5_000
_MAX_PROPERTIES: Final = 5_000
_MAX_DEPTH: Final = 5
_SIGNATURE: Final = 0x223E9F78
_BODY, _SUBJECT, _MESSAGE_PROPERTIES, _CODEPAGE = 0x2800C, 0x18004, 0x69003, 0x69007
_NEW_ATTACHMENT, _DATA, _TITLE, _PROPERTIES, _FILENAME = 0x69002, 0x6800F, 0x18010, 0x69005, 0x69001
_FIXED: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
"""Property types of fixed size and the bytes they take with their padding."""
_VARIABLE: Final = frozenset({13, 30, 31, 258})
_OBJECT, _STRING8, _UNICODE, _MANY = 13, 30, 31, 0x1000
_P_BODY, _P_RTF, _P_HTML, _P_SUBJECT, _P_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x37, 0x3FDE
_P_DATA, _P_SHORT, _P_LONG, _P_NAME, _P_TYPE, _P_CID = 0x3701, 0x3704, 0x3707, 0x3001, 0x370E, 0x3712


@dataclass(slots=True)
class TnefFile:
    """One attached file; ``inner`` is the message it is, where it is one."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    content: bytes = b""
    inner: TnefMessage | None = None


@dataclass(slots=True)
class TnefMessage:
    """What a TNEF stream holds. ``text`` and ``html`` are "" where it has none; ``damaged`` says that it ends too early."""

    subject: str = ""
    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)
    damaged: bool = False


_Property = tuple[int, list[bytes | int]]


def read_tnef(data: bytes, depth: int = 0) -> TnefMessage | None:
    """The message in ``data``; None where it is no TNEF. Never raises."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    message = TnefMessage()
    codepage = "cp1252"
    at, count = 6, 0
    while at + 9 <= len(data) and count < _MAX_ATTRIBUTES:
        count += 1
        level, identifier, length = struct.unpack_from("<BII", data, at)
        value = data[at + 9 : at + 9 + length]
        if level not in (1, 2) or len(value) < length:
            message.damaged = True
            break
        at += 9 + length + 2
        if identifier == _CODEPAGE and length >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif identifier == _SUBJECT:
            message.subject = _string8(value, codepage)
        elif identifier == _BODY:
            message.text = _string8(value, codepage)
        elif identifier == _MESSAGE_PROPERTIES:
            _take_body(message, _properties(value, message), codepage)
        elif identifier == _NEW_ATTACHMENT:
            if len(message.files) >= MAX_ATTACHMENTS:
                message.damaged = True
                break
            message.files.append(TnefFile())
        elif message.files:
            _take_file(message, message.files[-1], identifier, value, codepage, depth)
    message.damaged = message.damaged or at > len(data) or bool(data[at : at + 9].strip(b"\r\n\0"))
    return message


def _take_file(
    message: TnefMessage, file: TnefFile, identifier: int, value: bytes, codepage: str, depth: int
) -> None:
    if identifier == _DATA:
        file.content = value
    elif identifier in (_TITLE, _FILENAME):
        file.name = file.name or _string8(value, codepage)
    elif identifier == _PROPERTIES:
        found = _properties(value, message)
        for key in (_P_LONG, _P_NAME, _P_SHORT):
            name = _text(found.get(key), codepage)
            if name:
                file.name = name
                break
        file.content_type = _text(found.get(_P_TYPE), codepage)
        file.content_id = _text(found.get(_P_CID), codepage)
        kind, values = found.get(_P_DATA, (0, []))
        if values and isinstance(values[0], bytes):
            inner = values[0][16:] if kind == _OBJECT else values[0]
            if kind == _OBJECT and depth < _MAX_DEPTH:
                file.inner = read_tnef(inner, depth + 1)
            file.content = file.content or inner


def _take_body(message: TnefMessage, found: dict[int, _Property], codepage: str) -> None:
    message.subject = message.subject or _text(found.get(_P_SUBJECT), codepage)
    page = found.get(_P_CODEPAGE, (0, []))[1]
    html_charset = f"cp{page[0]}" if page and isinstance(page[0], int) else codepage
    html_charset = "utf-8" if html_charset == "cp65001" else html_charset
    kind, values = found.get(_P_HTML, (0, []))
    if values and isinstance(values[0], bytes):
        message.html = (
            _text((kind, values), codepage) if kind == _UNICODE else decoded(values[0], html_charset)[0]
        )
        message.html = message.html.rstrip("\0")
    message.text = message.text or _text(found.get(_P_BODY), codepage)
    packed = found.get(_P_RTF, (0, []))[1]
    if packed and isinstance(packed[0], bytes) and not (message.html or message.text):
        rtf = decompressed_rtf(packed[0])
        if rtf is None:
            message.damaged = True
        else:
            content, is_html = rtf_content(rtf[:MAX_RTF])
            message.html, message.text = (content, "") if is_html else ("", content)


def _properties(data: bytes, message: TnefMessage) -> dict[int, _Property]:
    """The MAPI properties in ``data`` by number, as far as they can be read."""
    found: dict[int, _Property] = {}
    try:
        count = struct.unpack_from("<I", data)[0]
        at = 4
        for _ in range(min(count, _MAX_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", data, at)
            at += 4
            if number >= 0x8000:
                at = _behind_name(data, at)
            values, at = _values(data, at, kind)
            found.setdefault(number, (kind & 0xFFF, values))
    except (struct.error, ValueError):
        message.damaged = True
    return found


def _behind_name(data: bytes, at: int) -> int:
    kind, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (length + 3 & ~3 if kind == 1 else 0)


def _values(data: bytes, at: int, kind: int) -> tuple[list[bytes | int], int]:
    """The values of a property at ``at`` and where the next one begins. ValueError, struct.error for a damaged one."""
    base, many = kind & 0xFFF, kind & _MANY
    count = 1
    if many or base in _VARIABLE:
        count = struct.unpack_from("<I", data, at)[0]
        at += 4
    if count > len(data) // 2:
        raise ValueError("more values than bytes")
    values: list[bytes | int] = []
    if base in _VARIABLE:
        for _ in range(count):
            length = struct.unpack_from("<I", data, at)[0]
            if at + 4 + length > len(data):
                raise ValueError("value longer than its container")
            values.append(data[at + 4 : at + 4 + length])
            at += 4 + (length + 3 & ~3)
        return values, at
    size = _FIXED.get(base)
    if size is None:
        raise ValueError("unknown property type")
    size = 2 if many and base == 2 else size
    if base == 3 and count:
        values.append(struct.unpack_from("<i", data, at)[0])
    at += size * count + (-size * count & 3)
    if at > len(data):
        raise ValueError("value longer than its container")
    return values, at


def _text(value: _Property | None, codepage: str) -> str:
    if value is None or not value[1] or not isinstance(value[1][0], bytes):
        return ""
    raw = value[1][0]
    if value[0] == _UNICODE:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    return _string8(raw, codepage)


def _string8(raw: bytes, codepage: str) -> str:
    return decoded(raw.rstrip(b"\0"), codepage)[0]
