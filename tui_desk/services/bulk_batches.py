"""Many tickets in transactions that are short: how the work is cut, what one ticket's refusal does to the others.

One transaction for a thousand tickets would keep every other writer of a SQLite desk waiting for seconds, and one ticket's conflict
would undo them all. So a transaction ends when it has held the lock for a tenth of a second; each ticket stands in a savepoint of its own, whole or not
at all; and all of them share one deed, by which the history undoes them together and by which a repeated request knows what it did.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from tui_desk.contracts.bulk import BulkLine, Target, Watch
from tui_desk.core.errors import Blocked, Conflict, Deadlocked, DeskError, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database, is_duplicate
from tui_desk.models import Event, Ticket
from tui_desk.services.actor import DEED, Actor, deed_of_many
from tui_desk.services.context import ticket_to_change
from tui_desk.services.events import ticket_stream

T = TypeVar("T")
Act = Callable[[Session, Ticket], BulkLine]
"""What is done to one locked ticket; raises DeskError where it cannot be."""

_HELD_SECONDS = 0.1
_PAUSE_SECONDS = 0.006
"""Longer than those who wait for the lock nap (``db.engine``), so that each pause lets one of them in."""
_AGAIN_SECONDS = 0.5
"""Before a transaction is tried by another connection."""
_TURNS = 3


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of it. ``left`` were not come to."""

    lines: tuple[BulkLine, ...]
    left: tuple[int, ...] = ()
    trouble: str = ""


class _OnlyLooked(Exception):
    def __init__(self, lines: list[BulkLine]) -> None:
        super().__init__()
        self.lines = lines


def deed_of_token(actor: Actor, token: str) -> str:
    """The deed that a token of this agent names; another agent's token of the same text is another one."""
    return deed_of_many(f"{actor.agent_id}:{actor.login}:{token}")


def in_batches(
    database: Database,
    targets: Sequence[Target],
    act: Act,
    *,
    deed: str | None,
    watch: Watch | None,
    writes: bool = True,
) -> Worked:
    """Carry ``act`` out on each ticket, under ``deed``; without a deed all of it is rolled back: it was only looked at. ``writes`` False:
    looking at it writes nothing, so nobody need wait for it.

    What breaks down on the way (the database is gone) is told in ``trouble``, where anything was done before. Raises Unavailable else.
    """

    def some(ahead: Sequence[Target]) -> list[BulkLine]:
        return _batch(database, ahead, act, deed, writes)

    return by_and_by(targets, some, deed=deed, watch=watch, ends=Unavailable)


def by_and_by(
    targets: Sequence[Target],
    some: Callable[[Sequence[Target]], list[BulkLine]],
    *,
    deed: str | None,
    watch: Watch | None,
    ends: type[DeskError],
) -> Worked:
    """Transaction after transaction: ``some`` does the first of the targets it is given, one or more, and answers a line for each.

    ``ends``: what is told in ``trouble`` instead of raised, where something was done before.
    """
    lines: list[BulkLine] = []
    while len(lines) < len(targets):
        ahead = targets[len(lines) :]
        work = partial(some, ahead)
        try:
            lines += patiently(work) if deed is None else _certainly(work)
        except ends as error:
            if not lines or deed is None:
                raise
            return Worked(tuple(lines), numbers_of(ahead), str(error))
        if watch is not None and not watch(len(lines), len(targets)):
            break
        time.sleep(_PAUSE_SECONDS)  # else this thread takes the lock again before anybody who naps wakes up
    return Worked(tuple(lines), numbers_of(targets[len(lines) :]))


def _certainly(some: Callable[[], list[BulkLine]]) -> list[BulkLine]:
    """Where the connection is lost while it commits, nobody knows whether it did: once more by another one, by which whatever was done is
    found done by this deed, and is not done again."""
    try:
        return patiently(some)
    except Unavailable:
        time.sleep(_AGAIN_SECONDS)
        again = patiently(some)
    return [
        replace(line, effect="changed", sentence=_("done")) if line.effect == "repeated" else line
        for line in again
    ]


def patiently(work: Callable[[], T]) -> T:
    """Do a transaction again where PostgreSQL ended it for another that it waited for in a circle."""
    for _turn in range(_TURNS - 1):
        with suppress(Deadlocked):
            return work()
    return work()


def numbers_of(targets: Sequence[Target]) -> tuple[int, ...]:
    """Which tickets are meant."""
    return tuple(target.number for target in targets)


def _batch(
    database: Database, targets: Sequence[Target], act: Act, deed: str | None, writes: bool
) -> list[BulkLine]:
    lines: list[BulkLine] = []
    try:
        with database.writing() if writes else database.reading() as session:
            prepare(session, database, deed)
            session.connection()  # SQLite: the lock is held from here on
            began = time.monotonic()
            for target in targets:
                lines.append(one_ticket(session, target, act, deed))
                if time.monotonic() - began > _HELD_SECONDS:
                    break
            if deed is None:
                raise _OnlyLooked(lines)
    except _OnlyLooked as looked:
        return looked.lines
    return lines


def prepare(session: Session, database: Database, deed: str | None) -> None:
    """What every use case needs of its session."""
    session.info["database"] = database
    if deed is not None:
        session.info[DEED] = deed


def one_ticket(session: Session, target: Target, act: Act, deed: str | None) -> BulkLine:
    """One ticket, in a savepoint: what it refuses leaves nothing behind and is told."""
    subject = ""
    version = target.version or 0
    try:
        with session.begin_nested():
            ticket = ticket_to_change(session, target.number)
            subject, version = safe_line(ticket.subject), ticket.version
            if deed is not None and has_done(session, deed, target.number):
                return BulkLine(target.number, subject, "repeated", _("was done already"), version)
            refuse_changed(ticket, target)
            return act(session, ticket)
    except Unavailable:
        raise
    except DeskError as error:
        passable = isinstance(error, Blocked) and error.passable
        return BulkLine(target.number, subject, "refused", str(error.sentence), version, passable=passable)
    except IntegrityError as error:
        if not is_duplicate(error):
            raise
        told = _("Somebody else made the same thing at the same moment.")
        return BulkLine(target.number, subject, "refused", told, version)


def has_done(session: Session, deed: str, number: int, *, field: str | None = None) -> bool:
    """Whether that deed has left something in the ticket's history; of ``field``, where it is named. The ticket is locked."""
    statement = select(Event.id).where(Event.deed == deed, Event.stream == ticket_stream(number))
    if field is not None:
        statement = statement.where(Event.field == field)
    return session.exec(statement.limit(1)).first() is not None


def refuse_changed(ticket: Ticket, target: Target) -> None:
    """Raises Conflict for a ticket that is not as somebody saw it."""
    if target.version is not None and ticket.version != target.version:
        raise Conflict(_("changed meanwhile; look at it and try again"))
