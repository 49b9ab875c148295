"""One batch of mail on its way into tickets: what was looked up for all of them at once, and the rows they will become.

Planning a mail writes nothing: rows are gathered here and inserted together, table by table, at the end. A mail that raises
while it is planned therefore leaves nothing behind. Ids are taken in advance (SQLite: the write lock is held; PostgreSQL:
from the sequences), so later mails of a batch can join what earlier ones began.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Dialect, Table, Update, bindparam, func, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from tui_desk.db import bulk
from tui_desk.db.asking import listed
from tui_desk.db.search import IndexedMessage, index_messages
from tui_desk.models import (
    Attachment,
    Event,
    MailIdentifier,
    Message,
    Organization,
    Person,
    PersonAddress,
    Ticket,
    TicketLink,
    TicketMailbox,
    Watcher,
)
from tui_desk.models.base import table_of
from tui_desk.services import intake_questions as questions
from tui_desk.services.actor import Actor
from tui_desk.services.desk_facts import DeskFacts
from tui_desk.services.events import event_row, ticket_stream

_IN_CHUNK = 900
"""Values in one IN list."""
_MAX_MOVED = 10_000

TABLES = (
    Organization,
    Person,
    PersonAddress,
    Ticket,
    Message,
    Attachment,
    MailIdentifier,
    Watcher,
    TicketMailbox,
    TicketLink,
    Event,
)
"""In the order in which their rows are inserted: referred to before referring."""


@dataclass(slots=True)
class KnownPerson:
    id: int
    name: str
    blocked: bool
    organization_id: int | None = None


@dataclass(slots=True)
class TicketState:
    """A ticket as this batch leaves it. ``row`` is the dictionary to insert for one that is born here."""

    id: int
    subject: str
    status: str
    version: int
    requester_id: int
    resolved_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    requester_waiting: bool
    row: dict[str, Any] | None = None
    changed: bool = False
    requester: frozenset[str] = frozenset()
    participants: set[str] = field(default_factory=set)
    domains: frozenset[str] = frozenset()
    other_addresses: set[str] = field(default_factory=set)
    """Further addresses of people who take part."""
    moved_to: int | None = None
    """The ticket that its conversation was joined to."""

    @property
    def is_new(self) -> bool:
        return self.row is not None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A mail that was processed before: its ledger row's end."""

    digest: str
    sha256: str
    verdict: str
    ticket_id: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True)
class KnownIdentifier:
    ticket_id: int
    origin: str


class Batch:
    """See the module. ``writes`` False: only to find out what would be done; ids are then invented."""

    def __init__(
        self, session: Session, facts: DeskFacts, now: datetime, actor: Actor, *, writes: bool = True
    ) -> None:
        self.session = session
        self.facts = facts
        self.now = now
        self.actor = actor
        self.writes = writes
        session.flush()  # what the caller has changed is seen by what is asked here
        self.connection = session.connection()
        self.sqlite = self.connection.dialect.name == "sqlite"
        self.people: dict[str, KnownPerson | None] = {}
        self.organizations: dict[str, int] = {}
        self.tickets: dict[int, TicketState | None] = {}
        self.identifiers: dict[str, list[KnownIdentifier]] = defaultdict(list)
        self.earlier: dict[str, list[Earlier]] = defaultdict(list)
        self.rows: dict[type, list[dict[str, Any]]] = {table: [] for table in TABLES}
        self.search: list[IndexedMessage] = []
        self.named: dict[int, Any] = {}
        """What each mail itself says about where it belongs, by its row in the ledger (``threading.Named``)."""
        self.acknowledge: list[Any] = []
        self.approvals: list[Any] = []
        """Answers to approvals, counted when their rows are written."""
        self.ratings: list[Any] = []
        """Answers to surveys with their messages, likewise."""
        self._next: dict[type, int] = {}
        self._chains: dict[int, tuple[int, str]] = {}

    # What is known already

    def ask(self, question: questions.Question, **keys: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of one of ``intake_questions`` about some keys."""
        values = {name: listed(found, sqlite=self.sqlite) for name, found in keys.items()}
        return cast("list[tuple[Any, ...]]", self.connection.execute(question, values).all())

    def look_up_people(self, addresses: Iterable[str]) -> None:
        """Read the people behind some addresses (compared form) that were not asked for yet."""
        wanted = sorted({address for address in addresses if address and address not in self.people})
        domains = sorted({address.rpartition("@")[2] for address in wanted} - {""})
        for chunk in _chunks(wanted):
            rows = self.ask(questions.people(self.sqlite), addresses=chunk)
            self.people.update(dict.fromkeys(chunk))
            for address, person_id, name, blocked, organization in rows:
                self.people[address] = KnownPerson(person_id, name, blocked, organization)
        for chunk in _chunks(domains):
            found = self.ask(questions.organizations(self.sqlite), domains=chunk)
            for domain, name, row_id in found:
                self.organizations.setdefault(name, int(row_id))
                if domain:
                    self.organizations[domain] = int(row_id)

    def look_up_identifiers(self, ids: Iterable[str]) -> None:
        """Read in which tickets some Message-IDs are known."""
        for chunk in _chunks(sorted(set(ids) - {""})):
            rows = self.ask(questions.identifiers(self.sqlite), ids=chunk)
            for identifier, ticket_id, origin in rows:
                self.identifiers[identifier].append(KnownIdentifier(ticket_id, origin))

    def look_up_tickets(self, numbers: Iterable[int]) -> None:
        """Read (PostgreSQL: lock) some tickets and who takes part in them."""
        wanted = {number for number in numbers if number not in self.tickets and 0 < number < 2**31}
        moved = self._moved(wanted)
        wanted |= {number for number in moved.values() if number not in self.tickets}
        for chunk in _chunks(sorted(wanted)):
            self.tickets.update(dict.fromkeys(chunk))
            statement = questions.tickets(self.sqlite, self.writes)
            found = [TicketState(*row) for row in self.ask(statement, tickets=chunk)]
            if self.writes and not self.sqlite:  # whoever merged one of them had it locked while this waited
                moved.update(self._moved(set(chunk)))
            for ticket in found:
                ticket.moved_to = moved.get(ticket.id)
            self.tickets.update({ticket.id: ticket for ticket in found})
            self._look_up_participants({ticket.id: ticket for ticket in found})
            if self.writes:
                self._look_up_chains([ticket.id for ticket in found])
        if any(number not in self.tickets for number in moved.values()):
            self.look_up_tickets(moved.values())

    def _moved(self, numbers: set[int]) -> dict[int, int]:
        """Which of some tickets were joined to another, and to which: closed ones without a message of their own."""
        found: dict[int, int] = {}
        wanted = set(numbers)
        while wanted and len(found) < _MAX_MOVED:
            targets: set[int] = set()
            for chunk in _chunks(sorted(wanted)):
                rows = self.ask(questions.moved(self.sqlite), tickets=chunk)
                found.update({int(source): int(target) for source, target in rows})
                targets.update(int(target) for _source, target in rows)
            wanted = targets - set(found)
        return found

    def _look_up_chains(self, numbers: list[int]) -> None:
        """Where the event streams of tickets end."""
        streams = {ticket_stream(number): number for number in numbers}
        rows = self.ask(questions.ends_of_streams(self.sqlite), streams=list(streams))
        self._chains.update({streams[stream]: (position, digest) for stream, position, digest in rows})

    def _look_up_participants(self, tickets: dict[int, TicketState]) -> None:
        from tui_desk.services.participants import read_participants

        if tickets:
            read_participants(self, tickets)

    # What it becomes

    def next_id(self, table: type[SQLModel]) -> int:
        """The id of the next row of ``table``."""
        if not self.writes:
            self._next[table] = self._next.get(table, 0) - 1
            return self._next[table]
        name = table_of(table).name
        if not self.sqlite:
            sequence = func.nextval(func.pg_get_serial_sequence(f'"{name}"', "id"))
            return int(self.session.execute(select(sequence)).scalar_one())
        if table not in self._next:
            self._next[table] = self._last_id(table, name)
        self._next[table] += 1
        return self._next[table]

    def _last_id(self, table: type[SQLModel], name: str) -> int:
        highest = self.session.execute(select(func.max(table_of(table).c.id))).scalar() or 0
        if table in (Ticket, Message):  # numbers are never used again, not even of what was deleted
            used = self.session.execute(
                text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name}
            )
            highest = max(highest, used.scalar() or 0)
        return int(highest)

    def add(self, table: type, row: dict[str, Any]) -> None:
        """Insert ``row`` at the end."""
        self.rows[table].append(row)

    def record(
        self, ticket_id: int, action: str, *, at_field: str = "", before: Any = None, after: Any = None
    ) -> None:
        """Append an event to the ticket's stream, in this batch's name."""
        position, previous = self._chain(ticket_id)
        row = event_row(
            self.actor,
            ticket_stream(ticket_id),
            position + 1,
            previous,
            action,
            self.now,
            field=at_field,
            before=before,
            after=after,
        )
        self._chains[ticket_id] = (position + 1, row["hash"])
        self.rows[Event].append(row)

    def _chain(self, ticket_id: int) -> tuple[int, str]:
        if ticket_id in self._chains:
            return self._chains[ticket_id]
        state = self.tickets.get(ticket_id)
        if state is not None and state.is_new:
            return 0, ""
        last = self.session.execute(
            select(Event.position, Event.hash)
            .where(Event.stream == ticket_stream(ticket_id))
            .order_by(col(Event.position).desc())
            .limit(1)
        ).first()
        return (int(last[0]), str(last[1])) if last else (0, "")

    def flush(self) -> None:
        """Write everything that was planned."""
        connection = self.connection
        for table in TABLES:
            rows = self.rows[table]
            if not rows:
                continue
            if self.sqlite:
                bulk.run(self.session, _prepared(connection.dialect, table, tuple(rows[0])), rows)
            else:
                connection.execute(_insert(table, postgresql.insert), rows)
        index_messages(self.session, self.search)
        self._update_tickets()

    def _update_tickets(self) -> None:
        changed = [state for state in self.tickets.values() if state and state.changed and not state.is_new]
        if not changed:
            return
        rows = [
            {
                "row_id": state.id,
                "new_status": state.status,
                "new_version": state.version,
                "new_resolved_at": state.resolved_at,
                "new_closed_at": state.closed_at,
                "new_updated_at": state.updated_at,
                "new_requester_waiting": state.requester_waiting,
            }
            for state in changed
        ]
        if self.sqlite:
            bulk.run(self.session, _prepared_change(self.connection.dialect), rows)
        else:
            self.connection.execute(_change(), rows)


def _insert(table: type[SQLModel], insert_into: Callable[[Table], Any]) -> Any:
    """How rows of ``table`` are inserted; ``insert_into`` is the insert of the database's dialect."""
    target = table_of(table)
    if table is MailIdentifier:
        # A mail that others referred to before it came, or seen in Sent: from now on it is known by itself.
        insert = insert_into(target)
        return insert.on_conflict_do_update(
            index_elements=["rfc_message_id", "ticket_id"],
            set_={"origin": insert.excluded.origin, "message_id": insert.excluded.message_id},
            where=text(
                "mail_identifier.origin IN ('referenced', 'answered') "
                "AND excluded.origin NOT IN ('referenced', 'answered')"
            ),
        )
    if table in (Watcher, TicketMailbox, TicketLink):
        return insert_into(target).on_conflict_do_nothing()
    return target.insert()


@lru_cache(maxsize=64)
def _prepared(dialect: Dialect, table: type, names: tuple[str, ...]) -> bulk.Prepared:
    return bulk.prepared(_insert(table, sqlite.insert), dialect, names)


def _change() -> Update:
    """What a mail changes about a ticket that was there before."""
    table = table_of(Ticket)
    names = ("status", "version", "resolved_at", "closed_at", "updated_at", "requester_waiting")
    return (
        table.update()
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )


@lru_cache(maxsize=16)
def _prepared_change(dialect: Dialect) -> bulk.Prepared:
    return bulk.prepared(_change(), dialect)


def _chunks(values: Sequence[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(values), _IN_CHUNK):
        yield list(values[start : start + _IN_CHUNK])


__all__ = ["Batch", "Earlier", "KnownIdentifier", "KnownPerson", "TicketState"]
