"""Taking back what was done to many tickets: fields go back, mails that have not left are stopped. Ticket by ticket, unless they were merged."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex

from sqlmodel import Session, col, select

from tui_desk.contracts.bulk import BulkLine, BulkResult, Target, UndoBulk
from tui_desk.contracts.conversation import CancelSend
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.models import Event, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.bulk_batches import Worked, deed_of_token, in_batches, patiently, prepare
from tui_desk.services.context import known, require
from tui_desk.services.deeds import MACRO, steps_left
from tui_desk.services.drafts import draft_of, remove
from tui_desk.services.events import ticket_stream
from tui_desk.services.joining import MOVED
from tui_desk.services.outbox import cancel
from tui_desk.services.undo import rest_of_macro, take_back_deed
from tui_desk.services.undo_steps import number_of


def undo(database: Database, actor: Actor, request: UndoBulk) -> BulkResult:
    """Take a deed back. Raises Refused where there is nothing of it (any more), Conflict where merged tickets cannot be parted."""
    require(actor, Permission.CHANGE_TICKETS)
    deed = deed_of_token(actor, request.token)
    with database.reading() as session:
        events = _events(session, deed)
    numbers = list(dict.fromkeys(number for number in map(number_of, events) if number is not None))
    if not numbers:
        raise Refused(_("There is nothing of yours to undo here."))
    if any(event.action == MOVED for event in events):
        worked = patiently(lambda: _part(database, actor, deed))
    else:

        def act(session: Session, ticket: Ticket) -> BulkLine:
            return _taken_back(session, actor, ticket, deed)

        targets = [Target(number) for number in numbers]
        worked = in_batches(database, targets, act, deed=token_hex(16), watch=request.watch)
    result = BulkResult(request.token, worked.lines, worked.left, worked.trouble)
    return replace(result, sentence=_told(result))


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
        prepare(session, database, token_hex(16))
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
