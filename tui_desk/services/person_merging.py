"""Two records that are one person become one, and an address that belongs to somebody else gets a record of its own.

Every row that changes hands is told by itself and so can be taken back; who wrote which messages is told by one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, or_, select

from tui_desk.contracts.desk import PersonView, ShowPerson
from tui_desk.contracts.people import MergePeople, SplitAddress
from tui_desk.core.enums import Direction, FieldSubject
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.models import (
    ApprovalVote,
    Asset,
    Event,
    LicenceSeat,
    Message,
    Person,
    PersonAddress,
    Purchase,
    Satisfaction,
    Substitute,
    Ticket,
    Watcher,
)
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, now, require, ticket_to_change
from tui_desk.services.custom_fields import fill_gaps
from tui_desk.services.deeds import REATTRIBUTED
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.fields import reference, requester_label
from tui_desk.services.licence_seats import lock_licences, take_over_seats
from tui_desk.services.people import show_person
from tui_desk.services.person_saving import guard_agents, label, person_stream, person_to_change
from tui_desk.services.rows import add_row, change_row, remove_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting

_AT_ONCE = 5_000
_POINTING: tuple[tuple[type[SQLModel], str, str], ...] = (
    (ApprovalVote, "person_id", ""),
    (Substitute, "person_id", "desk"),
    (Substitute, "substitute_id", "desk"),
    (Purchase, "requester_id", "ticket:{ticket_id}"),
    (Asset, "owner_id", "asset:{id}"),
)
"""Rows that name a person beside tickets and messages: the column, and the history that tells of it (empty: the person's)."""


def merge_people(session: Session, actor: Actor, request: MergePeople) -> PersonView:
    """Make one record of two. Raises NotFound, UsageError (with itself), Refused (one of them is a part of another already)."""
    require(actor, Permission.CHANGE_TICKETS)
    if request.keep == request.other:
        raise UsageError(_("A person is not merged with themselves."))
    locked = {number: person_to_change(session, number) for number in sorted((request.keep, request.other))}
    keep, other = locked[request.keep], locked[request.other]
    guard_agents(session, actor, locked)
    _lock_tickets(session, other)
    at = now(session)
    _take_over_tickets(session, actor, keep, _numbers(session, other), at)
    _take_over_watching(session, actor, keep, other, at)
    take_over_seats(session, actor, keep, other, at)
    _take_over_ratings(session, actor, keep, other, at)
    for model, column, stream in _POINTING:
        _point(session, actor, model, column, stream, keep, other, at)
    for row in session.exec(select(PersonAddress).where(PersonAddress.person_id == other.id)).all():
        _give(session, actor, keep, row, at)
    written = session.exec(select(Message.id).where(Message.author_person_id == other.id)).all()
    _reattribute(session, actor, other, keep, [known(one) for one in written], at)
    change_row(
        session, actor, person_stream(request.keep), keep, _completed(keep, other), at, name=label(keep)
    )
    fill_gaps(session, actor, FieldSubject.PERSON, request.other, request.keep, "", at)
    part_of = {"merged_into_id": keep.id}
    change_row(session, actor, person_stream(request.other), other, part_of, at, name=label(other))
    return show_person(session, actor, ShowPerson(known(keep.id)))


def _take_over_ratings(
    session: Session,
    actor: Actor,
    keep: Person,
    other: Person,
    at: datetime,
    *,
    of: Sequence[int] | None = None,
) -> None:
    """Surveys of the other record (``of``: about these tickets); not about a ticket that the one that stays was asked about, too:
    one each."""
    there = select(Satisfaction.ticket_id).where(Satisfaction.person_id == keep.id)
    rows = session.exec(
        select(Satisfaction)
        .where(Satisfaction.person_id == other.id, col(Satisfaction.ticket_id).not_in(there))
        .order_by(col(Satisfaction.ticket_id))
    ).all()
    for row in rows:
        if of is not None and row.ticket_id not in of:
            continue
        stream = ticket_stream(row.ticket_id)
        change_row(session, actor, stream, row, {"person_id": keep.id}, at, name=f"#{row.ticket_id}")


def _lock_tickets(session: Session, person: Person) -> None:
    """Every history that tells of the merge, each kind in the order of its numbers, so that two agents never wait for each other."""
    numbers = set(_numbers(session, person))
    numbers |= set(session.exec(select(Watcher.ticket_id).where(Watcher.person_id == person.id)))
    numbers |= set(session.exec(select(Purchase.ticket_id).where(Purchase.requester_id == person.id)))
    numbers |= set(session.exec(select(Satisfaction.ticket_id).where(Satisfaction.person_id == person.id)))
    for number in sorted(numbers):
        ticket_to_change(session, number)
    owned = select(Asset.id).where(Asset.owner_id == person.id).order_by(col(Asset.id))
    session.exec(owned.with_for_update()).all()
    seats = select(LicenceSeat.licence_id).where(LicenceSeat.person_id == person.id)
    lock_licences(session, session.exec(seats).all())
    places = or_(col(Substitute.person_id) == person.id, col(Substitute.substitute_id) == person.id)
    if session.exec(select(Substitute.id).where(places).limit(1)).first() is not None:
        locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here


def _completed(keep: Person, other: Person) -> dict[str, Any]:
    """What only the other record knew."""
    values: dict[str, Any] = {
        name: getattr(other, name)
        for name in ("name", "organization_id", "phone", "location", "language")
        if not getattr(keep, name) and getattr(other, name)
    }
    notes = "\n\n".join(text for text in (keep.notes, other.notes) if text)
    return {**values, "notes": notes, "vip": keep.vip or other.vip, "blocked": keep.blocked or other.blocked}


def split_address(session: Session, actor: Actor, request: SplitAddress) -> PersonView:
    """Give an address a record of its own, with what was written from it. Raises NotFound, Refused (their only address)."""
    require(actor, Permission.CHANGE_TICKETS)
    person = person_to_change(session, request.person_id)
    guard_agents(session, actor, [request.person_id])
    key = address_key(request.address)
    rows = session.exec(select(PersonAddress).where(PersonAddress.person_id == person.id)).all()
    row = next((one for one in rows if one.address == key), None)
    if row is None:
        raise NotFound(
            _("{name} does not have the address {address}.").format(
                name=label(person), address=visible_address(request.address)
            )
        )
    if len(rows) == 1:
        raise Refused(_("It is the only address of {name}.").format(name=label(person)))
    at = now(session)
    own = Person(name="", organization_id=person.organization_id, created_at=at)
    session.add(own)
    session.flush()
    add_row(session, actor, person_stream(known(own.id)), own, at, name=visible_address(key))
    _give(session, actor, own, row, at)
    written = session.exec(
        select(Message.id, Message.ticket_id)
        .where(
            Message.author_person_id == person.id,
            Message.author_address == key,
            Message.direction == Direction.IN.value,
        )
        .order_by(col(Message.id))
    ).all()
    begun = _begun_by(
        session, {number for _id, number in written}, person, {known(one) for one, _n in written}
    )
    _take_over_tickets(session, actor, own, begun, at)
    _take_over_ratings(session, actor, own, person, at, of=begun)
    _reattribute(session, actor, person, own, [known(one) for one, _number in written], at)
    return show_person(session, actor, ShowPerson(known(own.id)))


def _begun_by(session: Session, numbers: set[int], person: Person, messages: set[int]) -> list[int]:
    """Of these tickets of ``person`` those whose first message is one of ``messages``."""
    first: dict[int, int] = {}
    for message, number in session.exec(
        select(Message.id, Message.ticket_id)
        .join(Ticket, col(Ticket.id) == Message.ticket_id)
        .where(
            Ticket.requester_id == person.id,
            col(Message.ticket_id).in_(numbers),
            Message.direction == Direction.IN.value,
        )
        .order_by(col(Message.id))
    ).all():
        first.setdefault(number, known(message))
    return sorted(number for number, message in first.items() if message in messages)


def _numbers(session: Session, person: Person) -> list[int]:
    return [
        known(number)
        for number in session.exec(
            select(Ticket.id).where(Ticket.requester_id == person.id).order_by(col(Ticket.id))
        )
    ]


def _take_over_tickets(
    session: Session, actor: Actor, person: Person, numbers: Sequence[int], at: datetime
) -> None:
    value = reference(person.id, requester_label(session, person))
    for number in numbers:
        set_fields(session, actor, ticket_to_change(session, number), {"requester": value}, at)


def _take_over_watching(session: Session, actor: Actor, keep: Person, other: Person, at: datetime) -> None:
    """Who took part in a ticket under both records takes part once."""
    watched = set(session.exec(select(Watcher.ticket_id).where(Watcher.person_id == keep.id)))
    watched |= set(_numbers(session, keep))
    for row in session.exec(select(Watcher).where(Watcher.person_id == other.id)).all():
        ticket_to_change(session, row.ticket_id)
        stream, name = ticket_stream(row.ticket_id), label(other)
        if row.ticket_id in watched:
            remove_row(session, actor, stream, row, at, name=name)
        else:
            change_row(session, actor, stream, row, {"person_id": keep.id}, at, name=name)


def _point(
    session: Session,
    actor: Actor,
    model: type[SQLModel],
    column: str,
    stream: str,
    keep: Person,
    other: Person,
    at: datetime,
) -> None:
    """Let the rows that name ``other`` name ``keep``; where that one is named beside it already, the row stays."""
    rows = session.exec(select(model).where(getattr(model, column) == other.id).with_for_update()).all()
    for row in rows:
        where = stream.format(**row.model_dump()) if stream else person_stream(known(keep.id))
        try:
            with session.begin_nested():
                change_row(session, actor, where, row, {column: keep.id}, at, name=label(other))
        except IntegrityError:
            session.refresh(row)


def _give(session: Session, actor: Actor, person: Person, row: PersonAddress, at: datetime) -> None:
    stream, name = person_stream(known(person.id)), visible_address(row.address)
    change_row(session, actor, stream, row, {"person_id": person.id}, at, name=name)


def _reattribute(
    session: Session,
    actor: Actor,
    giver: Person,
    taker: Person,
    messages: list[int],
    at: datetime,
    undoes: int | None = None,
) -> tuple[int, ...]:
    """Let ``taker`` be the author of messages of ``giver``; answers the event's id."""
    if not messages:
        return ()
    for start in range(0, len(messages), _AT_ONCE):
        session.execute(
            update(Message)
            .where(
                col(Message.id).in_(messages[start : start + _AT_ONCE]),
                col(Message.author_person_id) == giver.id,
            )
            .values(author_person_id=taker.id)
        )
    value = {"from": giver.id, "to": taker.id, "messages": messages}
    stream = person_stream(known(taker.id))
    return (record(session, actor, stream, REATTRIBUTED, at, after=value, undoes=undoes),)


def reattribute_back(session: Session, actor: Actor, event: Event, at: datetime) -> tuple[int, ...]:
    """Undo what one event of :func:`_reattribute` tells; what was attributed elsewhere since stays there."""
    told = event.after
    giver, taker = session.get_one(Person, int(told["to"])), session.get_one(Person, int(told["from"]))
    return _reattribute(session, actor, giver, taker, list(told["messages"]), at, undoes=event.id)
