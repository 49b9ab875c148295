"""From a request to its answer: find the handler, open the transaction it needs, run it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tui_desk.contracts.gateway import Request
from tui_desk.services.actor import Actor
from tui_desk.services.registry import HANDLERS, Handler

if TYPE_CHECKING:
    from tui_desk.db.engine import Database

T = TypeVar("T")


def handler_of(request: Request[Any]) -> Handler:
    return HANDLERS[type(request).__name__]


def load(handler: Handler) -> Any:
    """The handler's function; imports its module."""
    module, _, function = handler.target.partition(":")
    return getattr(import_module(f"tui_desk.{module}"), function)


def run(database: Database, actor: Actor, request: Request[T]) -> T:
    """Carry out any request but a ``fast`` one. Raises DeskError for what a person should be told."""
    handler = handler_of(request)
    function = load(handler)
    if handler.mode == "outside":
        return cast("T", function(database, actor, request))
    transaction = database.writing if handler.mode == "write" else database.reading
    with transaction() as session:
        session.info["database"] = database
        return cast("T", function(session, actor, request))
