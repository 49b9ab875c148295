"""Taking back what was done, to one ticket or to many. Of many, fields go back and mails that have not left are stopped, ticket by
ticket in short transactions, unless they were merged; whether it is asked by its token, by ``u`` in one of them, or from the history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from sqlmodel import Session, col, select

from tui_desk.contracts.bulk import BulkLine, BulkResult, Target, UndoBulk, Watch
from tui_desk.contracts.conversation import CancelSend
from tui_desk.contracts.tickets import FieldChanged, UndoDeed, UndoLast
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.models import Event, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor, new_deed, new_deed_of_many
from tui_desk.services.bulk_batches import Worked, deed_of_token, in_batches, patiently, prepare
from tui_desk.services.context import known, require
from tui_desk.services.deeds import MACRO, deed_of, obstacle, of_many, steps_left
from tui_desk.services.drafts import draft_of, remove
from tui_desk.services.events import ticket_stream
from tui_desk.services.joining import MOVED
from tui_desk.services.outbox import cancel
from tui_desk.services.undo import (
    event_there,
    last_of_many,
    rest_of_macro,
    take_back_deed,
    take_back_last,
    take_back_together,
)
from tui_desk.services.undo_steps import number_of


def undo(database: Database, actor: Actor, request: UndoBulk) -> BulkResult:
    """Take a deed back. Raises Refused where there is nothing of it (any more), Conflict where merged tickets cannot be parted."""
    require(actor, Permission.CHANGE_TICKETS)
    return _undo_many(database, actor, deed_of_token(actor, request.token), request.token, request.watch)


def undo_last(database: Database, actor: Actor, request: UndoLast) -> FieldChanged:
    """Take back the acting agent's last deed (see ``services.undo``). Raises Refused, Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    with database.reading() as session:
        deed = last_of_many(session, actor, request)
    if deed is not None:
        return _told_as_one(_undo_many(database, actor, deed), request.number)
    return _undo_one(database, actor, request, take_back_last)


def undo_deed(database: Database, actor: Actor, request: UndoDeed) -> FieldChanged:
    """Take back all that was done together with an event, whoever did it and whenever. Raises NotFound, Refused, Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    with database.reading() as session:
        event = event_there(session, request.event_id)
        deed = deed_of(session, event)
        reason = obstacle(deed, event)
    if event.deed is not None and of_many(deed) and not reason:
        return _told_as_one(_undo_many(database, actor, event.deed), number_of(event))
    return _undo_one(database, actor, request, take_back_together)


R = TypeVar("R")


def _undo_one(
    database: Database, actor: Actor, request: R, take: Callable[[Session, Actor, R], FieldChanged]
) -> FieldChanged:
    """All of a deed in one transaction, which is a deed of its own."""

    def once() -> FieldChanged:
        with database.writing() as session:
            prepare(session, database, new_deed())
            return take(session, actor, request)

    return patiently(once)


def _undo_many(
    database: Database, actor: Actor, deed: str, token: str = "", watch: Watch | None = None
) -> BulkResult:
    with database.reading() as session:
        events = _events(session, deed)
    numbers = list(dict.fromkeys(number for number in map(number_of, events) if number is not None))
    if not numbers:
        raise Refused(_("There is nothing of yours to undo here."))
    if any(event.action == MOVED for event in events):
        worked = patiently(partial(_part, database, actor, deed))
    else:

        def act(session: Session, ticket: Ticket) -> BulkLine:
            return _taken_back(session, actor, ticket, deed)

        worked = in_batches(
            database, [Target(number) for number in numbers], act, deed=new_deed_of_many(), watch=watch
        )
    result = BulkResult(token, worked.lines, worked.left, worked.trouble)
    return replace(result, sentence=_told(result))


def _told_as_one(result: BulkResult, number: int | None) -> FieldChanged:
    """Raises Refused where nothing could be taken back."""
    if not result.count("changed"):
        raise Refused(next((line.sentence for line in result.lines if line.sentence), result.sentence))
    return FieldChanged(number or result.lines[0].number, (), result.sentence)


def _events(session: Session, deed: str, number: int | None = None) -> list[Event]:
    statement = select(Event).where(Event.deed == deed)
    if number is not None:
        statement = statement.where(Event.stream == ticket_stream(number))
    return list(session.exec(statement.order_by(col(Event.id))).all())


def _taken_back(session: Session, actor: Actor, ticket: Ticket, deed: str) -> BulkLine:
    """One ticket's part of it: the mail is stopped, which takes back what it did; what else was done goes back after it."""
    number, subject, version = known(ticket.id), safe_line(ticket.subject), ticket.version
    events = _events(session, deed, number)
    mail = next((event for event in events if event.action == "replied"), None)
    if mail is None:
        sentence = _steps_back(session, actor, events)
    elif any(event.action == MACRO for event in events):
        sentence = _macro_back(session, actor, number, events, mail)
    else:
        sentence = _stopped(session, actor, number, mail)
    return BulkLine(number, subject, "changed", sentence.removeprefix(f"#{number} · "), version)


def _steps_back(session: Session, actor: Actor, events: list[Event]) -> str:
    steps = steps_left(session, events)
    if not steps:
        raise Refused(_("It was undone already."))
    return take_back_deed(session, actor, events, steps[-1]).sentence


def _stopped(session: Session, actor: Actor, number: int, mail: Event) -> str:
    """The text is one's own, once: no draft of it stays in each of a thousand tickets, unless one had begun another there."""
    there = draft_of(session, actor, number, DraftKind.REPLY)
    sentence = cancel(session, actor, CancelSend(int(mail.after["outbox_id"])))
    draft = draft_of(session, actor, number, DraftKind.REPLY)
    if there is not None or draft is None:
        return sentence
    remove(session, actor, draft)
    return _("not sent")


def _macro_back(session: Session, actor: Actor, number: int, events: list[Event], mail: Event) -> str:
    """A mail that has left stays; what the macro changed goes back all the same."""
    try:
        with session.begin_nested():
            sentence = _stopped(session, actor, number, mail)
    except Refused as left:
        return " ".join((left.sentence, _steps_back(session, actor, events)))
    return rest_of_macro(session, actor, events, FieldChanged(number, (), sentence)).sentence


def _part(database: Database, actor: Actor, deed: str) -> Worked:
    """Merged tickets are parted together or not at all."""
    with database.writing() as session:
        prepare(session, database, new_deed_of_many())
        events = _events(session, deed)
        steps = steps_left(session, events)
        if not steps:
            raise Refused(_("It was undone already."))
        take_back_deed(session, actor, events, steps[-1])
        moved = [event for event in events if event.action == MOVED]
        numbers = dict.fromkeys(int(event.after["from"]) for event in moved)
        return Worked(tuple(BulkLine(number, "", "changed", _("parted again")) for number in numbers))


def _told(result: BulkResult) -> str:
    done, refused = result.count("changed"), result.count("refused")
    parts = [ngettext("Undone in {count} ticket", "Undone in {count} tickets", done).format(count=done)]
    if refused:
        first = next(line for line in result.lines if line.effect == "refused")
        parts.append(
            ngettext("{count} left as it is", "{count} left as they are", refused).format(count=refused)
        )
        parts.append(f"#{first.number}: {first.sentence}")
    line = " · ".join(parts)
    return f"{line}. {result.trouble}" if result.trouble else line
