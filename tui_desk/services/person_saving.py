"""Writing down what is known about a person, and their addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from tui_desk.contracts.desk import PersonView, ShowPerson
from tui_desk.contracts.people import AddAddress, SavePerson
from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.models import Organization, Person, PersonAddress
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services import phones
from tui_desk.services.actor import Actor
from tui_desk.services.address_input import valid_address
from tui_desk.services.approval_people import agents_by_person, is_of_agent
from tui_desk.services.context import found_or_made, known, now, require
from tui_desk.services.custom_fields import require_complete, set_values
from tui_desk.services.people import person_by_address, show_person
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import PHONE_REGION, read_setting
from tui_desk.services.versions import check_version

TEXT_LIMIT = 200
NOTES_LIMIT = 20_000


def person_stream(person_id: int) -> str:
    return f"person:{person_id}"


def person_to_change(session: Session, person_id: int) -> Person:
    """The person, locked. Raises NotFound, Refused for a record that is a part of another one."""
    person = session.exec(select(Person).where(Person.id == person_id).with_for_update()).first()
    if person is None:
        raise NotFound(_("There is no person {name}.").format(name=f"#{person_id}"))
    if person.merged_into_id is not None:
        raise Refused(_("{name} was merged into another record; change that one.").format(name=label(person)))
    return person


def guard_agents(session: Session, actor: Actor, people: Iterable[int], address: str = "") -> None:
    """Raises Refused where records or an address of agents change hands and one is no supervisor: an agent who were an approver's
    record could decide in the approver's place."""
    if allowed(actor.role, Permission.CONFIGURE_WORK):
        return
    if agents_by_person(session, people) or (address and is_of_agent(session, address)):
        raise Refused(
            _("One of these is an agent of this desk, and who is who decides what they may approve."),
            _("A supervisor or an admin may change the addresses of agents' records and merge them."),
        )


def label(person: Person) -> str:
    """What people call the record."""
    return safe_line(person.name) or f"#{person.id}"


def save_person(session: Session, actor: Actor, request: SavePerson) -> PersonView:
    """Write down a person or change one. Raises UsageError, NotFound, Refused (address taken, merged), Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    at = now(session)
    if request.id is None:
        person = _new_person(session, actor, request, at)
    else:
        person = person_to_change(session, request.id)
    values = _values(session, actor, request, at)
    stream = person_stream(known(person.id))
    check_version(session, person, request.version, values, label(person), stream)
    change_row(session, actor, stream, person, values, at, name=label(person))
    set_values(session, actor, FieldSubject.PERSON, known(person.id), "", request.fields, at)
    require_complete(session, FieldSubject.PERSON, known(person.id), "")
    return show_person(session, actor, ShowPerson(known(person.id)))


def _new_person(session: Session, actor: Actor, request: SavePerson, at: datetime) -> Person:
    name, address = safe_line(request.name, TEXT_LIMIT).strip(), ""
    if request.address.strip():
        given, address = valid_address(request.address)
        name = name or given
        _refuse_taken(session, address)
    if not name and not address:
        raise UsageError(_("A person needs a name or an address."))
    person = Person(name=name, created_at=at)
    session.add(person)
    session.flush()
    add_row(session, actor, person_stream(known(person.id)), person, at, name=name or address)
    if address:
        _add_address(session, actor, person, address, at)
    return person


def _values(session: Session, actor: Actor, request: SavePerson, at: datetime) -> dict[str, Any]:
    """The columns to set."""
    organization = request.organization.strip()
    return {
        "name": safe_line(request.name, TEXT_LIMIT).strip(),
        "organization_id": organization_named(session, actor, organization, at) if organization else None,
        "phone": phone_of(session, request.phone),
        "location": safe_line(request.location, TEXT_LIMIT).strip(),
        "language": language_code(request.language),
        "vip": request.vip,
        "notes": safe_block(request.notes, NOTES_LIMIT).rstrip(),
    }


def phone_of(session: Session, text: str) -> str:
    """A phone number as it is kept: in international form, or as it was typed where it is none."""
    return phones.normalised(safe_line(text, TEXT_LIMIT), str(read_setting(session, PHONE_REGION)))


def language_code(text: str) -> str:
    code = text.strip().lower()
    if code and not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        raise UsageError(
            _("“{code}” is no language; it is two letters such as en or es.").format(code=safe_line(code, 20))
        )
    return code


def organization_named(session: Session, actor: Actor, name: str, at: datetime) -> int:
    """The id of the organisation with that exact name; made where there is none."""

    def find() -> Organization | None:
        return session.exec(select(Organization).where(Organization.name == name)).first()

    def make() -> Organization:
        made = Organization(name=safe_line(name, TEXT_LIMIT))
        session.add(made)
        session.flush()
        add_row(session, actor, f"organization:{made.id}", made, at, name=made.name)
        return made

    return known(found_or_made(session, find, make).id)


def add_address(session: Session, actor: Actor, request: AddAddress) -> PersonView:
    """One more address. Raises UsageError, NotFound, Refused (somebody has it already)."""
    require(actor, Permission.CHANGE_TICKETS)
    person = person_to_change(session, request.person_id)
    _name, address = valid_address(request.address)
    _refuse_taken(session, address)
    guard_agents(session, actor, [request.person_id], address)
    _add_address(session, actor, person, address, now(session))
    return show_person(session, actor, ShowPerson(known(person.id)))


def _add_address(session: Session, actor: Actor, person: Person, address: str, at: datetime) -> None:
    row = PersonAddress(person_id=known(person.id), address=address_key(address))
    add_row(session, actor, person_stream(known(person.id)), row, at, name=visible_address(address))


def _refuse_taken(session: Session, address: str) -> None:
    owner = person_by_address(session, address)
    if owner is not None:
        raise Refused(
            _("{address} belongs to {name} already.").format(
                address=visible_address(address), name=label(owner)
            ),
            _("If the two are one person, merge their records: M in people, or tui-desk person merge."),
        )
