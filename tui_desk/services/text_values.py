"""What the variables of ``rules.text_variables`` are worth in a ticket."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Agent, Category, Organization, Person, Team, Ticket
from tui_desk.rules.text_variables import first_name
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now
from tui_desk.services.desk_zone import zone_of
from tui_desk.services.people import addresses_of
from tui_desk.services.senders import signature_for
from tui_desk.services.settings_store import DESK_NAME, read_setting


def desk_values(session: Session, actor: Actor) -> Mapping[str, str]:
    """Every variable of ``rules.text_variables.DESK_NAMES``; safe text of one line."""
    agent = session.get(Agent, actor.agent_id) if actor.agent_id is not None else None
    own_name = actor.name or actor.login
    values = {
        "agent.name": own_name,
        "agent.first_name": first_name(own_name),
        "agent.email": agent.email if agent else "",
        "desk.name": str(read_setting(session, DESK_NAME) or ""),
        "today": now(session).astimezone(zone_of(session, actor)).date().isoformat(),
    }
    return {name: safe_line(value) for name, value in values.items()}


def values_for(session: Session, actor: Actor, ticket: Ticket) -> Mapping[str, str]:
    """Every variable of ``rules.text_variables`` for the acting agent in ``ticket``; safe text, of one line but for the signature.

    Status and priority are what scripts call them. Days are those of the zone one works in.
    """
    person = session.get_one(Person, ticket.requester_id)
    address = next(iter(addresses_of(session, [known(person.id)])[known(person.id)]), "")
    organization = session.get(Organization, person.organization_id) if person.organization_id else None
    category = session.get(Category, ticket.category_id) if ticket.category_id else None
    team = session.get(Team, ticket.team_id) if ticket.team_id else None
    assignee = session.get(Agent, ticket.assignee_id) if ticket.assignee_id else None
    values = {
        "requester.first_name": first_name(person.name),
        "requester.name": person.name,
        "requester.email": address,
        "requester.organization": organization.name if organization else "",
        "requester.language": person.language,
        "requester.vip": "yes" if person.vip else "",
        "ticket.number": str(ticket.id),
        "ticket.subject": ticket.subject,
        "ticket.status": TicketStatus(ticket.status).value,
        "ticket.priority": Priority.from_rank(ticket.priority).value,
        "ticket.category": category.path if category else "",
        "ticket.team": team.name if team else "",
        "ticket.assignee": (assignee.name or assignee.login) if assignee else "",
        "ticket.created": ticket.created_at.astimezone(zone_of(session, actor)).date().isoformat(),
    }
    signature = safe_block(signature_for(session, actor, ticket))
    return {
        **desk_values(session, actor),
        **{name: safe_line(value) for name, value in values.items()},
        "agent.signature": signature,
    }
