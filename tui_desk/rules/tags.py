"""The numbers on labels: LT-0043 after LT-0042, and the serial numbers somebody pasted. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>\d{1,15})", re.ASCII | re.DOTALL)
_BETWEEN = re.compile(r"[\s,;]+")
_WIDTH = 4


def tags_after(tag: str) -> Iterator[str]:
    """The tags that follow ``tag`` in its scheme, without end; the same number of digits as long as they last.

    One that does not end in a number is followed by itself with numbers: ``Beamer``, ``Beamer-2``.
    """
    found = _NUMBERED.fullmatch(tag)
    prefix, number, width = (
        (found["prefix"], int(found["number"]), len(found["number"])) if found else (f"{tag}-", 1, 0)
    )
    while True:
        number += 1
        yield f"{prefix}{number:0{width}d}"


def is_numbered(tag: str) -> bool:
    """Whether a tag ends in a number, so that one knows the next."""
    return _NUMBERED.fullmatch(tag) is not None


def prefix_of(tag: str) -> str:
    """What comes before the number of a tag."""
    found = _NUMBERED.fullmatch(tag)
    return found["prefix"] if found else tag


def number_of(tag: str) -> int:
    """The number a tag ends in; 0 where it does not."""
    found = _NUMBERED.fullmatch(tag)
    return int(found["number"]) if found else 0


def before_first(kind: str) -> str:
    """The tag before the first one of a kind of asset that has none yet: its first three letters (``LAP-0000`` for laptops)."""
    letters = [one for one in unicodedata.normalize("NFKD", kind).upper() if one.isascii() and one.isalpha()]
    return f"{''.join(letters[:3]) or 'IT'}-{0:0{_WIDTH}d}"


def listed(text: str) -> tuple[str, ...]:
    """What somebody typed or pasted, one a line or with commas, semicolons or blanks between."""
    return tuple(one for one in _BETWEEN.split(text) if one)
