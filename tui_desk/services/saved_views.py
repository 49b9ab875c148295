"""Reading saved views and what the filter line completes, by plain drivers: the queue shows them."""

from __future__ import annotations

from typing import Any

from tui_desk.contracts.views import (
    HISTORY_LIMIT,
    FilterNames,
    ListSavedViews,
    SavedView,
    Sharing,
    ShowFilterNames,
)
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services.actor import Actor

VIEW = "view"
"""Kind of the histories in which views are told."""
_OFFERED = 500
_MINE = "SELECT m.team_id FROM team_member m WHERE m.agent_id = ?"
_COLUMNS = (
    "v.id, v.name, v.query, v.base, v.sort, v.owner_id, v.sharing, v.team_id, a.login, g.name, v.version"
)
_ORDER = {Sharing.PRIVATE: 0, Sharing.TEAM: 1, Sharing.DESK: 2}


def list_saved_views(reader: FastReader, actor: Actor, request: ListSavedViews) -> tuple[SavedView, ...]:
    """Those the acting agent sees: one's own, those of one's teams (supervisors: of all teams), those of the desk."""
    teams = {int(row[0]) for row in reader.rows(_MINE, [actor.agent_id or 0])}
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM saved_view v LEFT JOIN agent a ON a.id = v.owner_id LEFT JOIN team g ON g.id = v.team_id "
        "WHERE v.sharing <> 'private' OR v.owner_id = ? ORDER BY lower(v.name), v.id",
        [actor.agent_id or 0],
    )
    found = [
        view_of(row, may_change(actor, row[5], row[6], row[7], teams))
        for row in rows
        if may_see(actor, row[5], row[6], row[7], teams)
    ]
    found.sort(key=lambda view: _ORDER[view.sharing])
    return tuple(_counted(reader, actor, view) if request.with_counts else view for view in found)


def stream_of(owner_id: int | None) -> str:
    """The history in which the views of an agent are told."""
    return f"{VIEW}:{owner_id or 0}"


def may_see(actor: Actor, owner: int | None, sharing: str, team: int | None, teams: set[int]) -> bool:
    """Whether the acting agent sees a view: its owner, everybody the desk's, members and supervisors a team's."""
    if sharing == Sharing.DESK or (owner is not None and owner == actor.agent_id):
        return True
    return sharing == Sharing.TEAM and (team in teams or allowed(actor.role, Permission.CONFIGURE_WORK))


def may_change(actor: Actor, owner: int | None, sharing: str, team: int | None, teams: set[int]) -> bool:
    """Whether the acting agent may change a view: its owner a private one, members and supervisors a team's, supervisors the desk's."""
    if sharing == Sharing.PRIVATE:
        return owner == actor.agent_id and actor.agent_id is not None
    if allowed(actor.role, Permission.CONFIGURE_WORK):
        return True
    return sharing == Sharing.TEAM and team in teams and allowed(actor.role, Permission.CHANGE_TICKETS)


def view_of(row: tuple[Any, ...], may: bool) -> SavedView:
    number, name, query, base, sort, _owner, sharing, _team, login, team, version = row
    return SavedView(
        int(number),
        safe_line(name),
        safe_line(query),
        str(base),
        str(sort),
        safe_line(login or ""),
        Sharing(sharing),
        safe_line(team or ""),
        may,
        version=int(version),
    )


def _counted(reader: FastReader, actor: Actor, view: SavedView) -> SavedView:
    from dataclasses import replace

    from tui_desk.services.queue import count_matching, read_query

    count, capped = count_matching(reader, actor, view.view, read_query(reader, view.query))
    return replace(view, count=count, capped=capped)


def show_filter_names(reader: FastReader, actor: Actor, _request: ShowFilterNames) -> FilterNames:
    """What can be completed. Nothing here grows with the tickets."""
    from tui_desk.services.query_sql import used_tags

    def column(statement: str, *values: Any) -> tuple[str, ...]:
        return tuple(safe_line(row[0]) for row in reader.rows(statement, values) if row[0])

    # The newest addresses name the domains that write now; all of them would be half a million.
    newest = "SELECT address FROM person_address ORDER BY id DESC LIMIT 2000"
    domains = dict.fromkeys(address.rpartition("@")[2] for address in column(newest))
    companies = column("SELECT domain FROM organization WHERE domain <> '' ORDER BY domain LIMIT 500")
    return FilterNames(
        agents=column("SELECT login FROM agent ORDER BY active DESC, login"),
        teams=column("SELECT name FROM team ORDER BY name"),
        categories=column("SELECT path FROM category ORDER BY path"),
        tags=tuple(map(safe_line, used_tags(reader, _OFFERED))),
        domains=tuple(dict.fromkeys((*companies, *domains)))[:_OFFERED],
        assets=column("SELECT tag FROM asset WHERE state <> 'retired' ORDER BY id DESC LIMIT 500"),
        history=column(
            "SELECT query FROM asked_query WHERE agent_id = ? ORDER BY at DESC, id DESC LIMIT ?",
            actor.agent_id or 0,
            HISTORY_LIMIT,
        ),
    )
