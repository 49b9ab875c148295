"""Transfer encodings of bodies (RFC 2045, 6; uuencode; yEnc), read as broken programs write them. Nothing here raises.

The usual, clean body costs one call into C; only what that call cannot vouch for is looked at line by line.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import pybase64

_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE64_AND_BLANKS: Final = _ALPHABET + b"= \t\r\n"
_FOREIGN: Final = bytes(byte for byte in range(256) if byte not in _ALPHABET and byte != 0x3D)
_MAX_LINES: Final = 20_000
"""Lines of damaged base64 that are looked at one by one."""
_BASE64_LINE: Final = re.compile(rb"[A-Za-z0-9+/]*={0,3}\Z")
_SOFT_BREAK: Final = re.compile(rb"=[ \t]+(?=\r?\n|\Z)")
_MAY_BREAK_SOFTLY: Final = re.compile(rb"=[ \t]")
"""Asked first: a fifth of the time that two searches for substrings take."""
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_UU: Final = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)
_YENC_LINES: Final = re.compile(rb"^=y(?:begin|part|end)\b[^\r\n]*", re.MULTILINE)
_YENC_ESCAPE: Final = re.compile(rb"=(.)", re.DOTALL)
_YENC: Final = bytes((byte - 42) % 256 for byte in range(256))


@lru_cache(maxsize=64)
def encoding_name(value: str) -> str:
    """The transfer encoding a field names (``base64``, ``quoted-printable``, ``uuencode``, ``yenc``) or "" for none.

    Real fields say ``quoted printable``, ``BASE-64``, ``x-uue``, ``base64;`` and worse.
    """
    name = _NOT_LETTERS.sub("", value.lower())
    if "base64" in name or name == "b":
        return "base64"
    if "quoted" in name or name in ("qp", "q"):
        return "quoted-printable"
    if "uu" in name:
        return "uuencode"
    return "yenc" if "yenc" in name else ""


def transfer_decoded(data: bytes, encoding: str, text: bool) -> tuple[bytes, str | None]:
    """The content of ``data`` and a defect, if any. ``text``: whether a person would read it, had it not been encoded."""
    match encoding:
        case "base64":
            return _base64_body(data, text)
        case "quoted-printable":
            return quoted_printable(data), None
        case "uuencode":
            return uudecoded(data), None if _UU.search(data) else "uuencoded part without a begin line"
        case "yenc":
            return ydecoded(data), None
    return data, None


def base64_bytes(data: bytes) -> bytes:
    """What can be decoded of base64 ``data``: foreign bytes are skipped, missing padding and cut ends forgiven."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    if b"=" not in data:
        for padding in (b"=", b"=="):
            try:
                return binascii.a2b_base64(data + padding)
            except binascii.Error:
                continue
    kept = data.translate(None, _FOREIGN + b"=")
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _base64_body(data: bytes, text: bool) -> tuple[bytes, str | None]:
    padding = data.find(b"=")
    clean = not data.translate(None, _BASE64_AND_BLANKS) and (
        padding < 0 or not data[padding:].strip(b"=\r\n \t")
    )
    if clean and not (text and b" " in data.strip()):
        try:
            return pybase64.b64decode(data), None  # as binascii.a2b_base64 does, in a tenth of the time
        except binascii.Error:
            return base64_bytes(data), "base64 that is cut short"
    if data.count(b"=") > max(20_000, len(data) // 20):  # nothing that a program writes
        data = data.translate(None, b"=")
    return _dirty_base64(data, text)


def _dirty_base64(data: bytes, text: bool) -> tuple[bytes, str | None]:
    """Base64 with padding in the middle, foreign bytes, or plain text behind it (a footer that some list added)."""
    out = bytearray()
    if not text:
        _decode_pieces(data, out)
        return bytes(out), "damaged base64"
    defect = None
    held: list[bytes] = []
    for number, (start, end) in enumerate(_lines(data, 0)):
        line = data[start:end].strip()
        if number > _MAX_LINES:
            held.append(data[start:])
            break
        if not _BASE64_LINE.match(line) or (held and 0 < len(line) < 4 and not line.endswith(b"=")):
            if _is_prose(line):
                _decode_pieces(b"".join(held), out)
                if not out:
                    return data[start:], "text that is not in the base64 it names"
                return bytes(out) + (b"" if out.endswith(b"\n") else b"\n") + data[
                    start:
                ], "text behind base64"
            defect = "foreign characters in base64"
        held.append(line)
    _decode_pieces(b"".join(held), out)
    return bytes(out), defect or "base64 in several pieces"


def _decode_pieces(data: bytes, out: bytearray) -> None:
    """Decodes ``data``, which may be padded in the middle and have foreign bytes."""
    for piece in data.translate(None, _FOREIGN).split(b"="):
        if piece:
            out += base64_bytes(piece)


def _lines(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Where the lines of ``data`` begin and end, from ``start`` on; a list of them all would be larger than the data."""
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield start, end
        start = end + 1


def _is_prose(line: bytes) -> bool:
    """Whether a line is rather text than damaged base64."""
    words = line.split()
    if len(words) > 1:
        return len(line) < 12 * len(words)
    foreign = len(line.translate(None, _ALPHABET + b"="))
    return foreign * 3 > len(line) or line.startswith((b"--", b"__"))


def quoted_printable(data: bytes) -> bytes:
    """Quoted-printable, with blanks behind soft line breaks (RFC 2045, 6.7, rule 3) and bare carriage returns forgiven."""
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # the decoder of the standard library drops what follows "=\r"
    if _MAY_BREAK_SOFTLY.search(data):
        data = _SOFT_BREAK.sub(b"=", data)
    return binascii.a2b_qp(data)


def uudecoded(data: bytes) -> bytes:
    """The content of a uuencoded part; lines that cannot be decoded are passed over."""
    begin = _UU.search(data)
    out = bytearray()
    for start, end in _lines(data, begin.end() if begin else 0):
        line = data[start:end].rstrip(b"\r")
        if line.strip() == b"end":
            break
        out += uu_line(line) or b""
    return bytes(out)


def uu_line(line: bytes) -> bytes | None:
    """One uuencoded line, decoded; None where it is none. Some programs write more or fewer characters than they announce."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return None


def ydecoded(data: bytes) -> bytes:
    """The content of yEnc ``data`` (yenc.org, draft 1.3): lines between ``=ybegin`` and ``=yend``, part lines skipped."""
    body = _YENC_LINES.sub(b"", data).translate(None, b"\r\n")
    return _YENC_ESCAPE.sub(lambda match: bytes(((match[1][0] - 64) % 256,)), body).translate(_YENC)
