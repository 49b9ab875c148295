"""IMAP: list and fetch a mailbox's mail whole, mark and move it, look up and keep what was sent.

On IMAPClient, with its cost taken out (it sets imaplib to debug level 5, which formats every literal: 1,300 instead of 6,585
messages a second). All message numbers are UIDs. Every failure is a :class:`~tui_desk.mail.failure.MailServerError`.
Opening it is in :mod:`tui_desk.mail.imap_open`, waiting for new mail in :mod:`tui_desk.mail.imap_idle`.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

from imapclient.imapclient import JUNK, SENT

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.mail.certificates import ends_at
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.failure import Cause, MailServerError, explained, failure, said
from tui_desk.mail.imap_client import QuietClient
from tui_desk.mail.imap_fetch import arrival_of, read_messages, read_sizes
from tui_desk.mail.imap_large import HEADER_LIMIT, TEXT_LIMIT, assembled, kept_of, literal_of, texts_of
from tui_desk.mail.imap_values import (
    Capabilities,
    FolderState,
    NotFetched,
    RawMessage,
    Reason,
    as_ranges,
    capabilities_of,
    checked_flag,
    checked_folder,
    from_ranges,
    range_chunks,
)

__all__ = [
    "SEEN",
    "Capabilities",
    "FolderState",
    "ImapSession",
    "NotFetched",
    "RawMessage",
    "Reason",
]

SEEN = "\\Seen"
DELETED = "\\Deleted"
BATCH_MESSAGES = 200
BATCH_BYTES = 8 * 1024 * 1024

_SEARCH_WINDOW = (
    100_000  # UIDs per SEARCH where the answer is one long line: imaplib reads lines of 1,000,000 bytes
)
_SEARCHABLE_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@\[\]:-]{3,500}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PASSING = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|OVERQUOTA|THROTTLED)\b", re.IGNORECASE)
"""Codes of a refusal that is about the server's state and not about the mail (RFC 5530; THROTTLED: Gmail, Yahoo)."""
_FETCH_ITEMS = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[])"


class ImapSession:
    """A logged-in connection. Not for two threads at once. After a network failure it is of no use: open another."""

    def __init__(self, client: QuietClient, address: ServerAddress, credentials: Credentials | None) -> None:
        self.client = client
        self.address = address
        self._credentials = credentials
        self._capabilities: Capabilities | None = None

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Failures of the libraries inside the block become MailServerError."""
        with explained(self.address, self._credentials):
            yield

    @property
    def capabilities(self) -> Capabilities:
        """What the server can do (asked once)."""
        if self._capabilities is None:
            with self.explained():
                self._capabilities = capabilities_of(self.client.capabilities())
        return self._capabilities

    def certificate_ends(self) -> datetime | None:
        """Until when the certificate is valid that the server showed; None without encryption."""
        return ends_at(self.client.socket())

    def close(self) -> None:
        """Say goodbye and close; never raises for a connection that is gone already."""
        with suppress(OSError, imaplib.IMAP4.error, ValueError, LookupError, TypeError, AttributeError):
            self.client.socket().settimeout(5)
            self.client.logout()
            return
        with suppress(OSError, imaplib.IMAP4.error, AttributeError):
            self.client.shutdown()

    # Folders

    def folders(self) -> tuple[str, ...]:
        """The names of all folders that can be selected."""
        with self.explained():
            listed = self.client.list_folders()
            return tuple(
                str(name) for flags, _separator, name in listed if b"\\noselect" not in _lowered(flags)
            )

    def select(self, folder: str, *, read_only: bool = False) -> FolderState:
        """Open a folder. MailServerError with cause ``FOLDER`` where there is none of that name."""
        checked_folder(folder)
        with self.explained():
            try:
                answer = self.client.select_folder(folder, readonly=read_only)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                raise failure(Cause.FOLDER, self.address, said(folder)) from error
            if b"UIDVALIDITY" not in answer:
                raise failure(Cause.PROTOCOL, self.address, "UIDVALIDITY?")
            # Whatever EXISTS comes from now on means new mail (see imap_idle).
            self.client._imap.untagged_responses.pop("EXISTS", None)
            uidnext = answer.get(b"UIDNEXT")
            return FolderState(
                folder,
                int(answer[b"UIDVALIDITY"]),
                int(answer.get(b"EXISTS", 0)),
                int(uidnext) if uidnext is not None else None,
            )

    def ensure_folder(self, folder: str) -> None:
        """Create a folder unless it exists."""
        checked_folder(folder)
        with self.explained():
            if self.client.folder_exists(folder):
                return
            try:
                self.client.create_folder(folder)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                if not self.client.folder_exists(folder):  # else somebody else was quicker
                    raise
            with suppress(imaplib.IMAP4.error):
                self.client.subscribe_folder(folder)

    # Messages of the selected folder

    def uids(self, first: int = 1) -> list[int]:
        """The UIDs of the selected folder from ``first`` on, ascending."""
        return self._search("ALL", first)

    def uids_since(self, day: date) -> list[int]:
        """UIDs of what arrived on ``day`` or later (the server's own day), ascending."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year:04d}")

    def _search(self, criteria: str, first: int = 1) -> list[int]:
        open_end = f"UID {first}:* {criteria}" if first > 1 else criteria
        with self.explained():
            imap = self.client._imap
            if self.capabilities.esearch:
                imap.untagged_responses.pop("ESEARCH", None)
                self._ok(*imap.uid("SEARCH", "RETURN (ALL)", open_end))
                answer = b" ".join(imap.untagged_responses.pop("ESEARCH", []))
                found = re.search(rb"\bALL ([0-9:,]+)", answer, re.IGNORECASE)
                uids = set(from_ranges(found[1].decode())) if found else set()
            else:
                known = imap.untagged_responses.get("UIDNEXT")
                last = int(known[-1]) if known else 0
                if last - first < _SEARCH_WINDOW:
                    uids = self._plain_search(open_end)
                else:
                    uids = self._plain_search(f"UID {last}:* {criteria}")
                    for low in range(first, last, _SEARCH_WINDOW):
                        uids |= self._plain_search(f"UID {low}:{low + _SEARCH_WINDOW - 1} {criteria}")
            return sorted(
                uid for uid in uids if uid >= first
            )  # n:* has the last mail in it, whatever its UID

    def _plain_search(self, criteria: str) -> set[int]:
        kind, data = self.client._imap.uid("SEARCH", criteria)
        self._ok(kind, data)
        return {int(word) for line in data if line for word in line.split() if word.isdigit()}

    def fetch_raw(
        self,
        uids: Iterable[int],
        *,
        batch_messages: int = BATCH_MESSAGES,
        batch_bytes: int = BATCH_BYTES,
        max_bytes: int | None = None,
    ) -> Iterator[RawMessage | NotFetched]:
        """The whole mails, oldest UID first; :class:`NotFetched` in place of each that did not come whole.

        Nothing is marked as read. Memory holds about ``batch_bytes`` or the largest single mail, whichever is more; mails
        over ``max_bytes`` (None: no limit) are not fetched at all.
        """
        for chunk in range_chunks(uids):
            sizes, refused = self._sizes(chunk)
            for uid in chunk:
                if uid not in sizes:
                    yield NotFetched(uid, Reason.REFUSED if uid in refused else Reason.MISSING)
                elif max_bytes is not None and sizes[uid] > max_bytes:
                    yield NotFetched(uid, Reason.TOO_LARGE, b"", sizes.pop(uid))
            for batch in _batches(sizes, batch_messages, batch_bytes):
                yield from self._fetch_batch(batch)

    def _sizes(self, uids: Sequence[int]) -> tuple[dict[int, int], set[int]]:
        """UID → size, and those that the server refuses to speak of."""
        sizes: dict[int, int] = {}
        refused: set[int] = set()
        for part, data in self._fetched(uids, "(UID RFC822.SIZE)"):
            if data is None:
                refused.update(part)
            else:
                found = read_sizes(data)
                sizes.update({uid: found[uid] for uid in part if uid in found})
        return {uid: sizes[uid] for uid in uids if uid in sizes}, refused

    def _fetched(self, uids: Sequence[int], items: str) -> Iterator[tuple[Sequence[int], list[Any] | None]]:
        """The answers to FETCH, each with the UIDs it is about; None for a single one that is refused.

        Servers answer NO to a whole set because of one damaged mail in it: the set is halved until that one stands alone.
        """
        try:
            with self.explained():
                kind, data = self.client._imap.uid("FETCH", as_ranges(uids), items)
                self._ok(kind, data)
        except MailServerError as error:
            if error.cause is not Cause.ANSWER or _PASSING.search(error.answer):
                raise
            # What came before the refusal must not be taken for the next answer.
            self.client._imap.untagged_responses.pop("FETCH", None)
            if len(uids) == 1:
                yield uids, None
                return
            middle = len(uids) // 2
        else:
            yield uids, list(data)
            return
        yield from self._fetched(uids[:middle], items)
        yield from self._fetched(uids[middle:], items)

    def _fetch_batch(self, uids: list[int]) -> Iterator[RawMessage | NotFetched]:
        for part, data in self._fetched(uids, _FETCH_ITEMS):
            if data is None:
                yield from (NotFetched(uid, Reason.REFUSED) for uid in part)
            else:
                yield from self._read(part, data)

    def _read(self, uids: Sequence[int], data: list[Any]) -> Iterator[RawMessage | NotFetched]:
        with self.explained():
            found = list(read_messages(data, set(uids)))
        found.reverse()
        while found:  # what has been handed on is not kept
            yield found.pop()

    def fetch_reduced(self, uid: int, size: int) -> RawMessage | None:
        """Header and text of a mail that is too large, as a mail with a sentence about the rest (:mod:`tui_desk.mail.imap_large`).

        None where the server does not give as much as the header.
        """
        header = self._section(uid, f"HEADER]<0.{HEADER_LIMIT}>")
        if not header.strip():
            return None
        texts: dict[str, bytes] = {}
        with self.explained():
            kind, data = self.client._imap.uid("FETCH", str(uid), "(UID INTERNALDATE BODYSTRUCTURE)")
            self._ok(kind, data)
            structure = kept_of(data, uid)
        for part in texts_of(structure) if structure is not None else ():
            texts[part.number] = self._section(uid, f"{part.number}]<0.{TEXT_LIMIT}>")
        return RawMessage(uid, assembled(header, structure, texts, size), arrival_of(data))

    def _section(self, uid: int, section: str) -> bytes:
        with self.explained():
            kind, data = self.client._imap.uid("FETCH", str(uid), f"(UID BODY.PEEK[{section})")
            self._ok(kind, data)
            return literal_of(data)

    def add_flag(self, uids: Iterable[int], flag: str = SEEN) -> None:
        """Set a flag; may be repeated, UIDs that are gone are passed over."""
        checked_flag(flag)
        with self.explained():
            for chunk in range_chunks(uids):
                self._ok(*self.client._imap.uid("STORE", as_ranges(chunk), "+FLAGS.SILENT", f"({flag})"))

    def move(self, uids: Iterable[int], folder: str) -> None:
        """Move messages into ``folder`` (created when missing); may be repeated, UIDs that are gone are passed over.

        Without MOVE they are copied, marked deleted and removed by UID; a server without UIDPLUS keeps them marked only, since
        a plain EXPUNGE would remove other people's deleted mail as well.
        """
        self.ensure_folder(folder)
        with self.explained():
            target = self.client._normalise_folder(folder)
            imap = self.client._imap
            for chunk in range_chunks(uids):
                which = as_ranges(chunk)
                if self.capabilities.move:
                    self._ok(*imap.uid("MOVE", which, target))
                    continue
                self._ok(*imap.uid("COPY", which, target))
                self._ok(*imap.uid("STORE", which, "+FLAGS.SILENT", f"({DELETED})"))
                if self.capabilities.uidplus:
                    self._ok(*imap.uid("EXPUNGE", which))

    def noop(self) -> None:
        """Keep the connection alive."""
        with self.explained():
            self.client.noop()

    # What was sent

    def sent_folder(self) -> str | None:
        """The folder for sent mail: marked \\Sent (RFC 6154), else of a usual name."""
        with self.explained():
            found = self.client.find_special_folder(SENT)
            return str(found) if found is not None else None

    def junk_folder(self) -> str | None:
        """The folder for what the server takes for spam: marked \\Junk (RFC 6154), else of a usual name."""
        with self.explained():
            found = self.client.find_special_folder(JUNK)
            return str(found) if found is not None else None

    def find_message_id(self, folder: str, message_id: str) -> bool:
        """Whether a mail with this Message-ID is in ``folder``; see :meth:`with_message_id`."""
        return bool(self.with_message_id(folder, message_id))

    def with_message_id(self, folder: str, message_id: str) -> list[int]:
        """The UIDs of the mails with this Message-ID (without brackets) in ``folder``, which is then the selected one.

        Only ids of plain characters are searched for: UsageError otherwise (a line break would be a second command).
        """
        if not _SEARCHABLE_ID.fullmatch(message_id):
            raise UsageError(_("This Message-ID cannot be searched for: {id}").format(id=said(message_id)))
        self.select(folder, read_only=True)
        with self.explained():
            return sorted(self._plain_search(f'HEADER Message-ID "<{message_id}>"'))

    def append_sent(
        self, raw: bytes, *, folder: str | None = None, when: datetime | None = None
    ) -> str | None:
        """Keep a copy of a sent mail, marked as read; gives the folder, None where the account has none for it."""
        target = folder if folder is not None else self.sent_folder()
        if target is None:
            return None
        self.append(target, raw, (SEEN,), when)
        return target

    def append(
        self, folder: str, raw: bytes, flags: Sequence[str] = (), when: datetime | None = None
    ) -> None:
        """Put a mail into ``folder``."""
        checked_folder(folder)
        with self.explained():
            self.client.append(folder, raw, [checked_flag(flag) for flag in flags], when)

    def _ok(self, kind: str, data: Any) -> None:
        if kind != "OK":
            text = data[-1] if data and data[-1] is not None else kind
            raise failure(Cause.ANSWER, self.address, said(text, self._credentials))


def _lowered(flags: Iterable[bytes]) -> set[bytes]:
    return {flag.lower() for flag in flags}


def _batches(sizes: dict[int, int], messages: int, limit: int) -> Iterator[list[int]]:
    """UIDs in lists of at most ``messages`` and ``limit`` bytes; one that is larger comes alone."""
    batch: list[int] = []
    held = 0
    for uid, size in sizes.items():
        if batch and (len(batch) >= messages or held + size > limit):
            yield batch
            batch, held = [], 0
        batch.append(uid)
        held += size
    if batch:
        yield batch
