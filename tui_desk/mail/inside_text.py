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
_YENC_BEGIN: Final = re.compile(rb"^=ybegin [^\r\n]{0,200}?\bname=([^\r\n]{1,255})\r?\n", re.MULTILINE)
_SIGNED: Final = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z]+:[^\n]{0,200}\n){0,20}[ \t]*\n", re.MULTILINE
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
    kept: list[bytes] = []
    done = 0
    for match in _YENC_BEGIN.finditer(data):
        if match.start() < done:
            continue
        end = data.find(b"\n=yend ", match.end() - 1)
        if end < 0 or len(found) >= MAX_FILES:
            break
        name = match[1].decode("utf-8", "replace").strip().strip('"')
        found.append(Inside(name, "application/octet-stream", ydecoded(data[match.end() : end])))
        kept.append(data[done : match.start()])
        line_end = data.find(b"\n", end + 1)
        done = line_end + 1 if line_end >= 0 else len(data)
    return b"".join((*kept, data[done:])), found


def without_files(text: str) -> tuple[str, list[Inside], bool]:
    """``text`` without uuencoded files and PGP armour, what was taken out, and whether some of it is encrypted."""
    found: list[Inside] = []
    if "\nend" in text and "begin " in text:
        text = _without_uuencoded(text, found)
    if "-----BEGIN PGP " not in text:
        return text, found, False
    encrypted = False
    signed = _SIGNED.search(text)
    signature = _block(text, signed.end(), "SIGNATURE") if signed else None
    if signed and signature:
        content = _DASHED.sub("", text[signed.end() : signature[0]])
        found.append(_armour("signature.asc", "application/pgp-signature", text[slice(*signature)]))
        text = text[: signed.start()] + content + text[signature[1] :]
    message = _block(text, 0, "MESSAGE")
    if message:
        encrypted = True
        found.append(_armour("encrypted.asc", "application/pgp-encrypted", text[slice(*message)]))
        text = text[: message[0]] + text[message[1] :]
    return text, found, encrypted


def _block(text: str, at: int, kind: str) -> tuple[int, int] | None:
    """Where the first armoured block of a kind begins and ends, in whole lines; None where there is none or it has no end."""
    begin = text.find(f"-----BEGIN PGP {kind}-----", at)
    if begin < 0 or (begin > 0 and text[begin - 1] != "\n"):
        return None
    end = text.find(f"\n-----END PGP {kind}-----", begin)
    if end < 0:
        return None
    line_end = text.find("\n", end + 1)
    return begin, line_end + 1 if line_end >= 0 else len(text)


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
