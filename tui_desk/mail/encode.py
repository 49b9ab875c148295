"""Header fields and part bodies as bytes that pass every server: ASCII, folded, no line over 998, nothing injected.

RFC 5322 (fields, folding), 2047 (encoded words), 2231 (parameters), 2045 (base64, quoted-printable). Done by hand because
building and flattening an ``EmailMessage`` costs two milliseconds a mail.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from urllib.parse import quote

from tui_desk.mail.message import Address
from tui_desk.mail.smtp_values import envelope_address

__all__ = [
    "address_field",
    "encoded_body",
    "field",
    "id_field",
    "parameter",
    "parameter_name",
    "without_controls",
]

LINE = 76
_WORD = 75  # RFC 2047, section 2
_MAX_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n|[\r\u2028\u2029]")
_BLANKS = re.compile(r" {2,}")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_SAFE_IN_Q = re.compile(rb"[A-Za-z0-9!*+/-]")
_ATTRIBUTE_SAFE = "!#$&+-.^_`|~"
_PLAIN_VALUE = re.compile(r"[ -~]{0,60}")


def without_controls(text: str, limit: int) -> str:
    """``text`` on one line without control characters, blanks in a row or lone surrogates, at most ``limit`` characters."""
    return _BLANKS.sub(" ", _CONTROL.sub(" ", text[: limit * 4])).strip()[:limit].strip()


def field(name: str, text: str) -> bytes:
    """An unstructured field (Subject): as it is where that is safe, in encoded words otherwise."""
    text = without_controls(text, 1_000)
    if text.isascii() and "=?" not in text and all(len(word) < LINE - 2 for word in text.split(" ")):
        return _folded(name, text.split(" "))
    return _folded(name, _encoded_words(text, len(name) + 2))


def id_field(name: str, ids: Iterable[str]) -> bytes:
    """Message-ID, In-Reply-To or References from ids without brackets, each on a line of its own where needed."""
    return _folded(name, [f"<{each}>" for each in ids])


def address_field(name: str, addresses: Iterable[Address]) -> bytes:
    """From, To, Cc, Reply-To. UsageError for a malformed address."""
    joined = b",\r\n ".join(_address(each, len(name) + 2) for each in addresses)
    return name.encode() + b": " + joined + b"\r\n"


def _address(address: Address, used: int) -> bytes:
    bare = envelope_address(address.address).encode()
    name = without_controls(address.name, _MAX_NAME)
    if not name:
        return bare
    if name.isascii() and "=?" not in name and len(name) < 70:
        if not _ATOMS.fullmatch(name):
            name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        words = [name]
    else:
        words = _encoded_words(name, used)
    phrase = "\r\n ".join(words).encode()
    last = len(phrase) - phrase.rfind(b"\n")
    return phrase + (b" " if last + len(bare) + used < LINE else b"\r\n ") + b"<" + bare + b">"


def _encoded_words(text: str, used: int) -> list[str]:
    """RFC 2047 words of at most 75 characters, cut between characters; ``used`` columns of the first line are taken."""
    data = text.encode("utf-8", "replace")
    safe = len(_SAFE_IN_Q.findall(data)) + data.count(b" ")
    as_q = safe + 3 * (len(data) - safe) <= (len(data) + 2) // 3 * 4
    words: list[str] = []
    room = _WORD - used - len("=?utf-8?q??=")
    held, cost = b"", 0
    for char in text:
        piece = char.encode("utf-8", "replace")
        grown = cost + _q_length(piece) if as_q else (len(held) + len(piece) + 2) // 3 * 4
        if held and grown > room:
            words.append(_word(held, as_q))
            held, cost, room = b"", 0, _WORD - len("=?utf-8?q??=") - 1
            grown = _q_length(piece)
        held, cost = held + piece, grown
    return [*words, _word(held, as_q)]


def _q_length(piece: bytes) -> int:
    return 1 if piece == b" " or _SAFE_IN_Q.fullmatch(piece) else 3 * len(piece)


def _word(data: bytes, as_q: bool) -> str:
    if not as_q:
        return f"=?utf-8?b?{binascii.b2a_base64(data, newline=False).decode()}?="
    shown = "".join(
        "_" if byte == 0x20 else chr(byte) if _SAFE_IN_Q.fullmatch(bytes([byte])) else f"={byte:02X}"
        for byte in data
    )
    return f"=?utf-8?q?{shown}?="


def _folded(name: str, words: list[str]) -> bytes:
    lines: list[str] = []
    line = f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > LINE and line.strip() and not (not lines and line == f"{name}:"):
            lines.append(line)
            line = ""
        line += f" {word}"
    lines.append(line)
    return "\r\n".join(lines).encode("ascii", "replace") + b"\r\n"


def parameter_name(filename: str) -> str:
    """A file name without a path, control characters or excessive length; the extension stays."""
    name = without_controls(re.split(r"[/\\]", filename)[-1], 1_000) or "attachment"
    if len(name) > 120:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[:100]}.{extension}" if dot and len(extension) <= 12 else name[:120]
    return name


def parameter(name: str, value: str) -> str:
    """``; name="value"`` after a fold, by RFC 2231 where it is not plain ASCII or long."""
    if _PLAIN_VALUE.fullmatch(value) and "=?" not in value:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f';\r\n {name}="{escaped}"'
    escaped = quote(value.encode("utf-8", "replace"), safe=_ATTRIBUTE_SAFE)
    pieces = [""]
    for unit in re.findall(r"%[0-9A-F]{2}|.", escaped):
        if len(pieces[-1]) + len(unit) > 55:
            pieces.append("")
        pieces[-1] += unit
    if len(pieces) == 1:
        return f";\r\n {name}*=utf-8''{pieces[0]}"
    first = f";\r\n {name}*0*=utf-8''{pieces[0]}"
    return first + "".join(f";\r\n {name}*{number}*={piece}" for number, piece in enumerate(pieces[1:], 1))


def encoded_body(text: str) -> tuple[str, bytes]:
    """Text as (Content-Transfer-Encoding, bytes): 7bit where nothing stands against it, else the shorter of the two."""
    text = _CONTROL_IN_TEXT.sub("", _LINE_ENDS.sub("\n", text))
    if not text.endswith("\n"):
        text += "\n"
    data = text.encode("utf-8", "replace")
    if data.isascii() and max(map(len, data.split(b"\n"))) <= 900:
        return "7bit", data.replace(b"\n", b"\r\n")
    if sum(byte > 127 for byte in data[:4_000]) * 6 > len(data[:4_000]):
        return "base64", base64.encodebytes(data.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n")
    return "quoted-printable", binascii.b2a_qp(data, istext=True).replace(b"\n", b"\r\n")
