"""One ticket with everything its screen shows."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, or_, select

from tui_desk.contracts.conversation import DraftView
from tui_desk.contracts.custom_fields import by_name
from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import LinkView, ShowTicket, TicketView, WatcherView
from tui_desk.core.enums import (
    Channel,
    FieldSubject,
    LinkKind,
    PresenceMode,
    Priority,
    TicketStatus,
    TicketType,
)
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.models import (
    Agent,
    Category,
    Mailbox,
    Organization,
    Person,
    Presence,
    Team,
    Ticket,
    TicketLink,
    TicketMailbox,
    TicketTag,
    Watcher,
)
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.approval_view import approvals_of
from tui_desk.services.context import known, now, require, ticket_to_read
from tui_desk.services.custom_fields import values_of_one
from tui_desk.services.drafts import drafts_of
from tui_desk.services.history import newest_of_ticket
from tui_desk.services.last_seen import joined_since, last_look
from tui_desk.services.message_view import newest_messages
from tui_desk.services.people import addresses_of
from tui_desk.services.purchase_view import purchases_of
from tui_desk.services.reminders import reminders_at
from tui_desk.services.review_view import reviews_of
from tui_desk.services.satisfaction import ratings_of
from tui_desk.services.snooze_view import snooze_of
from tui_desk.services.task_rows import tasks_of
from tui_desk.services.ticket_inventory import inventory_of
from tui_desk.services.time_rows import time_of

PRESENCE_SECONDS = 60


def show(session: Session, actor: Actor, request: ShowTicket) -> TicketView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    ticket = ticket_to_read(session, request.number)
    number = known(ticket.id)
    person = session.get_one(Person, ticket.requester_id)
    organization = session.get(Organization, person.organization_id) if person.organization_id else None
    addresses = addresses_of(session, [known(person.id)])[known(person.id)]
    assignee = session.get(Agent, ticket.assignee_id) if ticket.assignee_id else None
    team = session.get(Team, ticket.team_id) if ticket.team_id else None
    category = session.get(Category, ticket.category_id) if ticket.category_id else None
    mailbox = session.get(Mailbox, ticket.mailbox_id) if ticket.mailbox_id else None
    time_minutes, time_entries = time_of(session, number)
    tags = session.exec(
        select(TicketTag.tag).where(TicketTag.ticket_id == number).order_by(col(TicketTag.tag))
    )
    events, event_count = newest_of_ticket(session, number)
    other_ways = _other_ways(session, ticket)
    custom = values_of_one(session, FieldSubject.TICKET, number, ticket.type)
    inventory = inventory_of(session, number)
    look = last_look(session, actor, number)
    messages, earlier = newest_messages(session, number, request.newest)
    return TicketView(
        number=number,
        subject=safe_line(ticket.subject),
        type=TicketType(ticket.type),
        status=TicketStatus(ticket.status),
        priority=Priority.from_rank(ticket.priority),
        channel=Channel(ticket.channel),
        category=safe_line(category.path) if category else "",
        tags=tuple(map(safe_line, tags)),
        team=safe_line(team.name) if team else "",
        assignee=safe_line(assignee.name or assignee.login) if assignee else "",
        assignee_login=safe_line(assignee.login) if assignee else "",
        requester_id=known(person.id),
        requester_name=safe_line(person.name or ticket.requester_name),
        requester_address=visible_address(addresses[0]) if addresses else "",
        organization=safe_line(organization.name) if organization else "",
        mailbox=safe_line(mailbox.address) if mailbox else "",
        mailbox_id=ticket.mailbox_id,
        also_came_by=tuple(safe_line(f"{way} ({of})" if of else way) for way, of in other_ways),
        also_teams=tuple(
            dict.fromkeys(safe_line(of) for _way, of in other_ways if of and of != (team and team.name))
        ),
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        first_response_at=ticket.first_response_at,
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        requester_waiting=ticket.requester_waiting,
        spam=ticket.spam,
        blocked=person.blocked,
        version=ticket.version,
        messages=messages,
        earlier=earlier,
        events=events,
        event_count=event_count,
        merged_into=ticket.merged_into_id,
        snooze=snooze_of(session, number, now(session)),
        seen=look.message if look is not None else None,
        joined=joined_since(session, actor, number, look),
        reminders=reminders_at(session, actor, number),
        links=_links(session, number),
        assets=inventory.assets,
        licences=inventory.licences,
        expiring=inventory.expiring,
        watchers=_watchers(session, number),
        drafts=_drafts(session, actor, ticket),
        reviews=reviews_of(session, actor, number),
        ratings=ratings_of(session, number),
        next_action=safe_line(ticket.next_action),
        next_action_on=ticket.next_action_on,
        presence=present_at(session, number, actor, actor.session),
        approvals=approvals_of(session, actor, number),
        purchases=purchases_of(session, actor, number),
        tasks=tasks_of(session, number),
        time_minutes=time_minutes,
        time_entries=time_entries,
        custom=custom,
        fields=by_name(custom),
    )


def _drafts(session: Session, actor: Actor, ticket: Ticket) -> tuple[DraftView, ...]:
    return drafts_of(session, actor, known(ticket.id))


def _other_ways(session: Session, ticket: Ticket) -> list[tuple[str, str]]:
    """Addresses of ours, beside the one the ticket has, that its mail came by too (To + Cc to two of them), and their teams."""
    rows = session.exec(
        select(TicketMailbox.company_address, Mailbox.address, Team.name)
        .join(Mailbox, col(Mailbox.id) == TicketMailbox.mailbox_id)
        .outerjoin(Team, col(Team.id) == TicketMailbox.team_id)
        .where(TicketMailbox.ticket_id == ticket.id)
        .order_by(col(TicketMailbox.mailbox_id), col(TicketMailbox.company_address))
    )
    ways: dict[str, str] = {}
    for company, address, team in rows:
        ways.setdefault(company or address, team or "")
    main = session.get(Mailbox, ticket.mailbox_id) if ticket.mailbox_id else None
    ways.pop(ticket.company_address or (main.address if main else ""), None)
    return list(ways.items())


def _links(session: Session, number: int) -> tuple[LinkView, ...]:
    links = session.exec(
        select(TicketLink)
        .where(or_(TicketLink.from_id == number, TicketLink.to_id == number))
        .order_by(col(TicketLink.id))
    ).all()
    others = {link.to_id if link.from_id == number else link.from_id for link in links}
    facts = {
        row_id: (subject, status)
        for row_id, subject, status in session.exec(
            select(Ticket.id, Ticket.subject, Ticket.status).where(col(Ticket.id).in_(others))
        )
    }
    views = []
    for link in links:
        other = link.to_id if link.from_id == number else link.from_id
        subject, status = facts[other]
        views.append(
            LinkView(
                id=known(link.id),
                kind=LinkKind(link.kind),
                outgoing=link.from_id == number,
                number=other,
                subject=safe_line(subject),
                status=TicketStatus(status),
                note=safe_line(link.note),
            )
        )
    return tuple(views)


def _watchers(session: Session, number: int) -> tuple[WatcherView, ...]:
    rows = session.exec(
        select(Watcher, Person, Agent)
        .outerjoin(Person, col(Person.id) == Watcher.person_id)
        .outerjoin(Agent, col(Agent.id) == Watcher.agent_id)
        .where(Watcher.ticket_id == number)
        .order_by(col(Watcher.id))
    ).all()
    lacking = [known(person.id) for watcher, person, _agent in rows if person and not watcher.address]
    addresses = addresses_of(session, lacking)
    views = []
    for watcher, person, agent in rows:
        address = watcher.address or (agent.email if agent else "")
        if not address and person:
            address = next(iter(addresses[known(person.id)]), "")
        name = (agent.name or agent.login) if agent else (person.name if person else "")
        views.append(
            WatcherView(
                known(watcher.id),
                safe_line(name) or visible_address(address),
                visible_address(address),
                agent is not None,
                safe_line(watcher.role),
            )
        )
    return tuple(views)


def present_at(session: Session, number: int, actor: Actor, own_session: str) -> tuple[PresenceView, ...]:
    """Who else is at the ticket now, writers first; never oneself, as a terminal that was killed still looks like."""
    since = now(session) - timedelta(seconds=PRESENCE_SECONDS)
    rows = session.exec(
        select(Agent.name, Agent.login, Presence.mode)
        .join(Presence, col(Presence.agent_id) == Agent.id)
        .where(Presence.ticket_id == number, col(Presence.at) > since, Presence.session != own_session)
        .where(Presence.agent_id != (actor.agent_id or 0))
        .order_by(col(Presence.mode).desc(), col(Agent.login))
    )
    return tuple(PresenceView(safe_line(name or login), PresenceMode(mode)) for name, login, mode in rows)
