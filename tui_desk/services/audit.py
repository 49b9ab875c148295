"""Proving that the history was not changed: every stream of events is recomputed, hash by hash, in one pass.

The rows come from the driver in the order of the unique index (stream, position), without tables as classes: a million events
take seconds. What a chain alone cannot show is that its end was cut off, or that somebody rewrote it whole: an *anchor* kept
outside the desk says where each stream ended once, and with which hash.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from json import encoder
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from sqlmodel import Session

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

Ends = dict[str, tuple[int, str]]
"""Of each stream, the position and hash of its last event."""
_ROWS = (
    'SELECT stream, position, id, at, actor_id, actor, action, field, "before", "after", undoes, deed, hash '
    "FROM event ORDER BY stream, position"
)
_AT_ONCE = 5_000
_TITLE = "tui-desk audit anchor 1"
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_DECODE = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class BrokenEvent:
    """A place where a stream is not what it was. ``event_id`` 0: there is no event any more."""

    stream: str
    position: int
    event_id: int
    kind: str
    """changed, missing, reordered, cut (the end is gone), rewritten (it is not what the anchor says)."""
    sentence: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """``anchor`` stands for the end of every stream; ``ends`` has them one by one."""

    events: int
    streams: int
    broken: tuple[BrokenEvent, ...]
    anchor: str
    ends: Ends


def verify(session: Session, anchor: Ends | None = None) -> AuditReport:
    """Recompute all chains, in a reading session, and compare them with an anchor where one is given."""
    dialect = session.get_bind().dialect.name
    if dialect != "sqlite":
        return _verified(_postgresql_rows(session), _at_of_instant, _json_of_value, anchor)
    try:
        return _verified(_sqlite_rows(session), _at_of_text, _json_of_text, anchor)
    except sqlite3.OperationalError as error:
        if "UTF-8" not in str(error):
            raise
        return _verified(_sqlite_rows(session, damaged=True), _at_of_text, _json_of_text, anchor)


def _sqlite_rows(session: Session, *, damaged: bool = False) -> Iterator[tuple[Any, ...]]:
    """``damaged``: bytes that are not text are read as some other text, so that the event is found changed."""
    connection: Any = session.connection().connection.driver_connection
    factory = connection.text_factory
    if damaged:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        yield from connection.execute(_ROWS)
    finally:
        connection.text_factory = factory


def _postgresql_rows(session: Session) -> Iterator[tuple[Any, ...]]:
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor(name="audit") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(_ROWS)
        yield from cursor


def _at_of_text(at: str) -> str:
    """``2026-03-02 09:00:00.000000`` as ``datetime.isoformat`` writes it."""
    if len(at) == 26 and at[10] == " ":
        return f"{at[:10]}T{at[11:19] if at.endswith('.000000') else at[11:]}+00:00"
    return datetime.fromisoformat(at).replace(tzinfo=UTC).isoformat()


def _at_of_instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _encoder() -> Callable[[Any], str]:
    """``_CANONICAL.encode``, which puts its encoder together for each value, with one that is there already."""
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without it
        return _CANONICAL.encode
    encode = make(None, _CANONICAL.default, encode_basestring, None, ":", ",", True, False, True)
    return lambda value: "".join(encode(value, 0))


_encode = _encoder()


def _json_of_text(value: str | float | None) -> str:
    if value is None or value == "null":
        return "null"
    if not isinstance(value, str):  # to SQLite a JSON column is numeric: a bare number is kept as one
        return _encode(value)
    if value[0] == '"' and "\\" not in value and value.isascii():
        return value  # a plain string is its own canonical form
    document, end = _DECODE(value)
    if end != len(value):
        raise ValueError("more than one document")
    return _encode(document)


def _json_of_value(value: Any) -> str:
    return "null" if value is None else _encode(value)


def _verified(
    rows: Iterable[tuple[Any, ...]],
    at_text: Callable[[Any], str],
    json_text: Callable[[Any], str],
    anchor: Ends | None,
) -> AuditReport:
    broken: list[BrokenEvent] = []
    ends: Ends = {}
    events = 0
    left = dict(anchor or {})
    for stream, chain in groupby(rows, key=itemgetter(0)):
        counted, end, found = _stream(stream, chain, at_text, json_text, left.pop(stream, None))
        events += counted
        ends[stream] = end
        broken += found
    broken += [_cut(stream, 0, position) for stream, (position, _hash) in left.items()]
    return AuditReport(events, len(ends), tuple(broken), digest_of(ends), ends)


def _stream(
    stream: str,
    chain: Iterable[tuple[Any, ...]],
    at_text: Callable[[Any], str],
    json_text: Callable[[Any], str],
    known: tuple[int, str] | None,
) -> tuple[int, tuple[int, str], list[BrokenEvent]]:
    """How many events a stream has, where it ends, and what is wrong with it. ``known``: where it ended once."""
    found: list[BrokenEvent] = []
    events, expected, event_id = 0, 1, 0
    previous: str | None = ""
    sha256, name = hashlib.sha256, encode_basestring(str(stream))
    for row in chain:
        _name, position, own_id, at, actor_id, actor, action, field, before, after, undoes, deed, told = row
        events += 1
        if not isinstance(position, int):
            found.append(_changed(stream, expected, own_id))
            continue
        if position != expected:
            found.append(_missing(stream, expected, position))
            previous = None
        try:
            told_deed = "" if deed is None else f'"deed":{encode_basestring(deed)},'
            content = (
                f'{{"action":{encode_basestring(action)},"actor":{encode_basestring(actor)},'
                f'"actor_id":{"null" if actor_id is None else actor_id},"after":{json_text(after)},'
                f'"at":"{at_text(at)}","before":{json_text(before)},'
                f"{told_deed}"
                f'"field":{encode_basestring(field)},"position":{position},"stream":{name},'
                f'"undoes":{"null" if undoes is None else undoes}}}'
            )
            fits = previous is None or (
                sha256(f"{previous}{content}".encode("utf-8", "surrogatepass")).hexdigest() == told
            )
        except (TypeError, ValueError, AttributeError, IndexError):
            fits = False  # a value of a kind that nothing here ever writes
        if not fits:
            found.append(_changed(stream, position, own_id))
        elif own_id <= event_id:
            found.append(_reordered(stream, position, own_id))
        if known is not None and position == known[0] and told != known[1]:
            found.append(_rewritten(stream, position, own_id))
        previous, expected, event_id = told, position + 1, own_id
    if known is not None and expected <= known[0]:
        found.append(_cut(stream, expected - 1, known[0]))
    return events, (expected - 1, str(previous)), found


def _changed(stream: str, position: int, event_id: int) -> BrokenEvent:
    sentence = _(
        "{stream}: event {position} (id {id}) was changed, put in or moved, or the one before it was."
    ).format(stream=safe_line(stream), position=position, id=event_id)
    return BrokenEvent(stream, position, event_id, "changed", sentence)


def _missing(stream: str, expected: int, position: int) -> BrokenEvent:
    sentence = _("{stream}: from event {first} to {last} the history is missing.").format(
        stream=safe_line(stream), first=expected, last=position - 1
    )
    return BrokenEvent(stream, expected, 0, "missing", sentence)


def _reordered(stream: str, position: int, event_id: int) -> BrokenEvent:
    sentence = _("{stream}: event {position} (id {id}) is older than the one before it.").format(
        stream=safe_line(stream), position=position, id=event_id
    )
    return BrokenEvent(stream, position, event_id, "reordered", sentence)


def _cut(stream: str, last: int, known: int) -> BrokenEvent:
    sentence = _("{stream}: the end is cut off: the anchor knows {known} events, there are {last}.").format(
        stream=safe_line(stream), known=known, last=last
    )
    return BrokenEvent(stream, last + 1, 0, "cut", sentence)


def _rewritten(stream: str, position: int, event_id: int) -> BrokenEvent:
    sentence = _(
        "{stream}: up to event {position} (id {id}) the history is not the one the anchor was taken of."
    ).format(stream=safe_line(stream), position=position, id=event_id)
    return BrokenEvent(stream, position, event_id, "rewritten", sentence)


def digest_of(ends: Ends) -> str:
    """One value that stands for the ends of all streams, the same on every kind of database."""
    digest = hashlib.sha256()
    for stream in sorted(ends):
        position, end = ends[stream]
        digest.update(f"{stream}:{position}:{end}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def anchor_text(report: AuditReport, at: datetime) -> str:
    """An anchor as it is kept outside: a title with the digest, then a line for each stream."""
    title = f"{_TITLE} {at.astimezone(UTC).isoformat(timespec='seconds')} {report.events} {report.anchor}"
    lines = [f"{position} {end} {stream}" for stream, (position, end) in sorted(report.ends.items())]
    return "\n".join([title, *lines]) + "\n"


def read_anchor(text: str) -> Ends:
    """The ends that an anchor keeps. Raises UsageError for what is no anchor, or a damaged one."""
    lines = text.rstrip("\n").split("\n")
    if not lines[0].startswith(_TITLE + " "):
        raise UsageError(
            _("That is no anchor of a history."), _("Take one with: tui-desk audit anchor --file FILE")
        )
    ends: Ends = {}
    for line in lines[1:]:
        position, _blank, rest = line.partition(" ")
        end, _blank, stream = rest.partition(" ")
        if not (position.isdecimal() and end and stream):
            raise UsageError(
                _("The anchor is damaged: “{line}” is no line of it.").format(line=safe_line(line, 80))
            )
        ends[stream] = (int(position), end)
    if digest_of(ends) != lines[0].split()[-1]:
        raise UsageError(_("The anchor is damaged: its lines are not those it was written with."))
    return ends
