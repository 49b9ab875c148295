"""What a batch of mail asks the database, as statements that are put together once (``db.asking``)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sqlalchemy import Executable, exists, func, or_, select
from sqlmodel import col

from tui_desk.core.enums import Direction, TicketStatus
from tui_desk.db.asking import among
from tui_desk.models import (
    Agent,
    Delivery,
    Event,
    IntakeEntry,
    MailIdentifier,
    Message,
    Organization,
    OutboxItem,
    Person,
    PersonAddress,
    Ticket,
    TicketLink,
    Watcher,
)

_JOINED: Final = ("duplicate", "merged")
"""Kinds of links that lead from a ticket whose messages were moved to the one that has them."""
_MACHINES: Final = ("bounce", "report")

Question = Executable


@lru_cache(maxsize=2)
def people(sqlite: bool) -> Question:
    """(address, person, name, blocked, organisation) of ``addresses``."""
    return (
        select(
            col(PersonAddress.address),
            col(Person.id),
            col(Person.name),
            col(Person.blocked),
            col(Person.organization_id),
        )
        .join(Person, col(Person.id) == PersonAddress.person_id)
        .where(among(col(PersonAddress.address), "addresses", sqlite=sqlite))
    )


@lru_cache(maxsize=2)
def organizations(sqlite: bool) -> Question:
    """(domain, name, id) of those that have one of ``domains`` or are named after one."""
    return select(col(Organization.domain), col(Organization.name), col(Organization.id)).where(
        or_(
            among(col(Organization.domain), "domains", sqlite=sqlite),
            among(col(Organization.name), "domains", sqlite=sqlite),
        )
    )


@lru_cache(maxsize=2)
def identifiers(sqlite: bool) -> Question:
    """(identifier, ticket, origin) of ``ids``."""
    return select(
        col(MailIdentifier.rfc_message_id), col(MailIdentifier.ticket_id), col(MailIdentifier.origin)
    ).where(among(col(MailIdentifier.rfc_message_id), "ids", sqlite=sqlite))


@lru_cache(maxsize=4)
def tickets(sqlite: bool, locking: bool) -> Question:
    """The columns of ``TicketState`` of ``tickets``; PostgreSQL: locked in the order of their numbers."""
    statement = (
        select(
            col(Ticket.id),
            col(Ticket.subject),
            col(Ticket.status),
            col(Ticket.version),
            col(Ticket.requester_id),
            col(Ticket.resolved_at),
            col(Ticket.closed_at),
            col(Ticket.created_at),
            col(Ticket.updated_at),
            col(Ticket.requester_waiting),
        )
        .where(among(col(Ticket.id), "tickets", sqlite=sqlite))
        .order_by(col(Ticket.id))
    )
    return statement.with_for_update() if locking else statement


@lru_cache(maxsize=2)
def moved(sqlite: bool) -> Question:
    """(ticket, the one it was merged into) of ``tickets``.

    Earlier versions left only a link: of those, closed ones without a message of their own.
    """
    joined = (col(TicketLink.from_id) == Ticket.id) & col(TicketLink.kind).in_(_JOINED)
    closed = (col(Ticket.status) == TicketStatus.CLOSED.value) & ~exists().where(
        col(Message.ticket_id) == Ticket.id
    )
    return (
        select(col(Ticket.id), func.coalesce(Ticket.merged_into_id, TicketLink.to_id))
        .outerjoin(TicketLink, joined)
        .where(
            among(col(Ticket.id), "tickets", sqlite=sqlite),
            col(Ticket.merged_into_id).is_not(None) | (col(TicketLink.id).is_not(None) & closed),
        )
        .order_by(col(TicketLink.id))
    )


@lru_cache(maxsize=2)
def ends_of_streams(sqlite: bool) -> Question:
    """(stream, position, hash) of the last event of each of ``streams``."""
    last = (
        select(col(Event.stream), func.max(Event.position).label("position"))
        .where(among(col(Event.stream), "streams", sqlite=sqlite))
        .group_by(col(Event.stream))
        .subquery()
    )
    return select(col(Event.stream), col(Event.position), col(Event.hash)).join(
        last, (col(Event.stream) == last.c.stream) & (col(Event.position) == last.c.position)
    )


@lru_cache(maxsize=2)
def addresses_of(sqlite: bool) -> Question:
    """(person, address) of ``people``."""
    return select(col(PersonAddress.person_id), col(PersonAddress.address)).where(
        among(col(PersonAddress.person_id), "people", sqlite=sqlite)
    )


@lru_cache(maxsize=2)
def domains_of(sqlite: bool) -> Question:
    """(person, domain of the organisation) of ``people``."""
    return (
        select(col(Person.id), col(Organization.domain))
        .join(Organization, col(Organization.id) == Person.organization_id)
        .where(among(col(Person.id), "people", sqlite=sqlite))
    )


@lru_cache(maxsize=2)
def participants(sqlite: bool) -> tuple[Question, ...]:
    """(ticket, address as written) of ``tickets``: watchers, agents who watch, those we wrote to, those who wrote."""
    watching = among(col(Watcher.ticket_id), "tickets", sqlite=sqlite)
    return (
        select(col(Watcher.ticket_id), col(Watcher.address)).where(watching),
        select(col(Watcher.ticket_id), col(Agent.email))
        .join(Agent, col(Agent.id) == Watcher.agent_id)
        .where(watching),
        select(col(OutboxItem.ticket_id), col(Delivery.address))
        .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
        .where(
            among(col(OutboxItem.ticket_id), "tickets", sqlite=sqlite), col(OutboxItem.automatic).is_(False)
        ),
        # Whoever is in the conversation was let in by these rules or by an agent; machines are nobody.
        select(col(Message.ticket_id), col(Message.author_address)).where(
            among(col(Message.ticket_id), "tickets", sqlite=sqlite),
            col(Message.direction) == Direction.IN.value,
            col(Message.mail_kind).not_in(_MACHINES),
        ),
    )


@lru_cache(maxsize=2)
def other_addresses(sqlite: bool) -> Question:
    """(ticket, address in compared form) of all people who watch one of ``tickets``."""
    return (
        select(col(Watcher.ticket_id), col(PersonAddress.address))
        .join(PersonAddress, col(PersonAddress.person_id) == Watcher.person_id)
        .where(among(col(Watcher.ticket_id), "tickets", sqlite=sqlite))
    )


@lru_cache(maxsize=2)
def still_unfinished(sqlite: bool) -> Question:
    """(id,) of ``entries`` without verdict; PostgreSQL: locked."""
    return (
        select(col(IntakeEntry.id))
        .where(among(col(IntakeEntry.id), "entries", sqlite=sqlite), col(IntakeEntry.verdict) == "")
        .with_for_update()
    )


@lru_cache(maxsize=4)
def earlier(by: str, sqlite: bool) -> Question:
    """Processed mails whose column ``by`` (``rfc_message_id`` or ``sha256``) is one of ``values``."""
    column = col(IntakeEntry.rfc_message_id if by == "rfc_message_id" else IntakeEntry.sha256)
    return select(
        column,
        col(IntakeEntry.id),
        col(IntakeEntry.content_digest),
        col(IntakeEntry.sha256),
        col(IntakeEntry.verdict),
        col(IntakeEntry.ticket_id),
        col(IntakeEntry.message_id),
    ).where(among(column, "values", sqlite=sqlite), col(IntakeEntry.verdict) != "")
