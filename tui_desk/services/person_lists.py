"""The list of people: found, sorted and paged at the same cost whatever their number."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from tui_desk.contracts.desk import ListPeople, PersonRow
from tui_desk.contracts.lists import PERSON_SORTS, ListPage, PagePeople
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.models import Organization, Person, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, require
from tui_desk.services.list_pages import Kind, page_of
from tui_desk.services.people import addresses_of

KIND = Kind("person", PERSON_SORTS)


def page_people(session: Session, actor: Actor, request: PagePeople) -> ListPage[PersonRow]:
    """One window of the list. Raises UsageError."""
    require(actor, Permission.VIEW)
    return page_of(session, KIND, request, _people)


def list_people(session: Session, actor: Actor, request: ListPeople) -> tuple[PersonRow, ...]:
    """The first people of the list in one piece. Raises UsageError."""
    page = PagePeople(request.query, request.sort, request.descending, limit=request.limit)
    return page_people(session, actor, page).rows


def _people(session: Session, numbers: tuple[int, ...]) -> dict[int, PersonRow]:
    rows = session.exec(
        select(Person, Organization.name)
        .outerjoin(Organization, col(Organization.id) == Person.organization_id)
        .where(col(Person.id).in_(numbers))
    ).all()
    addresses = addresses_of(session, numbers)
    counts = dict(
        session.exec(
            select(Ticket.requester_id, func.count())
            .where(col(Ticket.requester_id).in_(numbers))
            .group_by(col(Ticket.requester_id))
        ).all()
    )
    contacts = _contacts(session, numbers)
    return {
        known(person.id): PersonRow(
            id=known(person.id),
            name=safe_line(person.name),
            addresses=tuple(map(visible_address, addresses[known(person.id)])),
            organization=safe_line(organization or ""),
            tickets=counts.get(known(person.id), 0),
            last_contact=contacts.get(known(person.id)),
        )
        for person, organization in rows
    }


def _contacts(session: Session, numbers: tuple[int, ...]) -> dict[int, datetime]:
    """When each of them wrote last."""
    if not numbers:
        return {}
    marks = ", ".join(str(int(number)) for number in numbers)
    rows = session.execute(
        text(
            f"SELECT person_id, last_contact FROM person_search WHERE person_id IN ({marks}) AND last_contact <> ''"
        )
    )
    return {int(number): datetime.fromisoformat(at).replace(tzinfo=UTC) for number, at in rows}
