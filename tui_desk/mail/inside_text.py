"""What some programs write into the text itself: uuencoded and yEnc files, PGP armour (RFC 9580, 6 and 7).

Only a block that is whole and valid is taken out: what merely looks like one stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.transfer import uu_line, ydecoded

MAX_FILES: Final = 50
_UU_BEGIN: Final = re.compile(r"^begin [0-7]{3,4} +(\S[^\n]{0,254})\n", re.MULTILINE)
_UU_LINE: Final = re.compile(r"[ -`]{1,90}")
_YENC: Final = re.compile(
    rb"^=ybegin [^\r\n]{0,200}?\bname=([^\r\n]{1,255})\r?\n(.*?)^=yend [^\r\n]{0,200}(?:\r?\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_SIGNED: Final = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z]+:[^\n]{0,200}\n){0,20}[ \t]*\n", re.MULTILINE
)
_SIGNATURE: Final = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----[ \t]*\n.*?^-----END PGP SIGNATURE-----[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_MESSAGE: Final = re.compile(
    r"^-----BEGIN PGP MESSAGE-----[ \t]*\n.*?^-----END PGP MESSAGE-----[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_DASHED: Final = re.compile(r"^- (?=-|From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Inside:
    """A file that was in a text: its name, content type and bytes."""

    name: str
    content_type: str
    content: bytes


def without_yenc(data: bytes) -> tuple[bytes, list[Inside]]:
    """``data`` (undecoded: yEnc uses every byte) without its yEnc files, and those."""
    if b"=ybegin " not in data or b"=yend " not in data:
        return data, []
    found: list[Inside] = []

    def take(match: re.Match[bytes]) -> bytes:
        if len(found) >= MAX_FILES:
            return match[0]
        name = match[1].decode("utf-8", "replace").strip().strip('"')
        found.append(Inside(name, "application/octet-stream", ydecoded(match[2])))
        return b""

    return _YENC.sub(take, data), found


def without_files(text: str) -> tuple[str, list[Inside], bool]:
    """``text`` without uuencoded files and PGP armour, what was taken out, and whether some of it is encrypted."""
    found: list[Inside] = []
    if "\nend" in text and "begin " in text:
        text = _without_uuencoded(text, found)
    if "-----BEGIN PGP " not in text:
        return text, found, False
    encrypted = False
    signed = _SIGNED.search(text)
    if signed:
        signature = _SIGNATURE.search(text, signed.end())
        if signature:
            content = _DASHED.sub("", text[signed.end() : signature.start()])
            found.append(_armour("signature.asc", "application/pgp-signature", signature[0]))
            text = text[: signed.start()] + content + text[signature.end() :]
    message = _MESSAGE.search(text) if "-----BEGIN PGP MESSAGE-----" in text else None
    if message:
        encrypted = True
        found.append(_armour("encrypted.asc", "application/pgp-encrypted", message[0]))
        text = text[: message.start()] + text[message.end() :]
    return text, found, encrypted


def _armour(name: str, content_type: str, text: str) -> Inside:
    return Inside(name, content_type, text.encode("utf-8", "replace"))


def _without_uuencoded(text: str, found: list[Inside]) -> str:
    kept: list[str] = []
    done = 0
    for match in _UU_BEGIN.finditer(text):
        if match.start() < done or len(found) >= MAX_FILES:
            continue
        decoded = _uuencoded(text, match.end())
        if decoded is None:
            continue
        content, end = decoded
        found.append(Inside(match[1].strip(), "application/octet-stream", content))
        kept.append(text[done : match.start()])
        done = end
    return "".join((*kept, text[done:])) if done else text


def _uuencoded(text: str, at: int) -> tuple[bytes, int] | None:
    """The content of the uuencoded lines at ``at`` and where they end, None where one of them is no such line."""
    out = bytearray()
    while True:
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)].rstrip("\r")
        if line.strip() == "end":
            return (bytes(out), end + 1 if end >= 0 else len(text)) if out else None
        if end < 0 or (line and not _UU_LINE.fullmatch(line)):
            return None
        decoded = uu_line(line.encode("ascii")) if line else b""
        if decoded is None:
            return None
        out += decoded
        at = end + 1
