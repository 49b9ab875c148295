"""Moving the conversation of one ticket into another, and back: everything that hangs on its messages goes along.

The event keeps what was moved, made and dropped, so that the undo takes back this and nothing that came since.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from tui_desk.core.enums import Direction, LinkKind
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _
from tui_desk.db.search import move_messages
from tui_desk.models import (
    Event,
    IntakeEntry,
    MailIdentifier,
    Message,
    OutboxItem,
    Ticket,
    TicketLink,
    TicketMailbox,
    Watcher,
)
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, touch
from tui_desk.services.events import record, ticket_stream

MOVED = "messages_moved"
_Rows = dict[str, list[Any]]


def move_over(session: Session, source: Ticket, target: Ticket) -> dict[str, Any]:
    """Move all of ``source`` (locked) to ``target`` (locked), people included. Answers what the event keeps."""
    moved = _ids(session, Message, source)
    kept: _Rows = {
        "outbox": _ids(session, OutboxItem, source),
        "intake": _ids(session, IntakeEntry, source),
        **_move_identifiers(session, source, target),
    }
    for table in (Message, OutboxItem, IntakeEntry):
        column = col(table.ticket_id)
        session.execute(update(table).where(column == source.id).values(ticket_id=target.id))
    move_messages(session, moved, known(target.id))
    kept["watchers"] = _take_over_people(session, source, target)
    kept["routes"] = _take_over_routes(session, source, target)
    return {"from": source.id, "to": target.id, "messages": moved, **kept}


def _ids(session: Session, table: Any, ticket: Ticket) -> list[int]:
    return [known(row) for row in session.exec(select(table.id).where(table.ticket_id == ticket.id)).all()]


def _move_identifiers(session: Session, source: Ticket, target: Ticket) -> _Rows:
    there = set(
        session.exec(select(MailIdentifier.rfc_message_id).where(MailIdentifier.ticket_id == target.id))
    )
    moved, dropped = [], []
    for row in session.exec(select(MailIdentifier).where(MailIdentifier.ticket_id == source.id)).all():
        if row.rfc_message_id in there:
            dropped.append([row.rfc_message_id, row.message_id, row.origin])
            session.delete(row)
        else:
            moved.append(row.id)
            row.ticket_id = known(target.id)
            session.add(row)
    session.flush()
    return {"identifiers": moved, "dropped": dropped}


def _take_over_people(session: Session, source: Ticket, target: Ticket) -> list[int]:
    """Whoever took part there takes part here. Answers the new rows."""
    present = {
        (row.person_id, row.agent_id)
        for row in session.exec(select(Watcher).where(Watcher.ticket_id == target.id))
    }
    newcomers = [
        (row.person_id, row.agent_id, row.address, row.role)
        for row in session.exec(select(Watcher).where(Watcher.ticket_id == source.id))
    ]
    newcomers.append((source.requester_id, None, "", "cc"))
    made: list[Watcher] = []
    for person_id, agent_id, address, role in newcomers:
        if (person_id, agent_id) in present or (person_id == target.requester_id and person_id is not None):
            continue
        present.add((person_id, agent_id))
        made.append(
            Watcher(
                ticket_id=known(target.id), person_id=person_id, agent_id=agent_id, address=address, role=role
            )
        )
    session.add_all(made)
    session.flush()
    return [known(row.id) for row in made]


def _take_over_routes(session: Session, source: Ticket, target: Ticket) -> list[list[Any]]:
    """The ways the mail came are kept. Answers those that are new."""
    made: list[list[Any]] = []
    for route in session.exec(select(TicketMailbox).where(TicketMailbox.ticket_id == source.id)).all():
        if session.get(TicketMailbox, (target.id, route.mailbox_id, route.company_address)) is None:
            made.append([route.mailbox_id, route.company_address])
            copied = route.model_dump(exclude={"ticket_id"})
            session.add(TicketMailbox(**copied, ticket_id=known(target.id)))
    session.flush()
    return made


def tell_moved(
    session: Session,
    actor: Actor,
    source: Ticket,
    target: Ticket,
    at: datetime,
    value: dict[str, Any],
    *,
    undoes: int | None = None,
) -> tuple[int, ...]:
    """The same event in both histories; that of ``target`` is marked as a mirror, so that it is undone only once."""
    return tuple(
        record(
            session,
            actor,
            ticket_stream(known(ticket.id)),
            MOVED,
            at,
            after={**value, **extra},
            undoes=undoes,
        )
        for ticket, extra in ((source, {}), (target, {"mirror": True}))
    )


def move_back(
    session: Session, actor: Actor, event: Event, source: Ticket, target: Ticket, at: datetime
) -> tuple[int, ...]:
    """Undo what ``event`` tells of, both tickets locked; what came to ``target`` since stays there.

    Raises Refused for an event that does not say enough (made by an earlier version), Conflict when the messages have moved on.
    """
    value = event.after
    if "waiting" not in value:
        raise Refused(_("Not undone: an earlier version moved these messages and did not note all of it."))
    moved = [int(number) for number in value["messages"]]
    here = session.exec(
        select(func.count())
        .select_from(Message)
        .where(col(Message.id).in_(moved), Message.ticket_id == target.id)
    ).one()
    if here != len(moved):
        raise Conflict(_("Not undone: its messages have been moved on since."))
    for table, ids in (
        (Message, moved),
        (OutboxItem, value["outbox"]),
        (IntakeEntry, value["intake"]),
    ):
        _give_back(session, table, ids, source, target)
    move_messages(session, moved, known(source.id))
    _give_back_identifiers(session, value, source, target)
    _forget(session, value, source, target, at)
    _wait_again(session, value, event, source, target)
    touch(session, source, at)
    touch(session, target, at)
    told = {"from": target.id, "to": source.id, "messages": moved}
    return tell_moved(session, actor, source, target, at, told, undoes=event.id)


def _give_back(session: Session, table: Any, ids: list[int], source: Ticket, target: Ticket) -> None:
    session.execute(
        update(table)
        .where(table.id.in_(ids), table.ticket_id == target.id)
        .values(ticket_id=source.id)
        .execution_options(synchronize_session="fetch")
    )


def _give_back_identifiers(session: Session, value: _Rows, source: Ticket, target: Ticket) -> None:
    """Unless the source has come to know them again meanwhile."""
    there = set(
        session.exec(select(MailIdentifier.rfc_message_id).where(MailIdentifier.ticket_id == source.id))
    )
    for row in session.exec(
        select(MailIdentifier).where(
            col(MailIdentifier.id).in_(value["identifiers"]), MailIdentifier.ticket_id == target.id
        )
    ).all():
        if row.rfc_message_id not in there:
            row.ticket_id = known(source.id)
            session.add(row)
    for rfc_message_id, message_id, origin in value["dropped"]:
        if rfc_message_id not in there:
            session.add(
                MailIdentifier(
                    rfc_message_id=rfc_message_id,
                    ticket_id=known(source.id),
                    message_id=message_id,
                    origin=origin,
                )
            )
    session.flush()


def _forget(session: Session, value: _Rows, source: Ticket, target: Ticket, at: datetime) -> None:
    """People and ways that came with the messages go with them; the suggestion is there again."""
    for watcher in session.exec(
        select(Watcher).where(col(Watcher.id).in_(value["watchers"]), Watcher.ticket_id == target.id)
    ).all():
        session.delete(watcher)
    for mailbox_id, address in value["routes"]:
        route = session.get(TicketMailbox, (target.id, mailbox_id, address))
        if route is not None:
            session.delete(route)
    for person_id, agent_id, address, role in value.get("left", ()):
        _take_part_again(session, source, person_id, agent_id, address, role)
    for number in value["suggested"]:
        session.add(
            TicketLink(from_id=known(source.id), to_id=number, kind=LinkKind.SUGGESTED.value, created_at=at)
        )
    session.flush()


def _take_part_again(
    session: Session, source: Ticket, person_id: int | None, agent_id: int | None, address: str, role: str
) -> None:
    """Unless somebody has brought them back since."""
    there = session.exec(
        select(Watcher.id).where(
            Watcher.ticket_id == source.id, Watcher.person_id == person_id, Watcher.agent_id == agent_id
        )
    ).first()
    if there is None:
        session.add(
            Watcher(
                ticket_id=known(source.id), person_id=person_id, agent_id=agent_id, address=address, role=role
            )
        )


def _wait_again(session: Session, value: _Rows, event: Event, source: Ticket, target: Ticket) -> None:
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
