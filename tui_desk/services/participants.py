"""Who takes part: people behind addresses, and who may write into a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from tui_desk.core.safe_text import safe_line
from tui_desk.mail.message import Address
from tui_desk.models import Organization, Person, PersonAddress
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.services import intake_questions as questions
from tui_desk.services.intake_batch import Batch, KnownPerson, TicketState

MAX_WATCHERS = 50
"""People of one mail's To and Cc that become participants; a mail to thousands is not a conversation."""


def read_participants(batch: Batch, tickets: dict[int, TicketState]) -> None:
    """Fill in who takes part in ``tickets``: requester, Cc, watchers, those we wrote to, those who wrote into it."""
    ids = list(tickets)
    requesters = sorted({state.requester_id for state in tickets.values()})
    addresses: dict[int, set[str]] = {}
    for person_id, address in batch.ask(questions.addresses_of(batch.sqlite), people=requesters):
        addresses.setdefault(person_id, set()).add(address)
    named = batch.ask(questions.domains_of(batch.sqlite), people=requesters)
    companies: dict[int, str] = {row[0]: row[1] for row in named}
    for state in tickets.values():
        state.requester = frozenset(addresses.get(state.requester_id, ()))
        domains = {address.rpartition("@")[2] for address in state.requester}
        domains.add(companies.get(state.requester_id) or "")
        state.domains = frozenset(domain for domain in domains if domain and not is_public_domain(domain))
    for question in questions.participants(batch.sqlite):
        for ticket_id, address in batch.ask(question, tickets=ids):
            if address:
                tickets[ticket_id].participants.add(address_key(address))
    for ticket_id, address in batch.ask(questions.other_addresses(batch.sqlite), tickets=ids):
        tickets[ticket_id].other_addresses.add(address)


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
