"""People: who has an address, and everything known about one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from tui_desk.contracts.custom_fields import by_name
from tui_desk.contracts.desk import PersonView, ShowPerson
from tui_desk.core.enums import Channel, FieldSubject, TicketStatus
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.db.same_name import lowered
from tui_desk.models import Asset, Organization, Person, PersonAddress, Ticket
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.services import phones
from tui_desk.services.actor import Actor
from tui_desk.services.context import found_or_made, known, require
from tui_desk.services.custom_fields import values_of_one
from tui_desk.services.licence_holders import summary_of
from tui_desk.services.satisfaction import of_person
from tui_desk.services.settings_store import PHONE_REGION, read_setting

TICKETS_SHOWN = 200


def person_by_address(session: Session, address: str) -> Person | None:
    """Who has ``address``."""
    return session.exec(
        select(Person)
        .join(PersonAddress, col(PersonAddress.person_id) == Person.id)
        .where(PersonAddress.address == address_key(address))
    ).first()


def person_for_address(session: Session, address: str, name: str, now: datetime) -> Person:
    """Who has ``address``; made when nobody does. An empty name is filled in, another one is kept."""
    found = found_or_made(
        session,
        lambda: person_by_address(session, address),
        lambda: _make_person(session, address, name, now),
    )
    if name and not found.name:
        found.name = name
        session.add(found)
    return found


def _make_person(session: Session, address: str, name: str, now: datetime) -> Person:
    domain = address_key(address).rpartition("@")[2]
    organization = session.exec(
        select(Organization.id).where(Organization.domain == domain, Organization.domain != "")
    ).first()
    person = Person(name=name, organization_id=organization, created_at=now)
    session.add(person)
    session.flush()
    session.add(PersonAddress(person_id=known(person.id), address=address_key(address)))
    session.flush()
    return person


def person_for(session: Session, text: str, name: str, now: datetime) -> Person:
    """The person that ``text`` names: an address (made when new), or a name (the one person of that name, else a new one).

    Raises UsageError for what looks like an address and is none.
    """
    text = text.strip()
    if "@" in text:
        from tui_desk.services.address_input import (
            valid_address,  # and the validator, where something was typed
        )

        given, address = valid_address(text)
        return person_for_address(session, address, name or given, now)
    same = session.exec(select(Person).where(Person.name == (text or name)).limit(2)).all()
    if len(same) == 1:
        return same[0]
    return person_without_address(session, text or name, now)


def person_without_address(session: Session, name: str, now: datetime) -> Person:
    """A new person, known by name only."""
    person = Person(name=name, created_at=now)
    session.add(person)
    session.flush()
    return person


def addresses_of(session: Session, people: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The addresses of some people, oldest first."""
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    rows = session.exec(
        select(PersonAddress.person_id, PersonAddress.address)
        .where(col(PersonAddress.person_id).in_(list(people)))
        .order_by(col(PersonAddress.id))
    )
    for person, address in rows:
        found[person] = (*found[person], address)
    return found


def like_words(query: str, *columns: object) -> list[ColumnElement[bool]]:
    """One condition per word of ``query``: some column holds it (any case, no wildcards)."""
    conditions: list[ColumnElement[bool]] = []
    for word in query.split()[:10]:
        escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        patterns = sorted(f"%{made}%" for made in lowered([escaped]))
        conditions.append(
            or_(*(func.lower(one).like(made, escape="!") for one in columns for made in patterns))
        )
    return conditions


def show_person(session: Session, actor: Actor, request: ShowPerson) -> PersonView:
    """A person by id or address, with tickets (newest first) and assets. Raises NotFound."""
    require(actor, Permission.VIEW)
    person = (
        session.get(Person, request.id)
        if request.id is not None
        else person_by_address(session, request.address)
    )
    while person is not None and person.merged_into_id is not None:
        person = session.get(Person, person.merged_into_id)
    if person is None:
        raise NotFound(
            _("There is no person {name}.").format(name=safe_line(request.address) or f"#{request.id}")
        )
    person_id = known(person.id)
    organization = session.get(Organization, person.organization_id) if person.organization_id else None
    tickets = session.exec(
        select(Ticket.id, Ticket.subject, Ticket.status)
        .where(Ticket.requester_id == person_id)
        .order_by(col(Ticket.id).desc())
        .limit(TICKETS_SHOWN)
    ).all()
    assets = session.exec(
        select(Asset.id, Asset.tag, Asset.name).where(Asset.owner_id == person_id).order_by(col(Asset.tag))
    ).all()
    custom = values_of_one(session, FieldSubject.PERSON, person_id)
    region = str(read_setting(session, PHONE_REGION))
    return PersonView(
        id=person_id,
        name=safe_line(person.name),
        addresses=tuple(map(visible_address, addresses_of(session, [person_id])[person_id])),
        organization=safe_line(organization.name) if organization else "",
        phone=safe_line(person.phone),
        phone_shown=safe_line(phones.shown(person.phone, region)) if person.phone else "",
        phone_hint=phones.hint(person.phone, region) if person.phone else "",
        location=safe_line(person.location),
        language=safe_line(person.language),
        vip=person.vip,
        blocked=person.blocked,
        notes=safe_block(person.notes),
        tickets=tuple((known(n), safe_line(subject), TicketStatus(status)) for n, subject, status in tickets),
        assets=tuple((known(n), safe_line(tag), safe_line(name)) for n, tag, name in assets),
        organization_id=person.organization_id,
        version=person.version,
        channels=_channels(session, person_id),
        satisfaction=of_person(session, person_id),
        licences=summary_of(session, person_id),
        custom=custom,
        fields=by_name(custom),
    )


def _channels(session: Session, person_id: int) -> tuple[tuple[Channel, int], ...]:
    rows = session.exec(
        select(Ticket.channel, func.count())
        .where(Ticket.requester_id == person_id)
        .group_by(col(Ticket.channel))
        .order_by(func.count().desc(), col(Ticket.channel))
    )
    return tuple((Channel(channel), count) for channel, count in rows)
