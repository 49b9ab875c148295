"""Taking back what somebody did, from the history itself: every undo is told by events that name the ones they undo.

What one request did is taken back as a whole, in reverse order, or not at all. An undo is a deed like any other: it can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tui_desk.contracts.tickets import ChangeMade, FieldChanged, LastChange, UndoDeed, UndoLast
from tui_desk.core.errors import Conflict, NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.models import Asset, Contract, Event, Licence, Person, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require, ticket_to_change
from tui_desk.services.deeds import (
    MACRO,
    REVERSIBLE,
    decisive,
    deed_of,
    is_step,
    kind_of,
    obstacle,
    of_many,
    steps_left,
    taken_back,
    told_value,
)
from tui_desk.services.delivery_undo import follow_undone
from tui_desk.services.events import ticket_stream
from tui_desk.services.fields import CHANGED
from tui_desk.services.history import sentence
from tui_desk.services.joining import MOVED
from tui_desk.services.kept import OWN
from tui_desk.services.names import agent_names, names_for
from tui_desk.services.row_text import referred
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.undo_gates import Lacking, lacked, refuse_lacking
from tui_desk.services.undo_mail import held_in, held_mail, take_back_mail
from tui_desk.services.undo_steps import ENDING, ends_of_moves, number_of, take_back

_AT_ONCE = 50
"""Events of the agent that are looked at in one go for one that can still be undone."""
_FURTHEST = 1_000
_TOLD = 3
"""Steps that the line about a deed names."""
_RIGHTS = {
    "ticket": Permission.CHANGE_TICKETS,
    "person": Permission.CHANGE_TICKETS,
    "organization": Permission.CHANGE_TICKETS,
    "asset": Permission.CHANGE_ASSETS,
    "licence": Permission.CHANGE_ASSETS,
    "contract": Permission.CHANGE_ASSETS,
    "supplier": Permission.CHANGE_ASSETS,
    "desk": Permission.CONFIGURE_WORK,
    "view": Permission.VIEW,
    OWN: Permission.WRITE,
}
"""What the acting agent must be allowed to, by what was changed; anything else is an admin's."""


def take_back_last(session: Session, actor: Actor, request: UndoLast) -> FieldChanged:
    """Take back the acting agent's last deed (in that ticket, of these events, when they are named).

    Raises Refused when there is nothing to undo, Conflict when somebody changed the same thing since; nothing is overwritten then.
    """
    require(actor, Permission.CHANGE_TICKETS)
    deed = _last_deed(session, actor, request)
    mail = held_mail(session, actor, request, _newest(deed, request))
    if mail is not None:
        whole = deed_of(session, mail)
        return (
            _macro_with_mails(session, actor, whole, held_in(session, whole) or [mail])
            if _is_macro(whole)
            else take_back_mail(session, actor, mail)
        )
    if deed is None:
        raise Refused(_("There is nothing of yours to undo here."))
    return take_back_deed(session, actor, deed, steps_left(session, deed)[-1])


def _is_macro(deed: Sequence[Event]) -> bool:
    return any(one.action == MACRO for one in deed)


def _macro_with_mails(
    session: Session, actor: Actor, deed: Sequence[Event], mails: Sequence[Event]
) -> FieldChanged:
    """Stop those mails of a macro (one for each ticket that it was for), and take back what else it did."""
    stopped = [take_back_mail(session, actor, mail) for mail in mails]
    return rest_of_macro(session, actor, deed, stopped[0])


def rest_of_macro(
    session: Session, actor: Actor, deed: Sequence[Event], stopped: FieldChanged
) -> FieldChanged:
    """What else a macro did with the mail that was just stopped goes with it; where a colleague was faster, the mail is stopped alone."""
    steps = [one for one in deed if is_step(one)]
    left = [one for one in steps if one.id not in taken_back(session, steps)]
    tickets = _locked(session, left)
    at = now(session)
    lacking = lacked(session, tickets.values(), left)
    recorded: tuple[int, ...] = ()
    try:
        with session.begin_nested():
            for one in reversed(left):
                recorded += take_back(session, actor, one, tickets, at, moving=False, force=False)
            session.flush()
            refuse_lacking(session, tickets, lacking)
    except Lacking as missing:  # whatever speaks against it: the mail is stopped
        stays = _("What else the macro did stays: {field} of #{number} must have a value when it is over.")
        why = stays.format(field=missing.field, number=missing.number)
        return replace(stopped, sentence=" ".join((stopped.sentence, why)))
    except (Refused, IntegrityError):
        return replace(
            stopped,
            sentence=" ".join((stopped.sentence, _("What else the macro did stays: it was changed since."))),
        )
    line = told(session, left)
    done = _("undone: {what}").format(what=line) if left else ""
    return replace(stopped, event_ids=recorded, sentence=" · ".join(filter(None, (stopped.sentence, done))))


def last_change(session: Session, actor: Actor, request: LastChange) -> ChangeMade | None:
    """What :func:`take_back_last` would take back in that ticket, to be shown before it is done."""
    require(actor, Permission.CHANGE_TICKETS)
    wanted = UndoLast(request.number)
    deed = _last_deed(session, actor, wanted)
    mail = held_mail(session, actor, wanted, _newest(deed, wanted))
    if mail is not None:
        return ChangeMade((known(mail.id),), mail.at, told(session, [mail]))
    if deed is None:
        return None
    steps = steps_left(session, deed)
    return ChangeMade(tuple(known(event.id) for event in steps), steps[-1].at, told(session, steps))


def take_back_together(session: Session, actor: Actor, request: UndoDeed) -> FieldChanged:
    """Take back all that was done together with an event, whoever did it and whenever. It is recorded as done by the acting agent.

    Raises NotFound, Refused for what cannot be taken back and what was taken back already, Conflict as :func:`take_back_last`.
    """
    require(actor, Permission.CHANGE_TICKETS)
    event = event_there(session, request.event_id)
    return take_back_deed(session, actor, deed_of(session, event), event)


def event_there(session: Session, event_id: int) -> Event:
    """Raises NotFound."""
    event = session.get(Event, event_id)
    if event is None:
        raise NotFound(_("There is no event {id}.").format(id=event_id))
    return event


def last_of_many(session: Session, actor: Actor, request: UndoLast) -> str | None:
    """The deed of many tickets that :func:`take_back_last` would take back; None where it is something else, such as one's mail in one of them."""
    deed = _last_deed(session, actor, request)
    mail = held_mail(session, actor, request, _newest(deed, request))
    if mail is not None:
        deed = deed_of(session, mail)
        if not _is_macro(deed):
            return None
    return deed[0].deed if deed and of_many(deed) else None


def told(session: Session, steps: Sequence[Event]) -> str:
    """A deed in a line: moved messages say it all, else its first steps."""
    shown = [event for event in steps if event.action == MOVED] or list(steps)
    shown, more = shown[:_TOLD], len(shown) - _TOLD
    names = agent_names(session, {event.actor_id for event in shown})
    rows = names_for(session, [one for event in shown for one in referred(event)])
    parts = [sentence(event, names, rows) for event in shown]
    if more > 0:
        parts.append(_("and {count} more").format(count=more))
    return "; ".join(parts)


def _last_deed(session: Session, actor: Actor, request: UndoLast) -> list[Event] | None:
    """The newest deed of the agent that can be taken back and was not, in what the request names."""
    oldest: int | None = None
    looked_at: set[str] = set()
    for _round in range(_FURTHEST // _AT_ONCE):
        events = _own_events(session, actor, request, oldest)
        if not events:
            return None
        oldest = events[-1].id
        undone = taken_back(session, events)
        for event in events:
            if event.id in undone or (event.deed is not None and event.deed in looked_at):
                continue
            deed = deed_of(session, event)
            looked_at.add(event.deed or "")
            if steps_left(session, deed) and not obstacle(deed, event):
                return deed
        if len(events) < _AT_ONCE:
            return None
    return None


def _newest(deed: Sequence[Event] | None, request: UndoLast) -> Event | None:
    """The newest event of a deed in what the request names: one deed may concern many tickets, one after the other."""
    if not deed:
        return None
    here = ticket_stream(request.number) if request.number is not None else ""
    return next((event for event in reversed(deed) if event.stream == here), deed[-1])


def _own_events(session: Session, actor: Actor, request: UndoLast, before: int | None) -> Sequence[Event]:
    statement = select(Event).where(
        Event.actor_id == actor.agent_id,
        col(Event.action).in_(REVERSIBLE),
        col(Event.undoes).is_(None),
    )
    if request.event_ids:  # they decide alone: a part of them may be told in another ticket
        statement = statement.where(col(Event.id).in_(request.event_ids))
    elif request.number is not None:
        statement = statement.where(Event.stream == ticket_stream(request.number))
    else:
        statement = statement.where(col(Event.stream).like("ticket:%"))
    if before is not None:
        statement = statement.where(col(Event.id) < before)
    return session.exec(statement.order_by(col(Event.id).desc()).limit(_AT_ONCE)).all()


def take_back_deed(session: Session, actor: Actor, deed: Sequence[Event], event: Event) -> FieldChanged:
    """Take back the steps among ``deed``; ``event`` is the one that it is asked by. All of them or none. Raises Refused, Conflict."""
    steps = [one for one in deed if is_step(one)]
    for kind in sorted({kind_of(one.stream) for one in steps}):
        require(actor, _RIGHTS.get(kind, Permission.ADMINISTER))
    reason = obstacle(deed, event)
    if reason:
        raise Refused(_("It cannot be undone: {reason}").format(reason=reason))
    mails = held_in(session, deed) if _is_macro(deed) else []
    if mails:
        return _macro_with_mails(session, actor, deed, mails)
    tickets = _locked(session, steps)
    if taken_back(session, decisive(steps)):
        raise Refused(_("It was undone already."))
    line = told(session, steps)
    at = now(session)
    moving = any(one.action == MOVED for one in steps)
    lacking = {} if moving else lacked(session, tickets.values(), steps)
    emptied, left_alone = ends_of_moves(session, steps)
    recorded: tuple[int, ...] = ()
    try:
        for one in reversed(steps):
            if one.action == CHANGED and one.field in ENDING and one.stream in left_alone:
                continue
            gives_way = moving and not (one.field in ENDING and one.stream in emptied)
            recorded += take_back(session, actor, one, tickets, at, moving=gives_way, force=moving)
        recorded += follow_undone(session, actor, steps, at)
        session.flush()
        refuse_lacking(session, tickets, lacking)
    except IntegrityError as error:
        raise Conflict(_("Not undone: something that came since depends on it.")) from error
    numbers = [number for number in map(number_of, steps) if number is not None]
    if not numbers:
        return FieldChanged(0, recorded, _("undone: {what}").format(what=line))
    return FieldChanged(
        numbers[0], recorded, _("#{number} · undone: {what}").format(number=numbers[0], what=line)
    )


def _locked(session: Session, steps: Sequence[Event]) -> dict[int, Ticket]:
    """Every person, ticket, asset, licence and contract the steps concern, each locked in order, so that two agents never wait for each other."""
    people = {int(one.stream.partition(":")[2]) for one in steps if kind_of(one.stream) == "person"}
    if people:
        session.exec(
            select(Person.id).where(col(Person.id).in_(people)).order_by("id").with_for_update()
        ).all()
    numbers = {number for number in map(number_of, steps) if number is not None}
    assets = {int(one.stream.partition(":")[2]) for one in steps if kind_of(one.stream) == "asset"}
    for one in steps:
        value = told_value(one)
        if one.action in (MOVED, "linked", "unlinked"):
            numbers |= {int(value["from"]), int(value["to"])}
        elif one.action in ("asset_linked", "asset_unlinked"):
            assets.add(int(value["id"]))
    tickets = {number: ticket_to_change(session, number) for number in sorted(numbers)}
    if assets:
        statement = select(Asset).where(col(Asset.id).in_(assets)).order_by(col(Asset.id)).with_for_update()
        session.exec(statement.execution_options(populate_existing=True)).all()
    for kind, model in (("licence", Licence), ("contract", Contract)):
        ids = {int(one.stream.partition(":")[2]) for one in steps if kind_of(one.stream) == kind}
        if ids:
            number = col(model.id)
            session.exec(select(model.id).where(number.in_(ids)).order_by(number).with_for_update()).all()
    if any(kind_of(one.stream) in ("desk", "view", OWN) for one in steps):
        locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    return tickets
