"""The values an IMAP session gives and takes: folders, capabilities, raw messages, and UIDs written as ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

__all__ = [
    "Capabilities",
    "FolderState",
    "NotFetched",
    "RawMessage",
    "Reason",
    "as_ranges",
    "capabilities_of",
    "checked_flag",
    "checked_folder",
    "from_ranges",
    "range_chunks",
]

MAX_ARGUMENT = 4_000
"""Longest set of UIDs in one command: servers limit the line (Dovecot 64 kB, others 8 kB or less)."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FLAG = re.compile(r"\\?[A-Za-z0-9$_.+-]{1,100}")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server can do, as it says after the login (RFC 3501, 7.2.1)."""

    names: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name.upper() in self.names

    @property
    def idle(self) -> bool:
        """Tells of new mail by itself (RFC 2177)."""
        return "IDLE" in self.names

    @property
    def move(self) -> bool:
        """Moves messages in one step (RFC 6851)."""
        return "MOVE" in self.names or "IMAP4REV2" in self.names

    @property
    def uidplus(self) -> bool:
        """Removes single messages by UID (RFC 4315)."""
        return "UIDPLUS" in self.names or "IMAP4REV2" in self.names

    @property
    def esearch(self) -> bool:
        """Answers a search with ranges (RFC 4731)."""
        return "ESEARCH" in self.names or "IMAP4REV2" in self.names


def capabilities_of(answer: Iterable[bytes]) -> Capabilities:
    """What the words of a CAPABILITY answer say."""
    return Capabilities(frozenset(name.decode("ascii", "replace").upper() for name in answer))


@dataclass(frozen=True, slots=True)
class FolderState:
    """A selected folder. UIDs mean something only together with ``uidvalidity`` (RFC 3501, 2.3.1.1)."""

    name: str
    uidvalidity: int
    exists: int
    uidnext: int | None


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One whole mail as the server keeps it. ``internal_date`` is when it arrived there (aware), if the server says so."""

    uid: int
    raw: bytes
    internal_date: datetime | None


class Reason(StrEnum):
    """Why a message could not be fetched."""

    MISSING = "missing"  # the server says nothing about it: removed meanwhile, or "OK" without data
    EMPTY = "empty"  # NIL or a literal of no bytes
    LENGTH = "length"  # the bytes are not as many as RFC822.SIZE says
    REFUSED = "refused"  # the server answers NO or BAD when asked for this one alone
    TOO_LARGE = "too_large"  # over the limit that was asked for; not fetched


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A message that was asked for and is not to be trusted as whole. ``raw`` holds what came, ``size`` what was said."""

    uid: int
    reason: Reason
    raw: bytes = b""
    size: int | None = None


def as_ranges(uids: Iterable[int]) -> str:
    """``[1, 2, 3, 7]`` as ``1:3,7``."""
    parts: list[str] = []
    first = last = -1
    for uid in sorted(set(uids)):
        if uid == last + 1:
            last = uid
            continue
        if first >= 0:
            parts.append(_range(first, last))
        first = last = uid
    if first >= 0:
        parts.append(_range(first, last))
    return ",".join(parts)


def from_ranges(text: str, limit: int = 50_000_000) -> list[int]:
    """``1:3,7`` as ``[1, 2, 3, 7]``. ValueError for anything else, or for more than ``limit`` numbers."""
    found: list[int] = []
    for part in text.split(","):
        low, colon, high = part.partition(":")
        first, last = int(low), int(high) if colon else int(low)
        if last < first:
            first, last = last, first
        if first < 1 or len(found) + last - first > limit:
            raise ValueError(f"not a set of UIDs: {text[:100]}")
        found.extend(range(first, last + 1))
    return found


def range_chunks(uids: Iterable[int], size: int = 1_000) -> Iterator[list[int]]:
    """The UIDs in ascending order, in lists of at most ``size`` whose ranges fit on a command line."""
    chunk: list[int] = []
    room = MAX_ARGUMENT
    for uid in sorted(set(uids)):
        adjacent = bool(chunk) and uid == chunk[-1] + 1
        cost = 0 if adjacent and room < MAX_ARGUMENT else 2 * len(str(uid)) + 2
        if chunk and (len(chunk) >= size or cost > room):
            yield chunk
            chunk, room = [], MAX_ARGUMENT
            cost = 2 * len(str(uid)) + 2
        chunk.append(uid)
        room -= cost
    if chunk:
        yield chunk


def checked_folder(name: str) -> str:
    """``name``, if it can be the name of a folder; UsageError otherwise (a line break would be a second command)."""
    if not name or len(name) > 500 or _CONTROL.search(name):
        raise UsageError(_("“{name}” cannot be the name of a folder.").format(name=safe_line(name, 100)))
    return name


def checked_flag(flag: str) -> str:
    """``flag``, if it is a system flag or a keyword of letters and digits; UsageError otherwise."""
    if not _FLAG.fullmatch(flag):
        raise UsageError(_("“{name}” cannot be a flag.").format(name=safe_line(flag, 100)))
    return flag


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}:{last}"
