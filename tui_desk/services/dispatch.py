"""From a request to its answer: find the handler, open the transaction it needs, run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import Role
from tui_desk.core.errors import Deadlocked, Refused, Uncertain
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader
from tui_desk.services.actor import DEED, Actor, new_deed
from tui_desk.services.registry import HANDLERS, Handler

if TYPE_CHECKING:
    from sqlmodel import Session

    from tui_desk.db.engine import Database

T = TypeVar("T")

_TURNS = 3
"""How often a request that changes something is carried out where PostgreSQL ends it for another that it waits for in a circle."""


def handler_of(request: Request[Any]) -> Handler:
    return HANDLERS[type(request).__name__]


def load(handler: Handler) -> Any:
    """The handler's function; imports its module."""
    module, _, function = handler.target.partition(":")
    return getattr(import_module(f"tui_desk.{module}"), function)


def run(database: Database, actor: Actor, request: Request[T]) -> T:
    """Carry out any request but a ``fast`` one, with the role the agent has now.

    Raises DeskError for what a person should be told.
    """
    handler = handler_of(request)
    function = load(handler)
    if handler.mode == "outside":
        with database.reading() as session:
            actor = _as_of_now(session, actor)
        return cast("T", function(database, actor, request))
    if handler.mode == "write":
        if getattr(request, "token", ""):
            with _safe_to_repeat():
                return cast("T", _written(database, actor, _once(function), request))
        return cast("T", _written(database, actor, function, request))
    return cast("T", _within(database.reading, database, actor, function, request))


def _written(database: Database, actor: Actor, function: Any, request: Request[Any]) -> Any:
    for _turn in range(_TURNS - 1):
        with suppress(Deadlocked):
            return _within(database.writing, database, actor, function, request)
    return _within(database.writing, database, actor, function, request)


@contextmanager
def _safe_to_repeat() -> Iterator[None]:
    """Where a request has a token: whoever cannot know whether it was done is told that asking again is safe."""
    try:
        yield
    except Uncertain as error:
        raise Uncertain(
            error.sentence, _("Whether it was kept is not known. Do it again: nothing is doubled.")
        ) from error


def _once(function: Any) -> Any:
    """The same, but what was done under the request's token already is answered, not done again."""
    from tui_desk.services.repeated import once

    return once(function)


def _within(
    transaction: Callable[[], AbstractContextManager[Session]],
    database: Database,
    actor: Actor,
    function: Any,
    request: Request[Any],
) -> Any:
    with transaction() as session:
        session.info["database"] = database
        session.info[DEED] = new_deed()
        return function(session, _as_of_now(session, actor), request)


def run_fast(reader: FastReader, actor: Actor, request: Request[T]) -> T:
    """Carry out a ``fast`` request, with the role the agent has now. Raises DeskError."""
    if actor.agent_id is not None:
        rows = reader.rows("SELECT role, active FROM agent WHERE id = ?", [actor.agent_id])
        actor = _with_role(actor, rows)
    return cast("T", load(handler_of(request))(reader, actor, request))


def _as_of_now(session: Session, actor: Actor) -> Actor:
    """A terminal stays open for days, and an admin changes roles meanwhile: what counts is in the database."""
    if actor.agent_id is None:
        return actor
    from sqlmodel import select

    from tui_desk.models import Agent

    return _with_role(
        actor, session.exec(select(Agent.role, Agent.active).where(Agent.id == actor.agent_id)).all()
    )


def _with_role(actor: Actor, found: Sequence[Sequence[Any]]) -> Actor:
    if not found or not found[0][1]:
        raise Refused(
            _("{login} is not an active agent of this desk.").format(login=safe_line(actor.login)),
            _("An admin brings you back with: tui-desk agent set {login} --active").format(
                login=safe_line(actor.login)
            ),
        )
    role = Role(found[0][0])
    return actor if role is actor.role else replace(actor, role=role)
