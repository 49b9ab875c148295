"""Tickets: entering one by hand, and changing its fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from tui_desk.contracts.tickets import FieldChanged, NewTicket, SetFields, TakeTicket
from tui_desk.core.enums import Channel, Direction, FieldSubject, MessageKind, TicketStatus
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.search import index_message
from tui_desk.models import Message, Person, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.rules.status import after_taking, may_follow
from tui_desk.rules.subjects import thread_key
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_for_work, team_named
from tui_desk.services.categories import category_for
from tui_desk.services.changes import set_fields as change_fields
from tui_desk.services.changes import told
from tui_desk.services.checklist_rows import apply_for_category
from tui_desk.services.context import known, now, require, ticket_to_work_on
from tui_desk.services.custom_fields import require_complete, set_values, values_of_one
from tui_desk.services.event_text import status_name
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.fields import reference, requester_label
from tui_desk.services.gates import is_held_up, let_through
from tui_desk.services.people import addresses_of, person_for
from tui_desk.services.settings_store import HANDOVER_NOTE, read_setting

SUBJECT_LIMIT = 300
TAG_LIMIT = 40

_MESSAGE_KINDS = {Channel.PHONE: MessageKind.PHONE, Channel.CHAT: MessageKind.CHAT}
"""What a ticket entered by hand begins with; every other channel is written down as a form."""


def new(session: Session, actor: Actor, request: NewTicket) -> int:
    """Enter a ticket by hand. Answers its number. Raises UsageError, NotFound (agent, team)."""
    require(actor, Permission.CHANGE_TICKETS)
    at = now(session)
    subject = subject_of(request)
    if not (request.requester.strip() or request.requester_name.strip()):
        raise UsageError(_("Say who asks: an address or a name."))
    person = person_for(session, request.requester, safe_line(request.requester_name, 200).strip(), at)
    assignee = agent_for_work(session, actor, request.assignee) if request.assignee else None
    team = team_named(session, request.team) if request.team else None
    category = category_for(session, actor, request.category) if request.category else None
    ticket = Ticket(
        subject=subject,
        thread_subject=thread_key(subject),
        type=request.type.value,
        status=(TicketStatus.OPEN if assignee and assignee.id == actor.agent_id else TicketStatus.NEW).value,
        priority=request.priority.rank,
        channel=request.channel.value,
        category_id=category.id if category else None,
        team_id=team.id if team else None,
        assignee_id=assignee.id if assignee else None,
        requester_id=known(person.id),
        requester_name=requester_label(session, person),
        created_at=at,
        updated_at=at,
        requester_waiting=True,
    )
    session.add(ticket)
    session.flush()
    message = _first_message(session, ticket, person, request, at)
    number = known(ticket.id)
    record(
        session,
        actor,
        ticket_stream(known(ticket.id)),
        "created",
        at,
        after={
            "channel": ticket.channel,
            "subject": subject,
            "message_id": message.id,
            "status": ticket.status,
        },
    )
    set_values(session, actor, FieldSubject.TICKET, number, ticket.type, request.fields, at)
    require_complete(session, FieldSubject.TICKET, number, ticket.type)
    apply_for_category(session, actor, ticket, at)
    return known(ticket.id)


def subject_of(request: NewTicket) -> str:
    """What a ticket that is entered by hand is called. Raises UsageError."""
    return _subject(request.subject or next(iter(request.body.strip().splitlines()), ""))


def first_text(request: NewTicket) -> str:
    """What its first message says."""
    return safe_block(request.body).strip("\n")


def _first_message(
    session: Session, ticket: Ticket, person: Person, request: NewTicket, at: datetime
) -> Message:
    address = next(iter(addresses_of(session, [known(person.id)])[known(person.id)]), "")
    message = Message(
        ticket_id=known(ticket.id),
        kind=_MESSAGE_KINDS.get(request.channel, MessageKind.FORM).value,
        direction=Direction.IN.value,
        author_person_id=person.id,
        author_name=person.name,
        author_address=address,
        at=at,
        subject=ticket.subject,
        text=first_text(request),
    )
    session.add(message)
    session.flush()
    people = f"{person.name} {address}"
    index_message(session, known(message.id), known(ticket.id), ticket.subject, message.text, people)
    return message


def set_fields(session: Session, actor: Actor, request: SetFields) -> FieldChanged:
    """Change fields of one ticket; refuses what the status rules forbid, and unknown names, before anything is written.

    Raises Blocked where a gate holds the new status up and ``despite`` gives no reason that lifts it.
    """
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    at = now(session)
    values = _wanted(session, actor, ticket, request, at)
    if not values and not request.fields:
        raise UsageError(_("Nothing to set was named."))
    kind = str(values.get("type", ticket.type))
    ended = {ticket.status, (request.status or TicketStatus(ticket.status)).value} <= {
        TicketStatus.RESOLVED.value,
        TicketStatus.CLOSED.value,
    }
    events = set_values(
        session, actor, FieldSubject.TICKET, request.number, kind, request.fields, at, ended=ended
    )
    if request.status is not None:
        let_through(session, actor, ticket, request.status, request.despite, at)
    events += change_fields(session, actor, ticket, values, at)
    return told(request.number, events, values, labels_of(session, request))


def labels_of(session: Session, request: SetFields) -> dict[str, str]:
    """What was said about fields of one's own, by label, for the line that tells it."""
    said = {one.name: one.text for one in request.fields}
    found = values_of_one(session, FieldSubject.TICKET, request.number) if said else ()
    return {value.label: value.shown for value in found if value.name in said} | {
        name: "" for name in said if name not in {value.name for value in found}
    }


def _wanted(
    session: Session, actor: Actor, ticket: Ticket, request: SetFields, at: datetime
) -> dict[str, Any]:
    """The new values by field name, as events keep them."""
    values: dict[str, Any] = {}
    if request.subject is not None:
        values["subject"] = _subject(request.subject)
    if request.type is not None:
        values["type"] = request.type.value
    if request.priority is not None:
        values["priority"] = request.priority.value
    if request.category is not None:
        category = category_for(session, actor, request.category) if request.category else None
        values["category"] = reference(category.id, category.path) if category else None
    if request.tags is not None:
        values["tags"] = sorted({tag_of(tag) for tag in request.tags if tag.strip()})
    if request.requester is not None:
        person = person_for(session, request.requester, "", at)
        values["requester"] = reference(person.id, requester_label(session, person))
    if request.team is not None:
        team = team_named(session, request.team) if request.team else None
        refuse_without_note(session, ticket, team.id if team else None)
        values["team"] = reference(team.id, team.name) if team else None
    status = request.status
    if request.assignee is not None:
        agent = agent_for_work(session, actor, request.assignee) if request.assignee else None
        values["assignee"] = reference(agent.id, agent.name or agent.login) if agent else None
        if status is None and agent is not None and agent.id == actor.agent_id:
            status = after_taking(TicketStatus(ticket.status))
            if status is TicketStatus(ticket.status) or is_held_up(session, ticket, status):
                status = None
    if status is not None:
        check_status(ticket, status)
        values["status"] = status.value
    return values


def check_status(ticket: Ticket, wanted: TicketStatus) -> None:
    """Raises Refused where ``wanted`` may not follow the ticket's status."""
    before = TicketStatus(ticket.status)
    if not may_follow(before, wanted):
        raise Refused(
            _("#{number} is {before} and cannot become {after}.").format(
                number=ticket.id, before=status_name(before.value), after=status_name(wanted.value)
            )
        )


def take(session: Session, actor: Actor, request: TakeTicket) -> FieldChanged:
    """Assign the ticket to the acting agent; a new one is open then. Raises Blocked where work on it may not start yet."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    agent = agent_for_work(session, actor, "me")
    values: dict[str, Any] = {"assignee": reference(agent.id, agent.name or agent.login)}
    status = after_taking(TicketStatus(ticket.status))
    at = now(session)
    if status.value != ticket.status:
        let_through(session, actor, ticket, status, "", at)
        values["status"] = status.value
    return told(request.number, change_fields(session, actor, ticket, values, at), values)


def refuse_without_note(session: Session, ticket: Ticket, team_id: int | None) -> None:
    """Raises Refused where the desk wants a note with each transfer to another team, and this is one."""
    if ticket.team_id in (None, team_id) or not read_setting(session, HANDOVER_NOTE):
        return
    raise Refused(
        _("This desk wants a note with every hand-over: how things stand, what is to be done."),
        _("h asks for it; in a script: tui-desk ticket hand-over N TEAM --note TEXT."),
    )


def _subject(text: str) -> str:
    subject = safe_line(text, SUBJECT_LIMIT).strip()
    if not subject:
        raise UsageError(_("A ticket needs a subject."))
    return subject


def tag_of(text: str) -> str:
    """A tag as it is kept. Raises UsageError."""
    tag = safe_line(text).strip().lower()
    if len(tag) > TAG_LIMIT or "," in tag:
        raise UsageError(_("“{tag}” is not a tag.").format(tag=safe_line(text, 60)))
    return tag
