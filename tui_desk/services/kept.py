"""What canned replies, macros and templates have in common: whose they are, who may change them, how they are found, that use is counted.

A shared one is written by supervisors and admins; an agent's own one by that agent, and nobody else is offered it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, func, select

from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import CannedReply, Event, Macro, Person, Team, TeamMember, Ticket, TicketTemplate
from tui_desk.models.base import table_of
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import team_named
from tui_desk.services.context import known, now, require
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.versions import check_version

STREAM = "desk"
NAME_LIMIT = 80
OWN = "own"
"""Kind of the histories of what is an agent's own: nobody else reads them."""
_TABLES = {table_of(model).name: table_of(model) for model in (CannedReply, Macro, TicketTemplate)}
Row = TypeVar("Row", CannedReply, Macro, TicketTemplate)


def seen(session: Session, actor: Actor, model: type[Row], *, inactive: bool) -> list[Row]:
    """All an agent may see, by name: the shared ones and the agent's own."""
    statement = select(model).where(_visible(actor, model)).order_by(func.lower(model.name), col(model.id))
    if not inactive:
        statement = statement.where(col(model.active).is_(True))
    return list(session.exec(statement).all())


def offered(session: Session, actor: Actor, model: type[Row], team_id: int | None = None) -> list[Row]:
    """Those to choose from in the work of a team (``team_id``) or of one's own teams; the most used first."""
    teams = set(session.exec(select(TeamMember.team_id).where(TeamMember.agent_id == actor.agent_id)))
    rows = [
        row
        for row in seen(session, actor, model, inactive=False)
        if row.team_id is None or row.team_id == team_id or row.team_id in teams
    ]
    return sorted(rows, key=lambda row: -row.used)


def distance(language: str, wanted: str) -> int:
    """How well a language fits: the requester's own first, then what is for everybody, then all others."""
    return 0 if language == wanted and wanted else 1 if not language or not wanted else 2


def language_of(session: Session, ticket: Ticket) -> str:
    """The requester's, two letters; empty where it is not known."""
    return session.get_one(Person, ticket.requester_id).language.lower()


def found(
    session: Session, actor: Actor, model: type[Row], name: str, row_id: int | None, missing: str
) -> Row:
    """By id, else by name: one's own before a shared one. ``missing`` is the sentence where there is none. Raises NotFound."""
    which = model.id == row_id if row_id is not None else same_name(model.name, name.strip())
    own_first = col(model.agent_id).is_(None)
    statement = select(model).where(which, _visible(actor, model)).order_by(own_first, col(model.id))
    row = session.exec(statement).first()
    if row is None:
        raise NotFound(missing.format(name=safe_line(name, 80) if row_id is None else row_id))
    return row


def usable(row: Row) -> Row:
    """``row`` where it is in use. Raises Refused."""
    if not row.active:
        raise Refused(_("{name} is set aside.").format(name=safe_line(row.name)))
    return row


def save(
    session: Session,
    actor: Actor,
    model: type[Row],
    row_id: int | None,
    version: int,
    values: Mapping[str, Any],
    *,
    own: bool,
    team: str,
) -> Row:
    """Make a row or change it, told in the desk's history. Raises NotFound, UsageError, Refused (rights, name), Conflict."""
    require(actor, Permission.WRITE if own else Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    name = safe_line(str(values["name"]), NAME_LIMIT).strip()
    if not name:
        raise UsageError(_("It needs a name."))
    if own and actor.agent_id is None:
        raise Refused(_("Only an agent can have something of their own."))
    columns = {
        **values,
        "name": name,
        "team_id": known(team_named(session, team).id) if team.strip() else None,
        "agent_id": actor.agent_id if own else None,
    }
    _refuse_taken(session, model, row_id, columns)
    at = now(session)
    if row_id is None:
        row = model(**columns)
        add_row(session, actor, _stream(actor, own=own), row, at, name=name)
        return row
    row = _locked(session, actor, model, row_id)
    if row.agent_id is None:
        require(actor, Permission.CONFIGURE_WORK)
    stream = _stream(actor, own=own and row.agent_id is not None)
    check_version(session, row, version, columns, row.name, stream)
    change_row(session, actor, stream, row, columns, at, name=row.name)
    return row


def _stream(actor: Actor, *, own: bool) -> str:
    """Where it is told: what was nobody else's and stays so, in a history that only its owner reads."""
    return f"{OWN}:{actor.agent_id}" if own else STREAM


def _refuse_taken(session: Session, model: type[Row], row_id: int | None, columns: Mapping[str, Any]) -> None:
    """Raises Refused where one of the same kind, owner and (where it has one) language has the name."""
    statement = select(model).where(same_name(model.name, columns["name"]))
    for row in session.exec(statement).all():
        same_place = row.agent_id == columns["agent_id"] and (
            isinstance(row, TicketTemplate) or row.language == columns["language"]
        )
        if row.id != row_id and same_place:
            raise Refused(
                _("There is one called “{name}” already.").format(name=safe_line(row.name)),
                "" if row.active else _("It is set aside; make it active again instead."),
            )


def _locked(session: Session, actor: Actor, model: type[Row], row_id: int) -> Row:
    row = session.exec(
        select(model).where(model.id == row_id, _visible(actor, model)).with_for_update()
    ).first()
    if row is None:
        raise _not_there(row_id)
    return row


def guard_kept(session: Session, actor: Actor, event: Event) -> None:
    """What is, or was, an agent's own is taken back and brought back by that agent alone. Raises NotFound."""
    told = event.after if event.after is not None else event.before
    table = _TABLES.get(str(told["table"]))
    if table is None:
        return
    number = int(told["id"])
    owner = session.execute(select(table.c.agent_id).where(table.c.id == number)).scalar()
    sides = [side["values"] for side in (event.before, event.after) if side is not None]
    if {owner, *(side.get("agent_id") for side in sides)} - {None, actor.agent_id}:
        raise _not_there(number)


def _not_there(row_id: int) -> NotFound:
    return NotFound(_("There is none with the number {id}.").format(id=row_id))


def count_use(session: Session, row: Row, at: datetime) -> None:
    """One more use; it is no change that anybody would look up or take back."""
    model = type(row)
    session.execute(update(model).where(col(model.id) == row.id).values(used=col(model.used) + 1, used_at=at))


def team_names(session: Session, rows: Iterable[Row]) -> dict[int | None, str]:
    """Names of the rows' teams by id."""
    wanted = {row.team_id for row in rows} - {None}
    if not wanted:
        return {}
    statement = select(Team.id, Team.name).where(col(Team.id).in_(wanted))
    return {row_id: safe_line(name) for row_id, name in session.exec(statement)}


def common(row: Row, teams: Mapping[int | None, str]) -> dict[str, Any]:
    """The fields of ``contracts.macros.Kept``."""
    return {
        "id": known(row.id),
        "name": safe_line(row.name),
        "team": teams.get(row.team_id, ""),
        "own": row.agent_id is not None,
        "active": row.active,
        "used": row.used,
        "used_at": row.used_at,
        "version": row.version,
    }


def _visible(actor: Actor, model: type[Row]) -> ColumnElement[bool]:
    shared = col(model.agent_id).is_(None)
    return shared if actor.agent_id is None else or_(shared, col(model.agent_id) == actor.agent_id)
