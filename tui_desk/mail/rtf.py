"""Text and HTML out of the compressed RTF that Outlook writes ([MS-OXRTFCP], [MS-OXRTFEX]); bounded, never raising."""

from __future__ import annotations

import re
import struct
from typing import Final

from tui_desk.mail.charsets import codec_name

MAX_RTF: Final = 4_000_000
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_START: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the dictionary holds before the first byte ([MS-OXRTFCP], 2.1.2.1)."""
_TOKEN: Final = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED: Final = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr generator listtable "
    b"listoverridetable rsidtbl themedata datastore latentstyles xmlnstbl fldinst mmathpr".split()
)
_CHARACTERS: Final = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"row": "\n", b"cell": "\t", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_MAX_NESTING: Final = 200


def decompressed_rtf(data: bytes) -> bytes | None:
    """The RTF in the value of PidTagRtfCompressed, at most 4 MB of it; None where it is none."""
    if len(data) < 16:
        return None
    _, size, kind = struct.unpack_from("<III", data)
    if kind == _PLAIN:
        return data[16 : 16 + min(size, MAX_RTF)]
    if kind != _PACKED:
        return None
    window = bytearray(_START.ljust(4_096, b"\0"))
    write, at, end = len(_START), 16, len(data)
    out = bytearray()
    limit = min(size, MAX_RTF)
    while at < end and len(out) < limit:
        flags = data[at]
        at += 1
        for bit in range(8):
            if flags & (1 << bit):
                if at + 2 > end:
                    return bytes(out)
                offset, length = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
                at += 2
                if offset == write:
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) & 4_095]
                    out.append(byte)
                    window[write] = byte
                    write = (write + 1) & 4_095
            elif at < end:
                out.append(data[at])
                window[write] = data[at]
                write = (write + 1) & 4_095
                at += 1
    return bytes(out)


def rtf_content(rtf: bytes) -> tuple[str, bool]:
    """The text of ``rtf`` and whether it is HTML (RTF that Outlook made from HTML holds it in ``\\*\\htmltag`` groups)."""
    reader = _Reader(b"\\fromhtml1" in rtf[:1_000])
    for match in _TOKEN.finditer(rtf):
        reader.take(match)
    text = reader.text()
    return (text if reader.html else text.strip() + "\n"), reader.html


class _Reader:
    """The state of a group: whether it is skipped, inside a tag of the original HTML, or RTF that HTML has no use for."""

    def __init__(self, html: bool) -> None:
        self.html = html
        self._out: list[str] = []
        self._bytes = bytearray()
        self._codec = "cp1252"
        self._skip = self._rtf_only = self._starred = False
        self._in_tag = False
        self._after_unicode = 1
        self._to_skip = 0
        self._groups: list[tuple[bool, bool, bool, int]] = []

    def take(self, match: re.Match[bytes]) -> None:
        word, number, code, symbol, brace, plain = match.groups()
        if brace == b"{":
            if len(self._groups) < _MAX_NESTING:
                self._groups.append((self._skip, self._rtf_only, self._in_tag, self._after_unicode))
            self._starred = False
        elif brace == b"}":
            if self._groups:
                self._skip, self._rtf_only, self._in_tag, self._after_unicode = self._groups.pop()
        elif word is not None:
            self._word(word, number)
        elif symbol == b"*":
            self._starred = True
        elif symbol is not None:
            self._write({b"~": "\xa0", b"_": "\u2011", b"-": ""}.get(symbol, symbol.decode("latin-1")))
        elif code is not None:
            self._raw(bytes((int(code, 16),)))
        elif plain is not None:
            self._raw(plain)

    def text(self) -> str:
        """What was read; a character beyond U+FFFF comes as two ``\\u`` words, its surrogates in UTF-16."""
        self._flush()
        return "".join(self._out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _word(self, word: bytes, number: bytes | None) -> None:
        if word == b"htmltag":
            self._in_tag, self._skip = self.html, not self.html
        elif self._starred or word in _SKIPPED:
            self._skip = True
        elif word == b"htmlrtf":
            self._rtf_only = number != b"0"
        elif word == b"ansicpg" and number:
            self._codec = codec_name(f"cp{number.decode()}") or "cp1252"
        elif word == b"uc" and number:
            self._after_unicode = min(max(int(number), 0), 10)
        elif word == b"u" and number:
            self._write(chr(int(number) & 0xFFFF))
            self._to_skip = self._after_unicode
        elif word in _CHARACTERS and not (self.html and self._rtf_only):
            self._write("\r\n" if self.html and _CHARACTERS[word] == "\n" else _CHARACTERS[word])
        self._starred = False

    def _visible(self) -> bool:
        return not self._skip and not (self.html and self._rtf_only)

    def _raw(self, data: bytes) -> None:
        if self._to_skip:
            cut = min(self._to_skip, len(data))
            data, self._to_skip = data[cut:], self._to_skip - cut
        if self._visible():
            self._bytes += data

    def _write(self, text: str) -> None:
        if self._visible():
            self._flush()
            self._out.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(self._bytes.decode(self._codec, "replace"))
            self._bytes.clear()
