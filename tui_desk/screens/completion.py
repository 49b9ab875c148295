"""What may follow an action on the ``:`` line. The registry names the sort of value, and here is where each sort comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui_desk.core.enums import Priority, TicketStatus

if TYPE_CHECKING:
    from tui_desk.screens.base import BaseScreen
    from tui_desk.screens.query_names import QueryNames


class Value(NamedTuple):
    """``text`` is typed, ``label`` says what it is."""

    text: str
    label: str = ""


class Values(NamedTuple):
    """What fits; ``closed`` when nothing else does, so that another word is a mistake."""

    known: tuple[Value, ...] = ()
    closed: bool = False
    several: bool = False
    """Words parted by blanks, each of which may have a sign before it: the last one is completed."""
    query: QueryNames | None = None
    """It is a query: completed and looked at as in the filter line, with these names."""


NONE = Values()
OF_THE_DESK = frozenset({"agents", "teams", "categories", "macros", "tags"})
"""Sorts that are asked for; the others are known at once."""


async def argument_values(screen: BaseScreen, sort: str) -> Values:
    """The values of one sort (``Action.values``), as the desk has them now. Raises DeskError."""
    from tui_desk.screens import words

    if sort == "statuses":
        return Values(tuple(Value(one.value, words.status(one).word) for one in TicketStatus), closed=True)
    if sort == "priorities":
        return Values(tuple(Value(one.value, words.priority(one).word) for one in Priority), closed=True)
    if sort == "presets":
        from tui_desk.actions.presets import NAMES

        return Values(tuple(map(Value, NAMES)), closed=True)
    if sort == "themes":
        from tui_desk.theme_files import choose_from

        return Values(tuple(map(Value, choose_from())), closed=True)
    if sort == "sorts":
        from tui_desk.contracts.queue import SORTS

        return Values(tuple(map(Value, SORTS)), closed=True)
    if sort == "groups":
        from tui_desk.contracts.queue import GROUPS

        return Values((*map(Value, GROUPS), Value("none")), closed=True)
    if sort == "query":
        from tui_desk.screens.query_names import query_names

        return Values(query=await query_names(screen))
    if sort == "tickets":
        return Values(screen.tickets_here())
    return await _of_the_desk(screen, sort) if sort in OF_THE_DESK else NONE


async def _of_the_desk(screen: BaseScreen, sort: str) -> Values:
    if sort == "agents":
        from tui_desk.contracts.desk import ListAgents

        agents = await screen.ask(ListAgents())
        return Values((*(Value(one.login, one.name) for one in agents), Value("me")), closed=True)
    if sort == "teams":
        from tui_desk.contracts.desk import ListTeams

        return Values(tuple(Value(one.name) for one in await screen.ask(ListTeams())), closed=True)
    if sort == "categories":
        from tui_desk.contracts.tickets import ListCategories

        return Values(tuple(Value(one.path) for one in await screen.ask(ListCategories())))
    if sort == "macros":
        from tui_desk.contracts.macros import ListMacros

        return Values(tuple(Value(one.name, _first(one.steps)) for one in await screen.ask(ListMacros())))
    if sort == "tags":
        from tui_desk.contracts.views import ShowFilterNames

        return Values(tuple(map(Value, (await screen.ask(ShowFilterNames())).tags)), several=True)
    return NONE


def _first(steps: tuple[str, ...]) -> str:
    return steps[0] if steps else ""
