"""Encoded words in header fields (RFC 2047, RFC 2231 section 5), read leniently and in linear time."""

from __future__ import annotations

import binascii
import re
from typing import Final

from tui_desk.mail.charsets import codec_name, decoded

# Charset, optional language, encoding, text. Blanks and single question marks inside the text are wrong but common.
_WORD: Final = re.compile(
    r"=\?([^?\s=]{1,80})\?([bBqQ])\?((?:[^?]|\?(?!=)(?=[^?]{0,200}\?=)(?!\S{1,80}\?[bBqQ]\?)){0,4000})\?="
)
_BLANKS: Final = re.compile(r"[ \t\r\n]*\Z|[ \t\r\n]+")
_BLANK_Q: Final = re.compile(rb"[ \t]*\r?\n[ \t]*")


def header_text(raw: bytes) -> str:
    """A raw field value as text: unfolded, 8-bit bytes read as UTF-8 or Windows-1252, encoded words decoded."""
    text = raw.decode("ascii") if raw.isascii() else decoded(raw, None)[0]
    return decode_words(text) if "=?" in text else unfolded(text)


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
    pending: list[bytes] = []
    charset = ""
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        label = match[1].split("*", 1)[0].lower()
        data = _bytes_of(match[2], match[3], label)
        if pending and (between.strip() or label != charset):
            out.append(decoded(b"".join(pending), charset)[0])
            pending = []
        if between.strip() or end == 0:
            gap = unfolded(between)
            out.append(gap if not gap or gap[-1] not in "]:" else gap + " ")
        charset = label
        pending.append(data)
        end = match.end()
    if pending:
        out.append(decoded(b"".join(pending), charset)[0])
    out.append(unfolded(text[end:]))
    return "".join(out)


def _bytes_of(encoding: str, text: str, charset: str) -> bytes:
    raw = text.encode("ascii" if text.isascii() else codec_name(charset) or "utf-8", "replace")
    if encoding in "bB":
        return base64_bytes(raw)
    if b"\n" in raw:
        raw = _BLANK_Q.sub(b" ", raw)
    return binascii.a2b_qp(raw.rstrip(b" ="), header=True)


def base64_bytes(data: bytes) -> bytes:
    """What can be decoded of base64 ``data``: foreign bytes are skipped, missing padding and cut ends forgiven."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        kept = _NOT_BASE64.sub(b"", data)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")
