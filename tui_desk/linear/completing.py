"""What Tab offers at the main prompt: actions that can be done now, and what may follow them."""

from __future__ import annotations

from collections.abc import Sequence

from tui_desk.actions.linear import ALIASES
from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.contracts.macros import ListMacros
from tui_desk.contracts.queue import SORTS, VIEWS
from tui_desk.contracts.tickets import ListCategories
from tui_desk.contracts.views import ListSavedViews, ShowFilterNames
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.core.errors import DeskError
from tui_desk.linear.facts import facts
from tui_desk.linear.handlers import HANDLERS
from tui_desk.linear.help import obstacle, spoken
from tui_desk.linear.lists import completed_query
from tui_desk.linear.session import Session


def completed(session: Session, typed: str) -> Sequence[str]:
    """The lines that ``typed`` may become. Never raises: a desk that cannot be asked offers nothing."""
    first, blank, rest = typed.partition(" ")
    name = ALIASES.get(first.casefold(), first.casefold())
    try:
        if blank and name in HANDLERS:
            found = _arguments(session, name, rest)
            if found:
                return [f"{first} {one}" for one in found]
        return _names(session, typed)
    except DeskError:
        return ()


def _names(session: Session, typed: str) -> list[str]:
    holding = facts(session)
    wanted = typed.casefold()
    names = {
        spoken(one)
        for one in session.registry.in_scopes(session.scopes)
        if one.id in HANDLERS and not obstacle(one, holding)
    }
    return sorted(f"{name} " for name in names if name.startswith(wanted))


def _arguments(session: Session, name: str, begun: str) -> list[str]:
    if name == "filter":
        return completed_query(begun, session.ask(ShowFilterNames()))
    values = _values(session, name)
    return [one for one in values if one.casefold().startswith(begun.casefold()) and one != begun]


def _values(session: Session, name: str) -> Sequence[str]:
    if name == "status":
        return [one.value for one in TicketStatus]
    if name == "priority":
        return [one.value for one in Priority]
    if name == "sort":
        return SORTS
    if name == "assign":
        return [*(one.login for one in session.ask(ListAgents())), "me"]
    if name in ("team", "hand_over"):
        return [one.name for one in session.ask(ListTeams())]
    if name == "category":
        return [one.path for one in session.ask(ListCategories())]
    if name == "choose_view":
        return [*VIEWS, *(one.name for one in session.ask(ListSavedViews()))]
    if name == "macro":
        number = session.ticket.number if session.ticket is not None else None
        return [one.name for one in session.ask(ListMacros(number))]
    if name == "go_ticket":
        return [str(row.number) for row in session.page.rows] if session.page is not None else ()
    return ()
