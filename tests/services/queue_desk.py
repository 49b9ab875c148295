"""Sixty tickets of every status, priority, agent and team, and what a list of them holds, as the agent Ana."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tui_desk.contracts.queue import ListTickets
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.db.engine import Database
from tui_desk.db.fast import FastReader
from tui_desk.db.search import index_message
from tui_desk.models import Agent, Category, Message, Person, PersonAddress, Presence, Team, Ticket, TicketTag
from tui_desk.services.actor import Actor
from tui_desk.services.queue import list_tickets

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


ANA = Actor(1, "ana", "Ana", Role.ADMIN, "this-terminal")


STATUSES = ("new", "open", "pending", "on_hold", "resolved", "closed")


def fill_queue(database: Database) -> None:
    with database.writing() as session:
        session.add_all(
            [
                Agent(id=1, login="ana", name="Ana", role="admin", created_at=NOW),
                Agent(id=2, login="bo", created_at=NOW),
            ]
        )
        session.add_all([Team(id=1, name="Network"), Category(id=1, name="Printer", path="Hardware/Printer")])
        session.add_all(
            [Person(id=1, name="Zoë Müller", created_at=NOW), Person(id=2, name="[/]", created_at=NOW)]
        )
        session.flush()
        session.add(PersonAddress(person_id=1, address="zoe@acme.example"))
        for number in range(1, 61):
            session.add(
                Ticket(
                    id=number,
                    subject=f"Printer {number}" if number % 2 else f"Café {number}",
                    status=STATUSES[number % 6],
                    priority=number % 4,
                    assignee_id={0: None, 1: 1, 2: 2}[number % 3],
                    team_id=1 if number % 5 == 0 else None,
                    category_id=1 if number % 10 == 0 else None,
                    requester_id=1 if number % 2 else 2,
                    requester_name="Zoë Müller" if number % 2 else "[/]",
                    created_at=NOW + timedelta(minutes=number),
                    updated_at=NOW + timedelta(minutes=number // 2),
                )
            )
            session.flush()
            message = Message(
                ticket_id=number,
                kind="email",
                direction="in",
                author_name="Zoë Müller",
                at=NOW,
                text=f"paper jam number{number}\n> old words",
                segments=[["body", len(f"paper jam number{number}\n")], ["quote", 11]],
            )
            session.add(message)
            session.flush()
            assert message.id is not None
            index_message(
                session,
                message.id,
                number,
                f"Printer {number}" if number % 2 else f"Café {number}",
                message.text,
                "Zoë Müller",
            )
        session.add(TicketTag(ticket_id=7, tag="vpn"))
        session.add(Presence(session="elsewhere", agent_id=2, ticket_id=8, mode="writing", at=utc_now()))
        session.add(Presence(session="this-terminal", agent_id=1, ticket_id=8, mode="viewing", at=utc_now()))


def listed(reader: FastReader, **request: object) -> list[int]:
    """The numbers of a list, in its order."""
    return [row.number for row in list_tickets(reader, ANA, ListTickets(**request)).rows]
