"""What every use case needs from its session: the time, the database, permission, and a ticket that nobody else changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.enums import Role
from tui_desk.core.errors import MergedAway, NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.models import Ticket
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services.actor import Actor

T = TypeVar("T")


def now(session: Session) -> datetime:
    """The present instant; ``session.info["clock"]`` where a test or an import brings its own."""
    clock = cast("Clock", session.info.get("clock", utc_now))
    return clock()


def database(session: Session) -> Database:
    """The database the session works in (key file, URL)."""
    return cast("Database", session.info["database"])


def require(actor: Actor, permission: Permission) -> None:
    """Raises Refused where the acting agent's role does not have ``permission``."""
    if allowed(actor.role, permission):
        return
    if allowed(Role.SUPERVISOR, permission) and not allowed(Role.AGENT, permission):
        raise Refused(
            _("Only a supervisor or an admin may do this; {login} is neither.").format(
                login=safe_line(actor.login)
            ),
            _("An admin changes roles with: tui-desk agent set LOGIN --role ROLE."),
        )
    if not allowed(Role.AGENT, permission):
        raise Refused(
            _("Only an admin may do this; {login} is not one.").format(login=safe_line(actor.login)),
            _("An admin changes roles with: tui-desk agent set LOGIN --role ROLE."),
        )
    raise Refused(
        _("{login} may look, but change nothing.").format(login=safe_line(actor.login)),
        _("An admin changes roles with: tui-desk agent set LOGIN --role ROLE."),
    )


def known(row_id: int | None) -> int:
    """The id of a row that is in the database."""
    assert row_id is not None
    return row_id


def ticket_to_read(session: Session, number: int) -> Ticket:
    """Raises NotFound."""
    ticket = session.exec(select(Ticket).where(Ticket.id == number)).first()
    if ticket is None:
        raise NotFound(_("There is no ticket #{number}.").format(number=number))
    return ticket


def ticket_to_change(session: Session, number: int) -> Ticket:
    """The ticket, locked until the end of the transaction (SQLite: ``BEGIN IMMEDIATE`` holds). Raises NotFound."""
    ticket = session.exec(select(Ticket).where(Ticket.id == number).with_for_update()).first()
    if ticket is None:
        raise NotFound(_("There is no ticket #{number}.").format(number=number))
    return ticket


def ticket_to_work_on(session: Session, number: int) -> Ticket:
    """The same for whatever would be lost on a ticket that leads to another. Raises NotFound, MergedAway."""
    ticket = ticket_to_change(session, number)
    refuse_merged(ticket)
    return ticket


def refuse_merged(ticket: Ticket) -> None:
    """Raises MergedAway for a ticket that was merged into another: what it had is there now."""
    if ticket.merged_into_id is not None:
        into = ticket.merged_into_id
        raise MergedAway(
            _("#{number} was merged into #{other}.").format(number=ticket.id, other=into),
            _("Work with #{other}, or undo that merge from the history first.").format(other=into),
            number=known(ticket.id),
            into=into,
        )


def touch(session: Session, ticket: Ticket, at: datetime) -> None:
    """Note that the ticket was changed: version, time, and open terminals look again."""
    ticket.version += 1
    ticket.updated_at = max(ticket.updated_at, at)
    session.add(ticket)


def found_or_made(session: Session, find: Callable[[], T | None], make: Callable[[], T]) -> T:
    """What ``find`` finds, else what ``make`` adds and flushes; another process that adds the same at the same time wins."""
    found = find()
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return make()
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found
