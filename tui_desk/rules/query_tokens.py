"""The one reader of what is typed into a filter: its tokens and their places. What reads, completes and marks a query goes by it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SIGN = r":(?:[<>]=?|=)?|[<>]=?|="
_TOKEN = re.compile(
    rf'(?P<not>-?)(?:(?P<name>[^\W\d]\w*)(?P<sign>{_SIGN})(?P<value>(?:"[^"]*"?|[^\s"])*)'
    r'|"(?P<phrase>[^"]*)"?|(?P<bare>\S+))'
)
_PIECE = re.compile(r'(?:"[^"]*"?|[^",])+')


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a ``"phrase"``, or a field: ``name``, ``sign`` and ``value`` (quotes kept). What it is not, is empty or None."""

    text: str
    start: int
    end: int
    negated: bool
    name: str = ""
    """As it was typed."""
    sign: str = ""
    """One of ``:``, ``=``, ``<``, ``<=``, ``>``, ``>=``; a colon may stand before the others."""
    value: str = ""
    phrase: str | None = None
    bare: str | None = None

    @property
    def field(self) -> str:
        """The name in lower case; empty for what names no field."""
        return self.name.lower()

    @property
    def compared(self) -> str:
        """The sign without its colon: ``=`` where there is no other."""
        return self.sign.removeprefix(":") or "="

    @property
    def values(self) -> tuple[str, ...]:
        """The values of ``a,"b c",d``, without quotes."""
        pieces = (piece.replace('"', "").strip() for piece in _PIECE.findall(self.value))
        return tuple(piece for piece in pieces if piece)

    @property
    def unquoted(self) -> str:
        """The value in one piece, without quotes."""
        return self.value.replace('"', "").strip()


def read_tokens(text: str) -> Iterator[Token]:
    """The tokens of ``text`` from left to right. Never raises."""
    for match in _TOKEN.finditer(text):
        yield Token(
            match[0],
            match.start(),
            match.end(),
            bool(match["not"]),
            match["name"] or "",
            match["sign"] or "",
            match["value"] or "",
            match["phrase"],
            match["bare"],
        )


def token_before(text: str, cursor: int) -> Token | None:
    """What is being typed where the cursor stands; None between words."""
    last = None
    for token in read_tokens(text[:cursor]):
        last = token
    return last if last is not None and last.end == cursor else None
