"""From as it stands in the bytes: forms that mail programs and servers read differently, and forgers therefore use.

A receiving server evaluates DMARC for the domain *it* reads (RFC 7489, 6.6.1: other than one From address is rejected or not
evaluated). Where the field can be read in two ways, no verdict and no absence of one says anything about the address we see.
"""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.limits import MAX_HEADER_BLOCK

_FROM: Final = re.compile(rb"^from[ \t]*:([^\n]*\n?(?:[ \t][^\n]*\n?)*)", re.IGNORECASE | re.MULTILINE)
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_ENCODED: Final = re.compile(rb"=\?[^?\s]{1,60}\?[bq]\?[^?]*\?=", re.IGNORECASE)
_QUOTED: Final = re.compile(rb"\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_COMMENT: Final = re.compile(rb"\([^()]*\)")
_ADDRESS: Final = re.compile(rb"[^\s<>,;:\"()]{1,320}@[^\s<>,;:\"()]+")
_PLAIN: Final = re.compile(
    rb" ?(?:(?:\"?[A-Za-z0-9][A-Za-z0-9 _.-]{0,100}\"? ?)?<[\w.+-]{1,64}@[\w.-]{1,255}>|[\w.+-]{1,64}@[\w.-]{1,255})\r?\n?"
)
"""What nearly every mail has: a name without anything special and one address."""
MAX_LOOKED_AT: Final = 20_000


def is_doubtful_from(raw: bytes) -> bool:
    """Whether the From of the mail ``raw`` is not one plain mailbox.

    True for several or no From fields, several addresses, an address inside an encoded word, a group (RFC 6854), a source
    route (RFC 5322, 4.4), and control characters.
    """
    values = _FROM.findall(raw, 0, _header_end(raw))
    if len(values) != 1:
        return True
    value = values[0]
    if _PLAIN.fullmatch(value):
        return False
    if len(value) > MAX_LOOKED_AT or _CONTROLS.search(value):
        return True
    plain = _ENCODED.sub(b" ", value)
    if b"@" not in plain:
        return True
    bare = _COMMENT.sub(b" ", _QUOTED.sub(b" ", plain))
    named = _angles_or_addresses(bare)
    return b"<@" in bare.replace(b" ", b"") or b";" in bare or len(named) != 1 or named[0].count(b"@") != 1


def _header_end(raw: bytes) -> int:
    """Where the first empty line is. A header that ends in another way is read in two ways already."""
    usual = raw.find(b"\n\r\n", 0, MAX_HEADER_BLOCK)
    bare = raw.find(b"\n\n", 0, MAX_HEADER_BLOCK if usual < 0 else usual + 1)
    ends = [at for at in (usual, bare) if at >= 0]
    return min(ends, default=min(len(raw), MAX_HEADER_BLOCK)) + 1


def _angles_or_addresses(bare: bytes) -> list[bytes]:
    """The addresses in angle brackets; without any, the bare ones."""
    angles = re.findall(rb"<[^<>]*>", bare)
    return angles or _ADDRESS.findall(bare)
