"""What in a text may be the tag, serial number or host name of an asset, or the name of a licence. Pure, linear in the text.

Short and ordinary words do not count. A mark of an asset has at least four characters and a digit with a letter or a hyphen in it, or is a
number of six digits or more, or is the name of a host with its domain. A licence counts by a name of several words, or by one word that is
no ordinary one: it has a digit, or a capital inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TEXT_LIMIT = 20_000
"""Characters of one text that are looked at."""
MOST_MARKS = 300
"""Different marks that are looked up for one ticket."""
_SHORTEST, _LONGEST = 4, 64
_SHORTEST_NUMBER = 6
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"))
_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"]{0,64}@[^\s<>,;:()\[\]\"]{0,255}")
_TOKEN = re.compile(r"\w[\w./-]*")
_WORD = re.compile(r"\w+(?:[.+-]\w+)*\+*")
_COMMON_HOSTS = frozenset(("www", "mail", "webmail", "smtp", "imap", "ftp", "autodiscover", "intranet"))


def marks_in(texts: Iterable[str]) -> dict[str, str]:
    """What may be a mark of an asset: in lower case, and as it is written first. At most :data:`MOST_MARKS`."""
    found: dict[str, str] = {}
    for text in texts:
        for mark in _marks(text[:TEXT_LIMIT].translate(_DASHES)):
            found.setdefault(mark.lower(), mark)
            if len(found) >= MOST_MARKS:
                return found
    return found


def _marks(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(_ADDRESS.sub(" ", text)):
        token = match.group().rstrip("./-_")
        if len(token) > 4 * _LONGEST:
            continue
        pieces = {token: None} | dict.fromkeys(piece.strip(".-_") for piece in token.split("/"))
        for piece in pieces:
            if _is_mark(piece):
                yield piece
            label, _dot, domain = piece.partition(".")
            if domain and (_is_mark(label) or _is_host(label, domain)):
                yield label


def _is_mark(token: str) -> bool:
    if not _SHORTEST <= len(token) <= _LONGEST:
        return False
    digits = sum(char.isdigit() for char in token)
    if digits == len(token):
        return digits >= _SHORTEST_NUMBER
    if digits:
        return any(char.isalpha() or char == "-" for char in token)
    return ("-" in token[1:-1] and len(token) >= _SHORTEST_NUMBER) or token.count(".") >= 2


def _is_host(label: str, domain: str) -> bool:
    """Whether letters in front of a domain of at least two names are those of a host of its own."""
    return (
        "." in domain.strip(".")
        and _SHORTEST <= len(label) <= _LONGEST
        and label.isalpha()
        and label.lower() not in _COMMON_HOSTS
    )


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a licence, as it is looked for."""

    id: int
    words: tuple[str, ...]
    """In lower case."""
    exact: str
    """How it must be written, where case decides; else empty."""
    capital: bool
    """Its first letter must be a capital one."""


def licence_name(licence_id: int, name: str) -> Named | None:
    """How a name is looked for; None for one that is too short or too ordinary."""
    words = _WORD.findall(name)
    letters = sum(char.isalnum() for char in name)
    if not words or letters < 5 or len(words) > 12:
        return None
    lowered = tuple(word.casefold() for word in words)
    odd = any(char.isdigit() for char in name)
    if len(words) == 1:
        inner = any(char.isupper() for char in words[0][1:])
        if not (odd or inner):
            return None
        shouted = words[0].isupper() and not odd
        return Named(licence_id, lowered, words[0] if shouted else "", False)
    if letters < 8:
        return None
    return Named(licence_id, lowered, "", len(words) == 2 and not odd)


def licences_in(texts: Iterable[str], names: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The licences (id, name) whose names stand in the texts, and how they are written there first."""
    read = [_WORD.findall(text[:TEXT_LIMIT].translate(_DASHES)) for text in texts]
    folded = [[word.casefold() for word in words] for words in read]
    there = {word for words in folded for word in words}
    by_first: dict[str, list[Named]] = {}
    for licence_id, name in names:
        first = _WORD.search(name)
        if first is not None and first.group().casefold() in there:
            named = licence_name(licence_id, name)
            if named is not None:
                by_first.setdefault(named.words[0], []).append(named)
    found: dict[int, str] = {}
    for words, lowered in zip(read, folded, strict=True):
        for place, word in enumerate(lowered):
            for named in by_first.get(word, ()):
                if named.id not in found and _stands_at(named, words, lowered, place):
                    found[named.id] = " ".join(words[place : place + len(named.words)])
    return found


def _stands_at(name: Named, words: list[str], lowered: list[str], place: int) -> bool:
    if tuple(lowered[place : place + len(name.words)]) != name.words:
        return False
    if name.exact and words[place] != name.exact:
        return False
    return not name.capital or words[place][0].isupper()
