"""Saving, sharing and removing views, and remembering queries. What is there is read in ``services.saved_views``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tui_desk.contracts import views as contract
from tui_desk.contracts.queue import SORTS, VIEWS
from tui_desk.contracts.views import HISTORY_LIMIT, KeepQuery, RemoveView, SavedViewChanged, SaveView, Sharing
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Agent, AskedQuery, Event, SavedView, Team, TeamMember
from tui_desk.rules.permissions import Permission
from tui_desk.rules.query import parse_query
from tui_desk.rules.words import fold
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import team_named
from tui_desk.services.context import known, now, require
from tui_desk.services.own_search import known_fields
from tui_desk.services.rows import add_row, change_row, remove_row
from tui_desk.services.saved_views import may_change, may_see, stream_of
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.versions import check_version

NAME_LIMIT = 60
QUERY_LIMIT = 1000


def save_view(session: Session, actor: Actor, request: SaveView) -> SavedViewChanged:
    """Make a view or change one. Raises NotFound, Refused, UsageError, Conflict; see the request."""
    require(actor, Permission.VIEW)
    owner = _own_id(actor)
    locked_setting(session, DESK_NAME)  # two of one name at the same time wait for each other here
    name, query = _checked(session, request)
    team = known(team_named(session, request.team).id) if request.sharing is Sharing.TEAM else None
    row = _found(session, actor, request.id) if request.id is not None else None
    _refuse_sharing(session, actor, request.sharing, team)
    values: dict[str, Any] = {"name": name, "query": query, "base": request.view, "sort": request.sort}
    values |= {"sharing": request.sharing.value, "team_id": team}
    if row is not None and request.sharing is Sharing.PRIVATE and row.owner_id != owner:
        raise Refused(
            _("“{name}” belongs to somebody else; it cannot become private.").format(
                name=safe_line(row.name)
            ),
            _("Save it under another name as your own."),
        )
    _refuse_taken(session, request, name, owner if row is None else row.owner_id, team)
    at = now(session)
    if row is None:
        row = SavedView(owner_id=owner, created_at=at, updated_at=at, **values)
        events: tuple[int, ...] = (add_row(session, actor, stream_of(owner), row, at, name=name),)
        sentence = _("The view “{name}” is saved.")
    else:
        check_version(session, row, request.version, values, row.name, stream_of(row.owner_id))
        events = change_row(session, actor, stream_of(row.owner_id), row, values, at, name=name)
        sentence = _("The view “{name}” is changed.") if events else _("“{name}” is so already.")
    return SavedViewChanged(0, events, sentence.format(name=safe_line(name)), _view(session, actor, row))


def remove_view(session: Session, actor: Actor, request: RemoveView) -> SavedViewChanged:
    """Take a view away. Raises NotFound, Refused."""
    require(actor, Permission.VIEW)
    locked_setting(session, DESK_NAME)
    row = _found(session, actor, request.id)
    name = safe_line(row.name)
    event = remove_row(session, actor, stream_of(row.owner_id), row, now(session), name=row.name)
    return SavedViewChanged(0, (event,), _("The view “{name}” is removed.").format(name=name))


def guard_view(session: Session, actor: Actor, event: Event) -> None:
    """A view is brought back or taken back by those who may change it. Raises Refused, NotFound."""
    told = event.after if event.after is not None else event.before
    if told.get("table") != SavedView.__tablename__:
        return
    view_id = int(told["id"])
    if event.after is not None or session.get(SavedView, view_id) is not None:
        _found(session, actor, view_id)
        return
    values = event.before["values"]
    whose = values["owner_id"], values["sharing"], values["team_id"]
    _refuse_others(actor, view_id, str(told["name"]), *whose, _teams(session, actor))


def keep_query(session: Session, actor: Actor, request: KeepQuery) -> None:
    """Remember a query of the acting agent; of the oldest ones only the last hundred stay."""
    require(actor, Permission.VIEW)
    query = safe_line(request.query, QUERY_LIMIT).strip()
    if actor.agent_id is None or not query:
        return
    session.exec(select(Agent.id).where(Agent.id == actor.agent_id).with_for_update()).all()
    mine = col(AskedQuery.agent_id) == actor.agent_id
    session.execute(delete(AskedQuery).where(mine, col(AskedQuery.query) == query))
    session.add(AskedQuery(agent_id=actor.agent_id, query=query, at=now(session)))
    session.flush()
    latest = select(AskedQuery.id).where(mine).order_by(col(AskedQuery.at).desc(), col(AskedQuery.id).desc())
    kept = list(session.exec(latest.limit(HISTORY_LIMIT)).all())
    session.execute(delete(AskedQuery).where(mine, col(AskedQuery.id).not_in(kept)))


def _checked(session: Session, request: SaveView) -> tuple[str, str]:
    """Name and query as they are kept. Raises UsageError."""
    name = " ".join(safe_line(request.name, NAME_LIMIT).split())
    if not name:
        raise UsageError(_("A view needs a name."))
    if fold(name) in VIEWS:
        raise UsageError(_("“{name}” is a view of every desk already.").format(name=name))
    if request.view not in VIEWS:
        raise UsageError(_("There is no view “{name}”.").format(name=safe_line(request.view, 40)))
    if request.sort not in SORTS:
        raise UsageError(_("One can sort by {names}.").format(names=", ".join(SORTS)))
    query = " ".join(safe_line(request.query, QUERY_LIMIT).split())
    connection = session.connection()

    def rows(statement: str, values: Sequence[Any]) -> list[tuple[object, ...]]:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        found = connection.exec_driver_sql(statement.replace("?", mark), tuple(values))
        return [tuple(row) for row in found]

    for problem in parse_query(query, known_fields(rows, "ticket", query), now(session)).problems:
        raise UsageError(f"{safe_line(problem.word, 40)}: {problem.sentence}", problem.hint)
    return name, query


def _own_id(actor: Actor) -> int:
    if actor.agent_id is None:
        raise Refused(_("Views belong to agents; this terminal has none."))
    return actor.agent_id


def _found(session: Session, actor: Actor, view_id: int) -> SavedView:
    """A view that the acting agent may change, locked. Raises NotFound (also for one that is not seen), Refused."""
    row = session.exec(select(SavedView).where(SavedView.id == view_id).with_for_update()).first()
    if row is None:
        raise _not_there(view_id)
    teams = _teams(session, actor)
    _refuse_others(actor, view_id, row.name, row.owner_id, row.sharing, row.team_id, teams)
    return row


def _refuse_others(
    actor: Actor, view_id: int, name: str, owner: int | None, sharing: str, team: int | None, teams: set[int]
) -> None:
    """Raises NotFound for a view that the acting agent does not see, Refused for one that is seen and not changed."""
    if not may_see(actor, owner, sharing, team, teams):
        raise _not_there(view_id)
    if not may_change(actor, owner, sharing, team, teams):
        raise Refused(
            _("“{name}” is shared: you may use it, but not change it.").format(name=safe_line(name)),
            _("Members of its team, supervisors and admins may. Save it under another name as your own."),
        )


def _not_there(view_id: int) -> NotFound:
    return NotFound(_("There is no view {id}.").format(id=view_id), _("See: tui-desk view list"))


def _refuse_sharing(session: Session, actor: Actor, sharing: Sharing, team: int | None) -> None:
    if sharing is not Sharing.PRIVATE and not may_change(
        actor, actor.agent_id, sharing.value, team, _teams(session, actor)
    ):
        raise Refused(
            _("You may not share a view so."),
            _("Supervisors and admins share with anybody, agents with the teams they belong to."),
        )


def _refuse_taken(
    session: Session, request: SaveView, name: str, owner: int | None, team: int | None
) -> None:
    """One name once among one's own views, in a team, and on the desk."""
    statement = select(SavedView).where(SavedView.sharing == request.sharing.value)
    if request.sharing is Sharing.PRIVATE:
        statement = statement.where(SavedView.owner_id == owner)
    if request.sharing is Sharing.TEAM:
        statement = statement.where(SavedView.team_id == team)
    for other in session.exec(statement):
        if other.id != request.id and fold(other.name) == fold(name):
            raise Refused(
                _("There is a view “{name}” already.").format(name=safe_line(other.name)),
                _("Change that one, or take another name."),
            )


def _teams(session: Session, actor: Actor) -> set[int]:
    return set(session.exec(select(TeamMember.team_id).where(TeamMember.agent_id == actor.agent_id)))


def _view(session: Session, actor: Actor, row: SavedView) -> contract.SavedView:
    owner = session.get(Agent, row.owner_id) if row.owner_id else None
    team = session.get(Team, row.team_id) if row.team_id else None
    return contract.SavedView(
        known(row.id),
        safe_line(row.name),
        safe_line(row.query),
        row.base,
        row.sort,
        safe_line(owner.login) if owner else "",
        Sharing(row.sharing),
        safe_line(team.name) if team else "",
        may_change(actor, row.owner_id, row.sharing, row.team_id, _teams(session, actor)),
        version=row.version,
    )
