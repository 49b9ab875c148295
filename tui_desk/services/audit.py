"""Proving that the history was not changed: every stream of events is recomputed, hash by hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session, col, select

from tui_desk.models import Event
from tui_desk.services.events import follows


@dataclass(frozen=True, slots=True)
class BrokenEvent:
    """The first event of a stream that does not follow from the one before it."""

    stream: str
    position: int
    event_id: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """``anchor`` stands for the end of every stream: kept outside, it shows later that no end was cut off."""

    events: int
    streams: int
    broken: tuple[BrokenEvent, ...]
    anchor: str


def verify(session: Session) -> AuditReport:
    """Recompute all chains; in a reading session, in constant memory per stream."""
    query = select(Event).order_by(col(Event.stream), col(Event.position)).execution_options(yield_per=1000)
    digest = hashlib.sha256()
    events = streams = 0
    broken: list[BrokenEvent] = []
    for stream, chain in groupby(session.exec(query), key=lambda event: event.stream):
        streams += 1
        previous, expected, fault = "", 1, None
        for event in chain:
            events += 1
            if fault is None and not follows(event, expected, previous):
                fault = BrokenEvent(stream, event.position, event.id or 0)
            previous, expected = event.hash, event.position + 1
            session.expunge(event)
        if fault is not None:
            broken.append(fault)
        digest.update(f"{stream}:{expected - 1}:{previous}\n".encode())
    return AuditReport(events, streams, tuple(broken), digest.hexdigest())
