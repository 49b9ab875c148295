"""Reading FETCH answers: whole mails or a plain statement that this one did not come whole.

imaplib gives a list of records: a tuple (text up to the literal's length, literal), followed by the rest of the line.
IMAPClient's own reader goes through every byte of those lines in Python; one regular expression per item is several times
faster, and what it does not recognise is left to IMAPClient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from imapclient.datetime_util import parse_to_datetime
from imapclient.response_parser import parse_fetch_response

from tui_desk.mail.imap_values import NotFetched, RawMessage, Reason

__all__ = ["arrival_of", "read_messages", "read_sizes"]

Record = bytes | tuple[bytes, bytes]

_UID = re.compile(rb"[( ]UID (\d{1,10})\b")
_SIZE = re.compile(rb"[( ]RFC822\.SIZE (\d{1,15})\b")
_DATE = re.compile(rb'[( ]INTERNALDATE "([^"\r\n]{1,40})"')
_PLAIN_DATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {
    name.encode(): number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}
_BODY_LITERAL = re.compile(rb"[( ]BODY\[\] \{\d+\}\Z")


def read_sizes(records: Sequence[Record | None]) -> dict[int, int]:
    """UID → RFC822.SIZE of an answer without literals."""
    sizes: dict[int, int] = {}
    for record in records:
        text = record[0] if isinstance(record, tuple) else record or b""
        uid, size = _UID.search(text), _SIZE.search(text)
        if uid and size:
            sizes[int(uid[1])] = int(size[1])
    return sizes


def read_messages(records: list[Record | None], wanted: set[int]) -> Iterator[RawMessage | NotFetched]:
    """Every UID of ``wanted`` exactly once. ``records`` is emptied on the way, so that memory is given back.

    A mail is whole only if it has bytes and they are as many as RFC822.SIZE says; a server that tells no size is believed
    for its literal's length alone.
    """
    left = set(wanted)
    records.reverse()
    while records:
        record = records.pop()
        if record is None:
            continue
        if isinstance(record, tuple):
            head, literal = record
            tail = b""
            while records and isinstance(records[-1], bytes) and not records[-1][:1].isdigit():
                tail += records.pop() or b""  # type: ignore[operator]  # bytes, by the line above
            result = _message(head, literal, tail)
        else:
            result = _without_literal(record)
        if result is not None and result.uid in left:
            left.remove(result.uid)
            yield result
    for uid in sorted(left):
        yield NotFetched(uid, Reason.MISSING)


def _message(head: bytes, literal: bytes, tail: bytes) -> RawMessage | NotFetched | None:
    if not _BODY_LITERAL.search(head):
        return None
    # Bytes of the mail are not searched: only the protocol's words before and after it.
    uid = _UID.search(head) or _UID.search(tail)
    if uid is None:
        return None
    size = _SIZE.search(head) or _SIZE.search(tail)
    date = _DATE.search(head) or _DATE.search(tail)
    return _judged(int(uid[1]), literal, int(size[1]) if size else None, date[1] if date else None)


def _without_literal(record: bytes) -> RawMessage | NotFetched | None:
    """An answer in one line: NIL, or a mail so short that the server quotes it (RFC 3501 allows both)."""
    if b"BODY[]" not in record.upper():
        return None
    for uid, data in parse_fetch_response([record], normalise_times=False).items():
        body = data.get(b"BODY[]")
        size = data.get(b"RFC822.SIZE")
        raw = body if isinstance(body, bytes) else b""
        return _judged(uid, raw, size if isinstance(size, int) else None, None)
    return None


def _judged(uid: int, raw: bytes, size: int | None, date: bytes | None) -> RawMessage | NotFetched:
    if not raw:
        return NotFetched(uid, Reason.EMPTY, b"", size)
    if size is not None and size != len(raw):
        return NotFetched(uid, Reason.LENGTH, raw, size)
    return RawMessage(uid, raw, _instant(date))


def arrival_of(records: Sequence[Record | None]) -> datetime | None:
    """The INTERNALDATE of an answer about one mail."""
    for record in records:
        found = _DATE.search(record[0] if isinstance(record, tuple) else record or b"")
        if found:
            return _instant(found[1])
    return None


def _instant(text: bytes | None) -> datetime | None:
    if text is None:
        return None
    plain = _PLAIN_DATE.fullmatch(text)
    try:
        if plain is not None:
            day, month, year, hour, minute, second, sign, hours, minutes = plain.groups()
            here = datetime(
                int(year), _MONTHS[month.title()], int(day), int(hour), int(minute), int(second), tzinfo=UTC
            )
            ahead = timedelta(hours=int(hours), minutes=int(minutes))
            return here - ahead if sign == b"+" else here + ahead
        moment: datetime = parse_to_datetime(text, normalise=False)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, LookupError):
        return None
