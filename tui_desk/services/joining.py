"""Carrying messages, and what hangs on them, from one ticket to another, and back.

Merging, splitting and joining are one act: rows that belong to a ticket change their ticket, a few are made there (people, ways of
the mail) and a few dropped. The event keeps all three, so its inverse is the same act the other way round, with an event that can
be taken back in its turn. What came since stays where it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, SQLModel, col, func, select

from tui_desk.core.enums import Direction, LinkKind
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _
from tui_desk.db.search import move_messages
from tui_desk.models import (
    Approval,
    Draft,
    Event,
    IntakeEntry,
    MailIdentifier,
    Message,
    Notification,
    OutboxItem,
    Purchase,
    Reminder,
    Review,
    Task,
    Ticket,
    TicketLink,
    TicketMailbox,
    TimeEntry,
    Timer,
    Watcher,
)
from tui_desk.models.base import table_of
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, touch
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.rows import typed_values

MOVED = "messages_moved"
Rows = dict[str, list[int]]
"""Ids by table."""
Content = tuple[str, dict[str, Any]]
"""A row that is made or dropped: its table, and the columns as JSON."""

_CARRIED: tuple[type[Any], ...] = (
    Message,
    OutboxItem,
    IntakeEntry,
    MailIdentifier,
    Task,
    TimeEntry,
    Timer,
    Approval,
    Purchase,
    Review,
    Notification,
    Draft,
    Reminder,
)
"""What belongs to a ticket by its ``ticket_id`` and goes along with it."""
_WITH_MESSAGE: tuple[type[Any], ...] = (OutboxItem, IntakeEntry, MailIdentifier, Notification)
"""What of that belongs to a single message, by its ``message_id``."""
_MADE: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "mail_identifier": (MailIdentifier, ("rfc_message_id", "ticket_id")),
    "watcher": (Watcher, ("ticket_id", "person_id", "agent_id")),
    "ticket_mailbox": (TicketMailbox, ("ticket_id", "mailbox_id", "company_address")),
    "ticket_link": (TicketLink, ("from_id", "to_id", "kind")),
}
"""What is made or dropped on the way, and the columns by which it is known again."""


def whole_of(session: Session, source: Ticket, target: Ticket) -> Rows:
    """All that goes along when the whole ticket goes: an agent's draft, and its check, stays where the target has one of its own."""
    rows = {
        str(table.__tablename__): _ids(session, select(table.id).where(table.ticket_id == source.id))
        for table in _CARRIED
    }
    there = set(session.exec(select(Draft.agent_id, Draft.kind).where(Draft.ticket_id == target.id)))
    drafts = session.exec(select(Draft).where(Draft.ticket_id == source.id)).all()
    staying = [draft for draft in drafts if (draft.agent_id, draft.kind) in there]
    rows["draft"] = [known(draft.id) for draft in drafts if draft not in staying]
    checks = select(Review.id).where(
        Review.ticket_id == source.id, col(Review.draft_id).not_in([draft.id for draft in staying])
    )
    rows["review"] = _ids(session, checks)
    return {table: ids for table, ids in rows.items() if ids}


def part_of(session: Session, messages: Sequence[int]) -> Rows:
    """What goes along with some messages: their ways out and in, and the identifiers they are known by."""
    rows: Rows = {"message": list(messages)}
    for table in _WITH_MESSAGE:
        found = _ids(session, select(table.id).where(col(table.message_id).in_(messages)))
        if found:
            rows[str(table.__tablename__)] = found
    return rows


def _ids(session: Session, statement: Any) -> list[int]:
    return sorted(known(row) for row in session.exec(statement).all())


def people_for(session: Session, source: Ticket, target: Ticket) -> list[Content]:
    """Whoever takes part in ``source``, its requester included, and does not take part in ``target`` yet."""
    present = {
        (row.person_id, row.agent_id)
        for row in session.exec(select(Watcher).where(Watcher.ticket_id == target.id))
    }
    newcomers = [
        (row.person_id, row.agent_id, row.address, row.role)
        for row in session.exec(
            select(Watcher).where(Watcher.ticket_id == source.id).order_by(col(Watcher.id))
        )
    ]
    newcomers.insert(0, (source.requester_id, None, "", "cc"))
    made: list[Content] = []
    for person_id, agent_id, address, role in newcomers:
        if (person_id, agent_id) in present or (person_id == target.requester_id and person_id is not None):
            continue
        present.add((person_id, agent_id))
        made.append(watcher(known(target.id), person_id, agent_id, address, role))
    return made


def watcher(number: int, person_id: int | None, agent_id: int | None, address: str, role: str) -> Content:
    """Somebody who takes part, as :func:`carry` makes or drops one."""
    told = {
        "ticket_id": number,
        "person_id": person_id,
        "agent_id": agent_id,
        "address": address,
        "role": role,
    }
    return ("watcher", told)


def routes_for(session: Session, source: Ticket, target: Ticket) -> list[Content]:
    """The ways by which the mail of ``source`` came, for ``target``."""
    routes = session.exec(select(TicketMailbox).where(TicketMailbox.ticket_id == source.id)).all()
    return [
        ("ticket_mailbox", {**route.model_dump(exclude={"ticket_id"}), "ticket_id": known(target.id)})
        for route in routes
    ]


def suggested_link(link: TicketLink) -> Content:
    """A suggestion that has been followed, as :func:`carry` drops it."""
    told = {"from_id": link.from_id, "to_id": link.to_id, "kind": link.kind, "note": link.note}
    return ("ticket_link", {**told, "created_at": link.created_at.isoformat()})


def carry(
    session: Session,
    source: Ticket,
    target: Ticket,
    rows: Mapping[str, Sequence[int]],
    *,
    make: Iterable[Content] = (),
    drop: Iterable[Content] = (),
) -> dict[str, Any]:
    """Carry ``rows`` from ``source`` to ``target``, both locked; answers what the event keeps.

    Rows that are elsewhere by now stay there, and so does time of a closed period. An identifier that both know is dropped in ``source`` and noted.
    """
    waiting = [source.requester_waiting, target.requester_waiting]
    dropped = [one for one in drop if _drop(session, *one)]
    carried: Rows = {}
    if "mail_identifier" in rows:
        doubled = _doubled_identifiers(session, source, target, rows["mail_identifier"])
        dropped += [one for one in doubled if _drop(session, *one)]
    for table in _CARRIED:
        name = str(table.__tablename__)
        statement = select(table.id).where(
            col(table.id).in_(rows.get(name, ())), table.ticket_id == source.id
        )
        if table is TimeEntry and name in rows:
            statement = statement.where(*_of_open_periods(session))
        ids = _ids(session, statement)
        if ids:
            _set_ticket(session, table, ids, known(target.id))
            carried[name] = ids
    move_messages(session, carried.get("message", []), known(target.id))
    made = [one for one in make if _make(session, *one)]
    session.flush()
    return {
        "from": source.id,
        "to": target.id,
        "messages": carried.get("message", []),
        "rows": carried,
        "made": [list(one) for one in made],
        "dropped": [list(one) for one in dropped],
        "waiting": waiting,
    }


def _of_open_periods(session: Session) -> list[ColumnElement[bool]]:
    from tui_desk.services.time_rules import closed_until  # which knows tickets, gates and links, and so this

    closed = closed_until(session)
    return [] if closed is None else [col(TimeEntry.day) > closed]


def _set_ticket(session: Session, table: type[SQLModel], ids: Sequence[int], number: int) -> None:
    columns = table_of(table).columns
    session.execute(
        update(table)
        .where(columns.id.in_(ids))
        .values(ticket_id=number)
        .execution_options(synchronize_session="fetch")
    )


def _doubled_identifiers(
    session: Session, source: Ticket, target: Ticket, ids: Sequence[int]
) -> list[Content]:
    there = select(MailIdentifier.rfc_message_id).where(MailIdentifier.ticket_id == target.id)
    doubled = session.exec(
        select(MailIdentifier).where(
            MailIdentifier.ticket_id == source.id,
            col(MailIdentifier.id).in_(ids),
            col(MailIdentifier.rfc_message_id).in_(there),
        )
    ).all()
    return [("mail_identifier", row.model_dump(exclude={"id"})) for row in doubled]


def _find(session: Session, name: str, values: Mapping[str, Any]) -> SQLModel | None:
    model, key = _MADE[name]
    columns = table_of(model).columns
    return session.exec(select(model).where(*(columns[column] == values[column] for column in key))).first()


def _make(session: Session, name: str, values: Mapping[str, Any]) -> bool:
    """Whether it was made: not where it is there already."""
    if _find(session, name, values) is not None:
        return False
    model, _key = _MADE[name]
    session.add(model(**typed_values(model, values)))
    session.flush()
    return True


def _drop(session: Session, name: str, values: Mapping[str, Any]) -> bool:
    found = _find(session, name, values)
    if found is None:
        return False
    session.delete(found)
    session.flush()
    return True


def tell_moved(
    session: Session,
    actor: Actor,
    source: Ticket,
    target: Ticket,
    at: datetime,
    value: Mapping[str, Any],
    *,
    undoes: int | None = None,
) -> tuple[int, ...]:
    """The same act in both histories; all of it is kept in that of ``source``, and undone from there."""
    stream = ticket_stream(known(source.id))
    told = {"from": value["from"], "to": value["to"], "messages": value["messages"], "mirror": True}
    there = ticket_stream(known(target.id))
    return (
        record(session, actor, stream, MOVED, at, after=dict(value), undoes=undoes),
        record(session, actor, there, MOVED, at, after=told, undoes=undoes),
    )


def carry_back(
    session: Session, actor: Actor, event: Event, source: Ticket, target: Ticket, at: datetime
) -> tuple[int, ...]:
    """The inverse of what ``event`` tells, both tickets locked; what came to ``target`` since stays there.

    Raises Refused for an event that does not say enough (made by an earlier version), Conflict when the messages have moved on.
    """
    value = _complete(session, event)
    moved = [int(number) for number in value["messages"]]
    here = session.exec(
        select(func.count())
        .select_from(Message)
        .where(col(Message.id).in_(moved), Message.ticket_id == target.id)
    ).one()
    if here != len(moved):
        raise Conflict(_("Not undone: its messages have been moved on since."))
    rows = {**value["rows"]}
    rows["mail_identifier"] = _not_known_there(session, source, rows.get("mail_identifier", ()))
    make = [(str(name), values) for name, values in value["dropped"]]
    drop = [(str(name), values) for name, values in value["made"]]
    told = carry(session, target, source, rows, make=make, drop=drop)
    _wait_again(session, value, event, source, target)
    touch(session, source, at)
    touch(session, target, at)
    return tell_moved(session, actor, target, source, at, told, undoes=event.id)


def _complete(session: Session, event: Event) -> dict[str, Any]:
    """What an event tells, in the form of now: earlier versions kept the ids of each table under a name of its own."""
    value: dict[str, Any] = event.after
    if "waiting" not in value:
        raise Refused(_("Not undone: an earlier version moved these messages and did not note all of it."))
    if "rows" in value:
        return value
    source, target = int(value["from"]), int(value["to"])
    watchers = session.exec(select(Watcher).where(col(Watcher.id).in_(value["watchers"]))).all()
    made = [watcher(target, one.person_id, one.agent_id, one.address, one.role) for one in watchers]
    for mailbox, address in value["routes"]:
        route = {"ticket_id": target, "mailbox_id": mailbox, "company_address": address}
        made.append(("ticket_mailbox", route))
    dropped = [watcher(source, *left) for left in value.get("left", ())]
    for one, message, origin in value["dropped"]:
        known_by = {"rfc_message_id": one, "ticket_id": source, "message_id": message, "origin": origin}
        dropped.append(("mail_identifier", known_by))
    for number in value["suggested"]:
        link = TicketLink(from_id=source, to_id=number, kind=LinkKind.SUGGESTED.value, created_at=event.at)
        dropped.append(suggested_link(link))
    rows = {
        "message": value["messages"],
        "outbox_item": value["outbox"],
        "intake_entry": value["intake"],
        "mail_identifier": value["identifiers"],
    }
    return {**value, "rows": rows, "made": made, "dropped": dropped}


def _not_known_there(session: Session, source: Ticket, ids: Sequence[int]) -> list[int]:
    """Identifiers, without those that ``source`` has come to know again meanwhile."""
    there = select(MailIdentifier.rfc_message_id).where(MailIdentifier.ticket_id == source.id)
    return _ids(
        session,
        select(MailIdentifier.id).where(
            col(MailIdentifier.id).in_(ids), col(MailIdentifier.rfc_message_id).not_in(there)
        ),
    )


def _wait_again(
    session: Session, value: Mapping[str, Any], event: Event, source: Ticket, target: Ticket
) -> None:
    """Whose turn it is, as it was; in ``target`` only where nothing was said since."""
    source.requester_waiting = bool(value["waiting"][0])
    since = session.exec(
        select(Message.id)
        .where(
            Message.ticket_id == target.id,
            Message.at > event.at,
            Message.direction != Direction.INTERNAL.value,
        )
        .limit(1)
    ).first()
    if since is None:
        target.requester_waiting = bool(value["waiting"][1])
    session.add_all([source, target])
    session.flush()
