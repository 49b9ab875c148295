"""Organisations: their people, tickets and assets, and what is known about them."""

from __future__ import annotations

import re
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.people import (
    ListOrganizations,
    OrganizationRow,
    OrganizationView,
    SaveOrganization,
    ShowOrganization,
)
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, Organization, Person, Ticket
from tui_desk.rules.addresses import domain_key, is_host_name
from tui_desk.rules.permissions import Permission
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.services import phones
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.people import addresses_of, like_words
from tui_desk.services.person_saving import NOTES_LIMIT, TEXT_LIMIT, phone_of
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.satisfaction import of_organization
from tui_desk.services.settings_store import PHONE_REGION, read_setting
from tui_desk.services.versions import check_version

PEOPLE_SHOWN = 500
TICKETS_SHOWN = 200
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?|/.*$")


def organization_stream(organization_id: int) -> str:
    return f"organization:{organization_id}"


def list_organizations(
    session: Session, actor: Actor, request: ListOrganizations
) -> tuple[OrganizationRow, ...]:
    """Those whose name or domain holds the words, by name."""
    require(actor, Permission.VIEW)
    rows = session.exec(
        select(Organization)
        .where(*like_words(request.query, Organization.name, Organization.domain))
        .order_by(func.lower(Organization.name), col(Organization.id))
        .limit(request.limit)
    ).all()
    ids = [known(row.id) for row in rows]
    counts = dict(
        session.exec(
            select(Person.organization_id, func.count())
            .where(col(Person.organization_id).in_(ids), col(Person.merged_into_id).is_(None))
            .group_by(col(Person.organization_id))
        ).all()
    )
    return tuple(
        OrganizationRow(known(row.id), safe_line(row.name), safe_line(row.domain), counts.get(row.id, 0))
        for row in rows
    )


def show_organization(session: Session, actor: Actor, request: ShowOrganization) -> OrganizationView:
    """One organisation by id or name. Raises NotFound."""
    require(actor, Permission.VIEW)
    statement = select(Organization)
    if request.id is not None:
        statement = statement.where(Organization.id == request.id)
    else:
        statement = statement.where(same_name(Organization.name, request.name.strip()))
    row = session.exec(statement).first()
    if row is None:
        raise NotFound(
            _("There is no organization {name}.").format(name=safe_line(request.name) or f"#{request.id}")
        )
    return _view(session, row)


def _view(session: Session, row: Organization) -> OrganizationView:
    people = session.exec(
        select(Person.id, Person.name)
        .where(Person.organization_id == row.id, col(Person.merged_into_id).is_(None))
        .order_by(col(Person.name), col(Person.id))
        .limit(PEOPLE_SHOWN)
    ).all()
    addresses = addresses_of(session, [known(person_id) for person_id, _name in people])
    theirs = select(Person.id).where(Person.organization_id == row.id)
    tickets = session.exec(
        select(Ticket.id, Ticket.subject, Ticket.status)
        .where(col(Ticket.requester_id).in_(theirs))
        .order_by(col(Ticket.id).desc())
        .limit(TICKETS_SHOWN)
    ).all()
    assets = session.exec(
        select(Asset.id, Asset.tag, Asset.name)
        .where(col(Asset.owner_id).in_(theirs))
        .order_by(col(Asset.tag))
        .limit(PEOPLE_SHOWN)
    ).all()
    region = str(read_setting(session, PHONE_REGION))
    return OrganizationView(
        satisfaction=of_organization(session, known(row.id)),
        phone_shown=safe_line(phones.shown(row.phone, region)) if row.phone else "",
        phone_hint=phones.hint(row.phone, region) if row.phone else "",
        id=known(row.id),
        name=safe_line(row.name),
        domain=safe_line(row.domain),
        phone=safe_line(row.phone),
        location=safe_line(row.location),
        notes=safe_block(row.notes),
        version=row.version,
        people=tuple(
            (known(person_id), safe_line(name), visible_address(next(iter(addresses[known(person_id)]), "")))
            for person_id, name in people
        ),
        tickets=tuple((known(number), safe_line(subject), status) for number, subject, status in tickets),
        assets=tuple((known(asset), safe_line(tag), safe_line(name)) for asset, tag, name in assets),
    )


def save_organization(session: Session, actor: Actor, request: SaveOrganization) -> OrganizationView:
    """Write down an organisation or change one. Raises UsageError, NotFound, Refused (name taken), Conflict."""
    require(actor, Permission.CHANGE_TICKETS)
    at = now(session)
    values = _values(session, request)
    _refuse_taken(session, values["name"], request.id)
    if request.id is None:
        row = Organization(**values)
        session.add(row)
        session.flush()
        add_row(session, actor, organization_stream(known(row.id)), row, at, name=row.name)
        return _view(session, row)
    found = session.exec(select(Organization).where(Organization.id == request.id).with_for_update()).first()
    if found is None:
        raise NotFound(_("There is no organization {name}.").format(name=f"#{request.id}"))
    stream = organization_stream(request.id)
    check_version(session, found, request.version, values, found.name, stream)
    change_row(session, actor, stream, found, values, at, name=found.name)
    return _view(session, found)


def _values(session: Session, request: SaveOrganization) -> dict[str, Any]:
    name = safe_line(request.name, TEXT_LIMIT).strip()
    if not name:
        raise UsageError(_("An organization needs a name."))
    return {
        "name": name,
        "domain": _domain(request.domain),
        "phone": phone_of(session, request.phone),
        "location": safe_line(request.location, TEXT_LIMIT).strip(),
        "notes": safe_block(request.notes, NOTES_LIMIT).rstrip(),
    }


def _domain(text: str) -> str:
    """The mail domain whose people belong to it, in the form addresses are compared by."""
    typed = _SCHEME.sub("", text.strip().lower()).rpartition("@")[2]
    if not typed:
        return ""
    domain = domain_key(typed)
    if not is_host_name(domain):
        raise UsageError(
            _("“{text}” is no mail domain such as example.org.").format(text=safe_line(text, 80))
        )
    if is_public_domain(domain):
        raise UsageError(
            _("{domain} gives addresses to everybody: its people are no organization.").format(domain=domain)
        )
    return domain


def _refuse_taken(session: Session, name: str, own_id: int | None) -> None:
    taken = session.exec(select(Organization.id).where(same_name(Organization.name, name))).first()
    if taken is not None and taken != own_id:
        raise Refused(_("There is an organization {name} already.").format(name=name))
