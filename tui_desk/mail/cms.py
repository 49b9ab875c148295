"""What is inside an S/MIME body (CMS, RFC 5652), read without checking signatures: a bounded reader of BER and DER."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

CmsKind = Literal["signed", "encrypted", "other"]

_KINDS: Final[dict[bytes, CmsKind]] = {
    bytes.fromhex("2a864886f70d010702"): "signed",
    bytes.fromhex("2a864886f70d010703"): "encrypted",  # enveloped
    bytes.fromhex("2a864886f70d0109100117"): "encrypted",  # authenticated and enveloped
}
_MAX_DEPTH: Final = 12
_MAX_PIECES: Final = 200_000
_SEQUENCE, _OID, _CONTEXT_0, _OCTETS, _OCTETS_IN_PIECES = 0x30, 0x06, 0xA0, 0x04, 0x24


@dataclass(frozen=True, slots=True)
class Cms:
    """The kind of a CMS body and, of a signed one, the content that was signed (None where it is kept apart)."""

    kind: CmsKind
    content: bytes | None


def read_cms(data: bytes) -> Cms | None:
    """The CMS body in ``data``, None where it is none. Never raises."""
    try:
        tag, start, end = _element(data, 0, len(data))
        if tag != _SEQUENCE:
            return None
        tag, at, stop = _element(data, start, end)
        if tag != _OID:
            return None
        kind = _KINDS.get(data[at:stop], "other")
        if kind != "signed":
            return Cms(kind, None)
        tag, at, stop = _element(data, stop, end)  # [0]
        _, at, stop = _element(data, at, stop)  # SignedData
        at = _behind(data, at, stop)  # version
        at = _behind(data, at, stop)  # digest algorithms
        _, at, stop = _element(data, at, stop)  # what was signed
        at = _behind(data, at, stop)  # its type
        if at >= stop or data[at : at + 2] == b"\0\0":
            return Cms("signed", None)
        tag, at, stop = _element(data, at, stop)
        return Cms("signed", _octets(data, at, stop)) if tag == _CONTEXT_0 else None
    except (ValueError, IndexError):
        return None


def _element(data: bytes, at: int, limit: int) -> tuple[int, int, int]:
    """Tag, start and end of the content of the element at ``at``. Where it has no length, the end is found (X.690, 8.1.3)."""
    if at + 2 > limit:
        raise ValueError("element beyond the end")
    tag, length = data[at], data[at + 1]
    if tag & 31 == 31:
        raise ValueError("long tag")
    at += 2
    if length == 0x80:
        return tag, at, _end_of_open(data, at, limit)
    if length & 0x80:
        size = length & 0x7F
        if size > 8 or at + size > limit:
            raise ValueError("bad length")
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    return tag, at, min(at + length, limit)  # of a mail that was cut, what there is


def _end_of_open(data: bytes, at: int, limit: int) -> int:
    """Where the content of an element without a length ends: walks over what is in it, without recursion."""
    depth = 1
    for _ in range(_MAX_PIECES):
        if at + 2 > limit:
            return limit
        if data[at] == 0 and data[at + 1] == 0:
            depth -= 1
            if not depth:
                return at
            at += 2
            continue
        length = data[at + 1]
        at += 2
        if length == 0x80:
            depth += 1
            if depth > _MAX_DEPTH:
                raise ValueError("nested too deep")
        elif length & 0x80:
            size = length & 0x7F
            at += size + int.from_bytes(data[at : at + size], "big")
        else:
            at += length
    raise ValueError("too many pieces")


def _behind(data: bytes, at: int, limit: int) -> int:
    """Where the element after the one at ``at`` begins."""
    is_open = data[at + 1] == 0x80
    _, _, end = _element(data, at, limit)
    return end + 2 if is_open else end


def _octets(data: bytes, at: int, limit: int) -> bytes:
    """An OCTET STRING, in one piece or in many."""
    pieces: list[bytes] = []
    waiting = [(at, limit)]
    while waiting and len(pieces) < _MAX_PIECES:
        at, limit = waiting.pop()
        if at >= limit or (data[at] == 0 and data[at + 1] == 0):
            continue
        tag, start, end = _element(data, at, limit)
        follows = end + 2 if data[at + 1] == 0x80 else end
        waiting.append((follows, limit))
        if tag == _OCTETS:
            pieces.append(data[start:end])
        elif tag == _OCTETS_IN_PIECES and len(waiting) < _MAX_DEPTH:
            waiting.append((start, end))
        else:
            raise ValueError("no octets")
    return b"".join(pieces)
