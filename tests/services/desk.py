"""A desk to test use cases on: an open database with one agent per role, and a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar

from sqlalchemy import event
from sqlmodel import Session

from tests.support.new_desk import open_new_desk
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import UndoDeed, UndoLast
from tui_desk.core.enums import Role
from tui_desk.db.engine import Database
from tui_desk.models import Agent
from tui_desk.services.actor import DEED, Actor
from tui_desk.services.dispatch import handler_of, load

T = TypeVar("T")


@dataclass
class Desk:
    database: Database
    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def ana(self) -> Actor:
        return self.actors["ana"]

    @property
    def ben(self) -> Actor:
        return self.actors["ben"]

    @property
    def root(self) -> Actor:
        return self.actors["root"]

    @property
    def rita(self) -> Actor:
        return self.actors["rita"]

    def later(self, **passed: int) -> datetime:
        """Move the clock."""
        self.now += timedelta(**(passed or {"seconds": 1}))
        return self.now

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.writing() as session:
            session.info["database"] = self.database
            session.info["clock"] = lambda: self.now
            yield session

    def statements(self, request: Request[Any], actor: Actor | None = None) -> list[str]:
        """The SQL that a request sends."""
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            self.ask(request, actor)
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)
        return seen

    def ask(self, request: Request[T], actor: Actor | None = None) -> T:
        """Carry out a request as the dispatcher does, with this desk's clock; a second passes before each."""
        self.later()
        handler = handler_of(request)
        function: Any = load(handler)
        acting = actor or self.ana
        if handler.mode == "outside":
            by_the_clock = isinstance(request, (UndoLast, UndoDeed))
            database = (
                _Clocked(self.database.url, self.database.engine, self) if by_the_clock else self.database
            )
            return function(database, acting, request)
        transaction = self.database.writing if handler.mode == "write" else self.database.reading
        with transaction() as session:
            session.info["database"] = self.database
            session.info["clock"] = lambda: self.now
            session.info[DEED] = token_hex(8)
            return function(session, acting, request)


@dataclass(frozen=True)
class _Clocked(Database):
    """The desk's database, whose sessions go by the desk's clock."""

    desk: Desk

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with super().reading() as session:
            session.info["clock"] = lambda: self.desk.now
            yield session

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Session]:
        with super().writing(lasting=lasting) as session:
            session.info["clock"] = lambda: self.desk.now
            yield session


@contextmanager
def open_desk(url: str) -> Iterator[Desk]:
    """A fresh desk with the agents root (admin), sue (supervisor), ana and ben (agents) and rita (read only)."""
    database = open_new_desk(url)
    desk = Desk(database)
    with desk.writing() as session:
        for login, name, role in (
            ("root", "Root", Role.ADMIN),
            ("sue", "Sue Super", Role.SUPERVISOR),
            ("ana", "Ana Díaz", Role.AGENT),
            ("ben", "Ben Otto", Role.AGENT),
            ("rita", "Rita Reader", Role.READ_ONLY),
        ):
            agent = Agent(
                login=login, name=name, email=f"{login}@desk.test", role=role.value, created_at=desk.now
            )
            session.add(agent)
            session.flush()
            desk.actors[login] = Actor(agent.id, login, name, role, session=f"terminal-{login}")
    try:
        yield desk
    finally:
        database.close()
