"""Who takes part: people behind addresses, and who may write into a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from tui_desk.core.enums import Direction
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.message import Address
from tui_desk.models import (
    Agent,
    Delivery,
    Message,
    Organization,
    OutboxItem,
    Person,
    PersonAddress,
    Watcher,
)
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.services.intake_batch import Batch, KnownPerson, TicketState

MAX_WATCHERS = 50
"""People of one mail's To and Cc that become participants; a mail to thousands is not a conversation."""

_MACHINES = ("bounce", "report")


def read_participants(session: Session, tickets: dict[int, TicketState]) -> None:
    """Fill in who takes part in ``tickets``: requester, Cc, watchers, those we wrote to, those who wrote into it."""
    ids = list(tickets)
    requesters = {state.requester_id for state in tickets.values()}
    addresses: dict[int, set[str]] = {}
    for person_id, address in session.execute(
        select(PersonAddress.person_id, PersonAddress.address).where(
            col(PersonAddress.person_id).in_(list(requesters))
        )
    ):
        addresses.setdefault(person_id, set()).add(address)
    companies = dict(
        session.execute(
            select(Person.id, Organization.domain)
            .join(Organization, col(Organization.id) == Person.organization_id)
            .where(col(Person.id).in_(list(requesters)))
        ).all()
    )
    for state in tickets.values():
        state.requester = frozenset(addresses.get(state.requester_id, ()))
        domains = {address.rpartition("@")[2] for address in state.requester}
        domains.add(companies.get(state.requester_id) or "")
        state.domains = frozenset(domain for domain in domains if domain and not is_public_domain(domain))
    for ticket_id, address in _others(session, ids):
        tickets[ticket_id].participants.add(address_key(address))
    for ticket_id, address in _other_addresses(session, ids):
        tickets[ticket_id].other_addresses.add(address)


def _others(session: Session, ids: list[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    queries = (
        select(Watcher.ticket_id, Watcher.address).where(col(Watcher.ticket_id).in_(ids)),
        select(Watcher.ticket_id, Agent.email)
        .join(Agent, col(Agent.id) == Watcher.agent_id)
        .where(col(Watcher.ticket_id).in_(ids)),
        select(OutboxItem.ticket_id, Delivery.address)
        .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
        .where(col(OutboxItem.ticket_id).in_(ids), col(OutboxItem.automatic).is_(False)),
        # Whoever is in the conversation was let in by these rules or by an agent; machines are nobody.
        select(Message.ticket_id, Message.author_address).where(
            col(Message.ticket_id).in_(ids),
            Message.direction == Direction.IN.value,
            col(Message.mail_kind).not_in(_MACHINES),
        ),
    )
    for query in queries:
        found += [(int(ticket), str(address)) for ticket, address in session.execute(query) if address]
    return found


def _other_addresses(session: Session, ids: list[int]) -> list[tuple[int, str]]:
    """All addresses of the people who take part, as their records have them (compared form)."""
    rows = session.execute(
        select(Watcher.ticket_id, PersonAddress.address)
        .join(PersonAddress, col(PersonAddress.person_id) == Watcher.person_id)
        .where(col(Watcher.ticket_id).in_(ids))
    )
    return [(int(ticket), str(address)) for ticket, address in rows]


def planned_person(batch: Batch, address: str, name: str) -> KnownPerson:
    """Who has ``address`` (as written); made in this batch when nobody does, in the organisation of its domain."""
    key = address_key(address)
    if key not in batch.people:
        batch.look_up_people([key])
    known = batch.people[key]
    if known is not None:
        return known
    domain = key.rpartition("@")[2]
    organization = batch.organizations.get(domain)
    if organization is None and domain and not is_public_domain(domain):
        organization = _organization_for(batch, domain)
    person = make_person(batch, name, organization)
    batch.people[key] = person
    batch.add(PersonAddress, {"person_id": person.id, "address": key})
    return person


def make_person(batch: Batch, name: str, organization: int | None) -> KnownPerson:
    """A new person, without an address yet."""
    person = KnownPerson(batch.next_id(Person), safe_line(name, 200).strip(), False, organization)
    batch.add(
        Person,
        {
            "id": person.id,
            "name": person.name,
            "organization_id": organization,
            "phone": "",
            "location": "",
            "language": "",
            "vip": False,
            "blocked": False,
            "notes": "",
            "created_at": batch.now,
        },
    )
    return person


def _organization_for(batch: Batch, domain: str) -> int:
    """A new organisation, named after its domain until an agent gives it a better name."""
    found = batch.next_id(Organization)
    batch.organizations[domain] = found
    batch.add(Organization, {"id": found, "name": domain, "domain": domain})
    return found


def others_of(batch: Batch, people: Sequence[Address], without: str) -> list[Address]:
    """Those of To and Cc that take part from now on: not the sender, not ourselves (tagged or not), each once."""
    own = batch.facts.own_addresses
    kept: dict[str, Address] = {}
    for person in people:
        key = address_key(person.address)
        if "@" in key and key != without and not is_one_of(key, own):
            kept.setdefault(key, person)
    return list(kept.values())[:MAX_WATCHERS]
