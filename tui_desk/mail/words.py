"""Encoded words in header fields (RFC 2047, RFC 2231 section 5), read leniently and in linear time."""

from __future__ import annotations

import binascii
import re
from typing import Final

from tui_desk.mail.charsets import codec_name, decoded, one_line
from tui_desk.mail.transfer import base64_bytes

# Charset, optional language, encoding, text. Blanks and single question marks inside the text are wrong but common.
_WORD: Final = re.compile(
    r"=\?([^?\s=]{1,80})\?([bBqQ])\?((?:[^?]|\?(?!=)(?=[^?]{0,200}\?=)(?!\S{1,80}\?[bBqQ]\?)){0,4000})\?="
)
_BLANKS: Final = re.compile(r"[ \t\r\n]*\Z|[ \t\r\n]+")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")
_BLANK_Q: Final = re.compile(rb"[ \t]*\r?\n[ \t]*")


def header_text(raw: bytes, hint: str | None = None) -> str:
    """A raw field value as text: unfolded, encoded words decoded; 8-bit bytes are read as UTF-8, as the charset ``hint``
    that the mail names for its text, or as what they look like."""
    text = raw.decode("ascii") if raw.isascii() and b"\x1b" not in raw else decoded(raw, None, hint)[0]
    return decode_words(text) if "=?" in text else unfolded(text)


def header_line(raw: bytes, limit: int, hint: str | None = None) -> str:
    """``one_line(header_text(raw, hint), limit)``: a raw field value on one line. Most values are printable ASCII."""
    if len(raw) <= limit and raw.isascii():
        text = raw.decode("ascii")
        if text.isprintable() and "=?" not in text:
            return text.strip() if "  " not in text else " ".join(text.split())
    return one_line(header_text(raw, hint), limit)


def unfolded(text: str) -> str:
    """``text`` with the folds of RFC 5322, 2.2.3 taken out."""
    if "\n" not in text and "\r" not in text:
        return text
    return (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\n ", " ")
        .replace("\n\t", " ")
        .replace("\n", " ")
    )


def decode_words(text: str) -> str:
    """``text`` with every encoded word decoded; what only looks like one stays as it is.

    Neighbouring words of one charset are joined before decoding, since real mail splits characters between words.
    """
    if "=?" not in text:
        return unfolded(text)
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    charset = ""
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        label = match[1].split("*", 1)[0].lower()
        if pending and (between.strip() or label != charset):
            out.append(decoded(_joined(pending), charset)[0])
            pending = []
        if between.strip() or end == 0:
            gap = unfolded(between)
            out.append(gap if not gap or gap[-1] not in "]:" else gap + " ")
        charset = label
        pending.append((match[2].lower(), _bytes_of(match[3], label)))
        end = match.end()
    if pending:
        out.append(decoded(_joined(pending), charset)[0])
    out.append(unfolded(text[end:]))
    return "".join(out)


def _bytes_of(text: str, charset: str) -> bytes:
    return text.encode("ascii" if text.isascii() else codec_name(charset) or "utf-8", "replace")


def _joined(words: list[tuple[str, bytes]]) -> bytes:
    """The bytes of neighbouring words. Base64 cut anywhere (not after a whole group of four) is put together first."""
    out: list[bytes] = []
    held = b""
    for number, (encoding, raw) in enumerate(words):
        if encoding == "q":
            raw = _BLANK_Q.sub(b" ", raw) if b"\n" in raw else raw
            out.append(binascii.a2b_qp(raw.rstrip(b" ="), header=True))
            continue
        held += _NOT_BASE64.sub(b"", raw) if len(raw) % 4 or held else raw
        follows = number + 1 < len(words) and words[number + 1][0] == "b"
        if follows and len(held) % 4 and not raw.endswith(b"="):
            continue
        out.append(base64_bytes(held))
        held = b""
    return b"".join(out)
