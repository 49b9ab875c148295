"""The fields of a ticket that people change: how each is read and written as a plain value, so that history and undo share one path.

Values are what events keep as before and after: text, a list of tags, a truth value, or for a reference
``{"id": 3, "name": "Support"}`` (None: nobody).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.models import Agent, Category, Person, PersonAddress, Team, Ticket, TicketTag
from tui_desk.rules.status import Ended, ended_after
from tui_desk.rules.subjects import thread_key
from tui_desk.services.context import known

CHANGED = "changed"
"""The action of every event that records a field with before and after."""


def reference(row_id: int | None, name: str) -> dict[str, Any] | None:
    """How an event names another row."""
    return None if row_id is None else {"id": row_id, "name": name}


@dataclass(frozen=True, slots=True)
class TicketField:
    read: Callable[[Session, Ticket], Any]
    write: Callable[[Session, Ticket, Any, datetime], None]


def _plain(name: str) -> TicketField:
    def read(_session: Session, ticket: Ticket) -> Any:
        return getattr(ticket, name)

    def write(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
        setattr(ticket, name, value)

    return TicketField(read, write)


def _write_status(_session: Session, ticket: Ticket, value: Any, now: datetime) -> None:
    status = TicketStatus(value)
    ended = ended_after(now, status, Ended(ticket.resolved_at, ticket.closed_at))
    ticket.status, ticket.resolved_at, ticket.closed_at = status.value, ended.resolved_at, ended.closed_at
    if status in (TicketStatus.RESOLVED, TicketStatus.CLOSED):
        ticket.requester_waiting = False


def _write_subject(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    ticket.subject, ticket.thread_subject = value, thread_key(value)


def _read_priority(_session: Session, ticket: Ticket) -> str:
    return Priority.from_rank(ticket.priority).value


def _write_priority(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    ticket.priority = Priority(value).rank


def _row_id(value: Any) -> int | None:
    return None if value is None else int(value["id"])


def _read_assignee(session: Session, ticket: Ticket) -> Any:
    if ticket.assignee_id is None:
        return None
    agent = session.get_one(Agent, ticket.assignee_id)
    return reference(agent.id, agent.name or agent.login)


def _write_assignee(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    ticket.assignee_id = _row_id(value)


def _read_team(session: Session, ticket: Ticket) -> Any:
    return reference(ticket.team_id, session.get_one(Team, ticket.team_id).name) if ticket.team_id else None


def _write_team(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    ticket.team_id = _row_id(value)


def _read_category(session: Session, ticket: Ticket) -> Any:
    if ticket.category_id is None:
        return None
    return reference(ticket.category_id, session.get_one(Category, ticket.category_id).path)


def _write_category(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    ticket.category_id = _row_id(value)


def requester_label(session: Session, person: Person) -> str:
    """Name of a person as the queue shows it, else an address."""
    if person.name:
        return person.name
    address = session.exec(
        select(PersonAddress.address)
        .where(PersonAddress.person_id == known(person.id))
        .order_by(col(PersonAddress.id))
    ).first()
    return address or ""


def _read_requester(_session: Session, ticket: Ticket) -> Any:
    return reference(ticket.requester_id, ticket.requester_name)


def _write_requester(session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    person = session.get_one(Person, int(value["id"]))
    ticket.requester_id, ticket.requester_name = known(person.id), requester_label(session, person)


def _read_tags(session: Session, ticket: Ticket) -> list[str]:
    return sorted(session.exec(select(TicketTag.tag).where(TicketTag.ticket_id == ticket.id)).all())


def _write_tags(session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    session.execute(delete(TicketTag).where(col(TicketTag.ticket_id) == ticket.id))
    session.add_all(TicketTag(ticket_id=known(ticket.id), tag=tag) for tag in value)


def _read_blocked(session: Session, ticket: Ticket) -> bool:
    return session.get_one(Person, ticket.requester_id).blocked


def _write_blocked(session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    person = session.get_one(Person, ticket.requester_id)
    person.blocked = bool(value)
    session.add(person)


def _read_next_action_on(_session: Session, ticket: Ticket) -> str | None:
    return ticket.next_action_on.isoformat() if ticket.next_action_on else None


def _write_next_action_on(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    ticket.next_action_on = date.fromisoformat(value) if value else None


def _read_merged_into(_session: Session, ticket: Ticket) -> Any:
    return reference(ticket.merged_into_id, f"#{ticket.merged_into_id}")


def _write_merged_into(_session: Session, ticket: Ticket, value: Any, _now: datetime) -> None:
    ticket.merged_into_id = _row_id(value)


FIELDS: dict[str, TicketField] = {
    "status": TicketField(lambda _session, ticket: ticket.status, _write_status),
    "priority": TicketField(_read_priority, _write_priority),
    "type": _plain("type"),
    "assignee": TicketField(_read_assignee, _write_assignee),
    "team": TicketField(_read_team, _write_team),
    "category": TicketField(_read_category, _write_category),
    "subject": TicketField(lambda _session, ticket: ticket.subject, _write_subject),
    "tags": TicketField(_read_tags, _write_tags),
    "requester": TicketField(_read_requester, _write_requester),
    "next_action": _plain("next_action"),
    "next_action_on": TicketField(_read_next_action_on, _write_next_action_on),
    "spam": _plain("spam"),
    "blocked": TicketField(_read_blocked, _write_blocked),
    "merged_into": TicketField(_read_merged_into, _write_merged_into),
}
"""Field names as in events and in ``ticket set``."""


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field mean the same (a reference may have got another name meanwhile)."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.get("id") == other.get("id")
    return bool(one == other)
